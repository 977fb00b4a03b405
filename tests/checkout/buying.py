"""Somebody who buys: offers to choose from, a basket, details, a placed order."""

from datetime import datetime, timedelta

from wagtail.models import Page

from accounts.models import User
from catalog import prices, stock
from catalog.models import (
    ContentUnit,
    GiftCardPage,
    Offer,
    OfferKind,
    PackagePage,
    ProductPage,
)
from checkout import baskets, payments, placement
from checkout.models import (
    Basket,
    DeliveryMethod,
    DeliveryRate,
    DeliveryZone,
    Order,
)
from checkout.payments import Checkout
from checkout.placement import Address, BuyerDetails
from checkout.pricing import price_basket
from tests.catalog.factories import facts_of_a_product
from treatments.models import Treatment
from treatments.validity import ValidityRule

LAST_WEEK = timedelta(days=7)
ADDRESS = Address("Ada Lindqvist", "Turmstr. 4", "", "10559", "Berlin", "DE")
DETAILS = BuyerDetails(email="ada@example.com", name="Ada Lindqvist", address=ADDRESS)


def product(
    sku: str = "WASH-250", *, price_minor: int = 2400, on_hand: int = 10, at: datetime
) -> Offer:
    """A product on sale, on a live page of its own, with so many in stock."""
    page = Page.get_first_root_node().add_child(
        instance=ProductPage(
            title=f"Daily Wash {sku}", slug=sku.lower(), benefit="Gentle", **facts_of_a_product()
        )
    )
    offer = prices.create_first(
        offer=Offer(
            sku=sku,
            page=page,
            label="250 ml",
            kind=OfferKind.PRODUCT,
            price_minor=price_minor,
            content_amount=250,
            content_unit=ContentUnit.ML,
            weight_grams=300,
        ),
        by=None,
        at=at - LAST_WEEK,
    )
    if on_hand:
        stock.receive(offer_id=offer.pk, quantity=on_hand, reason="Delivery", by=None, at=at)
    return offer


def package(
    sku: str = "MD-6", *, price_minor: int = 42000, sessions: int = 6, at: datetime
) -> Offer:
    """A package of sessions on sale, on a live page of its own."""
    treatment, _ = Treatment.objects.get_or_create(
        slug="microdermabrasion",
        defaults={
            "name": "Scalp microdermabrasion",
            "summary": "A thorough clean.",
            "duration_minutes": 45,
        },
    )
    page = Page.get_first_root_node().add_child(
        instance=PackagePage(
            title="Microdermabrasion sessions",
            slug=sku.lower(),
            benefit="Prepaid",
            treatment=treatment,
        )
    )
    return prices.create_first(
        offer=Offer(
            sku=sku,
            page=page,
            label=f"{sessions} sessions",
            kind=OfferKind.PACKAGE,
            price_minor=price_minor,
            treatment=treatment,
            sessions=sessions,
            validity_days=365,
            validity_rule=ValidityRule.FROM_FIRST_USE,
            refund_terms_version="2026-01",
        ),
        by=None,
        at=at - LAST_WEEK,
    )


def gift_card(sku: str = "GIFT-50", *, price_minor: int = 5000, at: datetime) -> Offer:
    """A gift card on sale, on a live page of its own."""
    page = Page.get_first_root_node().add_child(
        instance=GiftCardPage(title="Gift card", slug=sku.lower(), benefit="For somebody you like")
    )
    return prices.create_first(
        offer=Offer(
            sku=sku,
            page=page,
            label="A value",
            kind=OfferKind.GIFT_CARD,
            price_minor=price_minor,
            vat_rate_bp=0,
        ),
        by=None,
        at=at - LAST_WEEK,
    )


def courier(*, price_minor: int = 490) -> DeliveryMethod:
    """The one way to deliver, within Germany."""
    zone = DeliveryZone.objects.create(name="Germany", countries="DE")
    method = DeliveryMethod.objects.create(zone=zone, code="standard", name="Standard courier")
    DeliveryRate.objects.create(method=method, price_minor=price_minor)
    return method


def basket_with(*wanted: tuple[Offer, int], at: datetime) -> Basket:
    """A guest's basket that holds so many of each offer."""
    basket: Basket | None = None
    for offer, quantity in wanted:
        basket = baskets.add(basket=basket, user=None, sku=offer.sku, quantity=quantity, at=at)
    assert basket is not None
    return basket


def place(basket: Basket, *, at: datetime, details: BuyerDetails = DETAILS) -> Order:
    """Place a guest's order for a basket, at the total that it has now."""
    return placement.place(
        basket=basket,
        checkout_token=basket.checkout_token,
        agreed_total_minor=price_basket(basket, at=at).total.minor,
        details=details,
        user=None,
        at=at,
    )


def check_out(
    basket: Basket,
    *,
    at: datetime,
    details: BuyerDetails = DETAILS,
    checkout_token: str = "",
    agreed_total_minor: int | None = None,
    user: User | None = None,
) -> Checkout:
    """Place the basket's order as the checkout page does."""
    basket.refresh_from_db()
    if agreed_total_minor is None:
        agreed_total_minor = price_basket(basket, at=at).total.minor
    return payments.check_out(
        basket=basket,
        checkout_token=checkout_token or basket.checkout_token,
        agreed_total_minor=agreed_total_minor,
        details=details,
        user=user,
        at=at,
    )


def session_id_of(order: Order) -> str:
    """The id of the order's newest Checkout Session."""
    newest = order.payments.order_by("-attempt").first()
    assert newest is not None
    assert newest.session_id is not None
    return newest.session_id
