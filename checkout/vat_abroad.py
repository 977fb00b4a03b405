"""The VAT rates that goods bear where they are sent."""

from collections.abc import Mapping
from typing import Final

from django.conf import settings

from catalog.models import Offer
from catalog.models.offers import TANGIBLE_GOODS
from checkout.models import DestinationRate, InvoiceSeller

HOME: Final[Mapping[str, int]] = {}


def rates_in(country: str) -> Mapping[str, int]:
    """Return a country's rates in basis points by tax code, once goods are taxed where they go.

    The seller's own country has none, and where Stripe reckons the tax, no country has.
    """
    if settings.SHOP_TAX == "stripe":
        return HOME
    rows = DestinationRate.objects.filter(country=country).exclude(
        country__in=InvoiceSeller.objects.values("country")
    )
    return dict(rows.values_list("tax_code", "vat_rate_bp"))


def rate_of(offer: Offer, rates: Mapping[str, int]) -> int:
    """Return the rate that an offer bears, in basis points.

    Sessions are had at the clinic and bear their own, gift cards none; goods of a kind without a
    rate in a country bear its general one.
    """
    if not offer.is_goods or not rates:
        return offer.vat_rate_bp
    general = rates.get(TANGIBLE_GOODS, offer.vat_rate_bp)
    return rates.get(offer.tax_code, general)
