"""Which products a list shows, in which order, and the words of its filters."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.paginator import Page as PageOfCards
from django.core.paginator import Paginator
from django.http import HttpRequest
from wagtail.models import Page

from catalog import cards, facet_index, facets, selection
from catalog.facet_facts import PACKAGE
from catalog.facet_index import Snapshot
from catalog.facets import Facet, price
from catalog.selection import DEFAULT_SORT, SORT_OPTIONS, Selection
from freshness.answers import shows
from freshness.changes import CATALOG, LISTS
from money.money import Money

PER_PAGE = 24

__all__ = ["DEFAULT_SORT", "PER_PAGE", "SORT_OPTIONS", "listing_context"]


@dataclass(frozen=True, slots=True)
class CategoryLink:
    """A part of the shop that the list can be left for."""

    title: str
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Chip:
    """Something that the list is narrowed by; `url` shows the list without it, `count` pages."""

    label: str
    url: str
    count: int


@dataclass(frozen=True, slots=True)
class PageLink:
    """A page of the list; without an address it stands for those left out."""

    number: int
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class PriceBounds:
    """What was typed as the price's bounds, and what they could be."""

    low: str
    high: str
    lowest: str
    highest: str
    symbol: str


def listing_context(
    page: Page, request: HttpRequest, at: dt.datetime, *, categories: Sequence[Page]
) -> dict[str, Any]:
    """Return what a listing page shows beneath `page`; five queries."""
    pages = facet_index.current(at)
    shows(CATALOG, LISTS, until=pages.until)
    known = facets.facets(
        pages, [each for each in categories if page.pk != each.pk and _is_part(each, page)]
    )
    asked = selection.read(request.GET).among(
        {facet.name: [word.value for word in facet.words] for facet in known},
        singles=[facet.name for facet in known if facet.is_single],
    )
    base = facets.listed_below(pages, page.path)
    fitting, others = facets.matching(pages, base, known, asked)
    shown, asked = _page_of_cards(pages, fitting, asked, at, request)
    address = page.get_url(request) or ""
    chips = list(_chips(pages, base, known, asked, address))
    return {
        "cards": shown.object_list,
        "cards_page": shown,
        "page_obj": shown,
        "paginator": shown.paginator,
        "pages": list(_page_links(asked, shown.paginator.num_pages, address)),
        "result_count": fitting.bit_count(),
        "package_count": (fitting & pages.having(*PACKAGE)).bit_count(),
        "product_count": (fitting & ~pages.having(*PACKAGE)).bit_count(),
        "facets": list(facets.views(known, asked, base, others)),
        "price_bounds": _price_bounds(pages, base, asked),
        "chips": chips,
        "ways_out": [] if fitting else [chip for chip in chips if chip.count],
        "selection": asked,
        "sort": asked.sort,
        "sort_options": SORT_OPTIONS,
        "clear_url": asked.cleared().query or address,
        "canonical_query": "" if asked.is_filtered else Selection(page=asked.page).query,
        "categories": [
            CategoryLink(each.title, each.get_url(request) or "", each.pk == page.pk)
            for each in categories
        ],
    }


def _is_part(category: Page, page: Page) -> bool:
    return bool(category.path.startswith(page.path))


def _page_of_cards(
    pages: Snapshot, fitting: int, asked: Selection, at: dt.datetime, request: HttpRequest
) -> tuple[PageOfCards[Any], Selection]:
    """Cut out one page, beyond the end the last there is, and build its cards."""
    paginator = _Counted(fitting.bit_count())
    asked = asked.on_page(min(asked.page, paginator.num_pages))
    start = (asked.page - 1) * PER_PAGE
    page_ids = pages.cut(fitting, asked.sort, start, start + PER_PAGE)
    found = cards.kept_cards(page_ids, at, request=request)
    built = [found[page_id] for page_id in page_ids if page_id in found]
    return PageOfCards(built, asked.page, paginator), asked


def _chips(
    pages: Snapshot, base: int, known: Sequence[Facet], asked: Selection, address: str
) -> Iterator[Chip]:
    """Yield what the list is narrowed by, each with the list that is left without it."""
    for label, without in _narrowed_by(known, asked):
        fitting, _ = facets.matching(pages, base, known, without)
        yield Chip(label, without.query or address, fitting.bit_count())


def _narrowed_by(known: Sequence[Facet], asked: Selection) -> Iterator[tuple[str, Selection]]:
    for facet in known:
        for word in facet.chosen(asked):
            yield word.chip or word.label, asked.without(facet.name, word.value)
    low, high = (
        None if bound is None else price(bound) for bound in (asked.price_min, asked.price_max)
    )
    if low or high:
        label = f"{low} to {high}" if low and high else f"From {low}" if low else f"Up to {high}"
        yield label, asked.without_bounds()


def _price_bounds(pages: Snapshot, base: int, asked: Selection) -> PriceBounds | None:
    """Return the price's bounds; none where the whole list costs the same."""
    prices = pages.prices_among()
    extremes = prices.extremes(base)
    if extremes is None or extremes[0] == extremes[1]:
        return None
    low, high = (
        "" if bound is None else selection.major(bound)
        for bound in (asked.price_min, asked.price_max)
    )
    lowest, highest = (selection.major(each) for each in extremes)
    symbol = str(Money(0, settings.SHOP_CURRENCY)).split("0", maxsplit=1)[0].strip()
    return PriceBounds(low, high, lowest, highest, symbol)


def _page_links(asked: Selection, last: int, address: str) -> Iterator[PageLink | None]:
    """Yield the first, the last and the pages around the one in view; none for a gap."""
    near = {1, last, *range(asked.page - 1, asked.page + 2)}
    before = 0
    for number in sorted(number for number in near if 1 <= number <= last):
        if number - before == 2:
            yield _page_link(asked, number - 1, address)
        elif number - before > 2:
            yield None
        yield _page_link(asked, number, address)
        before = number


def _page_link(asked: Selection, number: int, address: str) -> PageLink:
    url = asked.on_page(number).query or address
    return PageLink(number, url, number == asked.page)


class _Counted(Paginator[Any]):
    """A paginator that was told how many there are."""

    def __init__(self, total: int) -> None:
        super().__init__([], PER_PAGE)
        self._total = total

    @property
    def count(self) -> int:
        return self._total
