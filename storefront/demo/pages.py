"""The demo's pages around the shop: home page, articles, legal texts, menus and settings."""

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from wagtail.models import Page, Site

from blog.models import ArticleIndexPage, ArticlePage, ArticleRelatedPage, Person, Topic
from catalog.models import PackagePage, ProductPage
from cms.models import CustomImage
from storefront.demo import content, markup, people, pictures, reviewing, tree
from storefront.demo.shelves import OPENED
from storefront.models import (
    ContentPage,
    HomePage,
    HomePagePackage,
    HomePageProduct,
    SiteSettings,
)

_PLACEHOLDER_SLUG = "galea-home"


def add_home() -> None:
    """Put the home page in the place of the page that Wagtail starts with."""
    facts = content.facts("shop")["home"]
    root = Page.get_first_root_node()
    page = HomePage(
        title=facts["title"],
        slug=_PLACEHOLDER_SLUG,
        seo_title=facts["seo_title"],
        search_description=facts["search_description"],
        hero_image=pictures.by_title()[facts["photo"]],
        promise_title=facts["promise_title"],
        promise_text=facts["promise_text"],
        concern_title=facts["concern_title"],
        concern_text=facts["concern_text"],
        visit_title=facts["visit_title"],
        visit_steps=tree.steps(facts["visit_steps"]),
    )
    root.add_child(instance=page)
    _make_site(page)
    # The site must have moved first: deleting its page would delete it as well.
    for welcome in root.get_children().exclude(pk=page.pk).filter(slug="home"):
        welcome.delete()
    page = tree.home()
    page.slug = "home"
    page.save()


def _make_site(home: HomePage) -> None:
    address = urlsplit(settings.SITE_URL)
    port = address.port or (443 if address.scheme == "https" else 80)
    Site.objects.update_or_create(
        is_default_site=True,
        defaults={
            "hostname": address.hostname or "localhost",
            "port": port,
            "site_name": settings.WAGTAIL_SITE_NAME,
            "root_page": home,
        },
    )
    Site.clear_site_root_paths_cache()


def publish_home(at: dt.datetime) -> None:
    """Choose the products and packages that the home page shows, and publish it."""
    facts = content.facts("shop")["home"]
    page = tree.home()
    page.featured_products = [
        HomePageProduct(page=ProductPage.objects.get(slug=slug), sort_order=order)
        for order, slug in enumerate(facts["featured_products"])
    ]
    page.featured_packages = [
        HomePagePackage(page=PackagePage.objects.get(slug=slug), sort_order=order)
        for order, slug in enumerate(facts["featured_packages"])
    ]
    tree.publish(page, by=people.marketer(), at=at - OPENED)


def add_texts(at: dt.datetime) -> None:
    """Add the articles and the plain pages, first empty, so that any may link to any."""
    index = ArticleIndexPage(show_in_menus=True, **content.facts("shop")["guide"])
    by = people.marketer()
    tree.add(tree.home(), index, by=by, at=at - OPENED)
    images = pictures.by_title()
    empty: list[tuple[Page, content.Document, dt.datetime]] = []
    for document in content.documents("articles"):
        published = at - dt.timedelta(days=document.facts["published_days_ago"])
        article = new_article(document.facts, images)
        index.add_child(instance=article)
        empty.append((article, document, published))
    for document in content.documents("pages"):
        plain = _plain_page(document.facts)
        tree.home().add_child(instance=plain)
        empty.append((plain, document, at - OPENED))
    for page, document, published in empty:
        page.body = tree.body(document.text)
        if isinstance(page, ArticlePage):
            reviewing.approve(page, document.facts, by=by, at=at)
        tree.publish(page, by=by, at=published)


def new_article(facts: content.Facts, images: Mapping[str, CustomImage]) -> ArticlePage:
    """Return an article without its body, to be put into the tree."""
    page = ArticlePage(
        live=False,
        title=facts["title"],
        slug=facts["slug"],
        search_description=facts["search_description"],
        intro=facts["intro"],
        hero_image=images[facts["photo"]],
        author=Person.objects.get(slug=facts["author"]),
        sources=tree.stream("source", [_source(source) for source in facts["sources"]]),
    )
    page.topics = list(Topic.objects.filter(slug__in=facts["topics"]))
    page.tags.add(*facts["tags"])
    page.related_pages = [
        ArticleRelatedPage(page=_sold(slug), sort_order=order)
        for order, slug in enumerate(facts["related"])
    ]
    return page


def _source(facts: content.Facts) -> dict[str, Any]:
    return {
        "title": facts["title"],
        "publisher": facts["organisation"],
        "url": facts.get("url", ""),
        "year": facts.get("year"),
    }


def _sold(slug: str) -> Page:
    """Return the product or package page of a slug; a treatment's page may share its name."""
    shop: str = Page.objects.get(depth=3, slug="shop").url_path
    found: Page = Page.objects.get(url_path__startswith=shop, slug=slug)
    return found


def _plain_page(facts: content.Facts) -> ContentPage:
    return ContentPage(
        live=False,
        title=facts["title"],
        slug=facts["slug"],
        search_description=facts["search_description"],
        intro=facts["intro"],
    )


def set_up_site() -> None:
    """Write the clinic's facts and the menus."""
    shop = content.facts("shop")
    stored = SiteSettings.load()
    for name, value in shop["settings"].items():
        setattr(stored, name, value.strip())
    stored.main_navigation = json.dumps([_menu_link(link) for link in shop["navigation"]])
    stored.footer_groups = json.dumps([_footer_group(group) for group in shop["footer"]])
    stored.save()


def _menu_link(link: content.Facts) -> markup.Block:
    return markup.block("link", _link(link["title"], link["url"]))


def _footer_group(group: content.Facts) -> markup.Block:
    links = markup.items(_link(title, url) for title, url in group["links"])
    return markup.block("group", {"title": group["title"], "links": links})


def _link(title: str, url: str) -> dict[str, Any]:
    page = tree.page_at(url)
    if page is None:
        tree.check_view(url)
    return {"title": title, "page": page.pk if page else None, "url": "" if page else url}
