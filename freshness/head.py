"""The head: one word that all processes of a machine compare to know whether anything changed.

It is a symbolic link, `current`, to a folder whose name has never been used before. Reading it
takes microseconds and no query; swapping it is one atomic rename. nginx has the folder's name in
the keys of its cache, so one swap makes it ask the shop again for everything.
"""

import logging
import os
import secrets
import shutil
import time
from collections.abc import Collection, Iterator
from pathlib import Path

from django.conf import settings

logger = logging.getLogger(__name__)

CURRENT = "current"
CHANGES = "changes"
_SECOND = 1_000_000_000
# nginx may still look at a folder that the link has just left.
KEPT_SECONDS = 120


def current() -> str:
    """Return the head's name; empty if there is none, and then nothing may be kept."""
    try:
        # Asked for every page: `Path` would take three times as long.
        return os.readlink(f"{settings.PAGES_DIR}/{CURRENT}")  # noqa: PTH115
    except OSError:
        return ""


def release_of(name: str) -> str:
    """Return which release of the shop a head belongs to."""
    return name.partition(".")[2]


def publish(changes: Collection[int] = (), *, release: str = "") -> None:
    """Move the head on: everything that was kept has to be looked at again.

    Never raises: who calls has committed already. If the disk refuses, the head is taken away,
    and nothing is kept until the worker has put up a new one.

    :param changes: numbers of the rows that this tells of, for `published`.
    :param release: the release that is served from now on; by default it stays as it is.
    """
    folder = Path(settings.PAGES_DIR)
    name = f"{time.time_ns():020d}-{secrets.token_hex(4)}.{release or release_of(current())}"
    try:
        (folder / name).mkdir(parents=True)
        (folder / name / CHANGES).write_text(" ".join(map(str, changes)))
        (folder / f"{name}.new").symlink_to(name)
        (folder / f"{name}.new").replace(folder / CURRENT)
    except OSError:
        logger.exception("The head of the kept pages could not be moved; nothing is kept.")
        take_away()


def take_away() -> None:
    """Leave no head, so that nothing is answered from what was kept."""
    try:
        (Path(settings.PAGES_DIR) / CURRENT).unlink(missing_ok=True)
    except OSError:
        logger.critical("Old pages may be shown: %s cannot be written.", settings.PAGES_DIR)


def published() -> set[int]:
    """Return the numbers of the changes that heads of the last minutes told of."""
    numbers: set[int] = set()
    for folder in _heads():
        try:
            numbers.update(map(int, (folder / CHANGES).read_text().split()))
        except (OSError, ValueError):
            continue
    return numbers


def drop_old() -> None:
    """Remove the folders that no reader can be looking at any more."""
    kept = current()
    before = f"{time.time_ns() - KEPT_SECONDS * _SECOND:020d}"
    for folder in _heads():
        if folder.name < before and folder.name != kept:
            shutil.rmtree(folder, ignore_errors=True)


def _heads() -> Iterator[Path]:
    folder = Path(settings.PAGES_DIR)
    if not folder.is_dir():
        return
    yield from (each for each in folder.iterdir() if each.name[:20].isdigit() and each.is_dir())
