"""What pages say about stock, so that a change of it is told exactly when somebody can see it.

A page says “In stock”, not how many: selling the 40th of 60 pieces changes no page.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Q

from catalog import kits
from catalog.availability import AvailabilityState, availability, supplies
from catalog.models import Offer, OfferPart, Stock
from freshness.changes import changed, offers_of


@dataclass(frozen=True, slots=True)
class Face:
    """What the page of one offer says about how many there are."""

    page_id: int | None
    state: AvailabilityState
    left: int | None
    back_order_days: int | None
    most: int


@dataclass(frozen=True, slots=True)
class Said:
    """What pages say of offers before their stock changes, each offer beside its face."""

    offers: Sequence[Offer] = ()
    faces: Sequence[Face] = ()


def faces(offer_ids: Collection[int]) -> Said:
    """Return what is said of offers, and of the kits that they are parts of; one or two queries.

    Ask while their stock is locked, before it changes.
    """
    if not offer_ids:
        return Said()
    of_kits = OfferPart.objects.filter(part_id__in=offer_ids).values("kit_id")
    asked = Offer.objects.filter(Q(pk__in=offer_ids) | Q(pk__in=of_kits))
    offers = list(asked.order_by("pk").with_stock())
    kits.load_parts(offers)
    return Said(offers, [_face(offer) for offer in offers])


def tell(before: Said) -> None:
    """Note, in the transaction that changed the stock, which pages say something else now.

    Of the offers nothing but their stock is read again; one query.
    """
    if not before.offers:
        return
    _read_stock_again(before.offers)
    after = [_face(offer) for offer in before.offers]
    pages = {now.page_id for then, now in zip(before.faces, after, strict=True) if now != then}
    changed(*offers_of(*sorted(page for page in pages if page is not None)))


def _read_stock_again(offers: Sequence[Offer]) -> None:
    articles = [supply.article for offer in offers for supply in supplies(offer)]
    rows = Stock.objects.filter(offer_id__in={article.pk for article in articles}).order_by()
    stocks = {stock.offer_id: stock for stock in rows}
    for article in articles:
        if article.pk in stocks:
            article.stock = stocks[article.pk]


def _face(offer: Offer) -> Face:
    said = availability(offer)
    return Face(offer.page_id, said.state, said.left, said.back_order_days, said.max_shown)
