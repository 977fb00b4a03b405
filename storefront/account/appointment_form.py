"""The form that asks on which days somebody can come."""

import datetime as dt
from typing import Any, Final

from django import forms

from treatments.appointments import Asked, Days, Wish
from treatments.models import DayPart

ROWS: Final = (1, 2, 3)
_MOST_WORDS: Final = 300


class AppointmentForm(forms.Form):
    """Up to three days with a part of each, and words for the desk."""

    token = forms.RegexField(r"\A[0-9a-f]{32}\Z", widget=forms.HiddenInput)
    words = forms.CharField(
        label="Anything the desk should know? (optional)",
        help_text="The desk reads it, so please nothing about your health. It is stored encrypted.",
        max_length=_MOST_WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, days: Days, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limits = {"type": "date", "max": days.last_day_on.isoformat()}
        if (first_on := days.first_on) is not None:
            limits["min"] = first_on.isoformat()
        for number in ROWS:
            self.fields[f"on_{number}"] = forms.DateField(
                label="Day" if number == 1 else f"Day {number} (optional)",
                required=number == 1,
                widget=forms.DateInput(format="%Y-%m-%d", attrs=limits),
                error_messages={"required": "Choose at least one day on which you can come."},
            )
            self.fields[f"part_{number}"] = forms.ChoiceField(
                label="Part of the day", choices=DayPart.choices, initial=DayPart.MORNING
            )
        self.order_fields([name for name in self.fields if name != "words"])

    @property
    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The fields of each day side by side."""
        return [(self[f"on_{number}"], self[f"part_{number}"]) for number in ROWS]

    @property
    def asked(self) -> Asked:
        """What a valid form asks for."""
        chosen = [(self._on(number), self.cleaned_data[f"part_{number}"]) for number in ROWS]
        wishes = [Wish(on, DayPart(part)) for on, part in chosen if on is not None]
        return Asked(tuple(wishes), self.cleaned_data["words"])

    def _on(self, number: int) -> dt.date | None:
        on: dt.date | None = self.cleaned_data.get(f"on_{number}")
        return on
