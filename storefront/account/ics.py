"""Calendars of events, written as RFC 5545 wants them, and sent as RFC 5546 does."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

# Section 3.1: a line holds at most 75 octets, its break not counted; a folded one goes on after a
# blank, which counts.
_WIDEST: Final = 75
_PRODUCT: Final = "-//Galea//Aftercare//EN"
_PRODUCT_OF_VISITS: Final = "-//Galea//Appointments//EN"
# Section 3.6.5.
_UTC: Final = (
    "BEGIN:VTIMEZONE",
    "TZID:Etc/UTC",
    "BEGIN:STANDARD",
    "DTSTART:19700101T000000",
    "TZOFFSETFROM:+0000",
    "TZOFFSETTO:+0000",
    "TZNAME:UTC",
    "END:STANDARD",
    "END:VTIMEZONE",
)


@dataclass(frozen=True, slots=True)
class AllDay:
    """Something that a whole day is about; `uid` stays the same however often it is read."""

    uid: str
    on: dt.date
    written_at: dt.datetime
    title: str
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Visit:
    """Something with a beginning and an end, whose newest version has the highest `sequence`.

    :ivar organizer: the mail address that answers for it.
    """

    uid: str
    sequence: int
    starts_at: dt.datetime
    ends_at: dt.datetime
    written_at: dt.datetime
    title: str
    text: str
    place: str
    url: str
    organizer: str
    is_cancelled: bool

    @property
    def method(self) -> str:
        """What a calendar is to do with it (RFC 5546, sections 3.2.1 and 3.2.5)."""
        return "CANCEL" if self.is_cancelled else "PUBLISH"


def calendar(name: str, events: Iterable[AllDay]) -> bytes:
    """Return a calendar that programs read again every few hours.

    Section 3.6 wants one component at least, and what is published holds an event (RFC 5546,
    section 3.2.1): a calendar without events publishes nothing, and names the zone of its times.
    """
    told = [line for event in events for line in _event(event)]
    return _written(
        [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            f"PRODID:{_PRODUCT}",
            "CALSCALE:GREGORIAN",
            *(["METHOD:PUBLISH"] if told else []),
            f"X-WR-CALNAME:{_text(name)}",
            "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
            *(told or _UTC),
            "END:VCALENDAR",
        ]
    )


def invitation(visit: Visit) -> bytes:
    """Return one visit for a calendar to take in, or out again; times are told in UTC.

    A moment in UTC is the same moment whatever the clocks of clinic and reader do in between.
    """
    return _written(
        [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            f"PRODID:{_PRODUCT_OF_VISITS}",
            "CALSCALE:GREGORIAN",
            f"METHOD:{visit.method}",
            *_visit(visit),
            "END:VCALENDAR",
        ]
    )


def _event(event: AllDay) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{event.uid}"
    yield f"DTSTAMP:{_moment(event.written_at)}"
    yield f"DTSTART;VALUE=DATE:{event.on:%Y%m%d}"
    yield f"SUMMARY:{_text(event.title)}"
    yield f"DESCRIPTION:{_text(event.text)}"
    yield f"URL:{event.url}"
    # The day stays free, and shared calendars show that it is taken up by something private.
    yield "TRANSP:TRANSPARENT"
    yield "CLASS:PRIVATE"
    yield "END:VEVENT"


def _visit(visit: Visit) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{visit.uid}"
    yield f"SEQUENCE:{visit.sequence}"
    yield f"DTSTAMP:{_moment(visit.written_at)}"
    yield f"DTSTART:{_moment(visit.starts_at)}"
    yield f"DTEND:{_moment(visit.ends_at)}"
    yield f"STATUS:{'CANCELLED' if visit.is_cancelled else 'CONFIRMED'}"
    yield f"SUMMARY:{_text(visit.title)}"
    yield f"DESCRIPTION:{_text(visit.text)}"
    if visit.place:
        yield f"LOCATION:{_text(visit.place)}"
    yield f"ORGANIZER:mailto:{visit.organizer}"
    yield f"URL:{visit.url}"
    yield "CLASS:PRIVATE"
    yield "END:VEVENT"


def _written(lines: Iterable[str]) -> bytes:
    return b"".join(b"\r\n ".join(_folded(line)) + b"\r\n" for line in lines)


def _moment(at: dt.datetime) -> str:
    return f"{at.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"


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
