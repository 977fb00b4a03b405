"""What staff type to say what is in a kit: a row for each part, by SKU."""

from collections.abc import Iterator
from typing import Any, Final

from django import forms

from catalog.kits import MOST_PIECES
from catalog.models import Offer, OfferKind, OfferPart

ROWS: Final = 12
SUGGESTED: Final = 500


class PartsForm(forms.Form):
    """Rows of SKU and pieces; empty rows are left out. Saved empty, the offer is no kit."""

    def __init__(self, *args: Any, kit: Offer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kit = kit
        parts = list(OfferPart.objects.filter(kit=kit).select_related("part"))
        for row in range(max(ROWS, len(parts) + 2)):
            part = parts[row] if row < len(parts) else None
            self.fields[f"sku_{row}"] = forms.CharField(
                label=f"SKU of part {row + 1}",
                required=False,
                max_length=40,
                initial=part.part.sku if part else "",
                widget=forms.TextInput(attrs={"list": "part-skus", "autocomplete": "off"}),
            )
            self.fields[f"pieces_{row}"] = forms.IntegerField(
                label=f"Pieces of part {row + 1}",
                required=False,
                min_value=1,
                max_value=MOST_PIECES,
                initial=part.quantity if part else 1,
            )

    def rows(self) -> Iterator[tuple[forms.BoundField, forms.BoundField]]:
        """Yield the fields of each row."""
        for name in self.fields:
            if name.startswith("sku_"):
                yield self[name], self[name.replace("sku", "pieces")]

    def suggestions(self) -> list[tuple[str, str]]:
        """Return SKU and name of products that may be parts, as far as a list is of use."""
        products = Offer.objects.filter(kind=OfferKind.PRODUCT, is_kit=False).exclude(
            pk=self.kit.pk
        )
        rows = products.order_by("sku").values_list("sku", "label", "page__title")[:SUGGESTED]
        return [(sku, ", ".join(filter(None, [title, label]))) for sku, label, title in rows]

    def clean(self) -> dict[str, Any]:
        """Add ``parts``: offer ids and pieces, in the order of the rows."""
        cleaned: dict[str, Any] = super().clean() or {}
        skus = {
            row: cleaned[f"sku_{row}"].strip().upper()
            for row in range(len(self.fields) // 2)
            if cleaned.get(f"sku_{row}", "").strip()
        }
        known = dict(Offer.objects.filter(sku__in=skus.values()).values_list("sku", "pk"))
        for row, sku in skus.items():
            if sku not in known:
                self.add_error(f"sku_{row}", f"No offer has the SKU {sku}.")
        cleaned["parts"] = [
            (known[sku], cleaned.get(f"pieces_{row}") or 1)
            for row, sku in skus.items()
            if sku in known
        ]
        return cleaned
