"""What is written in bulk equals what Wagtail's own way leaves behind."""

import datetime as dt
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page, PageLogEntry, ReferenceIndex, Revision
from wagtail.search.backends import get_search_backend
import pytest

from accounts.models import User
from catalog.imports import indexing, page_writer
from catalog.imports.page_writer import NewPage
from catalog.models import ProductPage
from freshness.models import Change
from tests.catalog.factories import CategoryPageFactory, ConcernFactory, ProductPageFactory

pytestmark = [pytest.mark.django_db, pytest.mark.indexed]
NOON = dt.datetime(2026, 3, 1, 12, 0, tzinfo=dt.UTC)
NEVER_EQUAL = {"id", "path", "slug", "url_path", "title", "draft_title", "translation_key"}


def product(number: int, **facts: Any) -> ProductPage:
    words = {"concerns": facts.pop("concerns", [])}
    page = ProductPage(title=f"Bulk {number}", slug=f"bulk-{number}", benefit="Calms.", **facts)
    for name, chosen in words.items():
        setattr(page, name, chosen)
    return page_writer.without_relations(page)


def write(count: int, **facts: Any) -> list[ProductPage]:
    parent = CategoryPageFactory()
    new = [NewPage(product(number, **facts), parent) for number in range(count)]
    pages = page_writer.add_pages(new=new, by=None, at=NOON)
    indexing.index_pages([page.pk for page in pages])
    return pages


def test_tree_is_sound_and_pages_are_served(client: Client) -> None:
    before = ProductPageFactory()
    pages = write(40)

    assert Page.find_problems() == ([], [], [], [], [])
    parent = before.get_parent(update=True)
    assert parent.get_children().count() == 41
    assert parent.numchild == 41
    after = ProductPageFactory()
    assert after.path > pages[-1].path
    assert client.get(pages[7].url).status_code == 200


def test_rows_equal_those_of_wagtail() -> None:
    user = User.objects.create_superuser("ada@example.com")
    concern = ConcernFactory()
    parent = CategoryPageFactory()
    usual = ProductPage(title="Usual", slug="usual", benefit="Calms.", owner=user)
    usual.concerns = [concern]
    parent.add_child(instance=usual)
    usual.save_revision(user=user).publish(user=user)
    usual = ProductPage.objects.get(slug="usual")

    page_writer.add_pages(new=[NewPage(product(1, concerns=[concern]), parent)], by=user, at=NOON)
    written = ProductPage.objects.get(slug="bulk-1")
    indexing.index_pages([written.pk])

    moments = {"first_published_at", "last_published_at", "latest_revision_created_at"}
    revisions = {"latest_revision_id", "live_revision_id", "page_ptr_id"}
    for field in ProductPage._meta.concrete_fields:
        if field.attname not in NEVER_EQUAL | moments | revisions:
            name = field.attname
            assert getattr(written, name) == getattr(usual, name), name
    assert list(written.concerns.all()) == [concern]
    assert written.live_revision_id == written.latest_revision_id
    assert {name: getattr(written, name) for name in moments} == dict.fromkeys(moments, NOON)
    assert _references(written) == _references(usual)
    assert set(_content(written)) == set(_content(usual))
    assert _content(written)["pk"] == written.pk


def _references(page: Page) -> set[tuple[Any, ...]]:
    rows = ReferenceIndex.get_references_for_object(page)
    return set(rows.values_list("to_content_type", "to_object_id", "model_path", "content_path"))


def _content(page: Page) -> dict[str, Any]:
    content: dict[str, Any] = page.latest_revision.content
    return content


def test_the_editor_opens_and_publishes_what_was_written(client: Client) -> None:
    [page] = write(1)
    client.force_login(User.objects.create_superuser("staff@example.com"))

    assert client.get(f"/admin/pages/{page.pk}/edit/").status_code == 200
    again = page.latest_revision.as_object()
    again.benefit = "Soothes."
    again.save_revision().publish()

    assert ProductPage.objects.get(pk=page.pk).benefit == "Soothes."
    assert Revision.page_revisions.filter(object_id=str(page.pk)).count() == 2


def test_what_was_written_is_found() -> None:
    pages = write(3, intro="Quenches thoroughly")

    found = get_search_backend().search("quenches", ProductPage)

    assert {page.pk for page in found} == {page.pk for page in pages}


def test_a_draft_stays_one_and_history_says_what_happened() -> None:
    [page] = write(1, live=False)
    page.refresh_from_db()

    assert (page.live, page.live_revision_id, page.has_unpublished_changes) == (False, None, True)
    entries = PageLogEntry.objects.filter(page=page.pk).values_list("action", flat=True)
    assert list(entries) == ["wagtail.create"]
    assert set(Change.objects.values_list("tag", flat=True)) >= {"site", "catalog", "lists"}


def test_a_slug_in_use_is_refused_and_nothing_is_written() -> None:
    taken = ProductPageFactory(slug="bulk-2")
    parent = CategoryPageFactory()
    count = Page.objects.count()

    with pytest.raises(page_writer.SlugTaken, match="bulk-2"):
        page_writer.add_pages(
            new=[NewPage(product(number), parent) for number in range(4)], by=None, at=NOON
        )
    with pytest.raises(page_writer.SlugTaken, match="bulk-7"):
        page_writer.add_pages(
            new=[NewPage(product(7), parent), NewPage(product(7), parent)], by=None, at=NOON
        )

    assert Page.objects.count() == count
    assert taken.get_parent().numchild == 1


def test_many_pages_cost_as_many_statements_as_few() -> None:
    parent = CategoryPageFactory()
    counts = []
    for start, size in ((0, 5), (1000, 200)):
        new = [NewPage(product(number), parent) for number in range(start, start + size)]
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page_writer.add_pages(new=new, by=None, at=NOON)
        counts.append(len(queries))

    # SQLite takes fewer values in one statement than PostgreSQL.
    assert counts[1] - counts[0] <= 60
