"""Pictures of many products from one zip, each named after its product or SKU."""

import datetime as dt
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import IO, Any
from zipfile import BadZipFile, ZipFile, ZipInfo

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from wagtail.models import ReferenceIndex
from PIL import Image as Pillow

from accounts.models import User
from catalog.imports import archives, indexing, page_writer, uploads
from catalog.imports.plans import Plan
from catalog.imports.undoing import TakenBack
from catalog.models import ImportedChange, Offer, ProductPage, ProductPageImage
from catalog.models.imports import ImportedKind, ImportRun
from cms.models import CustomImage
from cms.picture_files import BROKEN, is_moving, upright

MOST_BYTES = 200 * 1024 * 1024
MOST_FILES = 2_000
MOST_UNPACKED = 1024 * 1024 * 1024
_FORMATS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "AVIF": "avif"}
_IGNORED = re.compile(r"(^|/)(__MACOSX/|\.|Thumbs\.db$)")
_NUMBERED = re.compile(r"^(?P<name>.+?)[-_ ](?P<place>\d{1,2})$")


class PictureRefused(ValueError):
    """A file is no picture that the shop can show; the message says why."""


@dataclass(frozen=True, slots=True)
class PlannedPicture:
    """One file of the zip and the page whose gallery it joins."""

    row: int
    name: str
    page_id: int
    title: str
    place: int


@dataclass
class PicturePlan(Plan):
    pictures: list[PlannedPicture] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        return {"rows": self.rows, "pictures_added": len(self.pictures)}

    def examples(self) -> list[dict[str, object]]:
        return [
            {"row": each.row, "column": each.name[:60], "old": "", "new": each.title[:120]}
            for each in self.pictures[:100]
        ]


def check(file: IO[bytes], *, by: User, tell: Any) -> PicturePlan:
    """Plan which file of a zip goes to which page, looking at each file.

    :raises PictureRefused: if the zip itself is not to be opened.
    """
    plan = PicturePlan()
    try:
        members = archives.check(file, most_bytes=MOST_UNPACKED, most_files=MOST_FILES)
    except archives.ArchiveRefused as refusal:
        raise PictureRefused(str(refusal)) from refusal
    wanted = [each for each in members if not each.is_dir() and not _IGNORED.search(each.filename)]
    pages = _Pages(by)
    seen: set[str] = set()
    with ZipFile(file) as archive:
        for number, member in enumerate(wanted, start=1):
            _plan_one(plan, archive, member, number, pages, seen)
            tell("Looking at pictures", number, len(wanted))
    plan.rows = len(wanted)
    if not wanted:
        raise PictureRefused("There is no picture in the zip.")
    return plan


def store_images(plan: PicturePlan, *, run: ImportRun, by: User, tell: Any) -> None:
    """Store the picture files, each with the note that it was added; again, only those missing."""
    stored = set(_added(run).values_list("after__name", flat=True))
    missing = [each for each in plan.pictures if each.name not in stored]
    with uploads.opened(run) as file, ZipFile(file) as archive:
        for number, each in enumerate(missing, start=1):
            content, suffix = clean(archive.read(each.name))
            name = f"{PurePosixPath(each.name).stem[:60]}.{suffix}"
            with transaction.atomic():
                image = CustomImage.objects.create(
                    title=each.title[:255],
                    alt=each.title[:255],
                    file=ContentFile(content, name=name),
                    uploaded_by_user=by,
                )
                ImportedChange.objects.create(
                    run=run,
                    kind=ImportedKind.PICTURE_ADDED,
                    row=each.row,
                    page_id=each.page_id,
                    after={"name": each.name, "image": image.pk},
                )
            tell("Storing pictures", number, len(missing))


def apply(plan: PicturePlan, *, run: ImportRun, by: User, at: dt.datetime) -> list[int]:
    """Put the stored pictures at the end of their pages' galleries, in the order of the names."""
    places = {each.name: each.place for each in plan.pictures}
    by_page: dict[int, list[ImportedChange]] = {}
    for change in _added(run):
        by_page.setdefault(change.page_id or 0, []).append(change)
    for some in page_writer.in_batches([pk for pk in by_page if pk]):
        pages = indexing.load(some)
        for page in pages:
            changes = sorted(by_page[page.pk], key=lambda one: (places[one.after["name"]], one.row))
            _hang(page, [change.after["image"] for change in changes])
        page_writer.update_pages(pages=pages, by=by, at=at)
    return sorted(by_page)


def take_back(run: ImportRun, result: TakenBack, *, by: User, at: dt.datetime) -> None:
    """Take an import's pictures off their pages; those that nothing else shows are deleted."""
    ids = [change.after["image"] for change in _added(run)]
    if not ids:
        return
    rows = ProductPageImage.objects.filter(image__in=ids)
    page_ids = sorted(set(rows.values_list("page_id", flat=True)))
    rows.filter(page__in=[change.page_id for change in _added(run)]).delete()
    for some in page_writer.in_batches(page_ids):
        page_writer.update_pages(pages=indexing.load(some), by=by, at=at)
    result.page_ids += page_ids
    # What these pages themselves referred to is indexed anew only afterwards.
    own = [str(pk) for pk in page_ids]
    for image in CustomImage.objects.filter(pk__in=ids):
        if not ReferenceIndex.get_references_to(image).exclude(object_id__in=own).exists():
            image.delete()


def clean(content: bytes) -> tuple[bytes, str]:
    """Write a picture anew, upright and without what a camera noted in it; name its suffix.

    :raises PictureRefused: if it is none, moves, or is too large.
    """
    try:
        with Pillow.open(io.BytesIO(content), formats=list(_FORMATS)) as picture:
            kind = "JPEG" if picture.format == "MPO" else str(picture.format)
            _check(picture)
            turned = upright(picture)
            turned.info = {key: value for key, value in turned.info.items() if key == "icc_profile"}
            written = io.BytesIO()
            options: dict[str, Any] = {"quality": 90} if kind != "PNG" else {"optimize": False}
            turned.save(written, kind, **options)
    except Pillow.DecompressionBombError as error:
        raise PictureRefused("It has too many pixels.") from error
    except PictureRefused:
        raise
    except BROKEN as error:
        raise PictureRefused("It is no JPEG, PNG, WebP or AVIF picture, or damaged.") from error
    return written.getvalue(), _FORMATS[kind]


def _check(picture: Pillow.Image) -> None:
    most = settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS
    if picture.width * picture.height > most:
        raise PictureRefused(f"It has more than {most // 1_000_000} million pixels.")
    if is_moving(picture):
        raise PictureRefused("It moves. Only still pictures are taken.")


def _plan_one(
    plan: PicturePlan,
    archive: ZipFile,
    member: ZipInfo,
    number: int,
    pages: "_Pages",
    seen: set[str],
) -> None:
    name = PurePosixPath(member.filename).name[:60]
    page, place = pages.of(PurePosixPath(member.filename).stem)
    if member.filename in seen:
        return plan.complain(number, name, "The zip holds this name twice.")
    seen.add(member.filename)
    if page is None:
        return plan.complain(number, name, "No product and no SKU has this name.")
    if not pages.may_change(page):
        return plan.complain(number, name, "You may not publish this page, or it has a draft.")
    if member.file_size > settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE:
        most = settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE // 2**20
        return plan.complain(number, name, f"It is larger than {most} MB.")
    try:
        with archive.open(member) as content:
            _look(content.read())
    except PictureRefused as refusal:
        return plan.complain(number, name, str(refusal))
    except (*BROKEN, BadZipFile):
        return plan.complain(number, name, "It is damaged.")
    plan.pictures.append(PlannedPicture(number, member.filename, page.pk, page.title, place))
    return None


def _look(content: bytes) -> None:
    """Refuse what is no picture, by its own bytes and at its full size."""
    try:
        with Pillow.open(io.BytesIO(content), formats=list(_FORMATS)) as picture:
            _check(picture)
            picture.load()
    except Pillow.DecompressionBombError as error:
        raise PictureRefused("It has too many pixels.") from error
    except PictureRefused:
        raise
    except BROKEN as error:
        raise PictureRefused("It is no JPEG, PNG, WebP or AVIF picture, or damaged.") from error


def _hang(page: ProductPage, image_ids: list[int]) -> None:
    """Add pictures at the end of a gallery; the rows are stored at once to have their ids."""
    there = list(page.gallery_images.all())
    start = max((each.sort_order or 0 for each in there), default=-1) + 1
    new = [
        ProductPageImage(page=page, image_id=pk, sort_order=start + number)
        for number, pk in enumerate(image_ids)
        if pk not in {each.image_id for each in there}
    ]
    ProductPageImage.objects.bulk_create(new)
    gallery: Any = page
    gallery.gallery_images = [*there, *new]


def _added(run: ImportRun) -> Any:
    return run.changes.filter(kind=ImportedKind.PICTURE_ADDED).order_by("pk")


class _Pages:
    """Finds the page that a file is named after."""

    def __init__(self, by: User) -> None:
        self.by = by
        pages = ProductPage.objects.all()
        self._by_slug = {page.slug: page for page in pages}
        by_id = {page.pk: page for page in self._by_slug.values()}
        skus = Offer.objects.filter(page__in=by_id).values_list("sku", "page_id")
        self._by_sku = {sku.casefold(): by_id[pk] for sku, pk in skus}
        self._may: dict[int, bool] = {}

    def of(self, stem: str) -> tuple[ProductPage | None, int]:
        """Return the page, and the place among its pictures that the name asks for."""
        for name, place in self._readings(stem):
            page = self._by_slug.get(name) or self._by_sku.get(name)
            if page is not None:
                return page, place
        return None, 0

    def may_change(self, page: ProductPage) -> bool:
        if page.pk not in self._may:
            here = page.permissions_for_user(self.by)
            is_plain = not page.locked and not (page.live and page.has_unpublished_changes)
            self._may[page.pk] = is_plain and here.can_edit() and here.can_publish()
        return self._may[page.pk]

    @staticmethod
    def _readings(stem: str) -> Iterator[tuple[str, int]]:
        name = stem.strip().casefold()
        yield name, 0
        if found := _NUMBERED.match(name):
            yield found["name"], int(found["place"])
