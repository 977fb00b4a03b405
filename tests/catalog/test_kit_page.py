"""A kit's page says what is in it."""

from django.test import Client
import pytest

from catalog import kits
from catalog.markets import Application
from catalog.models import ProductPageImage
from tests.catalog.factories import ImageFactory, OfferFactory

pytestmark = pytest.mark.django_db


def test_a_kits_page_names_links_and_pictures_its_parts(client: Client) -> None:
    balm, mist = OfferFactory(price_minor=3200), OfferFactory(price_minor=1900, on_hand=0)
    balm.page.gallery_images = [ProductPageImage(image=ImageFactory())]
    balm.page.save()
    facts = {"page__application": Application.SET, "content_amount": None, "content_unit": ""}
    kit = OfferFactory(label="Set", on_hand=0, price_minor=4500, **facts)
    kits.set_parts(kit_id=kit.pk, parts=[(balm.pk, 1), (mist.pk, 2)])

    answer = client.get(kit.page.url)

    [view] = answer.context["kits"]
    page = answer.content.decode()
    assert [(part.label, part.quantity, part.is_buyable) for part in view.parts] == [
        ("250 ml", 1, True),
        ("250 ml", 2, False),
    ]
    assert f'<a href="{balm.page.url}">{balm.page.title}</a>' in page
    assert view.parts[0].image is not None
    assert (str(view.alone), str(view.saving)) == ("€70.00", "€25.00")
    assert "sold out at the moment" in page
