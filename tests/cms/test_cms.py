"""Rich text holds only what it may; images say what they show; blocks refuse empty advice."""

from django.core.exceptions import ValidationError
from wagtail.blocks import StructBlockValidationError
import pytest

from cms import renditions
from cms.blocks import DoDontBlock, RichBlock
from cms.models import CustomImage
from cms.rich_text import CleanRichTextField, clean
from tests.catalog.factories import ImageFactory


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        ("<p>Gentle <b>care</b></p>", "<p>Gentle <b>care</b></p>"),
        ('<a linktype="page" id="7">Wash</a>', '<a linktype="page" id="7">Wash</a>'),
        ('<a href="javascript:alert(1)">x</a>', "<a>x</a>"),
        ("<p onclick='x()'>a</p><script>alert(1)</script>", "<p>a</p>"),
        ('<img src="x" onerror="y">', ""),
    ],
)
def test_clean_keeps_only_what_rich_text_may_hold(html: str, kept: str) -> None:
    assert clean(html) == kept


def test_fields_and_blocks_clean_what_they_store() -> None:
    block = RichBlock()
    dirty = "<p>a</p><script>b</script>"

    assert CleanRichTextField().get_prep_value(dirty) == "<p>a</p>"
    assert block.get_prep_value(block.to_python(dirty)) == "<p>a</p>"


def test_do_and_dont_needs_at_least_one_line() -> None:
    block = DoDontBlock()

    with pytest.raises(StructBlockValidationError):
        block.clean(block.to_python({"title": "", "do": [], "dont": []}))


@pytest.mark.django_db
def test_an_image_without_a_text_alternative_is_refused() -> None:
    image = CustomImage(title="Bottle", file="x.jpg", width=1, height=1)

    with pytest.raises(ValidationError) as refusal:
        image.clean_fields(exclude=["file"])

    assert "alt" in refusal.value.message_dict


@pytest.mark.django_db
def test_images_load_with_their_renditions_in_one_query(django_assert_num_queries) -> None:
    images = [ImageFactory() for _ in range(3)]
    for image in images:
        image.get_rendition("width-20|format-jpeg")

    with django_assert_num_queries(1):
        loaded = renditions.load({image.pk for image in images})
        widths = [image.get_rendition("width-20|format-jpeg").width for image in loaded.values()]

    assert widths == [20, 20, 20]
