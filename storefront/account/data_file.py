"""Everything that the shop holds of a person, to take along (GDPR, articles 15 and 20)."""

import datetime as dt
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from accounts.person import Person
from storefront.account.rooms import ROOMS

NAME: Final = "galea-data-{:%Y-%m-%d}.zip"
_SHORTEST_MOMENT: Final = len("2026-03-01T12:00:00")


@dataclass(frozen=True, slots=True)
class Entry:
    """One fact for people to read: words, a group of facts, or a list of them."""

    label: str
    words: str = ""
    group: "tuple[Entry, ...]" = ()


def collect(person: Person, *, at: dt.datetime) -> dict[str, Any]:
    """Ask every room what it holds of a person."""
    rooms = {room.title: dict(room.hand_out(person)) for room in ROOMS}
    facts = {"shop": settings.WAGTAIL_SITE_NAME, "made_at": at, "data": rooms}
    plain: dict[str, Any] = json.loads(json.dumps(facts, cls=DjangoJSONEncoder))
    return plain


def zipped(person: Person, *, at: dt.datetime) -> bytes:
    """Return a zip with the data for machines and for people, the same in both."""
    facts = collect(person, at=at)
    page = {"rooms": _entries(facts["data"]), "shop_name": facts["shop"], "made_at": at}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("data.json", json.dumps(facts, indent=2, ensure_ascii=False))
        packed.writestr("data.html", render_to_string("storefront/account/data.html", page))
        packed.writestr("data.css", render_to_string("storefront/account/data.css"))
    return out.getvalue()


def _entries(facts: Mapping[str, Any]) -> tuple[Entry, ...]:
    return tuple(_entry(label, value) for label, value in facts.items())


def _entry(label: str, value: Any) -> Entry:
    label = label.replace("__", " ").replace("_", " ").capitalize()
    if isinstance(value, dict):
        return Entry(label, group=_entries(value))
    if isinstance(value, list):
        group = tuple(_entry(str(number), each) for number, each in enumerate(value, start=1))
        return Entry(label, words="" if group else "Nothing", group=group)
    return Entry(label, words=_words(value))


def _words(value: Any) -> str:
    if value is None or value == "":
        return "Nothing"
    if isinstance(value, bool):
        return "Yes" if value else "No"
    moment = _moment(value) if isinstance(value, str) else None
    return f"{timezone.localtime(moment):%-d %B %Y, %H:%M}" if moment else str(value)


def _moment(text: str) -> dt.datetime | None:
    """Read back a moment; words that merely look like one are words."""
    if len(text) < _SHORTEST_MOMENT or not text[:4].isdecimal():
        return None
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment and timezone.is_aware(moment) else None
