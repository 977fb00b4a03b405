import datetime as dt

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.test import Client
from django.urls import reverse
import pytest

from accounts.models import User
from blog.models import ArticlePage, Person, Topic
from tests.blog.factories import ArticlePageFactory, PersonFactory, TopicFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("manager@galea.example", name="Katrin"))
    return client


def test_somebody_with_articles_cannot_be_deleted() -> None:
    article = ArticlePageFactory(reviewer=PersonFactory(reviewing=True))

    for person in (article.author, article.reviewer):
        with pytest.raises(ProtectedError):
            person.delete()

    assert Person.objects.count() == 2


def test_nobody_is_without_a_name() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.create(name="", slug="nobody")

    assert Person.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "initials"),
    [("Ada Lindqvist", "AL"), ("Dr Grace A. Okafor", "GO"), ("Prof. Lind", "L"), ("Dr", "")],
)
def test_initials_pass_over_titles(name: str, initials: str) -> None:
    assert Person(name=name).initials == initials


def test_an_e_mail_address_is_on_no_page_about_an_article(client: Client) -> None:
    author = PersonFactory(email="private@example.com")
    reviewer = PersonFactory(reviewing=True, email="reviewer@example.com")
    article = ArticlePageFactory(author=author, reviewer=reviewer)

    pages = [client.get(url).content.decode() for url in (article.url, article.get_parent().url)]

    assert ["private@" in html or "reviewer@" in html for html in pages] == [False, False]


def test_people_and_topics_are_kept_in_the_admin(desk: Client) -> None:
    added = desk.post(
        reverse("person:add"),
        {"name": "Ada Lindqvist", "slug": "ada", "role": "Writer", "bio": "null"},
    )
    topic = desk.post(reverse("topic:add"), {"name": "Sun", "slug": "sun", "description": ""})

    assert (added.status_code, topic.status_code) == (302, 302)
    assert Person.objects.get().role == "Writer"
    assert Topic.objects.get().slug == "sun"
    assert "Ada Lindqvist" in desk.get(reverse("person:index")).content.decode()


def test_topics_and_tags_come_with_an_article_and_its_draft() -> None:
    article = ArticlePageFactory(last_reviewed_on=dt.date(2026, 1, 1))
    article.topics = [TopicFactory()]
    article.tags.add("Sun", "sun")
    article.save_revision().publish()

    stored = ArticlePage.objects.get()

    assert [topic.name for topic in stored.topics.all()] == ["Aftercare"]
    assert [tag.name for tag in stored.tags.all()] == ["Sun"]
