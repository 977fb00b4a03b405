import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

from django.contrib.auth.models import Group
from django.contrib.staticfiles import finders
from django.core.exceptions import ValidationError
from django.test import Client
from wagtail.models import PageViewRestriction
import pytest
from pytest_django import DjangoAssertNumQueries

from blog.models import ArticleIndexPage, ArticlePage, ArticleRelatedPage
from blog.reading import reading_minutes
from cms.structured_data import script
from tests.blog.factories import ArticleIndexPageFactory, ArticlePageFactory, PersonFactory
from tests.catalog.factories import ImageFactory, OfferFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def guide() -> ArticleIndexPage:
    page: ArticleIndexPage = ArticleIndexPageFactory()
    return page


def write(guide: ArticleIndexPage, slug: str = "first", **fields: Any) -> ArticlePage:
    page: ArticlePage = ArticlePageFactory(parent=guide, slug=slug, **fields)
    return page


@pytest.mark.parametrize(
    ("texts", "minutes"),
    [
        ([], 1),
        (["word " * 220], 1),
        (["word " * 221], 2),
        (["it’s well-known " * 110, "word"], 2),
    ],
)
def test_reading_time_is_counted_in_words(texts: list[str], minutes: int) -> None:
    assert reading_minutes(texts) == minutes


def test_an_article_knows_how_long_it_takes(guide: ArticleIndexPage) -> None:
    page = write(guide, body=[("text", f"<p>{'word ' * 500}</p>")])

    assert page.reading_minutes == 3


def test_the_guide_lists_the_newest_first_and_nothing_private(
    client: Client, guide: ArticleIndexPage
) -> None:
    write(guide, "older")
    write(guide, "newer", first_published_at=dt.datetime(2026, 2, 1, tzinfo=dt.UTC))
    write(guide, "draft", live=False)
    private = write(guide, "private")
    restriction = PageViewRestriction.objects.create(page=private, restriction_type="groups")
    restriction.groups.add(Group.objects.create(name="Staff"))

    context = client.get("/scalp-guide/").context

    assert [card.title for card in context["articles"]["cards"]] == ["Newer", "Older"]


@pytest.mark.parametrize(("number", "shown"), [("2", 2), ("99", 2), ("0", 2), ("x", 1), ("-1", 2)])
def test_any_page_number_is_answered(
    client: Client, guide: ArticleIndexPage, number: str, shown: int
) -> None:
    for index in range(13):
        write(guide, f"article-{index}")

    response = client.get("/scalp-guide/", {"page": number})

    assert response.context["articles"]["page"].number == shown


def test_an_article_names_author_reviewer_and_sources(
    client: Client, guide: ArticleIndexPage
) -> None:
    write(
        guide,
        reviewer=PersonFactory(reviewing=True),
        last_reviewed_on=dt.date(2026, 1, 5),
        sources=[
            (
                "source",
                {
                    "title": "Scalp care",
                    "publisher": "NHS",
                    "url": "https://www.nhs.uk/",
                    "year": 2024,
                },
            )
        ],
    )

    html = client.get("/scalp-guide/first/").content.decode()

    assert "Ada Lindqvist" in html
    assert "Dr Grace Okafor" in html
    assert '<a href="https://www.nhs.uk/" rel="noopener">Scalp care</a>, NHS, 2024' in html


def test_an_article_leads_to_live_products_in_its_order(
    client: Client, guide: ArticleIndexPage
) -> None:
    home = guide.get_parent().specific
    from tests.catalog.factories import (  # noqa: PLC0415
        CatalogPageFactory,
        CategoryPageFactory,
        ProductPageFactory,
    )

    category = CategoryPageFactory(parent=CatalogPageFactory(parent=home))
    pages = [ProductPageFactory(parent=category, title=title) for title in ("Wash", "Balm", "Old")]
    for page in pages:
        OfferFactory(page=page)
    pages[2].unpublish()
    article = write(guide)
    for order, page in enumerate([pages[1], pages[0], pages[2]]):
        ArticleRelatedPage.objects.create(article=article, page=page, sort_order=order)

    context = client.get("/scalp-guide/first/").context

    assert [card.title for card in context["related"]] == ["Balm", "Wash"]


def test_search_engines_read_the_article_in_their_words(
    client: Client, guide: ArticleIndexPage
) -> None:
    write(guide, title="Wash & </script><script>alert(1)</script>", hero_image=ImageFactory())

    html = client.get("/scalp-guide/first/").content.decode()

    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    data = json.loads(found[0])["@graph"][0]
    assert data["headline"] == "Wash & </script><script>alert(1)</script>"
    assert data["author"] == {
        "@type": "Person",
        "name": "Ada Lindqvist",
        "url": "http://localhost:8000/scalp-guide/people/ada-lindqvist/",
        "jobTitle": "Writer",
    }
    assert data["datePublished"].startswith("2026-01-01")
    assert data["image"][0].startswith("http")
    assert "<script>alert(1)" not in html


def test_data_cannot_end_its_script_element() -> None:
    assert "</script><" not in str(script([{"x": "</script><!--"}]))[:-9]


def test_a_review_cannot_be_due_before_the_last_one(guide: ArticleIndexPage) -> None:
    with pytest.raises(ValidationError, match="article_is_reviewed_again_later"):
        write(
            guide,
            last_reviewed_on=dt.date(2026, 2, 1),
            next_review_on=dt.date(2026, 1, 1),
        )

    assert ArticlePage.objects.count() == 0


def test_the_guide_asks_as_much_for_twelve_articles_as_for_one(
    client: Client,
    guide: ArticleIndexPage,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for index in range(12):
        write(guide, f"article-{index}", hero_image=ImageFactory())
    client.get("/scalp-guide/")

    with django_assert_max_num_queries(12):
        client.get("/scalp-guide/")


@pytest.mark.parametrize(
    ("told", "expected"),
    [("", "Wash &amp; wait."), ("For search engines.", "For search engines.")],
    ids=["left empty", "told"],
)
def test_search_results_and_shared_links_describe_an_article_in_its_own_words(
    guide: ArticleIndexPage, told: str, expected: str
) -> None:
    page = write(guide, intro="Wash & wait.", search_description=told)

    html = Client().get(page.url).content.decode()

    assert f'<meta name="description" content="{expected}">' in html
    assert f'<meta property="og:description" content="{expected}">' in html


def test_an_article_can_be_passed_on_printed_and_left_for_its_top(
    client: Client, guide: ArticleIndexPage
) -> None:
    page = write(guide, title="Sun & scalp")

    html = client.get(page.url).content.decode()

    for way in ("mailto:?subject=Sun%20%26%20scalp", "https://wa.me/?text=Sun%20%26%20scalp"):
        assert f'href="{way}' in html
    # What needs a script stays hidden until the script has come.
    assert re.search(r"<button[^>]* data-share-copy hidden>", html)
    assert re.search(r"<button[^>]* data-print hidden>", html)
    assert '<p class="to-top"><a href="#top">' in html
    assert ' id="top"' in html
    sheet = finders.find("css/article.css")
    assert "css/article.css" in html
    assert "@media print" in Path(sheet).read_text()
