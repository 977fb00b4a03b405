"""Pictures by zip: each goes to the product it is named after; nothing else is taken."""

import io
import zipfile

from django.db.models import Max
from wagtail.models import Revision
import pytest
from PIL import Image

from catalog.imports import pictures, runs
from catalog.models import ImportRun, ProductPage
from catalog.models.imports import ImportKind
from cms.models import CustomImage
from tests.catalog.factories import ImageFactory, OfferFactory, ProductPageFactory
from tests.catalog.imports.running import NOON, applied, said, undone, upload, worked
from tests.cms.odd_pictures import ODD_NOTES, damaged, turned_notes, written

pytestmark = [pytest.mark.django_db, pytest.mark.indexed]
PICTURES = ImportKind.PICTURES


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 50), **options: object) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, "teal").save(file, kind, **options)
    return file.getvalue()


def zipped(**files: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return file.getvalue()


def gallery(page: ProductPage) -> list[str]:
    names = page.gallery_images.values_list("image__file", flat=True)
    return [name.rsplit("/", 1)[-1] for name in names]


def checked(content: bytes) -> ImportRun:
    return upload(content, "pictures.zip", kind=PICTURES)


def test_pictures_join_the_galleries_of_their_products() -> None:
    offer = OfferFactory(sku="PIC-1", page=ProductPageFactory(slug="mist", title="Mist"))
    other = OfferFactory(page=ProductPageFactory(slug="wash-2"))
    content = zipped(
        **{
            "photos/mist-2.png": picture("PNG"),
            "photos/mist-1.jpg": picture(),
            "photos/pic-1-3.webp": picture("WEBP"),
            "wash-2.jpg": picture(),
            "__MACOSX/._mist-1.jpg": b"rubbish",
            ".DS_Store": b"rubbish",
        }
    )

    run = applied(content, "pictures.zip", kind=PICTURES)

    page = ProductPage.objects.get(slug="mist")
    assert [name.split("_")[0].split(".")[0] for name in gallery(page)] == [
        "mist-1",
        "mist-2",
        "pic-1-3",
    ]
    assert len(gallery(other.page.specific)) == 1
    assert {image.default_alt_text for image in CustomImage.objects.all()} == {
        "Mist",
        other.page.title,
    }
    assert len(page.latest_revision.content["gallery_images"]) == 3
    assert run.report["counts"]["pictures_added"] == 4
    assert offer.page_id == page.pk


def test_what_a_camera_noted_is_not_kept() -> None:
    ProductPageFactory(slug="mist")
    exif = Image.Exif()
    exif[0x010F] = "Secret camera"
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[1] = "N"

    applied(
        zipped(**{"mist.jpg": picture(size=(40, 50), exif=exif)}), "pictures.zip", kind=PICTURES
    )

    image = CustomImage.objects.get()
    with Image.open(image.file) as stored:
        assert dict(stored.getexif()) == {}
    assert (image.width, image.height) == (50, 40)


def test_a_photo_with_further_pictures_of_its_moment_is_one_picture() -> None:
    more = [Image.new("RGB", (20, 25), "red")]

    content, ending = pictures.clean(picture("MPO", save_all=True, append_images=more))

    kept = Image.open(io.BytesIO(content))
    assert (ending, kept.format, kept.size) == ("jpg", "JPEG", (40, 50))


@pytest.mark.parametrize("odd", ODD_NOTES)
def test_odd_notes_of_a_camera_are_no_hindrance(odd: str) -> None:
    content, suffix = pictures.clean(written(exif=turned_notes(ODD_NOTES[odd])))

    with Image.open(io.BytesIO(content)) as kept:
        assert (suffix, kept.size, dict(kept.getexif())) == ("jpg", (30, 40), {})


@pytest.mark.filterwarnings("ignore")
def test_a_damaged_picture_is_cleaned_or_refused_in_words() -> None:
    cleaned = refused = 0
    for content in damaged(200):
        try:
            pictures.clean(content)
            cleaned += 1
        except pictures.PictureRefused:
            refused += 1

    assert min(cleaned, refused) > 20


def test_undone_pictures_are_gone_and_those_before_stay() -> None:
    page = ProductPageFactory(slug="mist")
    mine = ImageFactory()
    page.gallery_images.create(image=mine, sort_order=0)
    page.save_revision().publish()
    run = applied(zipped(**{"mist.jpg": picture()}), "pictures.zip", kind=PICTURES)
    assert CustomImage.objects.count() == 2
    before = Revision.objects.aggregate(newest=Max("pk"))["newest"]

    undone(run)

    page = ProductPage.objects.get(slug="mist")
    assert [each.image for each in page.gallery_images.all()] == [mine]
    assert list(CustomImage.objects.all()) == [mine]
    assert page.latest_revision_id > before


def bomb(pixels: int) -> bytes:
    """Return a tiny PNG that unpacks to a huge picture."""
    return picture("PNG", (pixels, pixels), optimize=True)


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("nobody.jpg", picture(), "No product and no SKU has this name."),
        ("mist.jpg", b"<svg onload='alert(1)'/>", "It is no JPEG, PNG, WebP or AVIF picture"),
        ("mist.jpg", b"GIF89a" + b"\0" * 40, "It is no JPEG, PNG, WebP or AVIF picture"),
        ("mist.jpg", picture()[:200], "It is no JPEG, PNG, WebP or AVIF picture"),
        ("mist.png", bomb(5001), "It has more than 25 million pixels."),
        ("mist.jpg", b"", "It is no JPEG, PNG, WebP or AVIF picture"),
    ],
    ids=["unknown", "svg", "gif", "cut", "bomb", "empty"],
)
def test_what_cannot_be_shown_is_named_and_nothing_is_stored(
    name: str, content: bytes, why: str
) -> None:
    ProductPageFactory(slug="mist")

    run = checked(zipped(**{"mist-1.jpg": picture(), name: content}))

    assert run.status == "REFUSED"
    [(row, column, message)] = said(run)
    assert (row, column) == (2, name)
    assert message.startswith(why)
    assert CustomImage.objects.count() == 0


def test_a_picture_that_moves_is_refused() -> None:
    ProductPageFactory(slug="mist")
    frames = [Image.new("RGB", (9, 9), color) for color in ("red", "blue")]
    file = io.BytesIO()
    frames[0].save(file, "WEBP", save_all=True, append_images=frames[1:])

    run = checked(zipped(**{"mist.webp": file.getvalue()}))

    assert said(run) == [(1, "mist.webp", "It moves. Only still pictures are taken.")]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"PK\x03\x04rubbish", "damaged"),
        (zipped(), "no picture in the zip"),
        (zipped(**{"../mist.jpg": b"x"}), "out of its folder"),
    ],
    ids=["damaged", "empty", "path"],
)
def test_a_zip_that_is_none_is_refused(content: bytes, why: str) -> None:
    run = checked(content)

    assert run.status == "REFUSED"
    assert why in run.message


def test_a_zip_of_a_gigabyte_is_refused_unopened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MOST_UNPACKED", 50 << 20)
    ProductPageFactory(slug="mist")

    run = checked(zipped(**{"mist.jpg": b"\0" * (60 << 20)}))

    assert run.message == "The zip unpacks to 60 MB; 50 MB is the most."


def test_pictures_stored_before_a_crash_are_not_stored_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    page = ProductPageFactory(slug="mist")
    run = checked(zipped(**{"mist-1.jpg": picture(), "mist-2.jpg": picture()}))
    runs.confirm(run_id=run.pk, at=NOON)
    real = pictures.apply

    def die(*_args: object, **_kwargs: object) -> list[int]:
        raise RuntimeError("The power went")

    monkeypatch.setattr(pictures, "apply", die)
    with pytest.raises(RuntimeError):
        worked(run)
    monkeypatch.setattr(pictures, "apply", real)
    ImportRun.objects.update(lease_until=None)

    worked(run)

    assert CustomImage.objects.count() == 2
    assert len(gallery(page)) == 2
