"""Who reads with a machine is told what the pages say, and no longer than they say it."""

import re

from django.test import Client
from wagtail.models import PageViewRestriction
import pytest

from storefront.models import ContentPage, SiteSettings
from tests.blog.factories import ArticlePageFactory
from tests.catalog.factories import (
    HomePageFactory,
    OfferFactory,
    ProductPageFactory,
)
from tests.storefront.page_cache import page_cache  # noqa: F401

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("page_cache"),
]


def test_an_article_names_its_twin_and_the_twin_its_article() -> None:
    ArticlePageFactory.create(slug="sun", title="Sun", body=[("text", "<p>Wear a <b>hat</b>.</p>")])

    page = Client().get("/scalp-guide/sun/").content.decode()
    twin = Client().get("/scalp-guide/sun.md")

    assert '<link rel="alternate" type="text/markdown" href="/scalp-guide/sun.md">' in page
    assert twin.headers["Content-Type"] == "text/markdown; charset=utf-8"
    canonical = re.search(r'<link rel="canonical" href="([^"]+/scalp-guide/sun/)">', page)
    assert twin.headers["Link"] == f'<{canonical[1]}>; rel="canonical"'
    assert twin.headers["X-Robots-Tag"] == "noindex"
    assert twin.headers["X-Content-Type-Options"] == "nosniff"
    assert twin.content.decode().startswith('---\ntitle: "Sun"\nslug: "sun"\n')
    assert twin.content.decode().endswith("# Sun\n\nIn short.\n\nWear a **hat**.\n")


def test_a_twin_is_kept_and_forgotten_with_its_article() -> None:
    article = ArticlePageFactory.create(slug="sun")
    client = Client()

    assert client.get("/scalp-guide/sun.md").headers["X-Page-Cache"] == "built"
    assert client.get("/scalp-guide/sun.md").headers["X-Page-Cache"] == "hit"
    article.unpublish()
    assert client.get("/scalp-guide/sun.md").status_code == 404


@pytest.mark.parametrize(
    "path",
    ["/scalp-guide.md", "/shop.md", "/none.md", "/scalp-guide/none.md", "/scalp-guide/sun/x.md"],
)
def test_what_is_no_article_has_no_twin(path: str) -> None:
    ArticlePageFactory.create(slug="sun")

    assert Client().get(path).status_code == 404


def test_what_not_everybody_may_read_has_no_twin() -> None:
    ArticlePageFactory.create(slug="draft", live=False)
    hidden = ArticlePageFactory.create(slug="hidden")
    PageViewRestriction.objects.create(page=hidden, restriction_type="login")

    assert Client().get("/scalp-guide/draft.md").status_code == 404
    assert Client().get("/scalp-guide/hidden.md").status_code == 404
    assert "hidden" not in Client().get("/llms.txt").content.decode()


def test_the_shop_tells_machines_what_it_is_and_where_to_read_on() -> None:
    HomePageFactory.create().add_child(
        instance=ContentPage(title="Delivery", slug="delivery", intro="How we send.")
    )
    stored = SiteSettings.load()
    stored.delivery_note = "Two days in the EU."
    stored.save()
    OfferFactory.create(page=ProductPageFactory.create(title="Quiet [wash]", slug="wash"))
    article = ArticlePageFactory.create(slug="sun", title="Sun", intro="Wear a hat.")
    client = Client()

    told = client.get("/llms.txt")

    lines = told.content.decode().splitlines()
    assert told.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert lines[0] == "# Galea"
    assert "- Two days in the EU." in lines
    assert "- [Sun](http://localhost:8000/scalp-guide/sun.md): Wear a hat." in lines
    assert "- [Delivery](http://localhost:8000/delivery/): How we send." in lines
    assert any(
        line.startswith("- [Quiet \\[wash\\]](http://localhost:8000/shop/") for line in lines
    )

    article.unpublish()

    assert "sun.md" not in client.get("/llms.txt").content.decode()
