"""The only writer of what kits are made of; and the reading of it, for many kits at once."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, OuterRef, QuerySet, Subquery

from catalog.models.gallery import ProductPageImage
from catalog.models.kits import OfferPart
from catalog.models.offers import Offer
from catalog.models.stock import Stock
from cms.prepared import Prepared
from freshness.answers import shows, shows_offers_of
from freshness.changes import changed, offers_of

MOST_PARTS = 20
MOST_PIECES = 99


class KitRefused(ValueError):
    """These parts make no kit; nothing was changed."""


class PartIsAKit(KitRefused):
    """A kit inside a kit would hide what is packed and how it is taxed."""

    def __init__(self, part: Offer) -> None:
        super().__init__(f"{part.sku} is a kit itself. Name its parts instead.")


class KitIsAPart(KitRefused):
    """What is part of a kit cannot become one."""

    def __init__(self, kit: Offer) -> None:
        super().__init__(f"{kit.sku} is part of another kit, so it cannot be one itself.")


class NotAProduct(KitRefused):
    """Sessions are neither kits nor parts of them: they are not packed, and never sold out."""

    def __init__(self, offer: Offer) -> None:
        super().__init__(f"{offer.sku} grants sessions; a kit is made of products.")


class PartNamedTwice(KitRefused):
    """Each part is named once, with its quantity."""

    def __init__(self) -> None:
        super().__init__("A part is named twice. Give it once, with its quantity.")


class PartIsItself(KitRefused):
    """A kit cannot be inside itself."""

    def __init__(self, kit: Offer) -> None:
        super().__init__(f"{kit.sku} cannot be part of itself.")


class QuantityNotAllowed(KitRefused):
    """A kit holds from 1 to 99 pieces of each part, and no endless list of parts."""

    def __init__(self) -> None:
        super().__init__(
            f"A kit holds up to {MOST_PARTS} parts, and from 1 to {MOST_PIECES} of each."
        )


class KitHasStock(KitRefused):
    """What becomes a kit has goods of its own, which nobody could buy any more."""

    def __init__(self, stock: Stock) -> None:
        super().__init__(
            f"{stock.offer.sku} has stock of its own: {stock.on_hand} on hand, {stock.reserved} "
            f"kept for buyers, {stock.back_ordered} on back-order. Bring it to zero first."
        )


@transaction.atomic
def set_parts(*, kit_id: int, parts: Sequence[tuple[int, int]]) -> Offer:
    """Make an offer a kit of so many of each part, in this order; without parts it is none.

    Orders keep the parts they were placed with.

    :param parts: offer ids and quantities.
    :raises KitRefused: if these parts make no kit.
    :raises Offer.DoesNotExist: if an offer is unknown.
    """
    wanted = dict(parts)
    _check_numbers(parts, wanted)
    ids = sorted({kit_id, *wanted})
    # Both ends are locked in one order, so that no two kits can become each other's part at once.
    found = {
        offer.pk: offer
        for offer in Offer.objects.select_for_update().filter(pk__in=ids).order_by("pk")
    }
    if len(found) != len(ids):
        raise Offer.DoesNotExist
    kit = found[kit_id]
    if wanted:
        _check_offers(kit, [found[pk] for pk in wanted])
        _empty_own_stock(kit)
    OfferPart.objects.filter(kit=kit).delete()
    OfferPart.objects.bulk_create(
        OfferPart(kit=kit, part_id=part_id, quantity=quantity, sort_order=place)
        for place, (part_id, quantity) in enumerate(parts)
    )
    kit.is_kit = bool(wanted)
    kit.save(update_fields=["is_kit"])
    changed(*offers_of(kit.page_id))
    return kit


def load_parts(offers: Iterable[Offer], *, at: dt.datetime | None = None) -> None:
    """Read the parts of those offers that are kits, with stock and page; one query, or none.

    :param at: the moment that is shown; the answer then holds until a part begins or ends.
    """
    kits = [offer for offer in offers if offer.is_kit]
    if not kits:
        return
    parts: dict[int, list[OfferPart]] = {}
    for part in _parts_of([kit.pk for kit in kits]):
        parts.setdefault(part.kit_id, []).append(part)
    for kit in kits:
        own: Any = kit.parts.all()
        own._result_cache = parts.get(kit.pk, [])
        # As `prefetch_related` would, which works out its SQL anew each time.
        vars(kit).setdefault("_prefetched_objects_cache", {})["parts"] = own
        _note_shown(kit, at)


@Prepared
def _parts_of(kit_ids: list[int]) -> QuerySet[OfferPart]:
    """Prepare reading parts with all that is asked of them, each kit's in their order.

    ``picture_id`` is the first picture of a part's page.
    """
    pictures = ProductPageImage.objects.filter(page_id=OuterRef("part__page_id"))
    first = pictures.order_by(F("sort_order").asc(nulls_first=True), "pk").values("image_id")[:1]
    # The model declares what is annotated here, which mypy takes for a second definition.
    parts: Any = OfferPart.objects.filter(kit_id__in=kit_ids)
    parts = parts.select_related("part__stock", "part__page__productpage")
    found: QuerySet[OfferPart] = parts.annotate(picture_id=Subquery(first))
    return found


def can_be_packed(kit: Offer, *, at: dt.datetime) -> bool:
    """Tell for a kit with loaded parts whether none of them has ended.

    A part without a page is sold in kits alone.
    """
    return all(_is_sold(each.part, at) for each in kit.parts.all())


def pages_selling(offer_ids: Iterable[int]) -> set[int]:
    """Return the pages that sell one of these offers, alone or inside a kit."""
    pages = Offer.objects.filter(pk__in=offer_ids).values_list("page_id", "part_of__kit__page_id")
    found: set[int | None] = {page for both in pages for page in both}
    return {page for page in found if page is not None}


def contradictions() -> Iterator[str]:
    """Yield, in words, every kit without parts, with stock of its own, or inside another."""
    for offer in Offer.objects.filter(is_kit=True, parts=None):
        yield f"{offer} is a kit without parts"
    for offer in Offer.objects.filter(is_kit=False, parts__isnull=False).distinct():
        yield f"{offer} has parts but is no kit"
    for offer in Offer.objects.filter(is_kit=True, part_of__isnull=False).distinct():
        yield f"{offer} is a kit inside another kit"
    for offer in Offer.objects.filter(is_kit=True, stock__on_hand__gt=0):
        yield f"{offer} is a kit with stock of its own"


def _check_numbers(parts: Sequence[tuple[int, int]], wanted: dict[int, int]) -> None:
    if len(wanted) != len(parts):
        raise PartNamedTwice
    if len(parts) > MOST_PARTS or not all(1 <= count <= MOST_PIECES for count in wanted.values()):
        raise QuantityNotAllowed


def _check_offers(kit: Offer, parts: Iterable[Offer]) -> None:
    for part in parts:
        if part.pk == kit.pk:
            raise PartIsItself(kit)
        if not part.is_goods:
            raise NotAProduct(part)
        if part.is_kit:
            raise PartIsAKit(part)
    if not kit.is_goods:
        raise NotAProduct(kit)
    if OfferPart.objects.filter(part=kit).exists():
        raise KitIsAPart(kit)


def _empty_own_stock(kit: Offer) -> None:
    """Close a kit's own stock: no more of it are promised.

    :raises KitHasStock: if goods are there or promised.
    """
    own = Stock.objects.select_for_update().filter(offer=kit)
    closed = own.filter(on_hand=0, reserved=0, back_ordered=0).update(back_order_limit=0)
    stock = None if closed else own.select_related("offer").first()
    if stock is not None:
        raise KitHasStock(stock)


def _is_sold(part: Offer, at: dt.datetime) -> bool:
    is_public = part.page is None or part.page.live
    return is_public and part.is_within_dates(at) and part.currency == settings.SHOP_CURRENCY


def _note_shown(kit: Offer, at: dt.datetime | None) -> None:
    for each in kit.parts.all():
        if each.part.page_id is not None:
            shows_offers_of(each.part.page_id)
        for moment in (each.part.active_from, each.part.active_until):
            if at is not None and moment is not None and moment > at:
                shows(until=moment)
