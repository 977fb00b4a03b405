"""How often a cold page asks the database, and that no template does."""

import datetime as dt
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.template.base import Template
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Site
import pytest
from pytest_django import DjangoDbBlocker

from blog.models import ArticlePage, ArticleRelatedPage
from catalog import kits
from catalog.models import Offer, ProductPageImage
from catalog.models.gallery import PackagePageImage
from catalog.models.product_page import ProductPageRecommendation
from checkout.models import Holiday
from cms import pictures
from storefront.models import SiteSettings
from tests.blog.factories import ArticlePageFactory, PersonFactory, TopicFactory
from tests.catalog.factories import (
    CatalogPageFactory,
    CategoryPageFactory,
    ImageFactory,
    OfferFactory,
    PackagePageFactory,
    ProductPageFactory,
    TreatmentFactory,
)
from tests.checkout import buying
from tests.shared_rows import kept_for_many
from treatments.models import CareTag, TreatmentIndexPage, TreatmentPage

pytestmark = [pytest.mark.django_db, pytest.mark.indexed]

# Without anything that a process keeps from one page to the next, not even what surrounds them.
PAGE_BUDGETS = {
    "home": 12,
    "catalogue": 12,
    "category": 12,
    "product": 10,
    "package": 10,
    "article": 14,
    "search": 12,
    "suggestions": 12,
}
BASKET_BUDGET = 15
ITEMS = 24
# Which of them is a kit; it is sold below the article.
KIT = 3


@pytest.fixture(scope="module")
def pages(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, str]]:
    """The addresses of a shop whose category lists 24 products."""
    with kept_for_many(django_db_blocker):
        urls = _filled()
        _show_once(urls)
        yield urls


def _filled() -> dict[str, str]:
    """Fill the shop; each product has pictures and two sizes."""
    category = CategoryPageFactory.create()
    for number in range(ITEMS):
        page = ProductPageFactory.create(parent=category, slug=f"wash-{number}")
        page.gallery_images = [
            ProductPageImage(image=ImageFactory.create(), sort_order=order) for order in range(2)
        ]
        page.save()
        OfferFactory.create(page=page, sku=f"S-{number}-A", on_hand=10 * (number != KIT))
        OfferFactory.create(page=page, sku=f"S-{number}-B", label="500 ml", price_minor=3900)
    treatment = TreatmentFactory.create()
    package = PackagePageFactory.create(treatment=treatment, slug="sessions")
    package.gallery_images = [PackagePageImage(image=ImageFactory.create())]
    package.save()
    page.care_tags = [CareTag.objects.create(name="Gentle", slug="gentle", gentle_from_day=3)]
    page.goes_well_with = [ProductPageRecommendation(related_page=package)]
    page.save()
    _surround(category)
    for sessions in (1, 3, 6, 10):
        OfferFactory.create(
            page=package,
            package=True,
            treatment=treatment,
            sku=f"P-{sessions}",
            sessions=sessions,
            price_minor=8000 * sessions,
        )
    kit, part = (Offer.objects.get(sku=f"S-{number}-A") for number in (KIT, KIT + 1))
    kits.set_parts(kit_id=kit.pk, parts=[(part.pk, 2)])
    return {
        "article": _article([page, package], kit.page).url,
        "home": "/",
        "catalogue": CatalogPageFactory.create().url,
        "category": category.url,
        "product": page.url,
        "package": package.url,
        "search": "/search/?q=wash",
        "suggestions": "/search/suggest/?q=wa",
        "basket": "/basket/",
        "checkout": "/checkout/",
    }


def _surround(page: Any) -> None:
    """Give the shop what stands on every page: menus, and a day of delivery after a holiday."""
    shop = SiteSettings.load()
    shop.main_navigation = [("link", {"title": "Washes", "page": page})]
    shop.save()
    buying.courier()
    Holiday.objects.create(on=timezone.localdate() + dt.timedelta(days=1), name="Closed")


def _article(sold: list[Any], kit: Any) -> ArticlePage:
    """An article with everything that one can hold, and articles around it."""
    picture, portrait = ImageFactory.create(), ImageFactory.create()
    index = TreatmentIndexPage(title="Treatments", slug="treatments")
    treatment = sold[1].treatment
    home = CatalogPageFactory.create().get_parent()
    polish = home.add_child(instance=index).add_child(
        instance=TreatmentPage(
            title="Polish",
            slug="polish",
            treatment=treatment,
            intro="Fine.",
            aftercare="<p>Hat.</p>",
        )
    )
    link = f'<p><a linktype="page" id="{sold[0].pk}">A wash</a> [1]</p>'
    others = [ArticlePageFactory.create(slug=f"other-{number}") for number in range(3)]
    page: ArticlePage = ArticlePageFactory.create(
        slug="mine",
        author=PersonFactory.create(portrait=portrait),
        reviewer=PersonFactory.create(reviewing=True, portrait=portrait),
        hero_image=picture,
        read_next=[("article", others[0].pk)],
        sources=[("source", {"title": "Skin", "publisher": "", "url": "", "year": None})],
        body=[
            ("text", f"<h2>One</h2>{link}"),
            ("figure", {"image": picture, "alt": "", "caption": ""}),
            ("product_card", {"page": sold[0].pk, "note": ""}),
            ("package_card", {"page": sold[1].pk, "note": ""}),
            ("treatment_card", {"page": polish.pk}),
            ("aftercare", {"page": polish.pk}),
            ("text", link),
        ],
    )
    page.topics = [TopicFactory.create()]
    page.tags.add("Sun")
    page.related_pages = [
        ArticleRelatedPage(page=each, sort_order=order) for order, each in enumerate((sold[0], kit))
    ]
    page.save()
    ArticlePageFactory.create(slug="later")
    return page


def _show_once(urls: dict[str, str]) -> None:
    """Let the picture files of all pages be made: that happens once in a shop's life."""
    for url in urls.values():
        Client().get(url)
    pictures.render_missing()


@pytest.fixture
def cold() -> Iterator[Callable[[], None]]:
    """Forget whatever a page keeps for the next one."""

    def forget() -> None:
        cache.clear()
        Site.clear_site_root_paths_cache()

    yield forget
    forget()


class TemplateQueries:
    """Notes the queries that are made while a template's nodes are rendered."""

    def __init__(self) -> None:
        self.made: list[str] = []
        self._depth = 0

    @contextmanager
    def watched(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        render = Template._render  # type: ignore[attr-defined]

        def _render(template: Template, context: Any) -> Any:
            self._depth += 1
            try:
                return render(template, context)
            finally:
                self._depth -= 1

        with monkeypatch.context() as patch, ExitStack() as stack:
            patch.setattr(Template, "_render", _render)
            stack.enter_context(connection.execute_wrapper(self._note))
            yield

    def _note(self, execute: Any, sql: str, *arguments: Any) -> Any:
        if self._depth:
            ours = [
                f"{frame.filename.rsplit('/', 2)[-2:]}:{frame.lineno} {frame.name}"
                for frame in traceback.extract_stack()
                if "/django/" not in frame.filename and "pytest" not in frame.filename
            ]
            self.made.append(f"{sql[:120]} by {ours[-4:-1]}")
        return execute(sql, *arguments)


@pytest.mark.parametrize("name", PAGE_BUDGETS)
def test_a_cold_page_asks_few_times_and_never_from_a_template(
    pages: dict[str, str],
    cold: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    """Law 13: what a template shows was read before."""
    templates = TemplateQueries()
    Client().get(pages[name])  # A process reads the index of the lists once.
    cold()

    with (
        CaptureQueriesContext(
            connection,
        ) as queries,
        templates.watched(monkeypatch),
    ):
        answer = Client().get(pages[name])

    assert answer.status_code == 200
    assert len(queries) <= PAGE_BUDGETS[name], [query["sql"][:150] for query in queries]
    assert templates.made == []


@pytest.mark.parametrize("name", ["basket", "checkout"])
def test_a_cold_basket_asks_at_most_fifteen_times_and_never_from_a_template(
    pages: dict[str, str],
    cold: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    """The same for a basket of three products and a package."""
    client = Client(headers={"Origin": "http://testserver"})
    for sku in ("S-0-A", "S-1-B", "S-2-A", "P-6"):
        assert client.post("/basket/add/", {"sku": sku, "quantity": "1"}).status_code == 303
    client.get(pages[name])
    pictures.render_missing()
    templates = TemplateQueries()
    cold()

    with CaptureQueriesContext(connection) as queries, templates.watched(monkeypatch):
        answer = client.get(pages[name])

    assert answer.status_code == 200
    assert len(queries) <= BASKET_BUDGET, [query["sql"][:150] for query in queries]
    assert templates.made == []
