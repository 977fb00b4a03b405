"""Keep, in this process, parts that pages are built from, until a fact that they show changes.

Whole pages are kept in front of everything (`storefront.page_cache`). This makes building one
cheaper: what surrounds every page, and what a page says that neither stock nor price changes.
"""

import datetime as dt
import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import connection
from django.utils import timezone

from freshness.answers import collecting, shows
from freshness.changes import SITE
from freshness.log import log

Name = TypeVar("Name", bound=Hashable)
Value = TypeVar("Value")

# As many parts as one process holds, of a few kilobytes each; the least recently used go first.
MOST = 4_000


@dataclass(frozen=True, slots=True)
class Part:
    """What was built, the facts it shows, and how far the log was read before they were."""

    value: Any
    tags: frozenset[str]
    until: dt.datetime | None
    since: int

    @property
    def is_fresh(self) -> bool:
        """Whether the same would be built now."""
        is_over = self.until is not None and self.until <= timezone.now()
        return not is_over and log.is_fresh(self.tags, since=self.since)


_parts: OrderedDict[Hashable, Part] = OrderedDict()
_lock = threading.Lock()


def as_of() -> int | None:
    """Say how far the log is read; none where nothing may be kept.

    To be asked before the facts are read from which something is built that is to be kept.
    """
    if connection.in_atomic_block or not log.follow():
        return None
    return log.moment().count


def keep(key: Hashable, build: Callable[[], Value], *, since: int | None) -> Value:
    """Return what `build` returns, built only if it would differ from what was kept.

    All threads share it, so nobody may change it. The answer being built shows what it shows;
    the facts of `SITE` are implied.

    :param key: names the part, and all it depends on that is no fact of the database.
    :param since: `as_of()` from before anything that `build` makes use of was read.
    """
    if since is None:
        return build()
    part = _parts.get(key)
    if part is None or not part.is_fresh:
        with collecting() as shown:
            value = build()
        part = Part(value, frozenset({SITE, *shown.tags}), shown.until, since)
    _put(key, part)
    shows(*part.tags, until=part.until)
    found: Value = part.value
    return found


def keep_each(
    kind: Hashable,
    names: Collection[Name],
    read: Callable[[list[Name]], Mapping[Name, Value]],
    *,
    since: int | None,
    tags: Callable[[Value], Collection[str]] = lambda _: (),
) -> dict[Name, Value]:
    """Return what `read` returns for some names, asking it only for those that were not kept.

    What it does not find is looked for each time.

    :param tags: which facts beyond those of `SITE` a value shows; each is dropped by its own.
    """
    if since is None:
        return dict(read(list(names)))
    found: dict[Name, Value] = {}
    for name in names:
        part = _parts.get((kind, name))
        if part is not None and part.is_fresh:
            found[name] = part.value
            _put((kind, name), part)
            shows(*part.tags, until=part.until)
    missing = [name for name in names if name not in found]
    if missing:
        with collecting() as shown:
            values = read(missing)
        shows(*shown.tags, until=shown.until)
        for name, value in values.items():
            found[name] = value
            _put((kind, name), Part(value, frozenset({SITE, *tags(value)}), shown.until, since))
    return found


def forget() -> None:
    """Forget all parts, as a process that begins."""
    with _lock:
        _parts.clear()


def _put(key: Hashable, part: Part) -> None:
    with _lock:
        _parts[key] = part
        _parts.move_to_end(key)
        while len(_parts) > MOST:
            _parts.popitem(last=False)
