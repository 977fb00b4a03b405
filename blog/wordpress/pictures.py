"""Find the files of wanted pictures and store them, each once however often it is shown."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction

from blog.models import ImportedPicture
from blog.wordpress.addresses import OldSite, full_size
from blog.wordpress.fetching import Fetcher, FetchRefused
from blog.wordpress.items import Attachment
from blog.wordpress.markup import WantedPicture
from blog.wordpress.notes import Notes
from catalog.imports.pictures import PictureRefused, clean
from cms.models import CustomImage


class PictureMissing(LookupError):
    """There is no file for a picture; the message says why."""


@dataclass
class Pictures:
    """The pictures of one import.

    :ivar uploads: the old site's `wp-content/uploads`, if it was copied here.
    :ivar writes: whether files are stored; a dry run looks for them and stores nothing.
    """

    site: OldSite
    attachments: Mapping[int, Attachment]
    uploads: Path | None
    fetcher: Fetcher | None
    writes: bool
    _known: dict[str, int] = field(default_factory=dict)
    _refused: dict[str, str] = field(default_factory=dict)
    stored: int = 0

    def find(self, wanted: WantedPicture, title: str, notes: Notes) -> int | None:
        """Return the id of the stored picture, or note why there is none.

        A dry run returns 0 for a picture that would be stored.
        """
        url = self.address_of(wanted)
        if url in self._refused:
            notes.add("picture that is not carried over", f"{url} ({self._refused[url]})")
            return None
        known = self._stored(url)
        if known is not None:
            return known
        try:
            return self._store(url, wanted, title)
        except (PictureRefused, PictureMissing, FetchRefused) as refusal:
            self._refused[url] = str(refusal)
            notes.add("picture that is not carried over", f"{wanted.url} ({refusal})")
            return None

    def address_of(self, wanted: WantedPicture) -> str:
        """The address of the whole picture, of which posts often show a smaller size."""
        known = self.attachments.get(wanted.number)
        return self.site.new_address(known.url if known else full_size(wanted.url))

    def _stored(self, url: str) -> int | None:
        if url not in self._known:
            found = ImportedPicture.objects.filter(address_digest=_digest(url.encode()))
            stored = found.values_list("image_id", flat=True).first()
            if stored is None:
                return None
            self._known[url] = stored
        return self._known[url]

    def _store(self, url: str, wanted: WantedPicture, title: str) -> int:
        content, suffix = clean(self._read(url, wanted.url))
        self.stored += 1
        if not self.writes:
            self._known[url] = 0
            return 0
        known = self.attachments.get(wanted.number)
        content_digest = _digest(content)
        with transaction.atomic():
            same = ImportedPicture.objects.filter(content_digest=content_digest).first()
            image_id = same.image_id if same else self._create(url, content, suffix, wanted, title)
            ImportedPicture.objects.create(
                address=url[:2000],
                address_digest=_digest(url.encode()),
                content_digest=content_digest,
                image_id=image_id,
                attachment=known.number if known else None,
            )
        self._known[url] = image_id
        return image_id

    def _create(
        self, url: str, content: bytes, suffix: str, wanted: WantedPicture, title: str
    ) -> int:
        known = self.attachments.get(wanted.number)
        stem = PurePosixPath(url.split("?")[0]).stem[:60] or "picture"
        named = (known.title if known else "") or stem
        alt = wanted.alt or (known.alt if known else "") or title
        image = CustomImage.objects.create(
            title=named[:255],
            alt=alt[:255],
            file=ContentFile(content, name=f"{stem}.{suffix}"),
        )
        return int(image.pk)

    def _read(self, url: str, shown: str) -> bytes:
        """Return the file from the uploads folder, or else from the old site."""
        for each in dict.fromkeys([url, shown]):
            if (path := self._local(each)) is not None:
                return _read_file(path)
        if self.fetcher is None:
            raise PictureMissing("its file is not in the uploads folder")
        return self.fetcher.fetch(url)

    def _local(self, url: str) -> Path | None:
        inside = self.site.upload_path(url)
        if self.uploads is None or not inside:
            return None
        root = self.uploads.resolve()
        try:
            path = (root / inside).resolve()
            return path if path.is_relative_to(root) and path.is_file() else None
        except (OSError, ValueError):
            return None


def _read_file(path: Path) -> bytes:
    most: int = settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE
    if path.stat().st_size > most:
        raise PictureRefused(f"It is larger than {most // 2**20} MB.")
    return path.read_bytes()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
