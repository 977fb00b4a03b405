"""What a product's page tells of it, read in one query."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, Value

from catalog import inci
from catalog.allergens import Allergen
from catalog.inci import IngredientList
from catalog.markets import Market
from catalog.models.responsible_person import ResponsiblePerson
from freshness.keeping import keep
from treatments.models import CareTag
from treatments.models.care_tag import gentle_from_day

if TYPE_CHECKING:
    from catalog.models.product_page import ProductPage

_WORDS = ("care_tags", "skin_feels", "free_from")


@dataclass(frozen=True, slots=True)
class ProductSheet:
    """The facts of one product, ready to be shown.

    :ivar gentle_from_day: days after a session; none while unknown, which is never “allowed”.
    :ivar allergens: the fragrance allergens that its list of ingredients names.
    :ivar sold_in: where it may be sold now, and `kept_from` where it may not.
    """

    gentle_from_day: int | None
    care_tags: list[str]
    skin_feels: list[str]
    free_from: list[str]
    ingredients: list[IngredientList]
    allergens: list[Allergen]
    warnings: list[str]
    responsible: list[ResponsiblePerson]
    sold_in: list[str]
    kept_from: list[str]


def product_sheet(page: "ProductPage") -> ProductSheet:
    """Gather what a page says of its product; drafts are read from the draft.

    It is kept until something that pages say changes: one query, or none.
    """
    return keep(("product sheet", page.pk), partial(_gather, page), since=page.as_of)


def _gather(page: "ProductPage") -> ProductSheet:
    rows = _rows(page)
    ingredients = inci.read(page.ingredients_inci)
    care_tags = [CareTag(name=row.name, gentle_from_day=row.day) for row in rows["care_tags"]]
    return ProductSheet(
        gentle_from_day=gentle_from_day(care_tags),
        care_tags=[tag.name for tag in care_tags],
        skin_feels=[row.name for row in rows["skin_feels"]],
        free_from=[row.name for row in rows["free_from"]],
        ingredients=ingredients,
        allergens=inci.allergens_of(ingredients),
        warnings=[line.strip() for line in page.warnings.splitlines() if line.strip()],
        responsible=[
            _person(row, market)
            for market in Market
            if market in page.sold_in
            for row in rows[market]
        ],
        sold_in=[market.place for market in Market if market in page.ready_markets],
        kept_from=[market.place for market in Market if market not in page.ready_markets],
    )


@dataclass(frozen=True, slots=True)
class _Row:
    """A word or a responsible person; what the other kind lacks is empty."""

    order: int
    kind: str
    name: str
    day: int | None = None
    postal: str = ""
    electronic: str = ""


def _rows(page: "ProductPage") -> dict[str, list[_Row]]:
    """Read words and responsible persons in one query, in their order."""
    words = {name: getattr(page, name).all() for name in _WORDS}
    people = _told(ResponsiblePerson.objects.filter(pk__in=_responsible_ids(page)), F("market"))
    if all(isinstance(each, models.QuerySet) for each in words.values()):
        parts = [_told(each, Value(name)) for name, each in words.items()]
        return _by_kind(_Row(*row) for row in people.union(*parts, all=True))
    # A preview's words, which no table holds yet.
    drafted = (
        _Row(word.sort_order, name, word.name, getattr(word, "gentle_from_day", None))
        for name, each in words.items()
        for word in each
    )
    return _by_kind([*drafted, *(_Row(*row) for row in people)])


def _by_kind(rows: Iterable[_Row]) -> dict[str, list[_Row]]:
    found: dict[str, list[_Row]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.order, row.name)):
        found[row.kind].append(row)
    return found


def _told(rows: Any, kind: Any) -> Any:
    has_address, has_day = rows.model is ResponsiblePerson, rows.model is CareTag
    nothing = Value("", models.TextField())
    told = rows.order_by().annotate(
        kind=kind,
        place_in_list=Value(0) if has_address else F("sort_order"),
        day=F("gentle_from_day") if has_day else Value(None, models.SmallIntegerField()),
        postal=F("postal_address") if has_address else nothing,
        electronic=F("electronic_address") if has_address else nothing,
    )
    return told.values_list("place_in_list", "kind", "name", "day", "postal", "electronic")


def _responsible_ids(page: "ProductPage") -> list[int]:
    ids = (page.eu_responsible_person_id, page.gb_responsible_person_id)
    return [pk for pk in ids if pk is not None]


def _person(row: _Row, market: Market) -> ResponsiblePerson:
    return ResponsiblePerson(
        name=row.name,
        market=market,
        postal_address=row.postal,
        electronic_address=row.electronic,
    )
