"""What a search without results leads to: the shop's parts, and what the home page recommends."""

import datetime as dt
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db.models import Min
from django.http import HttpRequest

from catalog import cards
from catalog.cards import Card
from catalog.models import CategoryPage
from storefront.models import HomePageProduct
from storefront.search.visible import visible_pages

MOST_PRODUCTS = 4


@dataclass(frozen=True, slots=True)
class WayOn:
    """A part of the shop to go on to."""

    title: str
    url: str


def categories(request: HttpRequest) -> list[WayOn]:
    """Return the shop's categories; one query."""
    kind = ContentType.objects.get_for_model(CategoryPage)
    pages = visible_pages().filter(content_type=kind).order_by("path")
    return [WayOn(page.title, page.get_url(request) or "") for page in pages]


def products(at: dt.datetime, request: HttpRequest) -> list[Card]:
    """Return the products that the home page shows first; three queries."""
    chosen = HomePageProduct.objects.order_by().values("page_id")
    pages = cards.with_card_facts(visible_pages().filter(pk__in=chosen))
    place = Min("productpage__on_home_pages__sort_order")
    rows = list(pages.annotate(place=place).order_by("place", "pk")[:MOST_PRODUCTS])
    return cards.cards(rows, at, request=request)
