"""Every public page gets a picture for shared links, drawn by the worker."""

import datetime as dt
from io import BytesIO

from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone
from wagtail.models import PageViewRestriction
import pytest
from PIL import Image

from catalog.models import ProductPage, ProductPageImage
from cms import social_pictures
from cms.models import SocialPicture
from tests.catalog.factories import ImageFactory, ProductPageFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def product() -> ProductPage:
    page: ProductPage = ProductPageFactory.create(slug="wash", title="Low-Foam Daily Wash")
    page.gallery_images.add(ProductPageImage(image=ImageFactory.create(), sort_order=0))
    page.save_revision().publish()
    return page


def _draw() -> int:
    return social_pictures.draw_due(at=timezone.now(), seconds=60)


def test_a_picture_has_the_size_that_every_network_takes(product: ProductPage) -> None:
    assert _draw() == 4

    with default_storage.open(product.social_picture.file.name) as file:
        picture = Image.open(BytesIO(file.read()))
    assert (picture.format, picture.size) == ("JPEG", (1200, 630))


def test_a_page_names_its_picture_once_it_is_drawn(product: ProductPage) -> None:
    assert "og:image" not in Client().get(product.url).content.decode()
    _draw()

    html = Client().get(product.url).content.decode()

    url = product.social_picture.file.url
    assert f'<meta property="og:image" content="http://localhost:8000{url}">' in html
    assert "summary_large_image" in html
    assert "og:image" in Client().get("/").content.decode()


def test_nothing_is_drawn_twice(product: ProductPage) -> None:
    _draw()
    product.save_revision().publish()

    assert _draw() == 0
    assert list(social_pictures._due()) == []


def test_a_new_title_is_drawn_anew_under_a_new_name(
    product: ProductPage, django_capture_on_commit_callbacks
) -> None:
    _draw()
    before = SocialPicture.objects.get(page_id=product.pk).file.name
    product.title = "Gentler Wash"
    product.save_revision().publish(changed=True)

    with django_capture_on_commit_callbacks(execute=True):
        assert _draw() == 1

    after = SocialPicture.objects.get(page_id=product.pk).file.name
    assert after != before
    assert (default_storage.exists(before), default_storage.exists(after)) == (False, True)


def test_a_page_for_some_eyes_only_gets_none(product: ProductPage) -> None:
    PageViewRestriction.objects.create(page=product, restriction_type="login")
    _draw()

    assert not SocialPicture.objects.filter(page_id=product.pk).exists()


def test_a_photo_that_cannot_be_read_leaves_the_words(product: ProductPage) -> None:
    default_storage.delete(product.gallery_images.first().image.file.name)
    assert _draw() == 4


def test_the_worker_stops_when_its_time_is_over(product: ProductPage) -> None:
    assert social_pictures.draw_due(at=timezone.now() + dt.timedelta(0), seconds=-1) == 0
