"""Up to three products side by side, fact by fact."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Prefetch
from django.http import HttpRequest

from catalog import cards, facet_index
from catalog.cards import ProductCard
from catalog.facet_facts import LISTED
from catalog.models import Offer, ProductPage
from freshness.answers import shows
from freshness.changes import CATALOG, LISTS

MOST = 3
UNKNOWN = "Not stated"


@dataclass(frozen=True, slots=True)
class Column:
    """A product in the comparison; `url_without` shows the others alone."""

    card: ProductCard
    url_without: str


@dataclass(frozen=True, slots=True)
class Row:
    """A fact of each product, as one or several short lines."""

    label: str
    cells: list[list[str]]

    @property
    def differs(self) -> bool:
        return any(cell != self.cells[0] for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is compared; `left_out` counts what was asked for beyond three."""

    columns: list[Column]
    rows: list[Row]
    left_out: int

    @property
    def room(self) -> int:
        return MOST - len(self.columns)


def compare(slugs: Sequence[str], at: dt.datetime, request: HttpRequest) -> Comparison:
    """Compare the products of these names, in the order asked for; unknown ones are passed over."""
    # No name of a page holds what cannot be printed, and PostgreSQL refuses to be asked for it.
    names = [slug for slug in dict.fromkeys(slugs) if slug.isprintable()]
    pages = _listed(names[: 4 * MOST], at)
    chosen = pages[:MOST]
    built = [
        card
        for card in cards.cards_for_pages(chosen, at, request=request)
        if isinstance(card, ProductCard)
    ]
    shown = [card.slug for card in built]
    columns = [
        Column(card, "?" + urlencode([("p", slug) for slug in shown if slug != card.slug]))
        for card in built
    ]
    rows = [
        Row(label, cells)
        for label, facts in _FACTS.items()
        if any(cells := [facts(page) for page in chosen])
    ]
    rows = [Row(row.label, [cell or [UNKNOWN] for cell in row.cells]) for row in rows]
    return Comparison(columns, rows, len(pages) - len(chosen))


def _listed(slugs: Sequence[str], at: dt.datetime) -> list[ProductPage]:
    """Return the products of these names that lists hold, one for each name."""
    index = facet_index.current(at)
    shows(CATALOG, LISTS, until=index.until)
    offers = Offer.objects.on_sale(at).order_by("sort_order", "pk")
    found: dict[str, ProductPage] = {}
    for page in (
        ProductPage.objects.filter(slug__in=slugs)
        .order_by("path")
        .prefetch_related(
            "concerns",
            "skin_feels",
            "free_from",
            "care_tags",
            Prefetch("offers", offers, to_attr="offers_on_sale"),
        )
    ):
        place = index.place_of(page.pk)
        if place is not None and index.having(*LISTED) >> place & 1:
            found.setdefault(page.slug, page)
    return [found[slug] for slug in slugs if slug in found]


def _names(words: Iterable[object]) -> list[str]:
    return [str(word) for word in words]


def _gentle(page: ProductPage) -> list[str]:
    day = page.gentle_from_day
    if day is None:
        return []
    return ["The same day"] if day == 0 else [f"Day {day} after a session"]


def _contents(page: ProductPage) -> list[str]:
    return list(
        dict.fromkeys(offer.content_text for offer in page.offers_on_sale if offer.content_text)
    )


def _key_ingredients(page: ProductPage) -> list[str]:
    values = [block.value for block in page.key_ingredients]
    return [
        f"{value['name']} {value['percent'].normalize():f}%" if value["percent"] else value["name"]
        for value in values
    ]


def _months(page: ProductPage) -> list[str]:
    months = page.period_after_opening_months
    return [f"Use within {months} months"] if months else []


_FACTS: dict[str, Callable[[ProductPage], list[str]]] = {
    "For a scalp that is": lambda page: _names(page.concerns.all()),
    "Gentle enough from": _gentle,
    "How it feels": lambda page: _names(page.skin_feels.all()),
    "Free from": lambda page: _names(page.free_from.all()),
    "Sizes": _contents,
    "pH": lambda page: [page.ph_text] if page.ph_text else [],
    "Key ingredients": _key_ingredients,
    "After opening": _months,
}
