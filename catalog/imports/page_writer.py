"""Write many product pages in a handful of statements.

Wagtail saves a page with about twenty statements and leaves its search entry and references to
tasks; here each table gets its rows in batches. What comes out equals what Wagtail's own
`add_child` and `publish` leave behind, which a test compares.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection, models, transaction
from django.db.models.constants import OnConflict
from modelcluster.models import get_all_child_m2m_relations, get_all_child_relations
from wagtail.models import Page, PageLogEntry, Revision

from accounts.models import User
from catalog import markets
from catalog.models import CategoryPage, ProductPage
from freshness.changes import CATALOG, LISTS, SITE, changed, facts_of

# How many rows of many go to the database in one statement.
BATCH = 500
NAMED_ONE_BY_ONE = 100


# What an edit may change in the table that all kinds of pages share.
_EDITED = (
    "title",
    "draft_title",
    "seo_title",
    "search_description",
    "live",
    "has_unpublished_changes",
    "first_published_at",
    "last_published_at",
    "expired",
)
_REVISED = ("latest_revision", "latest_revision_created_at", "live_revision")


class SlugTaken(ValueError):
    """Two pages beneath one page cannot have the same address."""

    def __init__(self, slugs: Iterable[str]) -> None:
        self.slugs = sorted(slugs)
        super().__init__(f"Taken already: {', '.join(self.slugs[:5])}.")


@dataclass(frozen=True, slots=True)
class NewPage:
    """A page that is in no table yet, and the category that it shall stand in."""

    page: ProductPage
    parent: CategoryPage


@transaction.atomic
def add_pages(
    *, new: Sequence[NewPage], by: User | None, at: dt.datetime, log: bool = True
) -> list[ProductPage]:
    """Add pages beneath their categories, each with its first revision; live ones are published.

    Search entries and references are not written: `catalog.imports.indexing` does that afterwards.

    :param new: pages whose parental relations are set, if only to nothing.
    :raises SlugTaken: if an address is in use, or named twice.
    """
    by_parent: dict[int, list[NewPage]] = defaultdict(list)
    for each in new:
        by_parent[each.parent.pk].append(each)
    for _, group in sorted(by_parent.items()):
        _place(group, by=by, at=at)
    pages = [each.page for each in new]
    _insert_pages(pages)
    link_words(pages)
    _add_revisions(pages, by=by, at=at)
    store_shared(pages, _REVISED)
    if log:
        write_log(pages, "wagtail.create", by=by, at=at)
        write_log([page for page in pages if page.live], "wagtail.publish", by=by, at=at)
    changed(SITE, CATALOG, LISTS)
    return pages


@transaction.atomic
def update_pages(*, pages: Sequence[ProductPage], by: User | None, at: dt.datetime) -> None:
    """Store what pages that are there have become, as a new revision of each.

    Search entries and references follow, as with `add_pages`.

    :param pages: all with their relations read; `live` decides whether each is published.
    """
    for page in pages:
        page.draft_title = page.title
        page.has_unpublished_changes = not page.live
        if page.live:
            page.first_published_at = page.first_published_at or at
            page.last_published_at = at
            page.expired = False
    _add_revisions(pages, by=by, at=at)
    store_shared(pages, [*_EDITED, *_REVISED])
    store_own(pages)
    _unlink_words(pages)
    link_words(pages)
    write_log(pages, "wagtail.edit", by=by, at=at)
    write_log([page for page in pages if page.live], "wagtail.publish", by=by, at=at)
    changed(*tags_of(pages))


def _add_revisions(pages: Sequence[ProductPage], *, by: User | None, at: dt.datetime) -> None:
    """Store what pages are now as their newest revision; that they have it is to be stored."""
    content_type = ContentType.objects.get_for_model(ProductPage)
    base = ContentType.objects.get_for_model(Page)
    for some in in_batches(pages):
        revisions = Revision.objects.bulk_create(
            Revision(
                content_type=content_type,
                base_content_type=base,
                object_id=str(page.pk),
                created_at=at,
                user=by,
                object_str=str(page),
                content=page.serializable_data(),
            )
            for page in some
        )
        for page, revision in zip(some, revisions, strict=True):
            page.latest_revision = revision
            page.latest_revision_created_at = at
            page.live_revision = revision if page.live else None


def store_shared(pages: Sequence[ProductPage], fields: Sequence[str]) -> None:
    """Write some columns of the table that all kinds of pages share."""
    Page.objects.bulk_create(
        _shared_rows(pages),
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=fields,
    )


def store_own(pages: Sequence[ProductPage]) -> None:
    """Write the columns of the table that only product pages have."""
    _work_out_markets(pages)
    fields = [field for field in ProductPage._meta.local_concrete_fields if not field.primary_key]
    _insert(
        ProductPage,
        pages,
        on_conflict=OnConflict.UPDATE,
        update_fields=fields,
        unique_fields=[ProductPage._meta.pk],
    )


def write_log(
    pages: Sequence[ProductPage],
    action: str,
    *,
    by: User | None,
    at: dt.datetime,
) -> None:
    """Note an action in the history of pages."""
    content_type = ContentType.objects.get_for_model(ProductPage)
    PageLogEntry.objects.bulk_create(
        [
            PageLogEntry(
                content_type=content_type,
                label=page.title,
                action=action,
                timestamp=at,
                page=page,
                user=by,
                revision_id=page.latest_revision_id,
                content_changed=action != "wagtail.publish",
            )
            for page in pages
        ],
        batch_size=BATCH,
    )


def tags_of(pages: Sequence[ProductPage]) -> list[str]:
    """Name what has changed when pages were edited or taken back; of many, that lists did."""
    if not pages:
        return []
    few = len(pages) <= NAMED_ONE_BY_ONE
    return [SITE, CATALOG, *(facts_of(*(page.pk for page in pages)) if few else [LISTS])]


def without_relations(page: ProductPage) -> ProductPage:
    """Tell a page that has no table rows yet that nothing hangs on it, so that nobody asks."""
    known = page.__dict__.get("_cluster_related_objects", {})
    for name in _relation_names():
        if name not in known:
            setattr(page, name, [])
    return page


def link_words(pages: Sequence[ProductPage]) -> None:
    """Write which words pages are found by; what was written before must be gone."""
    for field in get_all_child_m2m_relations(ProductPage):
        through = getattr(ProductPage, field.name).through
        source = f"{field.m2m_field_name()}_id"
        target = f"{field.m2m_reverse_field_name()}_id"
        through.objects.bulk_create(
            [
                through(**{source: page.pk, target: word.pk})
                for page in pages
                for word in getattr(page, field.name).all()
            ],
            batch_size=BATCH,
        )


def _unlink_words(pages: Sequence[ProductPage]) -> None:
    for field in get_all_child_m2m_relations(ProductPage):
        links = getattr(ProductPage, field.name).through.objects
        for some in in_batches(pages):
            links.filter(**{f"{field.m2m_field_name()}__in": some}).delete()


def in_batches(rows: Sequence[Any], size: int = BATCH) -> Iterable[Sequence[Any]]:
    """Cut a sequence into pieces."""
    return (rows[start : start + size] for start in range(0, len(rows), size))


def _relation_names() -> list[str]:
    children = [each.get_accessor_name() for each in get_all_child_relations(ProductPage)]
    return [*children, *(field.name for field in get_all_child_m2m_relations(ProductPage))]


def _place(group: Sequence[NewPage], *, by: User | None, at: dt.datetime) -> None:
    """Give pages their paths beneath one category, after those that are there."""
    parent = Page.objects.select_for_update().get(pk=group[0].parent.pk)
    slugs = [each.page.slug for each in group]
    _check_slugs(parent, slugs)
    last = parent.get_children().order_by("-path").values_list("path", flat=True).first()
    step = Page._str2int(last[-Page.steplen :]) if last else 0
    content_type = ContentType.objects.get_for_model(ProductPage)
    for number, each in enumerate(group, start=step + 1):
        page = each.page
        page.path = Page._get_path(parent.path, parent.depth + 1, number)
        page.depth = parent.depth + 1
        page.numchild = 0
        page.url_path = f"{parent.url_path}{page.slug}/"
        page.draft_title = page.title
        page.locale_id = parent.locale_id
        page.content_type = content_type
        page.owner = by
        page.has_unpublished_changes = not page.live
        page.first_published_at = page.last_published_at = at if page.live else None
    numchild = parent.numchild + len(group)
    Page.objects.filter(pk=parent.pk).update(numchild=numchild)
    for each in group:
        each.parent.numchild = numchild


def _check_slugs(parent: Page, slugs: Sequence[str]) -> None:
    taken = {slug for slug, times in Counter(slugs).items() if times > 1}
    for some in in_batches(slugs):
        taken |= set(parent.get_children().filter(slug__in=some).values_list("slug", flat=True))
    if taken:
        raise SlugTaken(taken)


def _shared_rows(pages: Sequence[ProductPage]) -> list[Page]:
    names = [field.attname for field in Page._meta.concrete_fields]
    return [Page(**{name: getattr(page, name) for name in names}) for page in pages]


def _insert_pages(pages: Sequence[ProductPage]) -> None:
    """Write the rows of both tables; Django's own bulk_create knows one table alone."""
    rows = Page.objects.bulk_create(_shared_rows(pages), batch_size=BATCH)
    for page, row in zip(pages, rows, strict=True):
        page.pk = page.id = row.pk
        page._state.adding = False
        page._state.db = row._state.db
    _work_out_markets(pages)
    _insert(ProductPage, pages)


def _work_out_markets(pages: Sequence[ProductPage]) -> None:
    """Do what saving a page does: say which markets its facts suffice for."""
    for page in pages:
        page.ready_markets = markets.ready_markets(page)


def _insert(model: type[models.Model], rows: Sequence[Any], **conflict: Any) -> None:
    """Write rows of a child table alone, whose parents' rows are there already."""
    fields = model._meta.local_concrete_fields
    most = connection.ops.bulk_batch_size(list(fields), list(rows))
    for some in in_batches(rows, min(BATCH, most)):
        # Django keeps this for its own save(); no public call writes one table of two.
        rows_of: Any = model._base_manager.all()
        rows_of._insert(some, fields=fields, **conflict)
