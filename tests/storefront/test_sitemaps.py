"""The map for crawlers: every public page, with its pictures."""

import datetime as dt
from xml.etree import ElementTree

from django.test import Client
from wagtail.models import PageViewRestriction
import pytest

from catalog.models import ProductPageImage
from storefront import sitemaps
from tests.blog.factories import ArticlePageFactory, PersonFactory, TopicFactory
from tests.catalog.factories import ImageFactory, OfferFactory, ProductPageFactory

pytestmark = pytest.mark.django_db

PAGE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
IMAGE = "{http://www.google.com/schemas/sitemap-image/1.1}"


def _read(path: str) -> ElementTree.Element:
    answer = Client().get(path)
    assert answer.status_code == 200
    return ElementTree.fromstring(b"".join(answer.streaming_content))  # noqa: S314 (ours)


def _addresses(path: str = "/sitemap-1.xml") -> list[str]:
    return [each.text or "" for each in _read(path).iter(f"{PAGE}loc")]


def test_a_map_that_is_too_long_names_its_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    ProductPageFactory.create(slug="wash")
    assert _addresses("/sitemap.xml") == _addresses("/sitemap-1.xml")

    monkeypatch.setattr(sitemaps, "PER_PART", 2)

    origin = "http://localhost:8000/"
    assert _addresses("/sitemap.xml") == [f"{origin}sitemap-1.xml", f"{origin}sitemap-2.xml"]


def test_a_part_names_public_pages_alone() -> None:
    shown, hidden, ended = (ProductPageFactory.create(slug=name) for name in ("a", "b", "c"))
    PageViewRestriction.objects.create(page=hidden, restriction_type="login")
    ended.is_discontinued = True
    ended.save()

    found = _addresses()

    assert [url.split("/", 3)[3] for url in found] == ["", "shop/", "shop/wash/", "shop/wash/a/"]
    assert shown.url == "/shop/wash/a/"


def test_a_page_brings_the_pictures_that_were_made_of_it() -> None:
    page = ProductPageFactory.create(slug="a")
    page.gallery_images.add(ProductPageImage(image=ImageFactory.create(), sort_order=0))
    page.save()
    OfferFactory.create(page=page)
    Client().get(page.url)

    pictures = [each.text or "" for each in _read("/sitemap-1.xml").iter(f"{IMAGE}loc")]

    assert len(pictures) == 1
    assert pictures[0].startswith("http://localhost:8000/media/")
    assert pictures[0].endswith(".jpg")


def test_a_part_that_does_not_exist_is_not_found(monkeypatch: pytest.MonkeyPatch) -> None:
    ProductPageFactory.create(slug="a")
    monkeypatch.setattr(sitemaps, "PER_PART", 3)

    assert len(_addresses("/sitemap.xml")) == 2
    assert len(_addresses("/sitemap-2.xml")) == 1
    assert Client().get("/sitemap-3.xml").status_code == 404
    assert Client().get("/sitemap-0.xml").status_code == 404
    assert Client().get(f"/sitemap-{'9' * 18}.xml").status_code == 404


def test_crawlers_are_shown_the_map() -> None:

    assert b"Sitemap: http://localhost:8000/sitemap.xml" in Client().get("/robots.txt").content


def test_the_map_names_topics_and_people_with_the_day_of_their_newest_article() -> None:
    topic, _unread = TopicFactory.create(), TopicFactory.create(name="Sun", slug="sun")
    doctor = PersonFactory.create(reviewing=True)
    PersonFactory.create(name="Nobody", slug="nobody")
    for day in (3, 5):
        article = ArticlePageFactory.create(
            reviewer=doctor, last_published_at=dt.datetime(2026, 1, day, tzinfo=dt.UTC)
        )
        article.topics.add(topic)
        article.save()
    ArticlePageFactory.create(author=doctor, live=False)

    entries = {
        entry.findtext(f"{PAGE}loc", "").partition("/scalp-guide/")[2]: (
            entry.findtext(f"{PAGE}lastmod")
        )
        for entry in _read("/sitemap.xml").iter(f"{PAGE}url")
    }

    assert {url: day for url, day in entries.items() if url.startswith(("topics", "people"))} == {
        "topics/aftercare/": "2026-01-05",
        "people/": None,
        "people/ada-lindqvist/": "2026-01-05",
        "people/grace-okafor/": "2026-01-05",
    }


def test_a_guide_that_is_not_public_is_not_mapped() -> None:
    article = ArticlePageFactory.create()
    PageViewRestriction.objects.create(page=article.get_parent(), restriction_type="login")

    assert [url for url in _addresses("/sitemap.xml") if "scalp-guide" in url] == []


def test_topics_and_people_stand_on_the_first_part_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    ArticlePageFactory.create()
    monkeypatch.setattr(sitemaps, "PER_PART", 2)

    parts = [_addresses(f"/sitemap-{number}.xml") for number in (1, 2)]

    assert ["/people/" in "".join(urls) for urls in parts] == [True, False]


def test_an_article_brings_the_picture_at_its_top() -> None:
    article = ArticlePageFactory.create(hero_image=ImageFactory.create())
    Client().get(article.url)

    pictures = [each.text or "" for each in _read("/sitemap.xml").iter(f"{IMAGE}loc")]

    assert len(pictures) == 1
    assert pictures[0].endswith(".jpg")
