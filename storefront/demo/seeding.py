"""Seed the demo shop in stages, each a transaction: done wholly, or not at all and done next time.

A stage whose first row exists is finished and left alone, so whatever was changed since stays.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from blog.models import ArticleIndexPage, Comment, NewsletterIssue, Person, ReviewRequest
from catalog.models import CatalogPage, GiftCardPage, ProductPage, StockTake
from checkout.models import (
    DeliveryAddress,
    DeliveryZone,
    Discount,
    InvoiceSeller,
    Order,
    StripeBooking,
    Withdrawal,
)
from storefront.demo import (
    appointments,
    batches,
    clinic,
    content,
    counter,
    discounts,
    discussions,
    gift_cards,
    gifts,
    guide,
    newsletters,
    pages,
    paper_cards,
    people,
    pictures,
    purchases,
    returning,
    reviewing,
    searching,
    shelves,
    stripe_books,
    suitability,
    visits,
)
from storefront.models import HomePage, Synonym
from treatments.models import (
    Appointment,
    Gift,
    LedgerEntry,
    LedgerKind,
    Protocol,
    Questionnaire,
    Treatment,
)

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
    shelves.add_products(at, demand=shelves.demand_of([*purchases.orders(), *counter.orders()]))


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


def _has_counter_orders() -> bool:
    return Order.objects.filter(held_until__isnull=False).exists()


STAGES = (
    Stage("people", people.are_all_there, people.seed),
    Stage("pictures", _has_all_pictures, pictures.seed),
    Stage("home page", HomePage.objects.exists, lambda _at: pages.add_home()),
    Stage("categories", CatalogPage.objects.exists, shelves.add_categories),
    Stage("products", ProductPage.objects.exists, _add_products),
    Stage("treatments and packages", Treatment.objects.exists, clinic.seed),
    Stage("gift cards", GiftCardPage.objects.exists, gift_cards.seed),
    Stage("protocols", Protocol.objects.exists, lambda _at: visits.add_protocols()),
    Stage("authors and topics", Person.objects.exists, lambda _at: guide.seed()),
    Stage("articles and menus", ArticleIndexPage.objects.exists, _add_shop_window),
    Stage("reviews", ReviewRequest.objects.exists, reviewing.seed),
    Stage("comments", Comment.objects.exists, discussions.seed),
    Stage("search", Synonym.objects.exists, searching.seed),
    Stage("delivery", DeliveryZone.objects.exists, lambda _at: purchases.add_delivery()),
    Stage("invoices", InvoiceSeller.objects.exists, lambda _at: purchases.name_seller()),
    Stage("discounts", Discount.objects.exists, discounts.seed),
    Stage("orders", Order.objects.exists, purchases.add_orders),
    Stage("what came back", Withdrawal.objects.exists, returning.seed),
    Stage("orders made by staff", _has_counter_orders, counter.seed),
    Stage("Stripe's books", StripeBooking.objects.exists, stripe_books.seed),
    Stage("a count and a drill", StockTake.objects.exists, batches.seed),
    Stage("sessions", _has_sessions, visits.add_sessions),
    Stage("paper cards", paper_cards.are_carried_over, paper_cards.carry_over),
    Stage("appointments", Appointment.objects.exists, appointments.seed),
    Stage("addresses", DeliveryAddress.objects.exists, people.add_addresses),
    # After the orders: these were placed before anybody asked.
    Stage("suitability checks", Questionnaire.objects.exists, suitability.seed),
    Stage("gifts", Gift.objects.exists, gifts.seed),
    Stage("newsletter", NewsletterIssue.objects.exists, newsletters.seed),
)
