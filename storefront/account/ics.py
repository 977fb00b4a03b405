"""Calendars of all-day events, written as RFC 5545 wants them."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

# Section 3.1: a line holds at most 75 octets, its break not counted; a folded one goes on after a
# blank, which counts.
_WIDEST: Final = 75
_PRODUCT: Final = "-//Galea//Aftercare//EN"


@dataclass(frozen=True, slots=True)
class AllDay:
    """Something that a whole day is about; `uid` stays the same however often it is read."""

    uid: str
    on: dt.date
    written_at: dt.datetime
    title: str
    text: str
    url: str


def calendar(name: str, events: Iterable[AllDay]) -> bytes:
    """Return a calendar that programs read again every few hours."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{_PRODUCT}",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        *(line for event in events for line in _event(event)),
        "END:VCALENDAR",
    ]
    return b"".join(b"\r\n ".join(_folded(line)) + b"\r\n" for line in lines)


def _event(event: AllDay) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{event.uid}"
    yield f"DTSTAMP:{event.written_at.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"
    yield f"DTSTART;VALUE=DATE:{event.on:%Y%m%d}"
    yield f"SUMMARY:{_text(event.title)}"
    yield f"DESCRIPTION:{_text(event.text)}"
    yield f"URL:{event.url}"
    # The day stays free, and shared calendars show that it is taken up by something private.
    yield "TRANSP:TRANSPARENT"
    yield "CLASS:PRIVATE"
    yield "END:VEVENT"


def _text(words: str) -> str:
    """Escape a value of type TEXT (section 3.3.11)."""
    escaped = words.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return "\\n".join(escaped.splitlines())


def _folded(line: str) -> Iterator[bytes]:
    """Cut a line into pieces of whole letters, none too wide."""
    piece, room = b"", _WIDEST
    for letter in line:
        octets = letter.encode()
        if len(piece) + len(octets) > room:
            yield piece
            piece, room = b"", _WIDEST - 1
        piece += octets
    yield piece
