"""Which files there are: rooms register how each is made, and who may have it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Piece:
    """Some bytes of a file, perhaps none yet, and how far it is."""

    content: bytes
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind of file is made.

    :ivar name: names it for good.
    :ivar permission: asked when it is asked for, when it is made and when it is fetched.
    :ivar make: yields the file piece by piece, for the query that it was asked by.
    """

    name: str
    title: str
    file_name: str
    content_type: str
    permission: str
    make: Callable[[str], Iterator[Piece]]


_KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Let a kind of file be asked for."""
    _KINDS[kind.name] = kind


def kind_called(name: str) -> Kind | None:
    """Return the kind of a name, or nothing if there is none."""
    return _KINDS.get(name)
