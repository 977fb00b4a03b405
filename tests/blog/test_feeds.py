"""Feeds: valid for hostile words, whole when asked, and changed by the next request."""

import json
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree as ET

from django.test import Client
import pytest

from blog.models import ArticlePage
from tests.blog.factories import ArticlePageFactory, PersonFactory, TopicFactory

pytestmark = pytest.mark.django_db
KINDS = ("rss", "atom", "json")
ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
CREATOR = "{http://purl.org/dc/elements/1.1/}creator"


def titles(client: Client, path: str) -> list[str]:
    """The titles that a feed of any kind tells."""
    answer = client.get(path)
    assert answer.status_code == 200
    if path.endswith("json"):
        return [item["title"] for item in json.loads(answer.content)["items"]]
    tree = ET.fromstring(answer.content)  # noqa: S314 - our own answer
    found = tree.iter("item") if path.endswith("rss") else tree.iter(f"{ATOM}entry")
    name = "title" if path.endswith("rss") else f"{ATOM}title"
    return [str(item.findtext(name)) for item in found]


@pytest.mark.parametrize("kind", KINDS)
def test_the_whole_guide_a_topic_and_an_author_have_feeds(client: Client, kind: str) -> None:
    sun = TopicFactory(name="Sun", slug="sun")
    grace = PersonFactory(name="Dr Grace Okafor", slug="grace")
    about_sun = ArticlePageFactory(title="Sun")
    about_sun.topics.set([sun])
    about_sun.save()
    ArticlePageFactory(title="By Grace", author=grace)

    assert set(titles(client, f"/feeds/guide.{kind}")) == {"Sun", "By Grace"}
    assert titles(client, f"/feeds/topics/sun.{kind}") == ["Sun"]
    assert titles(client, f"/feeds/people/grace.{kind}") == ["By Grace"]
    assert client.get(f"/feeds/topics/moon.{kind}").status_code == 404
    assert client.get("/feeds/guide.exe").status_code == 404


@pytest.mark.parametrize("kind", KINDS)
def test_hostile_words_leave_a_feed_readable(client: Client, kind: str) -> None:
    hostile = "A\x00\x08\x0b\x1f \ufffe]]> <script>alert(1)</script> & “é” 🧴"
    page = ArticlePageFactory(slug="hostile", title="Plain")
    # Not even the editor lets these through; an import may.
    ArticlePage.objects.filter(pk=page.pk).update(
        title=hostile.replace("\x00", ""), intro=hostile.replace("\x00", "")
    )

    assert titles(client, f"/feeds/guide.{kind}") == ["A ]]> <script>alert(1)</script> & “é” 🧴"]


@pytest.mark.parametrize("kind", KINDS)
def test_no_feed_tells_an_e_mail_address_or_a_half_address(client: Client, kind: str) -> None:
    author = PersonFactory(name="Ada Lindqvist", slug="ada", email="ada@galea.example")
    ArticlePageFactory(author=author, body=[("text", '<p><a href="/shop/">Shop</a></p>')])

    text = client.get(f"/feeds/guide.{kind}?full=1").content.decode()

    assert "Ada Lindqvist" in text
    assert "@galea" not in text
    assert 'href="/' not in text
    assert "http://localhost:8000/shop/" in text


def test_the_summary_stands_alone_and_the_whole_text_beside_it_when_asked(client: Client) -> None:
    ArticlePageFactory(body=[("text", "<p>The whole story.</p>")])

    def item(question: str) -> Any:
        answer = client.get(f"/feeds/guide.rss{question}")
        return ET.fromstring(answer.content).find("channel/item")  # noqa: S314 - our own

    short, full = item(""), item("?full=1")
    entry = json.loads(client.get("/feeds/guide.json?full=1").content)["items"][0]

    assert (short.findtext("description"), short.find(f"{CONTENT}encoded")) == ("In short.", None)
    assert full.findtext("description") == "In short."
    assert "<p>The whole story.</p>" in full.findtext(f"{CONTENT}encoded")
    assert full.findtext(CREATOR) == "Ada Lindqvist"
    assert full.find("author") is None
    assert "The whole story." in entry["content_html"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_feed_that_has_not_changed_is_not_sent_again(client: Client, kind: str) -> None:
    page = ArticlePageFactory()
    first = client.get(f"/feeds/guide.{kind}")

    same = client.get(f"/feeds/guide.{kind}", headers={"If-None-Match": first["ETag"]})
    page.title = "Another"
    page.save()
    other = client.get(f"/feeds/guide.{kind}", headers={"If-None-Match": first["ETag"]})

    assert "Last-Modified" in first
    assert (same.status_code, other.status_code) == (304, 200)


@pytest.mark.parametrize("kind", KINDS)
def test_the_next_request_after_a_change_tells_it(client: Client, kind: str) -> None:
    path = f"/feeds/guide.{kind}"
    page = ArticlePageFactory(title="First")
    before = titles(client, path)
    page.title = "Edited"
    page.save()
    edited = titles(client, path)
    page.unpublish()

    assert (before, edited, titles(client, path)) == (["First"], ["Edited"], [])


def test_thirty_articles_cost_as_many_queries_as_one(
    client: Client, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    for _ in range(5):
        ArticlePageFactory()
    client.get("/feeds/guide.rss")

    with django_assert_max_num_queries(10):
        client.get("/feeds/guide.rss")


def test_the_guide_s_pages_name_its_feeds_and_an_article_offers_the_newsletter(
    client: Client,
) -> None:
    page = ArticlePageFactory()

    for url in (page.url, page.get_parent().url):
        text = client.get(url).content.decode()
        assert 'type="application/rss+xml"' in text
        assert 'href="/feeds/guide.json"' in text
    article = client.get(page.url).content.decode()
    assert 'action="/newsletter/"' in article
    assert f'value="{page.url}"' in article
