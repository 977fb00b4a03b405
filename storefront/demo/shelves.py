"""The shop's shelves: categories, concerns and products, with their prices and stock."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal

from django.utils import timezone
from wagtail.models import Page

from accounts.models import User
from catalog import kits, prices, stock
from catalog.models import (
    CatalogPage,
    CategoryPage,
    Concern,
    Offer,
    ProductPage,
    ProductPageImage,
    ProductPageRecommendation,
)
from cms.models import CustomImage
from money.money import Money
from storefront.demo import batches, content, markup, people, pictures, tree, words

OPENED = dt.timedelta(days=120)
DELIVERED = dt.timedelta(days=118)
DEFAULT_BACK_ORDER_DAYS = 14
LOW_FROM = 5


def add_categories(at: dt.datetime) -> None:
    """Add the page of the whole shop, its categories and the words that products are found by."""
    facts = content.facts("categories")
    images = pictures.by_title()
    opened, by = at - OPENED, people.marketer()
    for order, concern in enumerate(facts["concern"]):
        Concern.objects.create(sort_order=order, **concern)
    words.add_words()
    catalog = CatalogPage(show_in_menus=True, **_texts(facts["catalog"]))
    tree.add(tree.home(), catalog, by=by, at=opened)
    for category in facts["category"]:
        page = CategoryPage(
            image=images[category["photo"]],
            blurb=category["blurb"],
            show_in_menus=True,
            **_texts(category),
        )
        tree.add(catalog, page, by=by, at=opened)


def add_products(at: dt.datetime, *, demand: Mapping[str, int]) -> None:
    """Add every product with its offers, as a draft: it is published with its company.

    :param demand: pieces per SKU that the demo's past orders will take, delivered on top, so
        that what the data files promise is what is left.
    """
    images = pictures.by_title()
    categories = {page.slug: page for page in CategoryPage.objects.all()}
    for product in content.each("products"):
        page = _product_page(product, images)
        categories[product["category"]].add_child(instance=page)
        for order, offer in enumerate(product["offers"]):
            _add_offer(page, offer, order, demand=demand, at=at)
    for kit, parts in _kits().items():
        ids = dict(Offer.objects.filter(sku__in=[kit, *dict(parts)]).values_list("sku", "pk"))
        kits.set_parts(kit_id=ids[kit], parts=[(ids[sku], count) for sku, count in parts])


def publish_products(at: dt.datetime) -> None:
    """Say which pages go well together, now that all of them exist, and publish the products."""
    pages = {
        page.slug: page
        for page in Page.objects.filter(depth__gt=3, url_path__contains="/shop/").specific()
    }
    by = people.marketer()
    for product in content.each("products"):
        page = pages[product["slug"]]
        page.goes_well_with = [
            ProductPageRecommendation(related_page=pages[slug], sort_order=order)
            for order, slug in enumerate(product["goes_well_with"])
        ]
        tree.publish(page, by=by, at=at - OPENED)


def _texts(facts: content.Facts) -> dict[str, str]:
    return {
        "title": facts["title"],
        "slug": facts["slug"],
        "seo_title": facts.get("seo_title", ""),
        "search_description": facts["search_description"],
        "intro": markup.rich_text(facts["intro"]),
    }


def _product_page(product: content.Facts, images: Mapping[str, CustomImage]) -> ProductPage:
    page = ProductPage(
        live=False,
        benefit=product["benefit"],
        body=tree.body(product["body"]),
        how_to_use=markup.rich_text(product["how_to_use"]),
        suited_to=markup.rich_text(product["suited_to"]),
        not_for=markup.rich_text(product["not_for"]),
        key_ingredients=tree.stream("ingredient", product.get("key_ingredients", [])),
        ph_from=_decimal(product.get("ph_from")),
        ph_to=_decimal(product.get("ph_to")),
        scale_image=images[product["scale_photo"]],
        scale_note=product["scale_note"],
        **words.facts_of(product),
        **_texts(product),
    )
    page.gallery_images.set(
        [
            ProductPageImage(image=images[title], sort_order=order)
            for order, title in enumerate(product["photos"])
        ]
    )
    words.find_by(page, product)
    page.concerns = list(Concern.objects.filter(slug__in=product["concerns"]))
    return page


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _add_offer(
    page: ProductPage,
    facts: content.Facts,
    order: int,
    *,
    demand: Mapping[str, int],
    at: dt.datetime,
) -> None:
    by = people.manager()
    offer = prices.create_first(
        offer=Offer(
            sku=facts["sku"],
            page=page,
            label=facts["label"],
            price_minor=Money.parse(facts["price"]).minor,
            content_amount=facts.get("content"),
            content_unit=facts.get("unit", ""),
            weight_grams=facts["weight_grams"],
            barcode=facts["barcode"],
            sort_order=order,
        ),
        by=by,
        at=at - OPENED,
    )
    for change in facts.get("price_changes", []):
        prices.change(
            offer_id=offer.pk,
            price_minor=Money.parse(change["price"]).minor,
            is_reduction=change.get("is_reduction", False),
            reason=change["reason"],
            by=by,
            at=at - dt.timedelta(days=change["days_ago"]),
        )
    _fill(offer, facts, demand=demand, by=by, at=at)


def _fill(
    offer: Offer, facts: content.Facts, *, demand: Mapping[str, int], by: User, at: dt.datetime
) -> None:
    stock.configure(
        offer_id=offer.pk,
        low_from=LOW_FROM,
        back_order_limit=facts.get("back_order_limit", 0),
        back_order_days=facts.get("back_order_days", DEFAULT_BACK_ORDER_DAYS),
    )
    quantity = facts["on_hand"] + demand.get(offer.sku, 0)
    delivered, today = at - DELIVERED, timezone.localdate(at)
    if not quantity or batches.deliver(offer, quantity, by=by, at=delivered, today=today):
        return
    stock.receive(
        offer_id=offer.pk,
        quantity=quantity,
        reason="Delivery from the maker",
        by=by,
        at=delivered,
    )


def demand_of(orders: list[content.Facts]) -> Counter[str]:
    """Count the pieces per SKU that past orders take or keep; kits by their parts."""
    taken: Counter[str] = Counter()
    parts = _kits()
    for order in orders:
        if order.get("ends") not in {"CANCELLED", "EXPIRED"}:
            for sku, quantity in order["lines"]:
                for part, count in parts.get(sku, [(sku, 1)]):
                    taken[part] += count * quantity
    return taken


def _kits() -> dict[str, list[tuple[str, int]]]:
    """Return the SKUs of kits, each with its parts' SKUs and how many of them."""
    return {
        offer["sku"]: [(sku, count) for sku, count in offer["parts"]]
        for product in content.each("products")
        for offer in product["offers"]
        if "parts" in offer
    }
