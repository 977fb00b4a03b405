"""Where a product may be sold: markets, and the facts that each one's law demands.

EU: Regulation (EC) No 1223/2009 on cosmetic products, article 19, and Regulation (EU) 2023/988 on
general product safety, article 19, for what stands in an online shop.
GB: the same regulation as kept in the law of Great Britain and amended by the Product Safety and
Metrology etc. (Amendment etc.) (EU Exit) Regulations 2019 (SI 2019/696), schedule 34; the General
Product Safety Regulations 2005 (SI 2005/1803), regulation 7, for what is no cosmetic.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Protocol

from django.db.models import TextChoices


class FactSheet(Protocol):
    """The fields of a product page that facts are read from."""

    application: Any
    function: Any
    ingredients_inci: Any
    period_after_opening_months: Any
    durability_note: Any
    warnings: Any
    has_no_warnings: Any
    made_in: Any
    eu_responsible_person_id: Any
    gb_responsible_person_id: Any
    sold_in: Any
    is_discontinued: Any
    ready_markets: Any


class Sized(Protocol):
    """An offer, which says how much is in it."""

    content_amount: Any


class Market(TextChoices):
    EU = "EU", "European Union"
    GB = "GB", "Great Britain"

    @property
    def place(self) -> str:
        """The market in a sentence: sold in “the European Union”."""
        return f"the {self.label}" if self is Market.EU else str(self.label)


class Application(TextChoices):
    """What becomes of a product on the skin; the law's limits differ by it."""

    LEAVE_ON = "LEAVE_ON", "stays on"
    RINSE_OFF = "RINSE_OFF", "is rinsed off"
    SET = "SET", "a set: each part says so itself"
    NOT_COSMETIC = "NOT_COSMETIC", "not a cosmetic, such as a brush"


# The Union, and those that take its product rules over (the European Economic Area).
_EU_COUNTRIES: Final = frozenset(
    {
        "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU",
        "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
        "IS", "LI", "NO",
    }
)  # fmt: skip
# Every country whose law on products the shop knows.
COUNTRIES: Final = _EU_COUNTRIES | {"GB"}
_COSMETICS: Final = frozenset({Application.LEAVE_ON, Application.RINSE_OFF, Application.SET})
# Sets show how many things are in them; what is no cosmetic need not say.
UNMEASURED: Final = frozenset({Application.SET, Application.NOT_COSMETIC})
_BOTH: Final = frozenset(Market)


def market_of(country: str) -> Market | None:
    """Return the market that a country belongs to; none where the shop knows no law.

    :param country: two-letter code. Northern Ireland is not told from the rest of GB.
    """
    if country in _EU_COUNTRIES:
        return Market.EU
    return Market.GB if country == "GB" else None


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that must be known before a product is sold.

    :ivar field: the field of the product page that states it.
    :ivar why: the law that asks for it.
    """

    code: str
    label: str
    field: str
    why: str
    is_stated: Callable[[FactSheet], bool]
    markets: frozenset[Market] = _BOTH
    applications: frozenset[Application] = frozenset(Application)

    def is_missing(self, page: FactSheet, market: Market) -> bool:
        """Tell whether this market demands it of this product in vain."""
        # What nobody has classed is held to everything that any kind of product must say.
        kind = Application(page.application) if page.application else None
        applies = kind is None or kind in self.applications
        return market in self.markets and applies and not self.is_stated(page)


FACTS: Final = (
    Fact(
        "application",
        "Whether it stays on or is rinsed off",
        "application",
        "1223/2009 annex III: limits differ",
        lambda page: bool(page.application),
    ),
    Fact(
        "function",
        "What it is",
        "function",
        "1223/2009 art. 19 (1) (f)",
        lambda page: bool(page.function.strip()),
    ),
    Fact(
        "ingredients",
        "Full list of ingredients (INCI)",
        "ingredients_inci",
        "1223/2009 art. 19 (1) (g)",
        lambda page: bool(page.ingredients_inci.strip()),
        applications=_COSMETICS,
    ),
    Fact(
        "durability",
        "How long it keeps",
        "period_after_opening_months",
        "1223/2009 art. 19 (1) (c)",
        lambda page: bool(page.period_after_opening_months or page.durability_note.strip()),
        applications=_COSMETICS,
    ),
    Fact(
        "warnings",
        "Warnings, or that there are none",
        "warnings",
        "1223/2009 art. 19 (1) (d); 2023/988 art. 19 (d)",
        lambda page: bool(page.warnings.strip() or page.has_no_warnings),
    ),
    Fact(
        "made_in",
        "Country of origin",
        "made_in",
        "1223/2009 art. 19 (1) (a)",
        lambda page: bool(page.made_in.strip()),
        applications=_COSMETICS,
    ),
    Fact(
        "responsible_eu",
        "Responsible person in the European Union",
        "eu_responsible_person",
        "1223/2009 art. 19 (1) (a); 2023/988 art. 19 (a) and (b)",
        lambda page: page.eu_responsible_person_id is not None,
        markets=frozenset({Market.EU}),
    ),
    Fact(
        "responsible_gb",
        "Responsible person in Great Britain",
        "gb_responsible_person",
        "SI 2019/696 schedule 34; SI 2005/1803 reg. 7",
        lambda page: page.gb_responsible_person_id is not None,
        markets=frozenset({Market.GB}),
    ),
)


def missing_facts(page: FactSheet, market: Market) -> list[Fact]:
    """Return what keeps a product out of a market, in the order of the editor."""
    return [fact for fact in FACTS if fact.is_missing(page, market)]


def ready_markets(page: FactSheet) -> tuple[str, ...]:
    """Return the markets that a product is meant for and may be sold into; none once it ended."""
    if page.is_discontinued:
        return ()
    meant = (market for market in Market if market in page.sold_in)
    return tuple(market.value for market in meant if not missing_facts(page, market))


def needs_content(page: FactSheet) -> bool:
    """Tell whether each size must say how much is in it (1223/2009 art. 19 (1) (b))."""
    return page.application not in UNMEASURED


def may_be_sold(offer: Sized, page: FactSheet, market: Market | None) -> bool:
    """Tell whether one size of a product may be sold into a market today.

    The facts themselves are looked at, not what was worked out when the page was saved.

    :param market: none for a country whose law the shop does not know: nothing is sold there.
    """
    if market is None or market not in page.ready_markets or market not in page.sold_in:
        return False
    has_content = offer.content_amount is not None or not needs_content(page)
    return has_content and not missing_facts(page, market)
