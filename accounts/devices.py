"""What a browser calls itself, in words that its owner knows."""

from collections.abc import Iterable
from typing import Final

_Words = Iterable[tuple[str, str]]
# The first that fits: most of them also name those they descend from.
_BROWSERS: Final[_Words] = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS: Final[_Words] = (
    ("iPhone", "an iPhone"),
    ("iPad", "an iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "a Mac"),
    ("CrOS", "a Chromebook"),
    ("Linux", "Linux"),
)


def device_of(user_agent: str) -> str:
    """Say which browser on which system it is, such as "Firefox on Windows"."""
    browser = _first(_BROWSERS, user_agent) or "A browser"
    system = _first(_SYSTEMS, user_agent)
    return f"{browser} on {system}" if system else browser


def _first(words: _Words, user_agent: str) -> str:
    return next((said for sign, said in words if sign in user_agent), "")
