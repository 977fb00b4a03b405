"""Runs inside a shop: writes products until there are as many as asked for."""

from __future__ import annotations

import random
import sys
import time
from typing import Any

import django

django.setup()

# Models exist only after the set-up above.
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from catalog.imports.bulk_products import NewProduct, write_products  # noqa: E402
from catalog.models import (  # noqa: E402
    CatalogPage,
    CategoryPage,
    Concern,
    ContentUnit,
    FreeFrom,
    Offer,
    OfferKind,
    ProductPage,
    SkinFeel,
)
from tools.bench.scale_pages import SLUG  # noqa: E402

BATCH = 1000
FIRST = ("Quiet", "Gentle", "Clear", "Soft", "Calm", "Cool", "Light", "Deep", "Plain", "Early")
SECOND = ("Scalp", "Daily", "Barrier", "Mineral", "Overnight", "Oat", "Aloe", "Zinc", "Sea", "Clay")
THIRD = ("Serum", "Wash", "Balm", "Mask", "Mist", "Tonic", "Oil", "Scrub", "Cream", "Rinse")


def main() -> None:
    """Grow to the number in the first argument."""
    wanted = int(sys.argv[1])
    chance = random.Random(wanted)  # noqa: S311 (the same shop each time)
    category = _category()
    words = [list(kind.objects.all()) for kind in (Concern, SkinFeel, FreeFrom)]
    model = next(page for page in ProductPage.objects.live().order_by("pk") if page.ready_markets)
    have = ProductPage.objects.descendant_of(category).count()
    if connection.vendor == "postgresql":
        # Pages keep their limit; filling writes many rows at once and looks through all of them.
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
    begun = time.monotonic()
    for start in range(have, wanted, BATCH):
        numbers = range(start, min(start + BATCH, wanted))
        products = [_product(number, model, category, words, chance) for number in numbers]
        write_products(products=products, by=None, at=timezone.now(), reason="Measuring")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    print(f"{wanted - have} products in {time.monotonic() - begun:.0f} s")


def _category() -> CategoryPage:
    found: CategoryPage | None = CategoryPage.objects.filter(slug=SLUG).first()
    if found is not None:
        return found
    shop = CatalogPage.objects.get()
    added: CategoryPage = shop.add_child(instance=CategoryPage(title="Everything", slug=SLUG))
    return added


def _product(
    number: int,
    model: ProductPage,
    category: CategoryPage,
    words: list[list[Any]],
    chance: random.Random,
) -> NewProduct:
    fields = {
        field.attname: getattr(model, field.attname)
        for field in ProductPage._meta.local_fields
        if field.attname != "page_ptr_id"
    }
    title = " ".join(chance.choice(each) for each in (FIRST, SECOND, THIRD))
    page = ProductPage(title=f"{title} {number}", slug=f"grown-{number:06}", live=True, **fields)
    for name, choices in zip(("concerns", "skin_feels", "free_from"), words, strict=True):
        setattr(page, name, chance.sample(choices, min(len(choices), chance.randint(0, 3))))
    offer = Offer(
        sku=f"GROWN-{number:06}",
        label="250 ml",
        kind=OfferKind.PRODUCT,
        price_minor=chance.randint(500, 9000),
        content_amount=250,
        content_unit=ContentUnit.ML,
        weight_grams=300,
    )
    on_hand = chance.choice((0, 3, 40, 400))
    return NewProduct(page, category, [offer], [on_hand])


if __name__ == "__main__":
    main()
