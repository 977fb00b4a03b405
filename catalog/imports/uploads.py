"""Keep an uploaded file in the database, so that a worker on another machine can read it."""

import contextlib
import tempfile
from collections.abc import Iterable, Iterator
from typing import IO

from catalog.models.imports import ImportPart, ImportRun

PART_BYTES = 1 << 20


class FileGone(LookupError):
    """The file was thrown away: it is kept for a day only."""

    def __init__(self) -> None:
        super().__init__("The file is kept for a day and is gone by now: upload it again.")


class TooLarge(ValueError):
    """The file is larger than what is taken."""

    def __init__(self, most_bytes: int) -> None:
        super().__init__(f"The file is larger than {most_bytes // 2**20} MB.")


def store(run: ImportRun, chunks: Iterable[bytes], *, most_bytes: int) -> None:
    """Store a file piece by piece, never more of it in memory than one piece.

    :raises TooLarge: if there is more than that.
    """
    waiting, number, total = b"", 0, 0
    for chunk in chunks:
        total += len(chunk)
        if total > most_bytes:
            raise TooLarge(most_bytes)
        waiting += chunk
        while len(waiting) >= PART_BYTES:
            ImportPart.objects.create(run=run, number=number, content=waiting[:PART_BYTES])
            waiting, number = waiting[PART_BYTES:], number + 1
    ImportPart.objects.create(run=run, number=number, content=waiting)


@contextlib.contextmanager
def opened(run: ImportRun) -> Iterator[IO[bytes]]:
    """Give the file back as a temporary one that is gone afterwards.

    :raises FileGone: if it was thrown away.
    """
    parts = run.parts.order_by("number")
    if not parts.exists():
        raise FileGone
    with tempfile.TemporaryFile() as file:
        for part in parts.iterator(chunk_size=4):
            file.write(bytes(part.content))
        file.seek(0)
        yield file


def forget(run: ImportRun) -> None:
    """Throw the file away."""
    run.parts.all().delete()
