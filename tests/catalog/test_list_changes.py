"""What Wagtail's own views write is in the log of changes, in the same transaction."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from wagtail.models import PageViewRestriction
import pytest

from freshness.models import Change
from tests.catalog.factories import CategoryPageFactory, ProductPageFactory
from treatments.models import CareTag

pytestmark = pytest.mark.django_db


@contextmanager
def noted() -> Iterator[Callable[[], set[str]]]:
    before = Change.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    yield lambda: set(Change.objects.filter(pk__gt=before).values_list("tag", flat=True))


def test_publishing_taking_back_and_deleting_a_page_name_it() -> None:
    page = ProductPageFactory(live=False)
    revision = page.save_revision()
    tag = f"page:{page.pk}"

    with noted() as tags:
        revision.publish()
        assert tag in tags()
    with noted() as tags:
        page.refresh_from_db()
        page.unpublish()
        assert tag in tags()
    with noted() as tags:
        page.delete()
        assert tag in tags()


def test_a_draft_that_nobody_sees_changes_no_list() -> None:
    page = ProductPageFactory()

    with noted() as tags:
        page.benefit = "Another"
        page.save_revision()

        assert f"page:{page.pk}" not in tags()


def test_moving_a_page_changes_all_lists() -> None:
    page, other = ProductPageFactory(), CategoryPageFactory(title="Care", slug="care")

    with noted() as tags:
        page.move(other, pos="last-child")

        assert "lists" in tags()


def test_hiding_a_page_and_dating_a_care_tag_change_all_lists() -> None:
    page, tag = ProductPageFactory(), CareTag.objects.create(name="Acid", slug="acid")

    with noted() as tags:
        PageViewRestriction.objects.create(page=page, restriction_type="login")
        assert "lists" in tags()
    with noted() as tags:
        tag.gentle_from_day = 5
        tag.save()
        assert "lists" in tags()
