"""Note, while an answer is built, which facts it shows and until when they hold."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TypeVar

View = TypeVar("View", bound=Callable[..., object])


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


def is_collecting() -> bool:
    """Tell whether what is built now will be kept, so that it is worth knowing until when."""
    return _current.get() is not None


def shows_offers_of(*page_ids: int) -> None:
    """Note that the answer shows what these pages sell: their offers, prices and stock."""
    shows(*(f"offers:{page_id}" for page_id in page_ids))


def public_page(*parameters: str) -> Callable[[View], View]:
    """Declare a view whose answer is the same for everybody, so that it is kept whole.

    It sees neither cookies nor headers of who asks, and of the address only these parameters.
    """

    def declare(view: View) -> View:
        view.public_parameters = frozenset(parameters)  # type: ignore[attr-defined]
        return view

    return declare
