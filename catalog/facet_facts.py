"""What lists must know of each page that sells, for many pages in a fixed number of queries."""

import datetime as dt
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Q
from wagtail.models import Page, PageViewRestriction

from catalog import kits
from catalog.availability import AvailabilityState, availability
from catalog.bitmaps import Numbers
from catalog.models.kits import OfferPart
from catalog.models.offers import Offer, OfferKind
from catalog.models.product_page import ProductPage
from treatments.models import CareTag
from treatments.models.care_tag import gentle_from_day

# How many pages are read at a time when all are: few enough to be forgotten at once.
_AT_A_TIME = 2_000
_STEP = 4  # Characters that each level of the page tree adds to a path.

# The words of a page and the table that ties them to it.
WORDS: dict[str, tuple[Any, str]] = {
    "concern": (ProductPage.concerns.through, "concern_id"),
    "feel": (ProductPage.skin_feels.through, "skinfeel_id"),
    "free": (ProductPage.free_from.through, "freefrom_id"),
}

# A set that a page can belong to: what kind it is and which of them, such as ("concern", 3).
Mark = tuple[str, int | str]
LISTED: Mark = ("listed", 0)
SOLD_OUT: Mark = ("sold out", 0)
IN_STOCK: Mark = ("in stock", 0)
PACKAGE: Mark = ("package", 0)
PRICED: Mark = ("priced", 0)
_SUPPLY = (
    "kind", "stock__on_hand", "stock__withheld", "stock__reserved", "stock__back_ordered",
    "stock__back_order_limit",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PageFacts:
    """One page as lists know it.

    :ivar name: the title as names are sorted: without capitals and accents.
    :ivar published: microseconds of the clock; 0 when it never was.
    :ivar price_minor: what its card says, the lowest among the sizes that can be bought; or none.
    :ivar marks: the sets it belongs to; none of them while it is not listed.
    :ivar next_at: when time alone changes what it sells.
    """

    page_id: int
    path: bytes
    name: bytes
    published: int
    price_minor: int | None
    marks: tuple[Mark, ...]
    next_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class _Some:
    """Some pages, by their ids: those named, or all from one to another."""

    page_ids: Sequence[int] = ()
    first: int = 0
    last: int = 0

    def named_in(self, column: str) -> dict[str, Any]:
        """Return the filter for rows of these pages."""
        if self.last:
            return {f"{column}__gte": self.first, f"{column}__lte": self.last}
        return {f"{column}__in": self.page_ids}


def read_all(at: dt.datetime) -> Iterator[PageFacts]:
    """Yield every page that sells, ordered by id."""
    last = 0
    while chunk := list(_selling().filter(pk__gt=last).values_list("pk", flat=True)[:_AT_A_TIME]):
        yield from _read(_Some(first=chunk[0], last=chunk[-1]), at)
        last = chunk[-1]


def read(page_ids: Sequence[int], at: dt.datetime) -> Iterator[PageFacts]:
    """Yield those of these pages that exist and sell, ordered by id; at most ten queries."""
    return _read(_Some(page_ids), at)


def _read(some: _Some, at: dt.datetime) -> Iterator[PageFacts]:
    columns = ("pk", "path", "title", "live", "first_published_at", "packagepage__pk")
    rows = list(_selling().filter(**some.named_in("pk")).values_list(*columns))
    hidden = tuple(PageViewRestriction.objects.values_list("page__path", flat=True))
    words, gentle, selling = _words(some), _gentle(some), _selling_state(some, at)
    for page_id, path, title, live, published_at, package_id in rows:
        state = selling.get(page_id, _NOTHING)
        marks: tuple[Mark, ...] = ()
        if live and not path.startswith(hidden):
            marks = (
                LISTED,
                *((PACKAGE,) if package_id else ()),
                *_places_in_the_tree(path),
                *words.get(page_id, ()),
                *gentle.get(page_id, ()),
                *state.marks(),
            )
        yield PageFacts(
            page_id=page_id,
            path=path.encode(),
            name=name_key(title),
            published=int(published_at.timestamp() * 1_000_000) if published_at else 0,
            price_minor=state.price_minor,
            marks=marks,
            next_at=state.next_at,
        )


def name_key(title: str) -> bytes:
    """Return a title as names are sorted: without capitals and accents."""
    parts = unicodedata.normalize("NFKD", title.casefold())
    return "".join(part for part in parts if not unicodedata.combining(part)).encode()


def _selling() -> Any:
    return (
        Page.objects.exclude(productpage=None, packagepage=None)
        .exclude(productpage__is_discontinued=True)
        .order_by("pk")
    )


def _places_in_the_tree(path: str) -> Iterator[Mark]:
    """Yield the pages above one, by their paths."""
    for end in range(_STEP, len(path), _STEP):
        yield "below", path[:end]


def _words(some: _Some) -> defaultdict[int, list[Mark]]:
    found: defaultdict[int, list[Mark]] = defaultdict(list)
    for kind, (through, column) in WORDS.items():
        rows = through.objects.filter(**some.named_in("productpage_id"))
        for page_id, word_id in rows.values_list("productpage_id", column):
            found[page_id].append((kind, word_id))
    return found


def _gentle(some: _Some) -> dict[int, tuple[Mark, ...]]:
    """Return the day from which each page is gentle enough; those unknown are left out."""
    tags: defaultdict[int, list[CareTag]] = defaultdict(list)
    known = CareTag.objects.in_bulk()
    rows = ProductPage.care_tags.through.objects.filter(**some.named_in("productpage_id"))
    for page_id, tag_id in rows.values_list("productpage_id", "caretag_id"):
        if tag_id in known:
            tags[page_id].append(known[tag_id])
    days = {page_id: gentle_from_day(of_page) for page_id, of_page in tags.items()}
    return {page_id: (("gentle", day),) for page_id, day in days.items() if day is not None}


@dataclass(slots=True)
class _Selling:
    """What a page sells at a moment, as far as lists care."""

    price_minor: int | None = None
    lowest_of_all: int | None = None
    is_buyable: bool = False
    is_in_stock: bool = False
    next_at: dt.datetime | None = None

    def add(self, price_minor: int, *, in_stock: bool, buyable: bool) -> None:
        """Count an offer in; what cannot be bought gives the price only where nothing can."""
        self.is_in_stock |= in_stock
        if buyable == self.is_buyable and self.price_minor is not None:
            self.price_minor = min(self.price_minor, price_minor)
        elif buyable or self.price_minor is None:
            self.price_minor = price_minor
        self.is_buyable |= buyable

    def turns(self, moment: dt.datetime | None, at: dt.datetime) -> None:
        """Note a moment at which an offer begins or ends."""
        if moment is not None and moment > at:
            self.next_at = moment if self.next_at is None else min(self.next_at, moment)

    def marks(self) -> Iterator[Mark]:
        if not self.is_buyable:
            yield SOLD_OUT
        if self.is_in_stock:
            yield IN_STOCK
        if self.price_minor is not None:
            yield PRICED
            for digit in Numbers.digits_of(self.price_minor):
                yield "price", digit


_NOTHING = _Selling()


def _selling_state(some: _Some, at: dt.datetime) -> dict[int, _Selling]:
    """Say for each page what `availability()` and its card would say, without building either."""
    offers = Offer.objects.ready().filter(
        Q(active_until=None) | Q(active_until__gt=at),
        currency=settings.SHOP_CURRENCY,
        **some.named_in("page_id"),
    )
    found: defaultdict[int, _Selling] = defaultdict(_Selling)
    for page_id, price_minor, begins, ends, is_kit, *supply in offers.order_by().values_list(
        "page_id", "price_minor", "active_from", "active_until", "is_kit", *_SUPPLY
    ):
        state = found[page_id]
        state.turns(begins, at)
        state.turns(ends, at)
        if not is_kit and (begins is None or begins <= at):
            in_stock, buyable = _can_be_had(*supply)
            state.add(price_minor, in_stock=in_stock, buyable=buyable)
    _add_kits(found, some, at)
    return dict(found)


def _add_kits(found: dict[int, _Selling], some: _Some, at: dt.datetime) -> None:
    """Count kits in, of which there are few: their parts decide how many there are, and when."""
    pages = dict(
        Offer.objects.filter(is_kit=True, **some.named_in("page_id")).values_list("pk", "page_id")
    )
    if not pages:
        return
    on_sale = list(Offer.objects.on_sale(at).filter(pk__in=pages).with_stock())
    kits.load_parts(on_sale)
    for kit in on_sale:
        said = availability(kit)
        in_stock = said.state in {AvailabilityState.IN_STOCK, AvailabilityState.LOW}
        found[pages[kit.pk]].add(kit.price_minor, in_stock=in_stock, buyable=said.is_buyable)
    parts = OfferPart.objects.filter(kit_id__in=pages)
    for kit_id, *moments in parts.values_list("kit_id", "part__active_from", "part__active_until"):
        for moment in moments:
            found[pages[kit_id]].turns(moment, at)


def kits_with_parts_of(page_ids: Iterable[int]) -> set[int]:
    """Return the pages of the kits that what these pages sell goes into."""
    parts = OfferPart.objects.filter(part__page_id__in=page_ids, kit__page__isnull=False)
    return set(parts.values_list("kit__page_id", flat=True))


def _can_be_had(
    kind: str, on_hand: int | None, withheld: int, reserved: int, owed: int, limit: int
) -> tuple[bool, bool]:
    """Tell whether an offer is in stock, and whether it can be bought at all."""
    if kind == OfferKind.PACKAGE:
        return True, True
    if on_hand is None:  # Its stock was never opened.
        return False, False
    in_stock = on_hand > withheld + reserved + owed
    return in_stock, in_stock or limit > owed
