"""What pages say about stock, so that a change of it is told exactly when somebody can see it.

A page says “In stock”, not how many: selling the 40th of 60 pieces changes no page.
"""

from collections.abc import Collection
from dataclasses import dataclass

from catalog import kits
from catalog.availability import AvailabilityState, availability
from catalog.models import Offer, OfferPart
from freshness.changes import changed, offers_of


@dataclass(frozen=True, slots=True)
class Face:
    """What the page of one offer says about how many there are."""

    page_id: int | None
    state: AvailabilityState
    left: int | None
    back_order_days: int | None
    most: int


def faces(offer_ids: Collection[int]) -> dict[int, Face]:
    """Return what is said of offers, and of the kits that they are parts of; two or three queries.

    Ask while their stock is locked, before it changes.
    """
    if not offer_ids:
        return {}
    of_kits = OfferPart.objects.filter(part_id__in=offer_ids).values_list("kit_id", flat=True)
    return _faces({*offer_ids, *of_kits})


def tell(before: dict[int, Face]) -> None:
    """Note, in the transaction that changed the stock, which pages say something else now."""
    if not before:
        return
    after = _faces(before)
    pages = {after[pk].page_id for pk in before if after[pk] != before[pk]}
    changed(*offers_of(*sorted(page for page in pages if page is not None)))


def _faces(offer_ids: Collection[int]) -> dict[int, Face]:
    offers = list(Offer.objects.filter(pk__in=offer_ids).with_stock())
    kits.load_parts(offers)
    return {offer.pk: _face(offer) for offer in offers}


def _face(offer: Offer) -> Face:
    said = availability(offer)
    return Face(offer.page_id, said.state, said.left, said.back_order_days, said.max_shown)
