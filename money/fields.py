"""Fields that let people type amounts and rates while the database keeps whole numbers."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeVar

from django import forms
from django.db import models

from money.money import Money, NotAnAmount

# What may be assigned, and what is read: with null=True both may be None.
_ST = TypeVar("_ST", contravariant=True)
_GT = TypeVar("_GT", covariant=True)

if TYPE_CHECKING:
    _BigInteger = models.BigIntegerField
else:

    class _BigInteger(models.BigIntegerField):
        """Takes the type parameters that Django's field knows only in its stubs."""

        def __class_getitem__(cls, _parameters):
            return cls


class MinorUnitsFormField(forms.CharField):
    """Reads ``24.50`` and hands on 2450; shows 2450 as ``24.50``."""

    def __init__(self, *, currency: str = "EUR", **kwargs: Any) -> None:
        self.currency = currency
        kwargs.pop("min_value", None)
        kwargs.pop("max_value", None)
        kwargs.setdefault("help_text", f"In {currency}, such as {Money(2400, currency).decimal()}.")
        super().__init__(**kwargs)

    def prepare_value(self, value: object) -> object:
        return str(Money(value, self.currency).decimal()) if isinstance(value, int) else value

    def to_python(self, value: object) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        try:
            return Money.parse(text, self.currency).minor
        except NotAnAmount as refusal:
            raise forms.ValidationError(str(refusal), code="not_an_amount") from refusal

    def has_changed(self, initial: object, data: object) -> bool:
        try:
            return bool(initial != self.to_python(data))
        except forms.ValidationError:
            return True


class MinorUnitsField(_BigInteger[_ST, _GT]):
    """A column of whole minor units; its name ends in ``_minor``."""

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": MinorUnitsFormField, **kwargs})


class RateFormField(forms.DecimalField):
    """Reads a rate in percent, ``19``, and hands on basis points, 1900."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_value=100, decimal_places=2, **kwargs)

    def prepare_value(self, value: object) -> object:
        return f"{Decimal(value) / 100:f}" if isinstance(value, int) else value

    def clean(self, value: Any) -> Any:
        percent = super().clean(value)
        return None if percent is None else int(percent * 100)

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(initial != self.clean(data))
        except forms.ValidationError:
            return True


class RateField(models.PositiveIntegerField):  # type: ignore[type-arg]
    """A column of basis points that people read and type in percent."""

    def formfield(self, **kwargs: Any) -> Any:
        label = kwargs.get("label", self.verbose_name)
        return RateFormField(label=label, required=not self.blank, help_text=self.help_text)
