"""Modern formats of pictures: made for what pages show, and looked for cheaply."""

from django.test.utils import CaptureQueriesContext
import pytest

from cms import pictures
from cms.models import CustomImage
from tests.catalog.factories import ImageFactory

pytestmark = pytest.mark.django_db


def _shown(ratio: str = "4:5") -> CustomImage:
    """A picture that some page shows: the file that everybody can read is there."""
    image: CustomImage = ImageFactory()
    image.get_rendition(pictures.filter_spec(pictures.FALLBACK_WIDTH, "jpeg", ratio))
    return image


def _specs(image: CustomImage) -> set[str]:
    return set(image.renditions.values_list("filter_spec", flat=True))


def test_a_picture_gets_the_formats_of_the_shapes_it_is_shown_in() -> None:
    image, unseen = _shown("4:5"), ImageFactory()

    made = pictures.render_missing()

    wanted = pictures.modern_specs("4:5")
    assert made == len(wanted)
    assert _specs(image) == {pictures.filter_spec(800, "jpeg", "4:5"), *wanted}
    assert _specs(unseen) == set()


def test_one_file_that_went_missing_is_made_again_and_no_other() -> None:
    image = _shown()
    pictures.render_missing()
    spec = pictures.modern_specs("4:5")[1]
    image.renditions.get(filter_spec=spec).delete()

    assert pictures.render_missing() == 1
    assert spec in _specs(image)


def test_another_focal_point_makes_the_files_again_once_pages_show_it() -> None:
    image = _shown()
    pictures.render_missing()
    image.focal_point_x, image.focal_point_y = 10, 10
    image.focal_point_width = image.focal_point_height = 4
    image.save()

    assert pictures.render_missing() == 0
    image.get_rendition(pictures.filter_spec(pictures.FALLBACK_WIDTH, "jpeg", "4:5"))
    assert pictures.render_missing() == len(pictures.modern_specs("4:5"))


def test_pictures_that_lack_nothing_are_not_read(
    django_assert_num_queries: type[CaptureQueriesContext],
) -> None:
    """The worker looks every few seconds, in a shop of thousands of pictures, too."""
    for ratio in ("", "4:5", "8:5"):
        _shown(ratio)
    pictures.render_missing()

    with django_assert_num_queries(1):
        assert pictures.render_missing() == 0
