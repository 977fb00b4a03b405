"""Pages, offers and pictures to test with; offers are made by the verb that makes them."""

import datetime as dt
from typing import Any

from django.conf import settings
from wagtail.coreutils import get_supported_content_language_variant
from wagtail.models import Locale, Page, Site
import factory

from catalog import prices, stock
from catalog.markets import Application, Market
from catalog.models import (
    CatalogPage,
    CategoryPage,
    Concern,
    ContentUnit,
    Offer,
    OfferKind,
    PackagePage,
    ProductPage,
    ResponsiblePerson,
)
from cms.models import BasePage, CustomImage
from storefront.models import HomePage
from treatments.models import Treatment
from treatments.validity import ValidityRule

LONG_AGO = dt.datetime(2026, 1, 1, 9, 0, tzinfo=dt.UTC)


class TreatmentFactory(factory.django.DjangoModelFactory):
    name = factory.Sequence(lambda n: f"Treatment {n:06}")
    slug = factory.Sequence(lambda n: f"treatment-{n:06}")
    summary = "A thorough and gentle clean."
    duration_minutes = 45

    class Meta:
        model = Treatment


class ConcernFactory(factory.django.DjangoModelFactory):
    name = factory.Sequence(lambda n: f"concern {n:06}")
    slug = factory.Sequence(lambda n: f"concern-{n:06}")

    class Meta:
        model = Concern


class ImageFactory(factory.django.DjangoModelFactory):
    title = factory.Sequence(lambda n: f"Picture {n:06}")
    alt = "A bottle on a wet stone"
    file = factory.django.ImageField(width=40, height=50, format="JPEG")

    class Meta:
        model = CustomImage


class PageFactory(factory.django.DjangoModelFactory):
    """Adds a live page beneath `parent`; one with the same slug is taken as it is."""

    title = factory.Sequence(lambda n: f"Page {n:06}")

    class Meta:
        model = BasePage
        abstract = True

    @classmethod
    def _create(cls, model_class: type[BasePage], *args: Any, **kwargs: Any) -> BasePage:
        parent = kwargs.pop("parent")
        existing: BasePage | None = model_class.objects.filter(slug=kwargs["slug"]).first()
        return existing or parent.add_child(instance=model_class(*args, **kwargs))


def tree_root() -> Page:
    """Return the root of all pages; a transactional test before may have taken it away."""
    code = get_supported_content_language_variant(settings.LANGUAGE_CODE)
    Locale.objects.get_or_create(language_code=code)
    return Page.get_first_root_node() or Page.add_root(instance=Page(title="Root", slug="root"))


class HomePageFactory(PageFactory):
    """The root of the default site."""

    title = "Galea"
    slug = "galea"
    promise_title = "Gentle"
    parent = factory.LazyFunction(lambda: tree_root())

    class Meta:
        model = HomePage

    @classmethod
    def _create(cls, model_class: type[BasePage], *args: Any, **kwargs: Any) -> BasePage:
        home = super()._create(model_class, *args, **kwargs)
        Site.objects.update_or_create(
            is_default_site=True, defaults={"hostname": "testserver", "root_page": home}
        )
        Site.clear_site_root_paths_cache()
        return home


class CatalogPageFactory(PageFactory):
    title = "Shop"
    slug = "shop"
    parent = factory.SubFactory(HomePageFactory)

    class Meta:
        model = CatalogPage


class CategoryPageFactory(PageFactory):
    title = "Wash"
    slug = "wash"
    parent = factory.SubFactory(CatalogPageFactory)

    class Meta:
        model = CategoryPage


class ResponsiblePersonFactory(factory.django.DjangoModelFactory):
    name = "Galea Haarpflege GmbH"
    postal_address = "Lindenstraße 4, 10969 Berlin, Germany"
    electronic_address = "product@galea.example"
    market = Market.EU

    class Meta:
        model = ResponsiblePerson
        django_get_or_create = ("market", "name")


def facts_of_a_product() -> dict[str, Any]:
    """Return every fact that both markets ask for, to make a product page with."""
    return {
        "function": "Scalp wash",
        "application": Application.RINSE_OFF,
        "ingredients_inci": "Aqua, Glycerin, Panthenol",
        "period_after_opening_months": 12,
        "has_no_warnings": True,
        "made_in": "Germany",
        "eu_responsible_person": ResponsiblePersonFactory(),
        "gb_responsible_person": ResponsiblePersonFactory(market=Market.GB),
    }


class ProductPageFactory(PageFactory):
    """A product with every fact that both markets ask for; `bare` is one without any."""

    slug = factory.Sequence(lambda n: f"product-{n:06}")
    benefit = "Cleans without stripping."
    parent = factory.SubFactory(CategoryPageFactory)
    function = "Scalp wash"
    application = Application.RINSE_OFF
    ingredients_inci = "Aqua, Glycerin, Panthenol"
    period_after_opening_months = 12
    has_no_warnings = True
    made_in = "Germany"
    eu_responsible_person = factory.SubFactory(ResponsiblePersonFactory)
    gb_responsible_person = factory.SubFactory(ResponsiblePersonFactory, market=Market.GB)

    class Meta:
        model = ProductPage

    class Params:
        bare = factory.Trait(
            function="",
            application="",
            ingredients_inci="",
            period_after_opening_months=None,
            has_no_warnings=False,
            made_in="",
            eu_responsible_person=None,
            gb_responsible_person=None,
        )


class PackagePageFactory(PageFactory):
    slug = factory.Sequence(lambda n: f"package-{n:06}")
    benefit = "Prepaid sessions."
    treatment = factory.SubFactory(TreatmentFactory)
    parent = factory.SubFactory(CategoryPageFactory)

    class Meta:
        model = PackagePage


class OfferFactory(factory.django.DjangoModelFactory):
    """An offer with its first price; `on_hand` receives goods along."""

    sku = factory.Sequence(lambda n: f"SKU-{n:06}")
    page = factory.SubFactory(ProductPageFactory)
    label = "250 ml"
    kind = OfferKind.PRODUCT
    price_minor = 2400
    content_amount = 250
    content_unit = ContentUnit.ML
    weight_grams = 300
    at = LONG_AGO
    on_hand = 10

    class Meta:
        model = Offer

    class Params:
        package = factory.Trait(
            page=factory.SubFactory(PackagePageFactory),
            kind=OfferKind.PACKAGE,
            label="6 sessions",
            price_minor=42000,
            content_amount=None,
            content_unit="",
            weight_grams=0,
            on_hand=0,
            treatment=factory.SubFactory(TreatmentFactory),
            sessions=6,
            validity_days=365,
            validity_rule=ValidityRule.FROM_FIRST_USE,
            refund_terms_version="2026-01",
        )

    @classmethod
    def _create(cls, model_class: type[Offer], *_args: Any, **kwargs: Any) -> Offer:
        at, on_hand = kwargs.pop("at"), kwargs.pop("on_hand")
        offer = prices.create_first(offer=model_class(**kwargs), by=None, at=at)
        if on_hand:
            stock.receive(offer_id=offer.pk, quantity=on_hand, reason="Delivery", by=None, at=at)
        return offer
