"""Add many draft pages beneath one page in a handful of statements.

Wagtail adds a page with some thirty statements. Here each table gets its rows at once: pages,
their relations, a first revision, history, search entries and references. A test compares what
comes out with what Wagtail's own `add_child` and `save_revision` leave behind.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import F
from modelcluster.models import get_all_child_m2m_relations, get_all_child_relations
from wagtail.models import Page, PageLogEntry, ReferenceIndex, Revision
from modelsearch.backends import get_search_backends_with_name

from accounts.models import User
from catalog.imports.page_writer import in_batches

BATCH = 500


def add_drafts(pages: Sequence[Any], parent: Page, *, by: User | None, at: dt.datetime) -> None:
    """Add pages of one kind after those beneath a page, in the caller's transaction.

    :param pages: none of them live; each with its relations set, or without any.
    """
    model = type(pages[0])
    _place(pages, parent, by=by)
    for page in pages:
        _without_other_relations(page)
    _insert(model, pages)
    _add_relations(model, pages)
    _add_revisions(model, pages, by=by, at=at)
    for _, backend in get_search_backends_with_name(with_auto_update=True):
        backend.add_bulk(model, pages)
    _add_references(model, pages)


def _place(pages: Sequence[Any], parent: Page, *, by: User | None) -> None:
    parent = Page.objects.select_for_update().get(pk=parent.pk)
    last = parent.get_children().order_by("-path").values_list("path", flat=True).first()
    step = Page._str2int(last[-Page.steplen :]) if last else 0
    content_type = ContentType.objects.get_for_model(type(pages[0]))
    for number, page in enumerate(pages, start=step + 1):
        page.path = Page._get_path(parent.path, parent.depth + 1, number)
        page.depth = parent.depth + 1
        page.numchild = 0
        page.url_path = f"{parent.url_path}{page.slug}/"
        page.locale_id = parent.locale_id
        page.content_type = content_type
        page.owner = by
        page.live = False
        page.has_unpublished_changes = True
    Page.objects.filter(pk=parent.pk).update(numchild=F("numchild") + len(pages))


def _without_other_relations(page: Any) -> None:
    """Tell a page that nothing else hangs on it, so that nobody asks."""
    known = page.__dict__.get("_cluster_related_objects", {})
    children = [each.get_accessor_name() for each in get_all_child_relations(type(page))]
    many = [field.name for field in get_all_child_m2m_relations(type(page))]
    for name in [*children, *many]:
        if name not in known:
            setattr(page, name, [])


def _insert(model: type[Page], pages: Sequence[Any]) -> None:
    """Write the rows of both tables; Django's own bulk_create knows one table alone."""
    names = [field.attname for field in Page._meta.concrete_fields]
    shared = [Page(**{name: getattr(page, name) for name in names}) for page in pages]
    for page, row in zip(pages, Page.objects.bulk_create(shared, batch_size=BATCH), strict=True):
        page.pk = page.id = row.pk
        page._state.adding = False
        page._state.db = row._state.db
    fields = model._meta.local_concrete_fields
    most = connection.ops.bulk_batch_size(list(fields), list(pages))
    for some in in_batches(pages, min(BATCH, most)):
        # Django keeps this for its own save(); no public call writes one table of two.
        rows: Any = model._base_manager.all()
        rows._insert(some, fields=fields)


def _add_relations(model: type[Page], pages: Sequence[Any]) -> None:
    for relation in get_all_child_relations(model):
        name, field = relation.get_accessor_name(), relation.field
        rows = []
        for page in pages:
            for row in getattr(page, name).all():
                setattr(row, field.name, page)
                rows.append(row)
        field.model._default_manager.bulk_create(rows, batch_size=BATCH)
    for field in get_all_child_m2m_relations(model):
        through = getattr(model, field.name).through
        source, target = f"{field.m2m_field_name()}_id", f"{field.m2m_reverse_field_name()}_id"
        through.objects.bulk_create(
            [
                through(**{source: page.pk, target: word.pk})
                for page in pages
                for word in getattr(page, field.name).all()
            ],
            batch_size=BATCH,
        )


def _add_revisions(
    model: type[Page], pages: Sequence[Any], *, by: User | None, at: dt.datetime
) -> None:
    content_type = ContentType.objects.get_for_model(model)
    revisions = Revision.objects.bulk_create(
        [
            Revision(
                content_type=content_type,
                base_content_type=ContentType.objects.get_for_model(Page),
                object_id=str(page.pk),
                created_at=at,
                user=by,
                object_str=str(page),
                content=page.serializable_data(),
            )
            for page in pages
        ],
        batch_size=BATCH,
    )
    for page, revision in zip(pages, revisions, strict=True):
        page.latest_revision = revision
        page.latest_revision_created_at = at
    Page.objects.bulk_update(
        [Page(**_revised(page)) for page in pages],
        ["latest_revision", "latest_revision_created_at"],
        batch_size=BATCH,
    )
    PageLogEntry.objects.bulk_create(
        [
            PageLogEntry(
                content_type=content_type,
                label=page.title,
                action="wagtail.create",
                timestamp=at,
                page=page,
                user=by,
                revision_id=page.latest_revision_id,
                content_changed=True,
            )
            for page in pages
        ],
        batch_size=BATCH,
    )


def _revised(page: Any) -> dict[str, Any]:
    return {
        "pk": page.pk,
        "latest_revision_id": page.latest_revision_id,
        "latest_revision_created_at": page.latest_revision_created_at,
    }


def _add_references(model: type[Page], pages: Sequence[Any]) -> None:
    ReferenceIndex.objects.bulk_create(
        [
            ReferenceIndex(
                content_type=ContentType.objects.get_for_model(model),
                base_content_type=ContentType.objects.get_for_model(Page),
                object_id=str(page.pk),
                to_content_type_id=to_type,
                to_object_id=to_id,
                model_path=model_path,
                content_path=content_path,
                content_path_hash=ReferenceIndex._get_content_path_hash(content_path),
            )
            for page in pages
            for to_type, to_id, model_path, content_path in dict.fromkeys(
                ReferenceIndex._extract_references_from_object(page)
            )
        ],
        batch_size=BATCH,
    )
