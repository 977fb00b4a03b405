"""The other sides of a page: what is written about it, what is sold for it, what it goes with.

A page shows what rooms above its own have to say of it without knowing them: they register a
teller for its kind when the shop starts, as renderers of mails do.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from django.http import HttpRequest
from wagtail.models import Page

from freshness.keeping import keep


@dataclass(frozen=True, slots=True)
class Companion:
    """A link to another side, under a heading that several may share."""

    heading: str
    title: str
    url: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Side:
    """The links under one heading."""

    heading: str
    links: list[Companion]


Teller = Callable[[Page, HttpRequest | None], Iterable[Companion]]
_tellers: dict[type[Page], list[Teller]] = {}


def register(kind: type[Page], teller: Teller) -> None:
    """Let a room above say what goes with pages of a kind; called in ``ready()``."""
    tellers = _tellers.setdefault(kind, [])
    if teller not in tellers:
        tellers.append(teller)


def sides_of(page: Page, request: HttpRequest | None, *, since: int | None) -> list[Side]:
    """Return the other sides of a page, in the order in which their tellers registered.

    They are kept in the process until something that a page shows changes: they are made of
    titles and addresses, never of prices or stock.

    :param since: the page's ``as_of``; none for a draft, whose sides are asked for each time.
    """
    tellers = _tellers.get(type(page), [])
    if not tellers or not page.pk:
        return []

    def ask() -> list[Side]:
        found = [each for tell in tellers for each in tell(page, request)]
        by_heading = groupby(found, key=attrgetter("heading"))
        return [Side(heading, list(links)) for heading, links in by_heading]

    sides: list[Side] = keep(("sides", page.pk), ask, since=since)
    return sides
