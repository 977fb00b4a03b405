"""Days of the week as one column: their ISO numbers in order, "12345" from Monday to Friday."""

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models

WEEKDAYS: Final = (
    ("1", "Monday"),
    ("2", "Tuesday"),
    ("3", "Wednesday"),
    ("4", "Thursday"),
    ("5", "Friday"),
    ("6", "Saturday"),
    ("7", "Sunday"),
)


class WeekdaysFormField(forms.MultipleChoiceField):
    """Boxes to tick, one for each day; hands on their numbers in one string."""

    def __init__(self, **kwargs: Any) -> None:
        kept = {name: kwargs[name] for name in ("label", "help_text", "initial") if name in kwargs}
        super().__init__(choices=WEEKDAYS, widget=forms.CheckboxSelectMultiple, **kept)

    def prepare_value(self, value: Any) -> Any:
        return list(value) if isinstance(value, str) else value

    def clean(self, value: Any) -> Any:
        return "".join(sorted(super().clean(value)))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return sorted(initial or "") != sorted(data or [])


class WeekdaysField(models.CharField[str, str]):
    """At least one day of the week; the ISO number of a date is in it or not."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max_length": 7, **kwargs})
        self.validators = [*self.validators, RegexValidator(r"^1?2?3?4?5?6?7?$")]

    def formfield(self, **kwargs: Any) -> Any:
        kwargs.pop("widget", None)
        return WeekdaysFormField(
            label=kwargs.get("label", str(self.verbose_name).capitalize()),
            help_text=kwargs.get("help_text", self.help_text),
            initial=kwargs.get("initial", self.get_default()),
        )

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        super().validate(value, model_instance)
        if not value:
            raise ValidationError("Choose at least one day.")
