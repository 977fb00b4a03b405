"""What staff type about offers, prices and stock."""

from typing import Any, ClassVar, Final

from django import forms
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.widgets import AdminPageChooser

from catalog.batches.fields import BatchField
from catalog.bulk_forms import moment_field
from catalog.models import (
    GiftCardPage,
    MovementKind,
    Offer,
    OfferKind,
    PackagePage,
    ProductPage,
    Stock,
)
from money.fields import MinorUnitsFormField, RateFormField

# More than a shop like this ever has; keeps sums within the database's integers.
MOST = 1_000_000


# The kind of page that each kind of offer is sold on.
_SOLD_ON: Final = {
    OfferKind.PRODUCT: ProductPage,
    OfferKind.PACKAGE: PackagePage,
    OfferKind.GIFT_CARD: GiftCardPage,
}


class OfferForm(WagtailAdminModelForm):
    """What may be edited at any time; a price only changes with a reason."""

    vat_rate_bp = RateFormField(label="VAT rate in percent", initial=1900)

    class Meta:
        model = Offer
        fields: ClassVar = [
            "page",
            "label",
            "vat_rate_bp",
            "tax_code",
            "content_amount",
            "content_unit",
            "weight_grams",
            "barcode",
            "active_from",
            "active_until",
            "sort_order",
            "treatment",
            "sessions",
            "validity_days",
            "validity_rule",
            "refund_terms_version",
        ]
        widgets: ClassVar = {
            "page": AdminPageChooser(target_models=[ProductPage, PackagePage, GiftCardPage])
        }

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        page, kind = cleaned.get("page"), cleaned.get("kind", self.instance.kind)
        expected = _SOLD_ON[OfferKind(kind)]
        if page is not None and page.specific_class is not expected:
            name = expected._meta.verbose_name
            self.add_error("page", f"A {OfferKind(kind).label} is sold on a {name}.")
        return cleaned


class NewOfferForm(OfferForm):
    """A new offer with its first price."""

    class Meta(OfferForm.Meta):
        fields: ClassVar = ["sku", "kind", "price_minor", *OfferForm.Meta.fields]


class PriceForm(forms.Form):
    """A new price, from when until when, and why."""

    price_minor = MinorUnitsFormField(label="New price")
    is_reduction = forms.BooleanField(
        label="Announce as a reduction",
        required=False,
        help_text="The page then shows the lowest price of the 30 days before.",
    )
    starts_at = moment_field("From", "Empty: at once.")
    ends_at = moment_field("Until", "Empty: for good. The price from before comes back then.")
    reason = forms.CharField(max_length=200)


class ReceiveForm(forms.Form):
    """Goods that have arrived."""

    quantity = forms.IntegerField(min_value=1, max_value=MOST)
    reason = forms.CharField(max_length=200, initial="Delivery")


class AdjustForm(forms.Form):
    """A correction of what is on hand."""

    kind = forms.ChoiceField(
        label="What happened",
        choices=[
            (kind.value, kind.label)
            for kind in (MovementKind.COUNTED, MovementKind.DAMAGED, MovementKind.RETURNED)
        ],
    )
    change = forms.IntegerField(
        min_value=-MOST, max_value=MOST, help_text="How many more, or fewer with a minus: -2."
    )
    batch = BatchField()
    reason = forms.CharField(max_length=200)

    def __init__(self, *args: Any, stock: Stock, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if stock.in_batches is None:
            del self.fields["batch"]
        else:
            self.fields["batch"].offer_those_of(stock)  # type: ignore[attr-defined]


class StockForm(forms.ModelForm[Stock]):
    """When to warn, and how many may be sold before they arrive."""

    class Meta:
        model = Stock
        fields: ClassVar = ["low_from", "back_order_limit", "back_order_days"]
