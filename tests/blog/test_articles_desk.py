"""The list of articles in the admin, and the way from it to a new one."""

import datetime as dt
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
import pytest

from accounts.models import User
from tests.accounts.factories import UserFactory
from tests.blog.factories import (
    ArticleIndexPageFactory,
    ArticlePageFactory,
    PersonFactory,
    TopicFactory,
)

pytestmark = pytest.mark.django_db
LIST = "/admin/articles/"


@pytest.fixture
def marketer(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("marketing@example.com"))
    return client


def titles(answer: Any) -> list[str]:
    return [page.title for page in answer.context["object_list"]]


def test_the_list_says_who_wrote_and_reviewed_and_is_narrowed(marketer: Client) -> None:
    topic = TopicFactory(name="Washing")
    grace = PersonFactory(name="Dr Grace Okafor", slug="grace", reviewing=True)
    combs = ArticlePageFactory(
        slug="combs", title="Combs", reviewer=grace, next_review_on=dt.date(2031, 12, 3)
    )
    combs.topics = [topic]
    combs.save()
    ArticlePageFactory(slug="hats", title="Hats", live=False)

    shown = marketer.get(LIST).content.decode()

    for words in (combs.author.name, "Dr Grace Okafor", "3 Dec 2031", "Add article"):
        assert words in shown
    assert sorted(titles(marketer.get(LIST))) == ["Combs", "Hats"]
    assert titles(marketer.get(LIST, {"live": "false"})) == ["Hats"]
    assert titles(marketer.get(LIST, {"reviewer": grace.pk})) == ["Combs"]
    assert titles(marketer.get(LIST, {"topics": topic.pk})) == ["Combs"]
    assert titles(marketer.get(LIST, {"live": "nonsense", "author": "x"})) == titles(
        marketer.get(LIST)
    )


def test_adding_an_article_leads_straight_to_the_guide_s_editor(marketer: Client) -> None:
    guide = ArticleIndexPageFactory()

    answer = marketer.get(reverse("articles:choose_parent"))

    assert answer.status_code == 302
    assert answer["Location"] == reverse(
        "wagtailadmin_pages:add", args=["blog", "articlepage", guide.pk]
    )


def test_the_list_asks_as_often_for_many_as_for_few(marketer: Client) -> None:
    ArticlePageFactory(slug="first", reviewer=PersonFactory(slug="p"))
    few = _questions(marketer)
    for number in range(9):
        ArticlePageFactory(slug=f"more-{number}", reviewer=PersonFactory(slug=f"p-{number}"))

    assert _questions(marketer) == few


def _questions(marketer: Client) -> int:
    marketer.get(LIST)
    with CaptureQueriesContext(connection) as asked:
        marketer.get(LIST)
    return len(asked)


def test_who_packs_parcels_is_not_led_to_articles(client: Client) -> None:
    ArticlePageFactory(slug="hidden", title="Hidden")
    packer = UserFactory(is_staff=True)
    packer.user_permissions.add(Permission.objects.get(codename="access_admin"))
    packer.groups.add(Group.objects.create(name="Packers"))
    client.force_login(packer)

    assert LIST not in client.get("/admin/").content.decode()
    assert "Hidden" not in client.get(LIST, follow=True).content.decode()
    new = client.post(reverse("articles:choose_parent"), {"parent_page": "1"})
    assert "/admin/pages/add/" not in new.get("Location", "")
