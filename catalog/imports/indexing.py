"""Bring search entries and references of many pages up to date, in batches.

Both are derived from the pages, so they may follow a moment later and may be done again.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import prefetch_related_objects
from modelcluster.models import get_all_child_m2m_relations, get_all_child_relations
from wagtail.models import Page, ReferenceIndex
from modelsearch.backends import get_search_backends_with_name

from catalog.models import ProductPage

BATCH = 250


def index_pages(page_ids: Sequence[int]) -> None:
    """Write what is searched for and what is referred to, for pages that are there."""
    for start in range(0, len(page_ids), BATCH):
        pages = load(page_ids[start : start + BATCH])
        with transaction.atomic():
            _write_search_entries(pages)
            _write_references(pages)


def load(page_ids: Sequence[int]) -> list[ProductPage]:
    """Read pages with all that hangs on them: one query per relation, however many pages."""
    found: dict[int, ProductPage] = ProductPage.objects.in_bulk(list(page_ids))
    pages = [found[pk] for pk in page_ids if pk in found]
    for relation in get_all_child_relations(ProductPage):
        field = relation.field
        rows = field.model._default_manager.filter(**{f"{field.name}_id__in": found})
        rows_by_page: dict[int, list[Any]] = defaultdict(list)
        for row in rows.order_by(*(field.model._meta.ordering or ["pk"])):
            rows_by_page[getattr(row, field.attname)].append(row)
        for page in pages:
            setattr(page, relation.get_accessor_name(), rows_by_page[page.pk])
    for field in get_all_child_m2m_relations(ProductPage):
        _load_words(pages, field)
    return pages


def _load_words(pages: Sequence[ProductPage], field: Any) -> None:
    through = getattr(ProductPage, field.name).through
    source = f"{field.m2m_field_name()}_id"
    target = f"{field.m2m_reverse_field_name()}_id"
    links = through.objects.filter(**{f"{source}__in": [page.pk for page in pages]})
    pairs = list(links.values_list(source, target))
    words = field.related_model._default_manager.in_bulk({word for _, word in pairs})
    places = {pk: place for place, pk in enumerate(words)}
    by_page: dict[int, list[int]] = defaultdict(list)
    for page_id, word in pairs:
        by_page[page_id].append(word)
    for page in pages:
        chosen = sorted(by_page[page.pk], key=places.__getitem__)
        setattr(page, field.name, [words[pk] for pk in chosen])


def _write_search_entries(pages: Sequence[ProductPage]) -> None:
    prefetch_related_objects(pages, "offers")
    for _, backend in get_search_backends_with_name(with_auto_update=True):
        backend.add_bulk(ProductPage, pages)


def _write_references(pages: Sequence[ProductPage]) -> None:
    content_type = ContentType.objects.get_for_model(ProductPage)
    base = ContentType.objects.get_for_model(Page)
    ReferenceIndex.objects.filter(
        base_content_type=base, object_id__in=[str(page.pk) for page in pages]
    ).delete()
    ReferenceIndex.objects.bulk_create(
        ReferenceIndex(
            content_type=content_type,
            base_content_type=base,
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
    )
