"""Find what is put into a basket at the desk: a scanned code names one thing, words several."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.db.models import Q

from catalog.models import Offer
from checkout.shown import full_name
from money.money import Money

SHOWN: Final = 12


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that is on sale."""

    sku: str
    name: str
    price: Money


def by_code(code: str) -> str:
    """Return the SKU of what bears a barcode or is called so; empty if nothing does."""
    wanted = code.strip()
    if not wanted:
        return ""
    named = Offer.objects.filter(Q(sku=wanted.upper()) | Q(barcode=wanted))
    return named.order_by("pk").values_list("sku", flat=True).first() or ""


def by_words(words: str, *, at: dt.datetime) -> list[Found]:
    """Return what is on sale and has all words in its name or SKU."""
    each = [word for word in words.split() if word]
    if not each:
        return []
    meant = Q(
        *(
            Q(page__title__icontains=word) | Q(label__icontains=word) | Q(sku__icontains=word)
            for word in each
        )
    )
    offers = Offer.objects.on_sale(at).filter(meant).select_related("page")
    return [
        Found(offer.sku, full_name(offer), offer.price)
        for offer in offers.order_by("page__title", "sort_order", "pk")[:SHOWN]
    ]
