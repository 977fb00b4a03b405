"""The only writer of downloads: asked for, made piece by piece under a lease, then forgotten."""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import User
from cms.downloads.kinds import Kind, Piece, kind_called
from cms.models import Download, DownloadPart, DownloadStatus

log = logging.getLogger(__name__)

KEPT: Final = timedelta(days=1)
MOST_UNDER_WAY: Final = 3
MOST_TRIES: Final = 2
# Longer than any one piece takes.
LEASE: Final = timedelta(minutes=2)
_UNDER_WAY: Final = (DownloadStatus.WAITING, DownloadStatus.WORKING)


class DownloadRefused(Exception):
    """No file is made; the message says why."""


class NotAllowed(DownloadRefused):
    """The file is for others."""

    def __init__(self) -> None:
        super().__init__("You may not have this file.")


class TooManyUnderWay(DownloadRefused):
    """Somebody asked for enough already."""

    def __init__(self) -> None:
        super().__init__(f"{MOST_UNDER_WAY} files are being made for you. Wait until one is ready.")


def ask(*, kind_name: str, asked: str, by: User, at: datetime) -> Download:
    """Ask for a file; asked again while it is on its way, it is the same one.

    :param asked: what it is to hold, as the query of an address.
    :raises DownloadRefused: if it may not be had, or too many are under way.
    """
    kind = kind_called(kind_name)
    if kind is None or not by.has_perm(kind.permission):
        raise NotAllowed
    with transaction.atomic():
        # One row of theirs is locked, so that two clicks come one after the other.
        User.objects.select_for_update().get(pk=by.pk)
        under_way = Download.objects.filter(owner=by, status__in=_UNDER_WAY)
        same = under_way.filter(kind=kind.name, asked=asked).first()
        if same is not None:
            return same
        if under_way.count() >= MOST_UNDER_WAY:
            raise TooManyUnderWay
        return Download.objects.create(owner=by, kind=kind.name, asked=asked, asked_at=at)


def work(*, at: datetime) -> bool:
    """Make the file that waits longest, if one does; return whether there was one."""
    free = Q(status=DownloadStatus.WAITING) | Q(status=DownloadStatus.WORKING, leased_until__lte=at)
    waiting = Download.objects.filter(free).order_by("asked_at", "pk")
    found = waiting.select_related("owner").first()
    if found is None:
        return False
    claimed = Download.objects.filter(free, pk=found.pk, tries=found.tries).update(
        status=DownloadStatus.WORKING, tries=F("tries") + 1, leased_until=at + LEASE, done=0
    )
    if claimed:
        found.tries += 1
        _make(found, at=at)
    return True


def forget_old(*, at: datetime) -> int:
    """Delete the files of yesterday, whether or not they were fetched; return how many."""
    old = Download.objects.filter(asked_at__lte=at - KEPT)
    count = old.count()
    old.delete()
    return count


def content_of(download: Download) -> Iterator[bytes]:
    """Yield a file's bytes, part by part."""
    parts = DownloadPart.objects.filter(download=download).order_by("position")
    for content in parts.values_list("content", flat=True).iterator(chunk_size=4):
        yield bytes(content)


def _make(download: Download, *, at: datetime) -> None:
    kind = kind_called(download.kind)
    if kind is None or download.tries > MOST_TRIES or not _may_have(download.owner, kind):
        _end(download, DownloadStatus.FAILED, at=at)
        return
    DownloadPart.objects.filter(download=download).delete()
    try:
        for position, piece in enumerate(kind.make(download.asked)):
            if not _keep(download, piece, position):
                return  # Deleted meanwhile, or another worker has taken over.
    except Exception:
        log.exception("Download %s (%s) could not be made", download.pk, download.kind)
        _end(download, DownloadStatus.FAILED, at=at)
        raise
    _end(download, DownloadStatus.READY, at=timezone.now())


def _may_have(owner: User, kind: Kind) -> bool:
    return owner.is_active and owner.has_perm(kind.permission)


def _keep(download: Download, piece: Piece, position: int) -> bool:
    with transaction.atomic():
        mine = Download.objects.filter(
            pk=download.pk, status=DownloadStatus.WORKING, tries=download.tries
        )
        if not mine.update(done=piece.done, total=piece.total, leased_until=timezone.now() + LEASE):
            return False
        if piece.content:
            DownloadPart.objects.create(download=download, position=position, content=piece.content)
    return True


def _end(download: Download, status: DownloadStatus, *, at: datetime) -> None:
    mine = Download.objects.filter(pk=download.pk, tries=download.tries)
    mine.filter(status=DownloadStatus.WORKING).update(
        status=status, finished_at=at, leased_until=None
    )
