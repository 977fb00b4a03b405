"""What a visitor asks a list for, as its address says it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from django.conf import settings
from django.http import QueryDict

from money.money import Money, NotAnAmount

DEFAULT_SORT = "featured"
SORT_OPTIONS = [
    (DEFAULT_SORT, "Our order"),
    ("price_up", "Price, low to high"),
    ("price_down", "Price, high to low"),
    ("newest", "Newest first"),
    ("name", "Name, A to Z"),
]
_SORTS = {value for value, _ in SORT_OPTIONS}
# Facets in the order in which an address names them.
FACETS = ("category", "concern", "gentle", "feel", "free", "price", "stock")
_BOUNDS = ("min", "max")
# Everything that a list depends on; other parameters do not change it.
PARAMETERS = frozenset({*FACETS, *_BOUNDS, "sort", "page"})
_LONGEST = 12  # Characters of an amount that can be a price.


@dataclass(frozen=True)
class Selection:
    """The values chosen in each facet, the bounds of the price in minor units, order and page."""

    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    price_min: int | None = None
    price_max: int | None = None
    sort: str = DEFAULT_SORT
    page: int = 1

    @property
    def is_filtered(self) -> bool:
        return bool(self.chosen) or self.price_min is not None or self.price_max is not None

    def values(self, facet: str) -> tuple[str, ...]:
        return self.chosen.get(facet, ())

    def among(
        self, known: Mapping[str, Iterable[str]], *, singles: Collection[str] = ()
    ) -> "Selection":
        """Drop what no list knows; each value once, in the list's order, of singles the last."""
        kept = {
            facet: tuple(value for value in values if value in self.values(facet))
            for facet, values in known.items()
        }
        kept |= {facet: kept[facet][-1:] for facet in singles}
        return replace(self, chosen={facet: values for facet, values in kept.items() if values})

    def without(self, facet: str, value: str) -> "Selection":
        """Take one value back; the list begins at its first page again."""
        left = tuple(each for each in self.values(facet) if each != value)
        chosen = {**self.chosen, facet: left}
        return replace(self, chosen={k: v for k, v in chosen.items() if v}, page=1)

    def without_bounds(self) -> "Selection":
        return replace(self, price_min=None, price_max=None, page=1)

    def cleared(self) -> "Selection":
        """Take all filters back; the order stays."""
        return Selection(sort=self.sort)

    def on_page(self, number: int) -> "Selection":
        return replace(self, page=number)

    @property
    def query(self) -> str:
        """The one address of this selection, from its question mark on; empty for a plain list."""
        pairs = [(facet, value) for facet in FACETS for value in self.values(facet)]
        bounds = zip(_BOUNDS, (self.price_min, self.price_max), strict=True)
        pairs += [(name, major(bound)) for name, bound in bounds if bound is not None]
        if self.sort != DEFAULT_SORT:
            pairs.append(("sort", self.sort))
        if self.page > 1:
            pairs.append(("page", str(self.page)))
        return f"?{urlencode(pairs)}" if pairs else ""


def read(query: QueryDict) -> Selection:
    """Read an address; what makes no sense in it is passed over."""
    sort = query.get("sort", DEFAULT_SORT)
    low, high = (_minor(query.get(name, "")) for name in _BOUNDS)
    if low is not None and high is not None and high < low:
        low, high = high, low
    return Selection(
        chosen={facet: tuple(dict.fromkeys(query.getlist(facet))) for facet in FACETS},
        price_min=low,
        price_max=high,
        sort=sort if sort in _SORTS else DEFAULT_SORT,
        page=_page(query.get("page", "")),
    )


def major(minor: int) -> str:
    """Write minor units as an address and a form field do: “12” or “12.50”."""
    amount = Money(minor, settings.SHOP_CURRENCY).decimal()
    return f"{amount:f}" if amount % 1 else f"{int(amount)}"


def _minor(text: str) -> int | None:
    if not text or len(text) > _LONGEST:
        return None
    try:
        minor = Money.parse(text.replace(",", "."), settings.SHOP_CURRENCY).minor
    except NotAnAmount:
        return None
    return minor if minor >= 0 else None


def _page(text: str) -> int:
    is_number = text.isascii() and text.isdigit() and len(text) < 6
    return max(int(text), 1) if is_number else 1
