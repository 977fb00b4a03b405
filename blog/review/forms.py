"""What a reviewer fills in beneath the article."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils import timezone

from blog.review.answers import USUAL_INTERVAL, Answer
from blog.review.parts import Part

APPROVE, CHANGES = "approve", "changes"
_REMARK_LENGTH = 4_000


class ReviewForm(forms.Form):
    """Remarks, the next review, and a name as signature; the button pressed is the decision."""

    remarks = forms.CharField(
        label="Remarks for the writer",
        required=False,
        max_length=_REMARK_LENGTH,
        help_text="What should change, or anything they should know. Readers do not see this.",
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    next_review_on = forms.DateField(
        label="Next review due",
        help_text="The article shows this day. A year is usual.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    signed_as = forms.CharField(
        label="Your name",
        max_length=120,
        error_messages={"required": "Type your name to sign."},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    decision = forms.ChoiceField(
        choices=[(APPROVE, "Approve"), (CHANGES, "Ask for changes")],
        widget=forms.HiddenInput,
        error_messages={"required": "Choose one of the two buttons at the end."},
    )

    def __init__(self, *args: Any, parts: list[Part], reviewer_name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parts = parts
        self.fields["signed_as"].help_text = f"As a signature, exactly as here: {reviewer_name}"
        self.fields["next_review_on"].initial = timezone.localdate() + USUAL_INTERVAL
        for part in parts:
            self.fields[f"part-{part.id}"] = forms.CharField(
                label=part.label,
                required=False,
                max_length=_REMARK_LENGTH,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def part_fields(self) -> Iterator[forms.BoundField]:
        """Yield the fields for remarks on single blocks."""
        for part in self.parts:
            yield self[f"part-{part.id}"]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("decision") == CHANGES:
            # A day that does not matter must not stand in the way.
            self.errors.pop("next_review_on", None)
            if not data.get("remarks") and not self._said_on_parts(data):
                self.add_error("remarks", "Say what should change.")
        return data

    @property
    def is_approval(self) -> bool:
        return bool(self.cleaned_data["decision"] == APPROVE)

    @property
    def next_review(self) -> dt.date:
        day: dt.date = self.cleaned_data["next_review_on"]
        return day

    def answer(self) -> Answer:
        """Return what the reviewer says."""
        return Answer(
            signed_as=self.cleaned_data["signed_as"],
            remarks=self.cleaned_data["remarks"],
            remarks_on_parts=self._said_on_parts(self.cleaned_data),
        )

    def _said_on_parts(self, data: dict[str, Any]) -> dict[str, str]:
        said = {part.id: data.get(f"part-{part.id}", "") for part in self.parts}
        return {part: text for part, text in said.items() if text}
