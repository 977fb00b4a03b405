"""Runs inside the measured shop: adds a full category and baskets, and counts queries.

Prints one JSON object: for each page its queries when built from nothing, and its cookie.
"""

from __future__ import annotations

import json
import sys

import django

django.setup()

# Models exist only after the set-up above.
from django.core.cache import cache  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402
from wagtail.models import Page, Site  # noqa: E402

from catalog import prices, stock  # noqa: E402
from catalog.models import (  # noqa: E402
    CatalogPage,
    CategoryPage,
    ContentUnit,
    Offer,
    OfferKind,
    ProductPage,
)
from cms import pictures  # noqa: E402
from storefront.prerendering import prerender  # noqa: E402
from tools.bench.pages import CATEGORY, ITEMS, PAGES, Measured  # noqa: E402
from tools.bench.servers import HOST  # noqa: E402

SLUG = CATEGORY.rstrip("/").rpartition("/")[2]


def main() -> None:
    """Fill the shop, then look at every page once warm and once cold."""
    furnish()
    json.dump({page.name: _look(page) for page in PAGES}, sys.stdout)


def furnish() -> None:
    """Add a category of copies of the demo's products, each with two sizes and its pictures."""
    shop = CatalogPage.objects.get()
    category = shop.add_child(instance=CategoryPage(title="Measured", slug=SLUG, intro="Twenty."))
    models = list(ProductPage.objects.live().order_by("path"))
    for number in range(1, ITEMS + 2):
        name = f"measured-{number:02}"
        model = models[number % len(models)]
        attributes = {"slug": name, "title": f"{model.title} {number}"}
        copy = model.copy(
            to=category, update_attrs=attributes, copy_revisions=False, log_action=None
        )
        for size, millilitres in (("A", 250), ("B", 500)):
            _offer(copy, f"{name.upper()}-{size}", millilitres)
    Site.objects.update(hostname=HOST, port=443)
    Site.clear_site_root_paths_cache()
    for _ in prerender(workers=1):
        pass
    pictures.render_missing(seconds=600)


def _offer(page: Page, sku: str, millilitres: int) -> None:
    now = timezone.now()
    offer = Offer(
        sku=sku,
        page=page,
        label=f"{millilitres} ml",
        kind=OfferKind.PRODUCT,
        price_minor=10 * millilitres,
        content_amount=millilitres,
        content_unit=ContentUnit.ML,
        weight_grams=millilitres,
    )
    prices.create_first(offer=offer, by=None, at=now)
    stock.receive(offer_id=offer.pk, quantity=100_000, reason="Measuring", by=None, at=now)


def _look(page: Measured) -> dict[str, str | int]:
    client = Client(headers={"origin": f"https://{HOST}"}, SERVER_NAME=HOST)
    skus = Offer.objects.filter(sku__startswith="MEASURED-").order_by("sku")
    for sku in skus.values_list("sku", flat=True)[: page.lines]:
        client.post("/basket/add/", {"sku": sku, "quantity": "1"}, secure=True)
    cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    _ask(client, page)
    # Built from nothing: not even what surrounds every page is remembered.
    cache.clear()
    Site.clear_site_root_paths_cache()
    with CaptureQueriesContext(connection) as queries:
        status = _ask(Client(headers={"origin": f"https://{HOST}"}) if page.sku else client, page)
    return {"queries": len(queries), "cookie": cookie if page.lines else "", "status": status}


def _ask(client: Client, page: Measured) -> int:
    if page.sku:
        fields = {"sku": page.sku, "quantity": "1"}
        answer = client.post(page.path, fields, secure=True, SERVER_NAME=HOST)
    else:
        answer = client.get(page.path, secure=True, SERVER_NAME=HOST)
    return int(answer.status_code)


if __name__ == "__main__":
    main()
