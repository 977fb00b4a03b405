"""Note, while an answer is built, which facts it shows and until when they hold."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field


@dataclass
class Shown:
    """What an answer shows; `until` is the first moment at which time alone changes it."""

    tags: set[str] = field(default_factory=set)
    until: dt.datetime | None = None


_current: ContextVar[Shown | None] = ContextVar("shown", default=None)


@contextmanager
def collecting() -> Iterator[Shown]:
    """Collect what is shown inside the block."""
    shown = Shown()
    token = _current.set(shown)
    try:
        yield shown
    finally:
        _current.reset(token)


def shows(*tags: str, until: dt.datetime | None = None) -> None:
    """Note that the answer being built shows these facts; outside of one, nothing happens."""
    shown = _current.get()
    if shown is None:
        return
    shown.tags.update(tags)
    if until is not None:
        shown.until = until if shown.until is None else min(shown.until, until)
