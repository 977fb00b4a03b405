"""Keep a picture for shared links for every public page; the worker draws, no visitor waits."""

import datetime as dt
import hashlib
import logging
import time
from collections.abc import Iterator
from functools import partial

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F, Q
from wagtail.models import Page, PageViewRestriction

from cms.models import BasePage, CustomImage, SocialPicture
from cms.picture_files import BROKEN
from cms.social_drawing import LOOK, draw
from freshness.changes import changed, facts_of

logger = logging.getLogger(__name__)
_AT_A_TIME = 50


def draw_due(*, at: dt.datetime, seconds: float = 5.0) -> int:
    """Draw the pictures of pages that were published since; return how many were drawn.

    :param seconds: begin no further picture after so long; the next run goes on.
    """
    deadline = time.monotonic() + seconds
    drawn = 0
    for page in _due():
        if time.monotonic() > deadline:
            break
        drawn += _draw(page, at=at)
    return drawn


def _due() -> Iterator[BasePage]:
    """Yield public pages that have no picture, or were published after it was drawn."""
    hidden = tuple(PageViewRestriction.objects.values_list("page__path", flat=True))
    stale = Q(social_picture=None) | Q(last_published_at__gt=F("social_picture__drawn_at"))
    pages = Page.objects.live().filter(stale, depth__gt=1).order_by("pk")
    last = 0
    while batch := list(pages.filter(pk__gt=last)[:_AT_A_TIME]):
        last = batch[-1].pk
        for page in batch:
            specific = page.specific
            if isinstance(specific, BasePage) and not page.path.startswith(hidden):
                yield specific


def _draw(page: BasePage, *, at: dt.datetime) -> bool:
    """Draw a page's picture unless it would show what it shows already."""
    image = page.picture_to_share()
    shows = _digest(page, image)
    known = SocialPicture.objects.filter(page_id=page.pk).first()
    if known is not None and known.shows == shows:
        SocialPicture.objects.filter(pk=known.pk).update(drawn_at=at)
        return False
    content = _content(page, image)
    name = default_storage.save(f"social/{page.pk}-{shows[:16]}.jpg", ContentFile(content))
    with transaction.atomic():
        SocialPicture.objects.update_or_create(
            page_id=page.pk, defaults={"file": name, "shows": shows, "drawn_at": at}
        )
        changed(*facts_of(page.pk))
        if known is not None and known.file.name != name:
            transaction.on_commit(partial(default_storage.delete, str(known.file)))
    return True


def _content(page: BasePage, image: CustomImage | None) -> bytes:
    words = {"name": settings.WAGTAIL_SITE_NAME, "title": page.meta_title}
    if image is not None:
        try:
            with image.open_file() as file:
                return draw(**words, words=page.words_to_share(), photo=file)
        except BROKEN:  # No file, or none that can be read: the words alone will do.
            logger.warning("The picture of page %s could not be read.", page.pk)
    return draw(**words, words=page.words_to_share(), photo=None)


def _digest(page: BasePage, image: CustomImage | None) -> str:
    seen = (
        LOOK,
        settings.WAGTAIL_SITE_NAME,
        page.meta_title,
        page.words_to_share(),
        image and (image.pk, image.file_hash, image.file.name),
    )
    return hashlib.sha256(repr(seen).encode()).hexdigest()
