"""When a post was written, in a world in which clocks were wrong."""

import datetime as dt
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from blog.wordpress.notes import Notes

# Nothing was posted before there were blogs.
_FIRST_YEAR = 1990
_FORMAT = "%Y-%m-%d %H:%M:%S"
_NONE = "0000-00-00 00:00:00"


def moment(
    *, gmt: str, local: str, zone: ZoneInfo, notes: Notes, name: str, latest: dt.datetime | None
) -> dt.datetime | None:
    """Return a moment from a date in GMT or, without one, from a date in the old site's zone.

    :param name: what the date is of, for the note on one that cannot be true.
    :param latest: a later date is wrong; a post that is planned may have one.
    """
    for text, its_zone in ((gmt, dt.UTC), (local, zone)):
        if text in {"", _NONE}:
            continue
        read = _read(text, its_zone)
        if read is not None and read.year >= _FIRST_YEAR and (latest is None or read <= latest):
            return read
        notes.add(f"date that cannot be true ({name})", text)
    return None


def _read(text: str, zone: dt.tzinfo) -> dt.datetime | None:
    try:
        plain = dt.datetime.strptime(text, _FORMAT).replace(tzinfo=zone)
        return plain.astimezone(dt.UTC)
    except (ValueError, OverflowError):
        pass
    try:
        read = parsedate_to_datetime(text)
        return (read if read.tzinfo else read.replace(tzinfo=zone)).astimezone(dt.UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
