"""Which pages lists hold, by every word they are found by; kept in each process, and exact.

Each page that sells has a place, and each word the set of its places as the bits of an integer.
A snapshot never changes: what has happened makes the next one of it.
"""

import datetime as dt
import threading
from array import array
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from catalog import facet_facts
from catalog.bitmaps import Marks, Numbers, Texts, cut, numbers
from catalog.facet_facts import LISTED, PRICED, SOLD_OUT, Mark, PageFacts
from freshness.changes import LISTS
from freshness.reading import Reader

# From how many changed pages on all are read anew; that is faster than moving each in each order.
_MANY = 500
_NO_PRICE, _NO_PRICE_LAST = -1, 1 << 62
# Requests wait for each other, so one may come with a moment that lies a little behind the last.
_BACK = dt.timedelta(minutes=1)


@dataclass(frozen=True)
class Snapshot:
    """All pages that sell, as they were at a moment.

    :ivar page_ids: the page of each place, ascending.
    :ivar sets: the places of those listed pages that have a mark.
    :ivar orders: the places of all listed pages, in each order a list can have.
    :ivar moments: when time alone changes what a place's page sells.
    """

    at: dt.datetime
    page_ids: "array[int]" = field(default_factory=lambda: array("q"))
    paths: Texts = field(default_factory=Texts)
    names: Texts = field(default_factory=Texts)
    published: "array[int]" = field(default_factory=lambda: array("q"))
    prices: "array[int]" = field(default_factory=lambda: array("q"))
    sets: Mapping[Mark, int] = field(default_factory=dict)
    orders: Mapping[str, "array[int]"] = field(default_factory=dict)
    moments: Mapping[int, dt.datetime] = field(default_factory=dict)

    @property
    def until(self) -> dt.datetime | None:
        """The first moment at which time alone changes something."""
        return min(self.moments.values(), default=None)

    def having(self, kind: str, name: int | str = 0) -> int:
        """Return the places of the pages that have a mark."""
        return self.sets.get((kind, name), 0)

    def prices_among(self) -> Numbers:
        """Return the prices, to be compared with bounds."""
        digits = {int(name): bits for (kind, name), bits in self.sets.items() if kind == "price"}
        return Numbers(self.sets.get(PRICED, 0), digits)

    def cut(self, matching: int, order: str, start: int, stop: int) -> list[int]:
        """Return a slice of the matching pages in an order, those that are sold out last."""
        sold_out = self.sets.get(SOLD_OUT, 0)
        found: list[int] = []
        for part in (matching & ~sold_out, matching & sold_out):
            count = part.bit_count()
            if start < count and stop > 0:
                found += cut(part, self.orders[order], len(self.page_ids), start, stop)
            start, stop = max(0, start - count), max(0, stop - count)
        return [self.page_ids[place] for place in found]

    def place_of(self, page_id: int) -> int | None:
        place = bisect_left(self.page_ids, page_id)
        known = place < len(self.page_ids) and self.page_ids[place] == page_id
        return place if known else None


# What each order sorts by; the path decides between equals.
_KEYS: dict[str, Callable[[Snapshot], Callable[[int], Any]]] = {
    "featured": lambda _pages: lambda _place: 0,
    "price_up": lambda pages: (
        lambda place: _NO_PRICE_LAST if pages.prices[place] == _NO_PRICE else pages.prices[place]
    ),
    "price_down": lambda pages: lambda place: -pages.prices[place],
    "newest": lambda pages: lambda place: -pages.published[place],
    "name": lambda pages: pages.names.__getitem__,
}


class OutOfTurn(Exception):
    """A page appeared whose id lies below known ones; all places must be given anew."""


def build(at: dt.datetime) -> Snapshot:
    """Read all pages that sell."""
    return updated(Snapshot(at), facet_facts.read_all(at), at=at)


def updated(
    before: Snapshot,
    facts: Iterable[PageFacts],
    *,
    gone: Collection[int] = (),
    at: dt.datetime,
) -> Snapshot:
    """Return a snapshot with what is now known of some pages, ordered by id; `gone` left out.

    :raises OutOfTurn: if a new page belongs between those that have their places already.
    """
    edit = _Edit(before)
    for one in facts:
        edit.put(one)
    for page_id in gone:
        edit.take_out(page_id)
    return edit.finished(at)


class _Edit:
    """A snapshot in the making."""

    def __init__(self, before: Snapshot) -> None:
        self._before = before
        self._page_ids = before.page_ids[:]
        self._published, self._prices = before.published[:], before.prices[:]
        self._paths, self._names = before.paths.copy(), before.names.copy()
        self._moments = dict(before.moments)
        self._marks: Marks[Mark] = Marks()
        self._touched: Marks[None] = Marks()

    def put(self, facts: PageFacts) -> None:
        place = self._before.place_of(facts.page_id)
        price = _NO_PRICE if facts.price_minor is None else facts.price_minor
        if place is None:
            place = self._append(facts.page_id)
        self._published[place], self._prices[place] = facts.published, price
        self._paths[place], self._names[place] = facts.path, facts.name
        self._moments.pop(place, None)
        if facts.next_at is not None:
            self._moments[place] = facts.next_at
        self._touched.add(None, place)
        for mark in facts.marks:
            self._marks.add(mark, place)

    def take_out(self, page_id: int) -> None:
        place = self._before.place_of(page_id)
        if place is not None:
            self._touched.add(None, place)
            self._moments.pop(place, None)

    def finished(self, at: dt.datetime) -> Snapshot:
        before, touched = self._before, dict(self._touched.bitmaps()).get(None, 0)
        sets = {mark: bits & ~touched for mark, bits in before.sets.items()}
        for mark, bits in self._marks.bitmaps():
            sets[mark] = sets.get(mark, 0) | bits
        after = Snapshot(
            at=at,
            page_ids=self._page_ids,
            paths=self._paths,
            names=self._names,
            published=self._published,
            prices=self._prices,
            sets={mark: bits for mark, bits in sets.items() if bits},
            moments=self._moments,
        )
        if touched.bit_count() > _MANY:
            orders = _sorted(after)
        else:
            orders = {name: _reordered(name, before, after, touched) for name in _KEYS}
        object.__setattr__(after, "orders", orders)
        return after

    def _append(self, page_id: int) -> int:
        if self._page_ids and page_id < self._page_ids[-1]:
            raise OutOfTurn
        self._page_ids.append(page_id)
        self._published.append(0)
        self._prices.append(_NO_PRICE)
        return len(self._page_ids) - 1


def _sorted(pages: Snapshot) -> dict[str, "array[int]"]:
    """Sort the listed places in every order; sorting keeps equals as they are, by their paths."""
    by_path = sorted(numbers(pages.having(*LISTED)), key=pages.paths.__getitem__)
    return {name: array("I", sorted(by_path, key=key(pages))) for name, key in _KEYS.items()}


def _reordered(name: str, before: Snapshot, after: Snapshot, touched: int) -> "array[int]":
    """Return an order of the listed places with the changed ones moved to where they belong."""
    old_key, new_key = _full_key(name, before), _full_key(name, after)
    was_listed, listed = before.having(*LISTED), after.having(*LISTED)
    stays = numbers(touched & listed & was_listed)
    unmoved = {place for place in stays if old_key(place) == new_key(place)}
    order = before.orders[name][:] if before.orders else array("I")
    for place in numbers(touched & was_listed):
        if place not in unmoved:
            del order[bisect_left(order, old_key(place), key=old_key)]
    for place in numbers(touched & listed):
        if place not in unmoved:
            order.insert(bisect_left(order, new_key(place), key=new_key), place)
    return order


def _full_key(name: str, pages: Snapshot) -> Callable[[int], tuple[Any, bytes]]:
    key, paths = _KEYS[name](pages), pages.paths
    return lambda place: (key(place), paths[place])


class _Keeper:
    """Keeps this process's snapshot as new as the last committed change."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.forget()

    def forget(self) -> None:
        self._reader = Reader()
        self._snapshot: Snapshot | None = None

    def current(self, at: dt.datetime) -> Snapshot:
        with self._lock:
            known, news = self._snapshot, self._reader.news()
            is_lost = news.is_beginning or LISTS in news.tags
            if known is None or is_lost or at < known.at - _BACK:
                return self._rebuilt(at)
            page_ids = _named(news.tags) | _due(known, at)
            if len(page_ids) > _MANY:
                return self._rebuilt(at)
            if page_ids:
                page_ids |= facet_facts.kits_with_parts_of(page_ids)
                self._snapshot = self._patched(known, page_ids, at)
            return self._snapshot or known

    def _rebuilt(self, at: dt.datetime) -> Snapshot:
        self._snapshot = None  # Should reading fail, all is read anew.
        self._snapshot = build(at)
        return self._snapshot

    def _patched(self, known: Snapshot, page_ids: set[int], at: dt.datetime) -> Snapshot:
        self._snapshot = None
        facts = list(facet_facts.read(sorted(page_ids), at))
        gone = page_ids - {one.page_id for one in facts}
        try:
            return updated(known, facts, gone=gone, at=at)
        except OutOfTurn:
            return self._rebuilt(at)


def _named(tags: Iterable[str]) -> set[int]:
    """Return the pages that tags name: “page:12”, “offers:12”."""
    parts = (tag.partition(":") for tag in tags)
    return {int(number) for kind, _, number in parts if kind in {"page", "offers"}}


def _due(known: Snapshot, at: dt.datetime) -> set[int]:
    return {known.page_ids[place] for place, moment in known.moments.items() if moment <= at}


_keeper = _Keeper()


def current(at: dt.datetime | None = None) -> Snapshot:
    """Return all pages that sell with everything that was committed before the call.

    One query while nothing has changed. The facts of changed pages are read anew; where very many
    changed, or the tree did, all are.
    """
    return _keeper.current(at or timezone.now())


def forget() -> None:
    """Forget what is known, as when a test takes back what it wrote."""
    _keeper.forget()
