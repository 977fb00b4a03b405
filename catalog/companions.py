"""What is sold for a treatment: its packages, and the kits for the days after."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest
from wagtail.models import Page

from catalog.models import Offer, PackagePage, ProductPage
from cms.companions import Companion
from cms.visible import public

SESSIONS = "Sessions and prices"
KITS = "For the days after"


def sold_for(page: Any, request: HttpRequest | None) -> Iterator[Companion]:
    """Tell of a treatment's packages, and of the aftercare kits that go with them; one query."""
    packages = PackagePage.objects.filter(treatment_id=page.treatment_id)
    chosen = Q(pk__in=packages.values("goes_well_with__related_page")) & Exists(_kit_offers())
    pages = public(Page.objects.filter(Q(pk__in=packages.values("pk")) | chosen))
    rows = pages.select_related("packagepage", "productpage").order_by("path")
    sessions = [row.packagepage for row in rows if hasattr(row, "packagepage")]
    kits = [row.productpage for row in rows if hasattr(row, "productpage")]
    for heading, found in ((SESSIONS, sessions), (KITS, kits)):
        for each in found:
            yield Companion(heading, each.title, each.get_url(request) or "", each.benefit)


def aftercare_kits() -> Any:
    """Return the public products that are kits."""
    return public(ProductPage.objects.filter(Exists(_kit_offers())))


def _kit_offers() -> Any:
    return Offer.objects.filter(page_id=OuterRef("pk"), is_kit=True)
