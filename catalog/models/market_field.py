"""A field that holds markets."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from catalog.markets import Market


class MarketsField(models.CharField[Any, Any]):
    """Codes of markets in the order of `Market`: a tuple in code, “EU GB” in the database.

    Filter with `__contains="EU"`; no code is part of another one.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 40)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: str | None, *_args: Any) -> tuple[str, ...]:
        return tuple((value or "").split())

    def to_python(self, value: Any) -> tuple[str, ...]:
        """:raises ValidationError: if one of them is not a market."""
        wanted = value.replace(",", " ").split() if isinstance(value, str) else list(value or ())
        unknown = set(wanted) - set(Market.values)
        if unknown:
            raise ValidationError(f"Not a market: {', '.join(sorted(unknown))}.")
        return tuple(code for code in Market.values if code in wanted)

    def get_prep_value(self, value: str | Iterable[str] | None) -> str:
        return value if isinstance(value, str) else " ".join(value or ())

    def value_to_string(self, obj: models.Model) -> str:
        return self.get_prep_value(self.value_from_object(obj))

    def validate(self, value: tuple[str, ...], model_instance: models.Model | None) -> None:
        super().validate(self.get_prep_value(value), model_instance)

    def run_validators(self, value: Any) -> None:
        super().run_validators(self.get_prep_value(value))

    def formfield(self, **_kwargs: Any) -> forms.Field:
        return forms.MultipleChoiceField(
            choices=Market.choices,
            widget=forms.CheckboxSelectMultiple,
            required=not self.blank,
            label=str(self.verbose_name).capitalize(),
            help_text=self.help_text,
        )
