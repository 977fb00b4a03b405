"""Read the lines of the view log once each, and hand them to whoever counts."""

import datetime as dt
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from blog import readership
from storefront.models import ViewLogMark
from storefront.readers import missing_addresses
from storefront.readers.view_log import file_to_read

# So much of the log is counted in one transaction.
MOST_BYTES = 4 * 1024 * 1024
# Our own file is emptied once it has grown so far and everything in it is counted.
FULL_BYTES = 16 * 1024 * 1024
# 304: the reader's browser had the page, and asked whether it still holds.
FOUND = {200, 304}
MISSING = 404


@dataclass(frozen=True, slots=True)
class View:
    """One line: when, with which status, and which path was looked at."""

    at: dt.datetime
    status: int
    path: str


def count_new(*, at: dt.datetime) -> int:
    """Count the lines that were written since; return how many there were.

    Where we are in the file is written with the counts, in one transaction, so a crash between
    counting and noting is no matter. A line of which only the beginning is there waits.
    """
    counted = 0
    while lines := _count_some(file_to_read(), at=at):
        counted += lines
    return counted


def _count_some(path: Path, *, at: dt.datetime) -> int:
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return 0
    with file, transaction.atomic():
        mark = _lock_mark(file)
        file.seek(mark.offset)
        read = file.read(MOST_BYTES)
        end = read.rfind(b"\n") + 1
        # A piece that long without an end is no line of ours: it is passed over.
        whole = read[:end] if end or len(read) < MOST_BYTES else read
        _count(list(_views(whole)), at=at)
        mark.offset += len(whole)
        if not read and mark.offset > FULL_BYTES and not settings.VIEW_LOG:
            # Lines that are written at this very moment are lost; nginx's own log is rotated.
            os.truncate(path, 0)
            mark.offset = 0
        mark.save()
    return whole.count(b"\n")


def _lock_mark(file: BinaryIO) -> ViewLogMark:
    """Return where we are in this very file: at its start if it is a new one or was emptied."""
    ViewLogMark.objects.get_or_create(pk=1)
    mark = ViewLogMark.objects.select_for_update().get(pk=1)
    status = os.fstat(file.fileno())
    if mark.inode != status.st_ino or mark.offset > status.st_size:
        mark.inode, mark.offset = status.st_ino, 0
    return mark


def _views(lines: bytes) -> Iterator[View]:
    """Read lines of "seconds status path"; what is none of ours is passed over."""
    for line in lines.decode(errors="replace").splitlines():
        seconds, _, rest = line.partition(" ")
        status, _, path = rest.partition(" ")
        # nginx writes milliseconds behind the seconds.
        whole_seconds = seconds.partition(".")[0]
        if not (_is_number(whole_seconds, 11) and _is_number(status, 3)):
            continue
        if path.startswith("/") and path.isprintable():
            at = dt.datetime.fromtimestamp(int(whole_seconds), dt.UTC)
            yield View(at, int(status), path)


def _is_number(text: str, longest: int) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= longest


def _count(views: list[View], *, at: dt.datetime) -> None:
    read = Counter(
        (view.path, timezone.localdate(view.at)) for view in views if view.status in FOUND
    )
    readership.note(read)
    missing = Counter(view.path for view in views if view.status == MISSING)
    missing_addresses.note(missing, at=at)
