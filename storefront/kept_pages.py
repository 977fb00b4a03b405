"""Whole pages as they were answered: those this process holds, and those all of a machine share.

A page is as good as what it was built from: it carries the facts it shows and the moment at which
time alone changes it. Whether they still hold is asked of `freshness.log` each time.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from gzip import compress as gzip_compress
from pathlib import Path

from django.conf import settings
import brotli

from freshness.log import Moment, log

FOREVER = float("inf")
# Shared pages are forgotten long before the log of changes forgets.
SHARED_SECONDS = 30 * 60
SHARED_BYTES = 256 * 1024 * 1024
# What addresses with a question (`?q=…`) may take, so that they never drive out the others.
_ASKED_SHARE = 4
_OVERHEAD = 2_000
_LOCKS = 1_024
_WAIT_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Address:
    """What tells pages apart; `question` is the canonical query."""

    scheme: str
    host: str
    path: str
    question: str = ""


@dataclass(slots=True)
class Page:
    """One answer, ready to be given again."""

    headers: dict[str, str]
    body: bytes
    tags: frozenset[str]
    until: float
    since: Moment
    etag: str = ""
    encoded: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.etag = self.etag or hashlib.blake2b(self.body, digest_size=12).hexdigest()

    @property
    def is_fresh(self) -> bool:
        """Whether the same page would be built now."""
        return self.until > time.time() and log.is_fresh(self.tags, since=self.since.count)

    @property
    def size(self) -> int:
        """About how many bytes it takes, with its compressed copies to come."""
        return len(self.body) * 3 // 2 + _OVERHEAD

    def body_as(self, encoding: str) -> bytes:
        """The body for a browser that reads this encoding; compressed once."""
        if not encoding:
            return self.body
        if encoding not in self.encoded:
            squeeze = _brotli if encoding == "br" else _gzip
            self.encoded[encoding] = squeeze(self.body)
        return self.encoded[encoding]

    def etag_as(self, encoding: str) -> str:
        """A strong validator: equal bytes, and no others, have it."""
        return f'"{self.etag}-{encoding}"' if encoding else f'"{self.etag}"'


def _gzip(body: bytes) -> bytes:
    return gzip_compress(body, compresslevel=6, mtime=0)


def _brotli(body: bytes) -> bytes:
    compressed: bytes = brotli.compress(body, quality=5)
    return compressed


@lru_cache(maxsize=512)
def encoding_for(accepted: str) -> str:
    """Return the best encoding that an `Accept-Encoding` names: "br", "gzip" or none."""
    refused = {"0", "0.0", "0.00", "0.000"}
    names = set()
    for part in accepted.lower().split(","):
        name, _, weight = part.partition(";")
        if weight.strip().removeprefix("q=") not in refused:
            names.add(name.strip())
    return next((each for each in ("br", "gzip") if each in names), "")


class Shelf:
    """Pages of this process, the least recently asked for thrown away first."""

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._bytes = 0
        self._pages: OrderedDict[Address, Page] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, address: Address) -> Page | None:
        page = self._pages.get(address)
        if page is not None:
            with contextlib.suppress(KeyError):  # Another thread was faster to throw it away.
                self._pages.move_to_end(address)
        return page

    def put(self, address: Address, page: Page) -> None:
        if page.size > self._most // 4:
            return
        with self._lock:
            self._drop(address)
            self._pages[address] = page
            self._bytes += page.size
            while self._bytes > self._most:
                self._drop(next(iter(self._pages)))

    def _drop(self, address: Address) -> None:
        page = self._pages.pop(address, None)
        if page is not None:
            self._bytes -= page.size

    @property
    def bytes_held(self) -> int:
        return self._bytes


class KeptPages:
    """The pages of one process, and the folder in which those of a machine find each other's."""

    def __init__(self, *, megabytes: int, release: str) -> None:
        most = megabytes * 1024 * 1024
        self._asked = Shelf(most // _ASKED_SHARE)
        self._plain = Shelf(most - most // _ASKED_SHARE)
        self._folder = Path(settings.PAGES_DIR) / "kept" / release

    def find(self, address: Address) -> Page | None:
        """Return a page of this process, if the same would be built now."""
        page = self._shelf(address).get(address)
        return page if page is not None and page.is_fresh else None

    def find_shared(self, address: Address) -> Page | None:
        """Return a page that another process built, if the same would be built now."""
        now = log.moment()
        page = _load(self._file(address), now)
        if page is None or not log.is_fresh_for_all(page.tags, since=page.since.place):
            return None
        page.since = now
        self._shelf(address).put(address, page)
        return page if page.is_fresh else None

    def put(self, address: Address, page: Page) -> None:
        """Keep a page here and for the other processes."""
        self._shelf(address).put(address, page)
        _store(self._file(address), page)

    @contextlib.contextmanager
    def only_builder(self, address: Address) -> Iterator[None]:
        """Let one process and thread of this machine build a page, and the others wait for it.

        Nobody waits longer than a slow page takes: then they build it too.
        """
        folder = Path(settings.PAGES_DIR) / "locks"
        number = int(_digest(address)[:8], 16) % _LOCKS
        try:
            folder.mkdir(parents=True, exist_ok=True)
            lock = (folder / f"{number}").open("wb")
        except OSError:
            yield
            return
        with lock:
            _wait_for(lock.fileno())
            yield

    def _shelf(self, address: Address) -> Shelf:
        return self._asked if address.question else self._plain

    def _file(self, address: Address) -> Path:
        return self._folder / _digest(address)


def drop_old_shared() -> None:
    """Throw away shared pages that are too old or too many, the oldest first."""
    folder = Path(settings.PAGES_DIR) / "kept"
    files = []
    for path in folder.glob("*/*"):
        with contextlib.suppress(OSError):
            found = path.stat()
            files.append((found.st_mtime, found.st_size, path))
    room = SHARED_BYTES
    for made_at, size, path in sorted(files, reverse=True):
        room -= size
        if room < 0 or made_at < time.time() - SHARED_SECONDS:
            with contextlib.suppress(OSError):
                path.unlink()


def _digest(address: Address) -> str:
    parts = (address.scheme, address.host, address.path, address.question)
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=16).hexdigest()


def _wait_for(lock: int) -> None:
    patience = time.monotonic() + _WAIT_SECONDS
    pause = 0.001
    while time.monotonic() < patience:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(pause)
            pause = min(pause * 1.5, 0.02)
        else:
            return


def _store(path: Path, page: Page) -> None:
    """Write a page whole or not at all; a full disk only costs the others some work."""
    facts = {
        "headers": page.headers,
        "tags": sorted(page.tags),
        "until": None if page.until == FOREVER else page.until,
        "place": page.since.place,
        "etag": page.etag,
    }
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.{threading.get_ident()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished.write_bytes(json.dumps(facts).encode() + b"\n" + page.body)
        unfinished.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            unfinished.unlink(missing_ok=True)


def _load(path: Path, now: Moment) -> Page | None:
    try:
        if path.stat().st_mtime < time.time() - SHARED_SECONDS:
            return None
        facts, _, body = path.read_bytes().partition(b"\n")
        read = json.loads(facts)
        return Page(
            headers=read["headers"],
            body=body,
            tags=frozenset(read["tags"]),
            until=FOREVER if read["until"] is None else read["until"],
            since=Moment(now.count, read["place"]),
            etag=read["etag"],
        )
    except (OSError, ValueError, KeyError):
        return None
