"""Offers as a page shows them: read once, nothing left to ask."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from django.conf import settings
from django.db.models import Min, OuterRef, Subquery

from catalog import kits, selling_times
from catalog.availability import Availability, availability
from catalog.models.offers import Offer, OfferQuerySet
from catalog.unit_prices import offer_unit_price
from cms.prepared import Prepared
from money.money import Money, round_half_up
from treatments.validity import describe_validity


def _of_pages(page_ids: list[int]) -> OfferQuerySet:
    return Offer.objects.filter(page_id__in=page_ids).with_stock().order_by("sort_order", "pk")


_dated_offers = Prepared(lambda page_ids, at: _of_pages(page_ids).within_dates(at))


@lru_cache
def _offers_on_sale(_currency: str) -> Prepared:
    """Prepare reading offers, once for a currency of the shop, which is part of the query."""
    return Prepared(lambda page_ids, at: _of_pages(page_ids).on_sale(at))


@dataclass(frozen=True, slots=True)
class OfferView:
    """One size of a product or of a package.

    `lowest_recent` is told exactly while the offer is announced as reduced.
    `saving_per_session` compares with the same page's single session.
    """

    sku: str
    label: str
    kind: str
    price: Money
    unit_price: str
    lowest_recent: Money | None
    availability: Availability
    content: str
    sessions: int | None
    price_per_session: Money | None
    saving_per_session: Money | None
    valid_text: str

    @property
    def is_buyable(self) -> bool:
        return self.availability.is_buyable

    @property
    def is_reduced(self) -> bool:
        return self.lowest_recent is not None


def offers_by_page(
    page_ids: Collection[int], at: dt.datetime, *, is_preview: bool = False
) -> dict[int, list[Offer]]:
    """Return the offers on sale of many pages with their stock, in one query; kits cost one more.

    :param is_preview: show what would be sold once the page is public.
    """
    ids = list(page_ids)
    offers: list[Offer] = (
        _dated_offers(ids, at) if is_preview else _offers_on_sale(settings.SHOP_CURRENCY)(ids, at)
    )
    selling_times.note_offers_of(ids, at)
    found: dict[int, list[Offer]] = {}
    kits.load_parts(offers, at=at)
    for offer in offers:
        if offer.page_id is not None:
            found.setdefault(offer.page_id, []).append(offer)
    return found


def offer_views(offers: Sequence[Offer]) -> list[OfferView]:
    """Show the offers of one page, in their order."""
    single = single_session_price(offers)
    return [_view(offer, single) for offer in offers]


def single_session_price(offers: Sequence[Offer]) -> Money | None:
    """Return what one session costs on its own, if it is sold so."""
    return min((offer.price for offer in offers if offer.sessions == 1), default=None)


def single_prices(treatment_ids: Collection[int], at: dt.datetime) -> dict[int, int]:
    """Return what one session of each treatment costs on its own, in minor units; one query."""
    singles = Offer.objects.on_sale(at).filter(treatment__in=treatment_ids, sessions=1)
    lowest = singles.order_by().values_list("treatment").annotate(Min("price_minor"))
    return dict(lowest)


def lowest_single(treatment: str, at: dt.datetime) -> Subquery:
    """Return the same beside rows of another query; `treatment` is their field that names it."""
    singles = Offer.objects.on_sale(at).filter(treatment=OuterRef(treatment), sessions=1)
    return Subquery(singles.order_by("price_minor").values("price_minor")[:1])


def price_per_session(offer: Offer) -> Money | None:
    """Return a package's price for each session, rounded to a whole minor unit."""
    if not offer.sessions:
        return None
    return Money(round_half_up(Fraction(offer.price_minor, offer.sessions)), offer.currency)


def lowest_recent(offer: Offer) -> Money | None:
    """Return the price that must stand beside a reduced one; none if it is no reduction.

    A price announced as reduced that is not below the lowest of the 30 days before it reduces
    nothing for the buyer, so nothing is announced.
    """
    if offer.lowest_before_minor is None or offer.lowest_before_minor <= offer.price_minor:
        return None
    return Money(offer.lowest_before_minor, offer.currency)


def _view(offer: Offer, single: Money | None) -> OfferView:
    each = price_per_session(offer)
    return OfferView(
        sku=offer.sku,
        label=offer.label,
        kind=offer.kind,
        price=offer.price,
        unit_price=offer_unit_price(offer),
        lowest_recent=lowest_recent(offer),
        availability=availability(offer),
        content=offer.content_text,
        sessions=offer.sessions,
        price_per_session=each,
        saving_per_session=single - each if single and each and each < single else None,
        valid_text=describe_validity(rule=offer.validity_rule, days=offer.validity_days)
        if offer.validity_days
        else "",
    )
