"""The guide's further pages: topics, tags, people; and lists too long to count."""

import datetime as dt
import json
import re

from django.core.paginator import Paginator
from django.db import connection
from django.test import Client, TestCase
from django.test.utils import CaptureQueriesContext
import pytest

from blog.models import ArticlePage
from blog.paging import NearPaginator
from tests.blog.factories import ArticlePageFactory, PersonFactory, TopicFactory

pytestmark = pytest.mark.django_db


def test_a_topic_lists_its_articles_and_stands_among_the_chips(client: Client) -> None:
    topic, empty = TopicFactory(), TopicFactory(name="Sun", slug="sun")
    article = ArticlePageFactory(slug="care", title="Care")
    article.topics = [topic]
    article.save()
    ArticlePageFactory(slug="other")

    page = client.get("/scalp-guide/topics/aftercare/")

    assert [card.title for card in page.context["articles"]["cards"]] == ["Care"]
    html = page.content.decode()
    assert 'href="/scalp-guide/topics/aftercare/" aria-current="page"' in html
    assert f"topics/{empty.slug}/" not in html
    assert (
        '<link rel="canonical" href="http://localhost:8000/scalp-guide/topics/aftercare/">' in html
    )


def test_an_article_s_old_address_leads_to_its_new_one(client: Client) -> None:
    article: ArticlePage = ArticlePageFactory(slug="care")
    article.slug = "gentle-care"
    # Wagtail leads old addresses on once the change is committed.
    with TestCase.captureOnCommitCallbacks(execute=True):
        article.save_revision().publish()

    answer = client.get("/scalp-guide/care/")

    assert (answer.status_code, answer["Location"]) == (301, "/scalp-guide/gentle-care/")


def test_a_tag_lists_what_carries_it_and_without_articles_it_has_no_page(client: Client) -> None:
    article = ArticlePageFactory(slug="sunny", title="Sunny")
    article.tags.add("Sun cream")
    article.save()

    page = client.get("/scalp-guide/tags/sun-cream/")

    assert [card.title for card in page.context["articles"]["cards"]] == ["Sunny"]
    article.unpublish()
    assert client.get("/scalp-guide/tags/sun-cream/").status_code == 404


def test_somebody_has_a_page_with_what_they_wrote_and_reviewed(client: Client) -> None:
    author = PersonFactory(credentials="MA", bio="<p>She reads.</p>", email="ada@example.com")
    reviewer = PersonFactory(reviewing=True, registration_number="No. 7")
    ArticlePageFactory(slug="one", author=author, reviewer=reviewer)

    pages = [client.get(f"/scalp-guide/people/{person.slug}/") for person in (author, reviewer)]

    assert [card.title for card in pages[0].context["articles"]["cards"]] == ["One"]
    assert pages[0].context["reviewed"]["cards"] == []
    assert [card.title for card in pages[1].context["reviewed"]["cards"]] == ["One"]
    html = [page.content.decode() for page in pages]
    assert "<p>She reads.</p>" in html[0]
    assert "No. 7" in html[1]
    assert "ada@example.com" not in html[0]
    data = json.loads(re.findall(r'ld\+json">(.*?)</script>', html[1])[0])["@graph"]
    assert data[0]["mainEntity"]["identifier"] == "No. 7"


def test_nobody_is_shown_before_something_of_theirs_can_be_read(client: Client) -> None:
    known = PersonFactory()
    waiting = PersonFactory(slug="waiting", name="Wanda Waiting")
    ArticlePageFactory(slug="one", author=known)
    ArticlePageFactory(slug="draft", author=waiting, live=False)

    people = client.get("/scalp-guide/people/")

    assert [person.name for person in people.context["people"]] == ["Ada Lindqvist"]
    assert client.get("/scalp-guide/people/waiting/").status_code == 404


@pytest.mark.parametrize(
    "path", ["topics/none/", "tags/none/", "people/none/", "people/a/b/", "x/"]
)
def test_what_is_not_there_is_not_found(client: Client, path: str) -> None:
    ArticlePageFactory()

    assert client.get(f"/scalp-guide/{path}").status_code == 404


def test_the_bare_word_topics_leads_to_the_guide(client: Client) -> None:
    ArticlePageFactory()

    assert client.get("/scalp-guide/topics/").headers["Location"] == "/scalp-guide/"


def test_a_long_list_is_counted_as_far_as_it_must_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(NearPaginator, "AHEAD", 1)
    for _ in range(7):
        ArticlePageFactory()
    articles = ArticlePage.objects.order_by("pk")

    first = NearPaginator(articles, 2, asked="1")
    last = NearPaginator(articles, 2, asked="4")

    assert (first.count, first.goes_on) == (5, True)
    assert (last.count, last.goes_on, last.get_page("99").number) == (7, False, 4)
    assert NearPaginator(articles, 2, asked="nine").count == 5
    assert NearPaginator(articles, 2, asked="9" * 12).count == Paginator(articles, 2).count - 2


def test_a_topic_asks_few_times_however_many_articles_it_has(client: Client) -> None:
    topic = TopicFactory()
    for number in range(12):
        page = ArticlePageFactory(
            slug=f"a-{number}", first_published_at=dt.datetime(2026, 1, 1 + number, tzinfo=dt.UTC)
        )
        page.topics = [topic]
        page.save()
    client.get("/scalp-guide/topics/aftercare/")

    with CaptureQueriesContext(connection) as queries:
        client.get("/scalp-guide/topics/aftercare/")

    assert len(queries) <= 12, [query["sql"][:120] for query in queries]
