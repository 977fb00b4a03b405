"""Delete pages that an undone import had added, where nothing has come to depend on them."""

from collections.abc import Sequence

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from wagtail.models import Page, ReferenceIndex

from catalog.models import ImportedChange, ProductPage, Reservation
from catalog.models.imports import ImportedKind, ImportRun

BATCH = 100


def remove_added(run: ImportRun, page_ids: Sequence[int]) -> int:
    """Delete those of these pages that nobody edited, linked to or bought from; count them."""
    revisions = {
        change.page_id: change.after["revision"]
        for change in run.changes.filter(kind=ImportedKind.PAGE_ADDED, page__in=page_ids)
    }
    free = set(revisions) - _linked(page_ids) - _bought(run, page_ids)
    untouched = [
        pk
        for pk, revision in Page.objects.filter(pk__in=free, live=False).values_list(
            "pk", "latest_revision_id"
        )
        if revision == revisions[pk]
    ]
    with transaction.atomic():
        # Not through the specific pages one by one: the tree is mended once for all of them.
        ProductPage.objects.filter(pk__in=untouched).delete()
    return len(untouched)


def _linked(page_ids: Sequence[int]) -> set[int]:
    page_type = ContentType.objects.get_for_model(Page)
    rows = ReferenceIndex.objects.filter(
        to_content_type=page_type, to_object_id__in=[str(pk) for pk in page_ids]
    )
    return {int(pk) for pk in rows.values_list("to_object_id", flat=True)}


def _bought(run: ImportRun, page_ids: Sequence[int]) -> set[int]:
    """Name the pages whose offers were ever kept for a buyer; the order shows the page."""
    offers = dict(
        ImportedChange.objects.filter(
            run=run, kind=ImportedKind.OFFER_ADDED, page__in=page_ids
        ).values_list("offer_id", "page_id")
    )
    held = Reservation.objects.filter(offer__in=offers).values_list("offer_id", flat=True)
    return {offers[offer_id] or 0 for offer_id in held}
