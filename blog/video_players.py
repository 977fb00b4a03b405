"""Films of other sites that may play inside an article, once a reader has agreed."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Kind:
    """A site whose films can be shown in a frame, and how its addresses name them."""

    name: str
    origin: str
    address: re.Pattern[str]
    path: str


@dataclass(frozen=True, slots=True)
class Player:
    """Where one film plays: `src` is the frame's address."""

    name: str
    src: str


# Each plays without the cookies that its ordinary page sets, as far as its owner offers that.
KINDS = {
    "youtube": Kind(
        "YouTube",
        "https://www.youtube-nocookie.com",
        re.compile(
            r"https://(?:(?:www|m)\.)?(?:youtu\.be/|youtube(?:-nocookie)?\.com/"
            r"(?:watch\?(?:[^#]*&)?v=|embed/|shorts/|live/))(?P<film>[\w-]{6,20})(?:[?&#/]|$)",
            re.ASCII,
        ),
        "/embed/{film}?autoplay=1&rel=0",
    ),
    "vimeo": Kind(
        "Vimeo",
        "https://player.vimeo.com",
        re.compile(
            r"https://(?:www\.)?(?:vimeo\.com/|player\.vimeo\.com/video/)(?P<film>\d{1,15})(?:/?[?#]|/?$)",
            re.ASCII,
        ),
        "/video/{film}?autoplay=1&dnt=1",
    ),
}


def unknown() -> list[str]:
    """Return what the setting names and nobody here can play."""
    return [name for name in settings.VIDEO_PLAYERS if name not in KINDS]


def origins() -> list[str]:
    """Return the sites that a frame in an article may show."""
    return [kind.origin for kind in _allowed()]


def player_of(url: str) -> Player | None:
    """Return what plays the film at an address; none where it plays on its own site alone."""
    for kind in _allowed():
        if found := kind.address.match(url):
            return Player(kind.name, kind.origin + kind.path.format(film=found["film"]))
    return None


def _allowed() -> Iterable[Kind]:
    return [KINDS[name] for name in settings.VIDEO_PLAYERS if name in KINDS]
