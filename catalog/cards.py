"""Pages that sell as lists show them, built in a fixed number of queries."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Case, F, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from wagtail.models import Page, Site

from catalog.availability import Availability, AvailabilityState, availability
from catalog.models.gallery import GalleryImage, PackagePageImage, ProductPageImage
from catalog.models.offers import Offer
from catalog.offer_views import (
    lowest_recent,
    offers_by_page,
    price_per_session,
)
from catalog.unit_prices import offer_unit_price
from cms import renditions
from cms.models import CustomImage
from freshness.changes import CATALOG, offers_of
from freshness.keeping import as_of, keep_each
from money.money import Money
from treatments.models import CareTag

_BEST_FIRST = list(AvailabilityState)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """What a card that is kept knows of itself; two that show the same are equal nevertheless.

    :ivar as_of: how far the log of changes was read before the card's facts; none: not kept.
    :ivar tags: which of the changes in it change the card, beside those that change every page.
    """

    as_of: int | None = field(default=None, compare=False)
    tags: frozenset[str] = field(default=frozenset(), compare=False)


@dataclass(frozen=True, slots=True)
class ProductCard(_Kept):
    """A product in a list; its price is the lowest among the sizes that can be bought.

    `availability` is that of the size that is easiest to get, none without offers. `sku` is set
    when there is exactly one size to buy.
    """

    url: str
    slug: str
    title: str
    benefit: str
    image: CustomImage | None
    image_alt: str
    price_from: Money | None
    has_range: bool
    unit_price: str
    lowest_recent: Money | None
    availability: Availability | None
    sku: str | None
    gentle_from_day: int | None = None

    @property
    def is_reduced(self) -> bool:
        return self.lowest_recent is not None

    @property
    def is_package(self) -> bool:
        return False


@dataclass(frozen=True, slots=True)
class PackageCard(_Kept):
    """A package of sessions in a list."""

    url: str
    slug: str
    title: str
    benefit: str
    image: CustomImage | None
    image_alt: str
    price_from: Money | None
    per_session_from: Money | None
    sessions_options: tuple[int, ...]

    @property
    def is_package(self) -> bool:
        return True


Card = ProductCard | PackageCard


def cards_for_pages(
    pages: Iterable[Page], at: dt.datetime, *, request: HttpRequest | None = None
) -> list[Card]:
    """Return one card per product or package page, in the order given; three queries.

    A page that is not public, or sells nothing, has a card without a price.
    """
    wanted = [page.pk for page in pages]
    if not wanted:
        return []
    found = {page.pk: page for page in with_card_facts(Page.objects.filter(pk__in=wanted))}
    return cards([found[pk] for pk in wanted if pk in found], at, request=request)


def with_card_facts(pages: QuerySet[Page]) -> QuerySet[Any]:
    """Keep the pages that sell, and read along what their cards say."""
    selling = pages.exclude(productpage=None, packagepage=None)
    return annotate_card_facts(selling.exclude(productpage__is_discontinued=True))


def annotate_card_facts(pages: QuerySet[Page]) -> QuerySet[Any]:
    """Read along what the cards of those pages say that sell."""
    selling: QuerySet[Any] = pages.annotate(
        card_benefit=Coalesce("productpage__benefit", "packagepage__benefit"),
        card_is_package=Case(When(packagepage__isnull=False, then=True), default=Value(False)),  # noqa: FBT003
        card_image_id=Coalesce(
            _first(ProductPageImage, "image_id"), _first(PackagePageImage, "image_id")
        ),
        card_gentle_from_day=Subquery(_strictest_day()),
        card_alt=Coalesce(_first(ProductPageImage, "alt"), _first(PackagePageImage, "alt")),
    )
    return selling


def cards(rows: Sequence[Any], at: dt.datetime, *, request: HttpRequest | None) -> list[Card]:
    """Build the cards of pages that were read `with_card_facts`; two queries."""
    if not rows:
        return []
    offers = offers_by_page([row.pk for row in rows], at)
    images = renditions.load(image_ids(rows))
    return build(rows, offers, images, request=request)


def kept_cards(
    page_ids: Collection[int], at: dt.datetime, *, request: HttpRequest
) -> dict[int, Card]:
    """Return the cards of pages that sell by their ids; three queries for those not kept.

    A card is built again once its own page's offers change, or what may stand on any page.
    """
    since = as_of()

    def read(missing: list[int]) -> Mapping[int, Card]:
        rows = list(with_card_facts(Page.objects.filter(pk__in=missing)))
        offers = offers_by_page([row.pk for row in rows], at)
        images = renditions.load(image_ids(rows))
        built = build(rows, offers, images, request=request)
        return {
            row.pk: replace(card, as_of=since, tags=_tags(row.pk, offers.get(row.pk, [])))
            for row, card in zip(rows, built, strict=True)
        }

    site = Site.find_for_request(request)
    kind = ("card", site.pk if site else None)
    return keep_each(kind, page_ids, read, since=since, tags=lambda card: card.tags)


def _tags(page_id: int, offers: Iterable[Offer]) -> frozenset[str]:
    """Name the changes of what a page sells, and of what its kits are made of."""
    parts = {each.part.page_id for kit in offers if kit.is_kit for each in kit.parts.all()}
    return frozenset(offers_of(page_id, *parts)) - {CATALOG}


def image_ids(rows: Iterable[Any]) -> set[int]:
    """Return the pictures that cards of these rows show."""
    return {row.card_image_id for row in rows if row.card_image_id}


def build(
    rows: Iterable[Any],
    offers: dict[int, list[Offer]],
    images: dict[int, CustomImage],
    *,
    request: HttpRequest | None,
) -> list[Card]:
    """Build cards from what was read already; no query."""
    return [_card(row, offers.get(row.pk, []), images, request) for row in rows]


def _card(
    row: Any, offers: list[Offer], images: dict[int, CustomImage], request: HttpRequest | None
) -> Card:
    image = images.get(row.card_image_id)
    face: dict[str, Any] = {
        "url": row.get_url(request) or "",
        "slug": row.slug,
        "title": row.title,
        "benefit": row.card_benefit,
        "image": image,
        "image_alt": row.card_alt or (image.default_alt_text if image else ""),
    }
    if row.card_is_package:
        return _package_card(face, offers)
    return _product_card(face, offers, gentle_from_day=row.card_gentle_from_day)


def _package_card(face: dict[str, Any], offers: list[Offer]) -> PackageCard:
    each = [price for offer in offers if (price := price_per_session(offer))]
    return PackageCard(
        **face,
        price_from=min((offer.price for offer in offers), default=None),
        per_session_from=min(each, default=None),
        sessions_options=tuple(sorted({offer.sessions for offer in offers if offer.sessions})),
    )


def _product_card(
    face: dict[str, Any], offers: list[Offer], *, gentle_from_day: int | None
) -> ProductCard:
    state = {offer.pk: availability(offer) for offer in offers}
    buyable = [offer for offer in offers if state[offer.pk].is_buyable]
    shown = buyable or offers
    cheapest = min(shown, key=lambda offer: offer.price_minor, default=None)
    return ProductCard(
        **face,
        price_from=cheapest.price if cheapest else None,
        has_range=len({offer.price_minor for offer in shown}) > 1,
        unit_price=offer_unit_price(cheapest) if cheapest else "",
        lowest_recent=lowest_recent(cheapest) if cheapest else None,
        availability=min(
            state.values(), key=lambda each: _BEST_FIRST.index(each.state), default=None
        ),
        sku=buyable[0].sku if len(buyable) == 1 else None,
        gentle_from_day=gentle_from_day,
    )


def _strictest_day() -> QuerySet[Any]:
    """Read what `gentle_from_day` says of a page's care tags: one unknown leaves it unknown."""
    tags = CareTag.objects.filter(products=OuterRef("pk"))
    strictest_first = tags.order_by(F("gentle_from_day").desc(nulls_first=True))
    return strictest_first.values("gentle_from_day")[:1]


def _first(pictures: type[GalleryImage], field: str) -> Subquery:
    """Read a field of a page's first picture."""
    of_page = pictures.objects.filter(page_id=OuterRef("pk"))
    return Subquery(of_page.order_by(F("sort_order").asc(nulls_first=True), "pk").values(field)[:1])
