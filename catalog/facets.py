"""The facets of a list: what they offer, how many each choice would show, what is chosen."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import CharField, Value

from catalog.facet_facts import IN_STOCK, LISTED
from catalog.facet_index import Snapshot
from catalog.models.concern import Concern
from catalog.models.facets import FreeFrom, SkinFeel
from catalog.selection import Selection, major
from freshness.keeping import as_of, keep
from money.money import Money, exponent

GENTLE_DAYS = (0, 1, 2, 3, 5, 7, 10, 14)
# Where one price band ends and the next begins, in whole units of the currency.
_BAND_ENDS = (15, 25, 40, 80)
_WORD_MODELS: dict[str, Any] = {"concern": Concern, "feel": SkinFeel, "free": FreeFrom}


@dataclass(frozen=True, slots=True)
class Word:
    """A word that pages are found by.

    :ivar places: the pages that have it, as a set of the index.
    """

    value: str
    label: str
    places: int
    chip: str = ""


@dataclass(frozen=True, slots=True)
class Facet:
    """A question that a list can be narrowed by; `is_single` when only one answer makes sense."""

    name: str
    title: str
    words: Sequence[Word]
    is_single: bool = False

    def chosen(self, selection: Selection) -> list[Word]:
        return [word for word in self.words if word.value in selection.values(self.name)]

    def places(self, selection: Selection) -> int | None:
        """Return the pages that fit any of the chosen words; none when nothing is chosen."""
        chosen = self.chosen(selection)
        if not chosen:
            return None
        fitting = 0
        for word in chosen:
            fitting |= word.places
        return fitting


@dataclass(frozen=True, slots=True)
class Choice:
    """A word as the form shows it; `count` is how many it alone would show, all else as it is."""

    value: str
    label: str
    count: int
    is_chosen: bool

    @property
    def is_off(self) -> bool:
        return not self.count and not self.is_chosen


@dataclass(frozen=True, slots=True)
class FacetView:
    """A facet as the form shows it."""

    name: str
    title: str
    is_single: bool
    choices: list[Choice]
    is_open: bool

    @property
    def chosen_count(self) -> int:
        return sum(choice.is_chosen for choice in self.choices)


def facets(pages: Snapshot, categories: Sequence[Any]) -> list[Facet]:
    """Return all facets; one query for their words, or none.

    :param categories: the pages that the list can be narrowed to.
    """
    words = _words(pages)
    in_categories = [
        Word(page.slug, page.title, pages.having("below", page.path)) for page in categories
    ]
    return [
        Facet("category", "Category", in_categories),
        Facet("concern", "For a scalp that is", words["concern"]),
        Facet("gentle", "Gentle enough after a session", _days(pages), is_single=True),
        Facet("feel", "How it feels", words["feel"]),
        Facet("free", "Free from", words["free"]),
        Facet("price", "Price", _bands(pages)),
        Facet("stock", "In stock", [Word("1", "In stock now", pages.having(*IN_STOCK))]),
    ]


def matching(
    pages: Snapshot, base: int, choices: Sequence[Facet], selection: Selection
) -> tuple[int, dict[str, int]]:
    """Find the pages that fit everything chosen, and for each facet those that fit all the others.

    :param base: the pages of the list with nothing chosen.
    """
    if selection.price_min is not None or selection.price_max is not None:
        base &= pages.prices_among().between(selection.price_min, selection.price_max)
    places = {facet.name: facet.places(selection) for facet in choices}
    narrowing = {name: fitting for name, fitting in places.items() if fitting is not None}
    others = {}
    for facet in choices:
        left = base
        for name, fitting in narrowing.items():
            if name != facet.name:
                left &= fitting
        others[facet.name] = left
    for fitting in narrowing.values():
        base &= fitting
    return base, others


def views(
    choices: Sequence[Facet], selection: Selection, base: int, others: dict[str, int]
) -> Iterator[FacetView]:
    """Yield the facets that can narrow this list; words that none of its pages has are left out."""
    for facet in choices:
        chosen = {word.value for word in facet.chosen(selection)}
        shown = [
            Choice(
                value=word.value,
                label=word.label,
                count=(others[facet.name] & word.places).bit_count(),
                is_chosen=word.value in chosen,
            )
            for word in facet.words
            if base & word.places or word.value in chosen
        ]
        narrows = any(word.places & base != base for word in facet.words)
        if chosen or (shown and narrows):
            is_open = bool(chosen) or facet.name in {"category", "concern", "gentle"}
            yield FacetView(facet.name, facet.title, facet.is_single, shown, is_open)


def listed_below(pages: Snapshot, path: str) -> int:
    """Return the pages that the list of the page at a path holds."""
    return pages.having(*LISTED) & pages.having("below", path)


def price(minor: int) -> str:
    """Write a price without cents where there are none: “€15”."""
    symbol = str(Money(0, settings.SHOP_CURRENCY)).split("0", maxsplit=1)[0]
    return f"{symbol}{major(minor)}"


def _words(pages: Snapshot) -> dict[str, list[Word]]:
    """Return the words of all kinds, each kind in its own order."""
    found: dict[str, list[Word]] = {kind: [] for kind in _WORD_MODELS}
    for kind, _order, name, pk, slug in keep(("facet words",), _read_words, since=as_of()):
        chip = f"Free from: {name}" if kind == "free" else name
        found[kind].append(Word(slug, name, pages.having(kind, pk), chip))
    return found


def _read_words() -> list[Any]:
    """Read the words of all kinds in one query, in their order."""
    queries = [
        model.objects.order_by()
        .annotate(kind=Value(kind, output_field=CharField()))
        .values_list("kind", "sort_order", "name", "pk", "slug")
        for kind, model in _WORD_MODELS.items()
    ]
    return sorted(queries[0].union(*queries[1:], all=True))


def _days(pages: Snapshot) -> list[Word]:
    """Return “day N or earlier” for each day; who does not know the day is in none of them."""
    known = {int(day): places for (kind, day), places in pages.sets.items() if kind == "gentle"}
    words = []
    for day in GENTLE_DAYS:
        fitting = 0
        for known_day, places in known.items():
            fitting |= places if known_day <= day else 0
        label = f"By day {day}" if day else "On the same day"
        words.append(Word(str(day), label, fitting, f"Gentle enough {label[0].lower()}{label[1:]}"))
    return words


def _bands(pages: Snapshot) -> list[Word]:
    prices = pages.prices_among()
    scale = 10 ** exponent(settings.SHOP_CURRENCY)
    starts, ends = (0, *_BAND_ENDS), (*_BAND_ENDS, None)
    words = []
    for start, end in zip(starts, ends, strict=True):
        low, high = start * scale, None if end is None else end * scale - 1
        if end is None:
            label = f"{price(low)} and more"
        elif start == 0:
            label = f"Under {price(end * scale)}"
        else:
            label = f"{price(low)} to {price(end * scale)}"
        value = f"{start}-" if end is None else f"{start}-{end}"
        words.append(Word(value, label, prices.between(low, high)))
    return words
