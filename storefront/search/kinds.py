"""The kinds of pages that are searched, in the order in which the shop names them."""

from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from wagtail.models import Page

from blog.models import ArticlePage
from catalog.models import GiftCardPage, PackagePage, ProductPage
from storefront.models import ContentPage
from treatments.models import TreatmentPage


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of page; `tier` puts some behind the others however well they match."""

    slug: str
    one: str
    many: str
    model: type[Page]
    weight: float = 1.0
    tier: int = 0


PRODUCT = Kind("product", "Product", "Products", ProductPage, weight=1.2)
PACKAGE = Kind("package", "Sessions", "Sessions", PackagePage, weight=1.1)
GIFT_CARD = Kind("gift-card", "Gift card", "Gift cards", GiftCardPage, weight=1.1)
TREATMENT = Kind("treatment", "Treatment", "Treatments", TreatmentPage, weight=1.1)
ARTICLE = Kind("article", "Article", "Articles", ArticlePage)
HELP = Kind("help", "Help", "Help", ContentPage, tier=1)
KINDS = (PRODUCT, PACKAGE, GIFT_CARD, TREATMENT, ARTICLE, HELP)
BY_SLUG = {kind.slug: kind for kind in KINDS}


def by_content_type() -> dict[int, Kind]:
    """Return the kinds by the number that the search index knows each under."""
    known = ContentType.objects
    return {known.get_for_model(kind.model).pk: kind for kind in KINDS}
