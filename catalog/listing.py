"""Which products a list shows, in which order, and the words of its filters."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page as PageOfCards
from django.core.paginator import Paginator
from django.db.models import (
    CharField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    QuerySet,
    Subquery,
    Window,
)
from django.http import HttpRequest
from wagtail.models import Page, PageViewRestriction

from catalog import cards
from catalog.models.concern import Concern
from catalog.models.offers import Offer
from catalog.models.product_page import ProductPage

PER_PAGE = 24
DEFAULT_SORT = "featured"
SORT_OPTIONS = [
    (DEFAULT_SORT, "Our order"),
    ("price_up", "Price, low to high"),
    ("price_down", "Price, high to low"),
    ("newest", "Newest first"),
    ("name", "Name, A to Z"),
]
_ORDERS: dict[str, list[Any]] = {
    DEFAULT_SORT: [],
    "price_up": [F("price_from_minor").asc(nulls_last=True)],
    "price_down": [F("price_from_minor").desc(nulls_last=True)],
    "newest": [F("first_published_at").desc(nulls_last=True)],
    "name": ["title"],
}


@dataclass(frozen=True, slots=True)
class ConcernChoice:
    """A concern that the list can be narrowed by; `url` narrows by it alone."""

    name: str
    slug: str
    blurb: str
    url: str
    is_chosen: bool

    @property
    def is_active(self) -> bool:
        return self.is_chosen


@dataclass(frozen=True, slots=True)
class CategoryLink:
    """A part of the shop that the list can be left for."""

    title: str
    url: str
    is_current: bool


def listing_context(
    page: Page, request: HttpRequest, at: dt.datetime, *, categories: Sequence[Page]
) -> dict[str, Any]:
    """Return what a listing page shows beneath `page`; four queries, one more without results."""
    sort = request.GET.get("sort", DEFAULT_SORT)
    sort = sort if sort in _ORDERS else DEFAULT_SORT
    kept_sort = {"sort": sort} if sort != DEFAULT_SORT else {}
    concerns = _concerns(request, kept_sort)
    chosen = [concern.slug for concern in concerns if concern.is_chosen]
    shown = _page_of_rows(_rows(page, chosen, sort, at), request.GET.get("page"))
    return {
        "cards": cards.cards(list(shown.object_list), at, request=request),
        "cards_page": shown,
        "page_obj": shown,
        "paginator": shown.paginator,
        "result_count": shown.paginator.count,
        "concerns": concerns,
        "chosen_concerns": chosen,
        "sort": sort,
        "sort_options": SORT_OPTIONS,
        "clear_url": f"?{urlencode(kept_sort)}",
        "categories": [
            CategoryLink(each.title, each.get_url(request) or "", each.pk == page.pk)
            for each in categories
        ],
    }


def _concerns(request: HttpRequest, kept: dict[str, str]) -> list[ConcernChoice]:
    asked = set(request.GET.getlist("concern"))
    return [
        ConcernChoice(
            name=concern.name,
            slug=concern.slug,
            blurb=concern.blurb,
            url=f"?{urlencode({'concern': concern.slug, **kept})}",
            is_chosen=concern.slug in asked,
        )
        for concern in Concern.objects.all()
    ]


def _rows(page: Page, chosen: list[str], sort: str, at: dt.datetime) -> QuerySet[Any]:
    """Find the pages to list: what can be bought first, then in the order asked for."""
    offers = Offer.objects.on_sale(at).filter(page_id=OuterRef("pk"))
    below = ExpressionWrapper(OuterRef("path"), output_field=CharField())
    restrictions = PageViewRestriction.objects.annotate(path_below=below)
    rows = cards.with_card_facts(
        Page.objects.live()
        .descendant_of(page)
        .exclude(Exists(restrictions.filter(path_below__startswith=F("page__path"))))
    )
    if chosen:
        products = ProductPage.objects.filter(concerns__slug__in=chosen)
        rows = rows.filter(pk__in=products.values("pk"))
    listed: QuerySet[Any] = rows.annotate(
        is_sold_out=~Exists(offers.in_stock()),
        price_from_minor=Subquery(offers.order_by("price_minor").values("price_minor")[:1]),
        total=Window(Count("pk")),
    ).order_by("is_sold_out", *_ORDERS[sort], "path")
    return listed


def _page_of_rows(rows: QuerySet[Any], asked: str | None) -> PageOfCards[Any]:
    """Cut out one page; each row says how many there are, so nothing is counted apart."""
    number = int(asked) if asked and asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
    number = max(number, 1)
    found = list(rows[(number - 1) * PER_PAGE : number * PER_PAGE])
    if not found and number > 1:  # Beyond the end: show the last page there is.
        number = max(1, -(-rows.count() // PER_PAGE))
        found = list(rows[(number - 1) * PER_PAGE : number * PER_PAGE])
    paginator = _Counted(found[0].total if found else 0)
    return PageOfCards(found, number, paginator)


class _Counted(Paginator[Any]):
    """A paginator that was told how many there are."""

    def __init__(self, total: int) -> None:
        super().__init__([], PER_PAGE)
        self._total = total

    @property
    def count(self) -> int:
        return self._total
