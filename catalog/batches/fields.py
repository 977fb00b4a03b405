"""Fields that ask for a batch, or for what stands on its box."""

from typing import Any

from django import forms

from catalog.models import Batch, Stock
from catalog.models.batches import CODE_RULE


class CodeField(forms.CharField):
    """The number of a batch as it stands on the box, in capitals and without spaces."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=40, validators=[CODE_RULE], **kwargs)

    def to_python(self, value: object) -> Any:
        return "".join(str(super().to_python(value) or "").upper().split())


def day_field(label: str, **kwargs: Any) -> forms.DateField:
    """Return a day in the browser's own picker."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **kwargs)


class BatchField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One of an article's batches; asked for only where it is kept in batches."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Batch.objects.none(), label="Batch", required=False, **kwargs)

    def offer_those_of(self, stock: Stock) -> None:
        """Let the batches that have something be chosen from."""
        batches = Batch.objects.filter(offer_id=stock.offer_id).first_to_expire()
        self.queryset = batches.select_related("offer")
        self.empty_label = "those without a number, then what expires first"
        self.label_from_instance = _told  # type: ignore[method-assign,assignment]


def _told(batch: Batch) -> str:
    until = f", best before {batch.expires_on:%d.%m.%Y}" if batch.expires_on else ""
    return f"{batch.name}{until}: {batch.on_hand} here"
