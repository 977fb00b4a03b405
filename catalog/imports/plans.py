"""What an import is going to do, worked out before anything is written."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from catalog.imports.sheets import Complaint
from catalog.models import CategoryPage, Offer, ProductPage
from catalog.prices import NewPrice
from catalog.stock_in_bulk import Rules

# How many changes the report shows as examples.
EXAMPLES = 100


@dataclass
class PlannedPage:
    """One product: as it will be, and what a person would see change.

    :ivar seen_revision: what was newest when the plan was made; another one means that somebody
        has worked on the page since.
    """

    row: int
    page: ProductPage
    category: CategoryPage | None
    is_new: bool
    before: dict[str, str] = field(default_factory=dict)
    after: dict[str, str] = field(default_factory=dict)
    seen_revision: int | None = None

    @property
    def has_changes(self) -> bool:
        return self.is_new or bool(self.after)


@dataclass
class PlannedOffer:
    """One offer: as it will be, its new price, and how its stock moves.

    :ivar planned_page: the page that will sell it, where the sheet names one.
    :ivar price: the new price; its offer's id is only known once a new offer is stored.
    """

    row: int
    offer: Offer
    is_new: bool
    planned_page: PlannedPage | None = None
    before: dict[str, str] = field(default_factory=dict)
    after: dict[str, str] = field(default_factory=dict)
    price: NewPrice | None = None
    price_before: tuple[int, bool] = (0, False)
    move: int = 0
    rules: Rules | None = None
    rules_before: Rules | None = None
    shown: dict[str, tuple[str, str]] = field(default_factory=dict)


@dataclass
class Plan:
    """All of it, and all that is wrong; with one complaint nothing is done."""

    rows: int = 0
    pages: list[PlannedPage] = field(default_factory=list)
    offers: list[PlannedOffer] = field(default_factory=list)
    complaints: list[Complaint] = field(default_factory=list)
    notices: list[Complaint] = field(default_factory=list)

    def complain(self, row: int, column: str, message: str) -> None:
        self.complaints.append(Complaint(row, column, message))

    def notice(self, row: int, message: str) -> None:
        """Note something that is right as it stands, but that somebody may not expect."""
        self.notices.append(Complaint(row, "", message))

    def counts(self) -> dict[str, int]:
        """Say how many of each kind of thing will change."""
        offers = self.offers
        return {
            "rows": self.rows,
            "pages_added": sum(each.is_new for each in self.pages),
            "pages_changed": sum(not each.is_new and bool(each.after) for each in self.pages),
            "offers_added": sum(each.is_new for each in offers),
            "offers_changed": sum(not each.is_new and bool(each.after) for each in offers),
            "prices_changed": sum(each.price is not None for each in offers),
            "stock_moved": sum(bool(each.move) for each in offers if not each.is_new),
            "rules_changed": sum(each.rules is not None for each in offers if not each.is_new),
        }

    @property
    def changes_nothing(self) -> bool:
        return not any(count for name, count in self.counts().items() if name != "rows")

    def examples(self) -> list[dict[str, object]]:
        """Show the first changes, old beside new."""
        found = []
        for row, column, old, new in self._differences():
            found.append({"row": row, "column": column, "old": old[:120], "new": new[:120]})
            if len(found) == EXAMPLES:
                break
        return found

    def _differences(self) -> Iterator[tuple[int, str, str, str]]:
        for page in self.pages:
            if page.is_new:
                yield page.row, "product", "", page.page.slug
            for column, new in page.after.items() if not page.is_new else ():
                yield page.row, column, page.before.get(column, ""), new
        for offer in self.offers:
            for column, (old, new) in offer.shown.items():
                yield offer.row, column, old, new
