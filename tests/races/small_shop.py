"""The least that somebody can buy from: two pages, a way to collect, and articles on demand."""

import datetime as dt

from wagtail.models import Locale, Page, Site

from catalog import kits, prices, stock
from catalog.models import ContentUnit, Offer, OfferKind, PackagePage, ProductPage
from checkout.models import DeliveryMethod, DeliveryZone
from tests.catalog.factories import facts_of_a_product
from tests.treatments.factories import ProtocolFactory
from treatments import ledger
from treatments.models import Treatment
from treatments.validity import ValidityRule

PACKAGE_SKU = "MD-6"
SESSIONS = 6
PRODUCTS_SLUG = "daily-wash"


def build(*, at: dt.datetime) -> None:
    """Make the pages, one package that is never sold out, and pick-up at the clinic."""
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
