"""Rows of another table beside a row come whole, in order, and with what is empty."""

from django.db.models import OuterRef
import pytest

from catalog.models import Offer, ProductPage
from cms.row_lists import row_list, unpacked
from tests.catalog.factories import OfferFactory, ProductPageFactory

pytestmark = pytest.mark.django_db


def test_each_row_has_its_own_list() -> None:
    one, other, bare = (ProductPageFactory.create(slug=slug) for slug in ("a", "b", "c"))
    labels = ["250 ml", '"500", 1 ml', "", "Ü"]
    for place, label in enumerate(labels):
        OfferFactory.create(page=one, label=label, sort_order=len(labels) - place)
    OfferFactory.create(page=other, label="Other", sort_order=1)
    offers = Offer.objects.filter(page=OuterRef("pk"))

    pages = ProductPage.objects.annotate(
        sizes=row_list(offers, "sort_order", "label", "barcode", "treatment")
    ).in_bulk()

    sizes = {pk: unpacked(page.sizes) for pk, page in pages.items()}
    assert [row[1] for row in sizes[one.pk]] == labels[::-1]
    assert sizes[other.pk] == [[1, "Other", "", None]]
    assert sizes[bare.pk] == []
