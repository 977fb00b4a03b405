"""Work out what rows of a sheet make of product pages."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import validate_slug
from wagtail.models import Revision

from accounts.models import User
from catalog.imports import facts, indexing, page_writer
from catalog.imports.columns import FACT_NAMES
from catalog.imports.plans import Plan, PlannedPage
from catalog.imports.sheets import Row
from catalog.models import CategoryPage, PackagePage, ProductPage
from claims import checking

_NEEDED = ("title", "benefit", "category")
_STATUS = {"live": True, "draft": False}
BATCH = 500


@dataclass
class PagePlanner:
    """Plans one product after the other; what it must know of the shop is read in batches."""

    plan: Plan
    by: User
    was_checked: bool = False
    words: facts.Words = field(default_factory=facts.Words)
    categories: dict[str, CategoryPage] = field(default_factory=dict)
    planned: dict[str, PlannedPage] = field(default_factory=dict)
    _may_add: dict[int, bool] = field(default_factory=dict)
    _may_edit: dict[int, bool] = field(default_factory=dict)
    _packages: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.categories = {page.slug: page for page in CategoryPage.objects.all()}
        self._packages = set(PackagePage.objects.values_list("slug", flat=True))

    def plan_products(self, products: Sequence[tuple[str, list[Row]]]) -> None:
        """Plan products: each an address with all rows that name it."""
        known = _existing([slug for slug, _ in products])
        edited = _drafts_edited([page for pages in known.values() for page in pages])
        for slug, rows in products:
            try:
                planned = self._begin(slug, rows, known.get(slug, []), edited)
            except _Wrong as wrong:
                self.plan.complain(rows[0].number, wrong.column, str(wrong))
                continue
            self.planned[slug] = planned
            self._fill(planned, rows)
            if planned.has_changes:
                self.plan.pages.append(planned)

    def _begin(
        self, slug: str, rows: list[Row], pages: list[ProductPage], edited: set[int]
    ) -> PlannedPage:
        if not pages:
            return self._begin_new(slug, rows)
        if len(pages) > 1:
            raise _Wrong("product", "Two categories have a product with this address.")
        [page] = pages
        named = _first(rows, "category")
        parent = self._parent_of(page)
        if named and (parent is None or parent.slug != named):
            raise _Wrong("category", "An import moves no product. Move its page in the editor.")
        self._check_untouched(page, rows, edited, parent)
        return PlannedPage(
            rows[0].number, page, parent, is_new=False, seen_revision=page.latest_revision_id
        )

    def _check_untouched(
        self, page: ProductPage, rows: list[Row], edited: set[int], parent: CategoryPage | None
    ) -> None:
        if not any(row.cells.keys() & {*FACT_NAMES, "status"} for row in rows):
            return
        if page.locked:
            raise _Wrong("product", "The page is locked.")
        if (page.live and page.has_unpublished_changes) or page.pk in edited:
            raise _Wrong(
                "product", "Its page has changes that are not published. Publish it first."
            )
        key = parent.pk if parent else 0
        if key not in self._may_edit:
            here = page.permissions_for_user(self.by)
            self._may_edit[key] = here.can_edit() and here.can_publish()
        if not self._may_edit[key]:
            self._only_what_nobody_changed(page, rows)

    def _only_what_nobody_changed(self, page: ProductPage, rows: list[Row]) -> None:
        for row in rows:
            for column in row.cells.keys() & set(FACT_NAMES):
                if row.cells[column] != facts.read(page, column):
                    raise _Wrong(column, "You may not publish pages here.")

    def _begin_new(self, slug: str, rows: list[Row]) -> PlannedPage:
        try:
            validate_slug(slug)
        except ValidationError:
            raise _Wrong("product", "An address has letters, digits and hyphens only.") from None
        if slug in self._packages:
            raise _Wrong(
                "product", "This is a package. Leave the product out to change its offers."
            )
        for column in _NEEDED:
            if not _first(rows, column):
                raise _Wrong(column, "A new product needs this.")
        category = self.categories.get(_first(rows, "category"))
        if category is None:
            some = ", ".join(sorted(self.categories)[:12])
            raise _Wrong("category", f"There is no such category. There are: {some}.")
        if category.pk not in self._may_add:
            here = category.permissions_for_user(self.by)
            self._may_add[category.pk] = here.can_add_subpage() and here.can_publish_subpage()
        if not self._may_add[category.pk]:
            raise _Wrong("category", "You may not publish pages here.")
        page = page_writer.without_relations(ProductPage(slug=slug, live=False))
        return PlannedPage(rows[0].number, page, category, is_new=True)

    def _fill(self, planned: PlannedPage, rows: list[Row]) -> None:
        told: dict[str, tuple[int, str]] = {}
        for row in rows:
            for column in (*FACT_NAMES, "status", "category"):
                text = row.cells.get(column)
                if text is None:
                    continue
                if column in told and told[column][1] != text:
                    self.plan.complain(
                        row.number, column, f"Row {told[column][0]} says something else."
                    )
                told.setdefault(column, (row.number, text))
        for column in FACT_NAMES:
            if column in told:
                self._set(planned, column, *told[column])
        if "status" in told:
            self._set_status(planned, *told["status"])
        self._check_whole(planned, {column: row for column, (row, _) in told.items()})

    def _check_claims(self, planned: PlannedPage, rows: Mapping[str, int]) -> None:
        """Complain of what no page may say; pages written in bulk pass no other gate."""
        if planned.is_new and self.was_checked:
            return
        for one in checking.new_findings(planned.page):
            says = [each for each in planned.after if one.finding.sentence in planned.after[each]]
            column = says[0] if says else "status"
            self.plan.complain(rows.get(column, planned.row), column, checking.explain(one))

    def _set(self, planned: PlannedPage, column: str, row: int, text: str) -> None:
        old = facts.read(planned.page, column)
        if text == old:
            return
        try:
            facts.write(planned.page, column, text, self.words)
        except ValidationError as error:
            self.plan.complain(row, column, " ".join(error.messages)[:300])
            return
        new = facts.read(planned.page, column)
        if new != old:
            planned.before[column], planned.after[column] = old, new

    def _set_status(self, planned: PlannedPage, row: int, text: str) -> None:
        is_live = _STATUS.get(text.casefold())
        if is_live is None:
            self.plan.complain(row, "status", "Type live or draft.")
        elif is_live != planned.page.live:
            planned.before["status"] = "live" if planned.page.live else "draft"
            planned.after["status"] = "live" if is_live else "draft"
            planned.page.live = is_live

    def _check_whole(self, planned: PlannedPage, rows: Mapping[str, int]) -> None:
        page = planned.page
        if page.ph_from is not None and page.ph_to is not None and page.ph_to < page.ph_from:
            self.plan.complain(planned.row, "ph_to", "The higher pH comes second.")
        if page.has_no_warnings and page.warnings.strip():
            self.plan.complain(planned.row, "has_no_warnings", "There are warnings.")
        if planned.has_changes and page.live:
            self._check_claims(planned, rows)
            for market, missing in page.missing_facts().items():
                names = ", ".join(fact.label for fact in missing)
                self.plan.notice(planned.row, f"Not sold in {market.label} yet: {names}.")

    def _parent_of(self, page: ProductPage) -> CategoryPage | None:
        path = page.path[: -page.steplen]
        return next((one for one in self.categories.values() if one.path == path), None)


class _Wrong(ValueError):
    """A product that cannot be planned at all."""

    def __init__(self, column: str, message: str) -> None:
        self.column = column
        super().__init__(message)


def _first(rows: Iterable[Row], column: str) -> str:
    return next((row.cells[column] for row in rows if column in row.cells), "")


def _existing(slugs: Sequence[str]) -> Mapping[str, list[ProductPage]]:
    ids: list[int] = []
    for some in page_writer.in_batches(slugs, BATCH):
        ids += ProductPage.objects.filter(slug__in=some).values_list("pk", flat=True)
    found: dict[str, list[ProductPage]] = {}
    for some in page_writer.in_batches(ids, BATCH):
        for page in indexing.load(some):
            found.setdefault(page.slug, []).append(page)
    return found


def _drafts_edited(pages: Sequence[ProductPage]) -> set[int]:
    """Name the drafts whose newest revision says something else than their row."""
    drafts = {
        page.latest_revision_id: page for page in pages if not page.live and page.latest_revision_id
    }
    edited = set()
    for some in page_writer.in_batches(list(drafts), BATCH):
        for revision in Revision.objects.filter(pk__in=some):
            page = drafts[revision.pk]
            now = json.loads(json.dumps(page.serializable_data(), cls=DjangoJSONEncoder))
            fields = facts.FIELDS.values()
            if any(now.get(name) != revision.content.get(name) for name in fields):
                edited.add(page.pk)
    return edited
