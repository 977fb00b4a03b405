"""The least that somebody can buy from: two pages, a way to collect, and articles on demand."""

import datetime as dt
from typing import TypedDict

from django.db import transaction
from wagtail.models import Locale, Page, Site

from catalog import kits, prices, stock
from catalog.batches import keeping
from catalog.models import (
    ContentUnit,
    GiftCardPage,
    Offer,
    OfferKind,
    PackagePage,
    ProductPage,
)
from checkout import baskets, to_send
from checkout.models import DeliveryMethod, DeliveryZone, OrderLine
from checkout.pricing import price_basket
from checkout.selling import amending
from money.money import included_vat
from tests.accounts.factories import UserFactory
from tests.catalog.factories import facts_of_a_product
from tests.checkout.factories import OrderFactory, OrderLineFactory, PaymentFactory
from tests.checkout.invoicing import issued, name_seller
from tests.treatments.factories import ProtocolFactory, SessionPassFactory
from treatments import ledger
from treatments.models import Treatment
from treatments.validity import ValidityRule

PACKAGE_SKU = "MD-6"
SESSIONS = 6
GIFT_CARD_SKU = "GIFT-50"
GIFT_CARD_MINOR = 5000
PRODUCTS_SLUG = "daily-wash"


class TwoAccounts(TypedDict):
    """The ids of what one person has twice, and of who may merge it."""

    accounts: list[int]
    passes: list[int]
    manager: int


def build(*, at: dt.datetime) -> None:
    """Make the pages, one package that is never sold out, and pick-up at the clinic.

    It is known who issues the invoices, so every order that is paid for gets one.
    """
    name_seller()
    Locale.objects.get_or_create(language_code="en-gb")
    root = Page.get_first_root_node() or Page.add_root(instance=Page(title="Root", slug="root"))
    home = root.add_child(instance=Page(title="Home", slug="home"))
    Site.objects.create(hostname="127.0.0.1", root_page=home, is_default_site=True)
    home.add_child(
        instance=ProductPage(
            title="Daily Wash",
            slug=PRODUCTS_SLUG,
            benefit="Gentle every day",
            **facts_of_a_product(),
        )
    )
    zone = DeliveryZone.objects.create(name="Germany", countries="DE")
    DeliveryMethod.objects.create(
        zone=zone, code="pickup", name="Collect at the clinic", kind=DeliveryMethod.Kind.PICKUP
    )
    _package(home, at=at)
    _gift_card(home, at=at)


def _package(home: Page, *, at: dt.datetime) -> None:
    treatment = Treatment.objects.create(
        name="Scalp microdermabrasion",
        slug="microdermabrasion",
        summary="A thorough clean.",
        duration_minutes=45,
    )
    page = home.add_child(
        instance=PackagePage(
            title="Microdermabrasion", slug="md", benefit="Prepaid", treatment=treatment
        )
    )
    prices.create_first(
        offer=Offer(
            sku=PACKAGE_SKU,
            page=page,
            label=f"{SESSIONS} sessions",
            kind=OfferKind.PACKAGE,
            price_minor=42000,
            treatment=treatment,
            sessions=SESSIONS,
            validity_days=365,
            validity_rule=ValidityRule.FROM_FIRST_USE,
            refund_terms_version="2026-01",
        ),
        by=None,
        at=at,
    )


def _gift_card(home: Page, *, at: dt.datetime) -> None:
    page = home.add_child(
        instance=GiftCardPage(title="Gift card", slug="gift-card", benefit="For somebody")
    )
    prices.create_first(
        offer=Offer(
            sku=GIFT_CARD_SKU,
            page=page,
            label="A value",
            kind=OfferKind.GIFT_CARD,
            price_minor=GIFT_CARD_MINOR,
            vat_rate_bp=0,
        ),
        by=None,
        at=at,
    )


def add_article(sku: str, *, on_hand: int, at: dt.datetime) -> Offer:
    """Put one more article on sale, with so many in stock."""
    offer = prices.create_first(
        offer=Offer(
            sku=sku,
            page=Page.objects.get(slug=PRODUCTS_SLUG),
            label=sku,
            kind=OfferKind.PRODUCT,
            price_minor=2400,
            content_amount=250,
            content_unit=ContentUnit.ML,
            weight_grams=300,
        ),
        by=None,
        at=at,
    )
    if on_hand:
        stock.receive(offer_id=offer.pk, quantity=on_hand, reason="Delivery", by=None, at=at)
    return offer


def add_kit(sku: str, *, parts: dict[str, int], at: dt.datetime) -> Offer:
    """Put a kit on sale that is made of so many of each article."""
    kit = add_article(sku, on_hand=0, at=at)
    ids = dict(Offer.objects.filter(sku__in=parts).values_list("sku", "pk"))
    return kits.set_parts(
        kit_id=kit.pk, parts=[(ids[part], count) for part, count in parts.items()]
    )


def add_paid_order(sku: str, *, quantity: int, at: dt.datetime) -> dict[str, int]:
    """Sell all there is of a new article in one order; return the ids of order and item."""
    return _sold(add_article(sku, on_hand=quantity, at=at), quantity=quantity, at=at)


def _sold(offer: Offer, *, quantity: int, at: dt.datetime) -> dict[str, int]:
    gross_minor = quantity * offer.price_minor
    vat_minor = included_vat(gross_minor, 1900)
    order = OrderFactory(paid=True, goods_minor=gross_minor, delivery_minor=0, vat_minor=vat_minor)
    PaymentFactory(order=order)
    OrderLineFactory(order=order, offer=offer, quantity=quantity, vat_minor=vat_minor)
    with transaction.atomic():
        stock.reserve(items=[(offer.pk, quantity)], reference=order.reference, expires_at=at, at=at)
    stock.sell(reference=order.reference)
    to_send.open_for(order)
    issued(order, at=at)
    return {"order": order.pk, "item": order.items_to_send.get().pk}


class Amendment(TypedDict):
    """A basket that is ready to be placed: what goes along, and what comes out for it."""

    order: int
    desk: int
    token: str
    total_minor: int
    back_minor: int


def add_amendment(sku: str, *, quantity: int, at: dt.datetime) -> Amendment:
    """Sell an article, and begin to swap one piece of it for one of another."""
    sold = add_paid_order(sku, quantity=quantity, at=at)
    other = add_article(f"{sku}-OTHER", on_hand=quantity, at=at)
    begun = amending.begin(order_id=sold["order"], by=UserFactory(is_staff=True), at=at)
    basket = baskets.add(basket=begun.basket, user=None, sku=other.sku, quantity=1, at=at)
    line = OrderLine.objects.get(order=sold["order"])
    amending.choose(begun=begun, units={line.pk: 1})
    return Amendment(
        order=sold["order"],
        desk=begun.pk,
        token=basket.checkout_token,
        total_minor=price_basket(basket, at=at, with_pictures=False).total.minor,
        back_minor=line.unit_price_minor,
    )


def add_orders_of_batches(
    sku: str, *, batches: dict[str, int], orders: int, at: dt.datetime
) -> list[dict[str, int]]:
    """Sell one piece each to so many buyers, of an article that came in batches.

    :param batches: how many pieces of each, the first to expire first.
    """
    offer = add_article(sku, on_hand=0, at=at)
    for place, (code, count) in enumerate(batches.items()):
        day = at.date() + dt.timedelta(days=2000 + place)
        batch = keeping.open_batch(offer_id=offer.pk, code=code, expires_on=day, at=at)
        stock.receive(
            offer_id=offer.pk, quantity=count, reason="Delivery", batch_id=batch.pk, by=None, at=at
        )
    return [_sold(offer, quantity=1, at=at) for _ in range(orders)]


def add_passes(
    email: str, *, count: int, sessions: int, min_days: int, at: dt.datetime
) -> list[int]:
    """Give somebody passes of a new treatment, whose sessions are some days apart."""
    name = email.partition("@")[0]
    treatment = Treatment.objects.create(
        name=name, slug=name, summary="A thorough clean.", duration_minutes=45
    )
    ProtocolFactory(treatment=treatment, min_days=min_days)
    return [
        ledger.grant(
            owner=None,
            holder_email=email,
            treatment_id=treatment.pk,
            sessions=sessions,
            validity_rule=ValidityRule.FROM_FIRST_USE,
            validity_days=365,
            reference=f"{name}:{number}",
            reason="Bought",
            by=None,
            at=at,
        ).pk
        for number in range(count)
    ]


def add_person_twice(name: str, *, passes: int, sessions: int, at: dt.datetime) -> TwoAccounts:
    """Let somebody have two accounts, each with passes of one treatment, two weeks apart."""
    treatment = Treatment.objects.create(
        name=name, slug=name, summary="A thorough clean.", duration_minutes=45
    )
    ProtocolFactory(treatment=treatment, min_days=14)
    users = [UserFactory(email=f"{name}-{side}@example.com", verified=True) for side in "ab"]
    rows = [
        SessionPassFactory(
            owner=user,
            holder_email=user.email,
            treatment_id=treatment.pk,
            sessions=sessions,
            reference=f"{user.email}:{number}",
            at=at,
        )
        for user in users
        for number in range(passes)
    ]
    staff = UserFactory(email=f"{name}-manager@example.com", manager=True)
    return TwoAccounts(
        accounts=[user.pk for user in users], passes=[row.pk for row in rows], manager=staff.pk
    )
