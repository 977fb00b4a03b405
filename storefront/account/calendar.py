"""Somebody's days of aftercare for their calendar, behind a link that nobody can guess."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe
from allauth.account.adapter import get_adapter

from accounts import tries
from storefront.account import ics
from storefront.account.timeline import Thing, timeline_of
from treatments import aftercare_wishes
from treatments.models import SessionPass
from treatments.sessions_had import SessionHad, sessions_had

MISSES_ALLOWED: Final = 20
MISSES_COUNTED_SECONDS: Final = 300
# Past days stay in the calendar for a while, as people look back.
SHOWN_FOR: Final = dt.timedelta(days=90)
_NAMED: Final = 2


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """Give the days on which something begins after the sessions of the last months."""
    key = f"calendar-misses:{get_adapter(request).get_client_ip(request)}"
    if cache.get(key, 0) >= MISSES_ALLOWED:
        answer = HttpResponse("Too many links that lead nowhere.", status=429)
        answer["Retry-After"] = str(MISSES_COUNTED_SECONDS)
        return answer
    try:
        owner = aftercare_wishes.owner_behind(token)
    except aftercare_wishes.UnknownLink as refusal:
        tries.count(key, seconds=MISSES_COUNTED_SECONDS)
        raise Http404("No calendar is found here.") from refusal
    events = events_of(sessions_had(SessionPass.objects.owned_by(owner)), at=timezone.now())
    answer = HttpResponse(
        ics.calendar("Aftercare", events), content_type="text/calendar; charset=utf-8"
    )
    answer["Content-Disposition"] = 'inline; filename="aftercare.ics"'
    answer["Cache-Control"] = "private, no-store"
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex"
    return answer


def address_of(token: str) -> str:
    """Return what a calendar program is given to read."""
    return f"{settings.SITE_URL}{reverse('aftercare_calendar', args=[token])}"


def events_of(sessions: Sequence[SessionHad], *, at: dt.datetime) -> list[ics.AllDay]:
    """Return one event per day on which something begins, the oldest session first."""
    late = [each for each in reversed(sessions) if at - each.entry.happened_at < SHOWN_FOR]
    return [event for had in late for event in _events(had)]


def _events(had: SessionHad) -> Iterator[ics.AllDay]:
    host = urlsplit(settings.SITE_URL).hostname
    page = settings.SITE_URL + reverse("my:aftercare", args=[had.row.public_id, had.entry.pk])
    told = timeline_of(had, (), on=timezone.localdate(had.entry.happened_at))
    for day in (day for day in told.days if day.begins):
        yield ics.AllDay(
            uid=f"aftercare-{had.entry.pk}-{day.number}@{host}",
            on=day.on,
            written_at=had.entry.happened_at,
            title=f"Aftercare day {day.number}: {_named(day.begins)}",
            text=f"Gentle enough from today on. Everything else: {page}",
            url=page,
        )


def _named(things: Sequence[Thing]) -> str:
    names = [things[0].name, *(thing.name.lower() for thing in things[1:_NAMED])]
    more = len(things) - len(names)
    return ", ".join(names) + (f" and {more} more" if more else "")
