"""Seed the demo shop in stages, each a transaction: done wholly, or not at all and done next time.

A stage whose first row exists is finished and left alone, so whatever was changed since stays.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from blog.models import ArticleIndexPage, Comment, NewsletterIssue, Person, ReviewRequest
from catalog.models import CatalogPage, ProductPage
from checkout.models import DeliveryZone, Order
from storefront.demo import (
    clinic,
    content,
    discussions,
    guide,
    newsletters,
    pages,
    paper_cards,
    people,
    pictures,
    purchases,
    reviewing,
    searching,
    shelves,
    suitability,
    visits,
)
from storefront.models import HomePage, Synonym
from treatments.models import LedgerEntry, LedgerKind, Protocol, Questionnaire, Treatment

_LIVE_KEYS = ("sk_live_", "rk_live_")


class NotADemo(Exception):
    """The demo must not be seeded where real customers pay."""

    def __init__(self) -> None:
        super().__init__(
            "A live Stripe key is configured: this is a real shop, and it keeps its own pages."
        )


@dataclass(frozen=True)
class Stage:
    """One part of the demo, with the question whether it is there."""

    name: str
    is_done: Callable[[], bool]
    run: Callable[[dt.datetime], None]


def seed(*, at: dt.datetime) -> Iterator[str]:
    """Yield the name of every part of the demo as it is added; what is there stays as it is.

    :raises NotADemo: if a live Stripe key is configured.
    """
    if settings.STRIPE_SECRET_KEY.startswith(_LIVE_KEYS):
        raise NotADemo
    for stage in STAGES:
        if stage.is_done():
            continue
        yield stage.name
        with transaction.atomic():
            stage.run(at)


def _add_products(at: dt.datetime) -> None:
    shelves.add_products(at, demand=shelves.demand_of(purchases.orders()))


def _add_shop_window(at: dt.datetime) -> None:
    shelves.publish_products(at)
    pages.publish_home(at)
    pages.add_texts(at)
    pages.set_up_site()


def _has_all_pictures() -> bool:
    titles = {photo["title"] for photo in content.facts("photos")["photo"]}
    return titles <= set(pictures.by_title())


def _has_sessions() -> bool:
    return LedgerEntry.objects.filter(kind=LedgerKind.REDEEM).exists()


STAGES = (
    Stage("people", people.are_all_there, people.seed),
    Stage("pictures", _has_all_pictures, pictures.seed),
    Stage("home page", HomePage.objects.exists, lambda _at: pages.add_home()),
    Stage("categories", CatalogPage.objects.exists, shelves.add_categories),
    Stage("products", ProductPage.objects.exists, _add_products),
    Stage("treatments and packages", Treatment.objects.exists, clinic.seed),
    Stage("protocols", Protocol.objects.exists, lambda _at: visits.add_protocols()),
    Stage("authors and topics", Person.objects.exists, lambda _at: guide.seed()),
    Stage("articles and menus", ArticleIndexPage.objects.exists, _add_shop_window),
    Stage("reviews", ReviewRequest.objects.exists, reviewing.seed),
    Stage("comments", Comment.objects.exists, discussions.seed),
    Stage("search", Synonym.objects.exists, searching.seed),
    Stage("delivery", DeliveryZone.objects.exists, lambda _at: purchases.add_delivery()),
    Stage("orders", Order.objects.exists, purchases.add_orders),
    Stage("sessions", _has_sessions, visits.add_sessions),
    Stage("paper cards", paper_cards.are_carried_over, paper_cards.carry_over),
    # After the orders: these were placed before anybody asked.
    Stage("suitability checks", Questionnaire.objects.exists, suitability.seed),
    Stage("newsletter", NewsletterIssue.objects.exists, newsletters.seed),
)
