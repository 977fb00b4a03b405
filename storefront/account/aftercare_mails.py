"""Mails on the days after a session on which something begins: which are due, what they say."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from outbox import mail
from outbox.models import OutboundMail
from storefront.account.timeline import timeline_of
from treatments import aftercare_wishes
from treatments.aftercare import LAST_DAY, date_of
from treatments.ledger import UNDO_WITHIN
from treatments.models import LedgerKind, SessionPass
from treatments.sessions_had import SessionHad, in_their_days, sessions_had
from treatments.spacing import clinic_day

STARTED: Final = "aftercare_started"
DAY: Final = "aftercare_day"
# Nobody is written to in the night; the mail after the session itself comes at once.
MORNING_HOUR: Final = 8
# The longest that a day of aftercare can be away from its session, nights of change included.
_LOOKED_BACK: Final = dt.timedelta(days=LAST_DAY + 2)
# Late on its day, the mail after a session may still go out early on the next.
_LAST_DAY_TO_START: Final = 1


@dataclass(frozen=True, slots=True)
class _Due:
    """A mail that should have been queued by now."""

    had: SessionHad
    event: str
    day: int

    @property
    def key(self) -> str:
        return f"aftercare:{self.had.entry.pk}:{self.event}:{self.day}"


def queue_due(*, at: dt.datetime) -> int:
    """Queue what is due today, each mail once; return how many.

    Any number of workers may do so at once. A day that went by while no worker ran is left out: its
    page and the next mail say what holds.
    """
    due = list(_due(at))
    known = OutboundMail.objects.filter(effect_key__in=[each.key for each in due])
    queued = set(known.values_list("effect_key", flat=True))
    return sum(_queue(each, at=at) for each in due if each.key not in queued)


def render(context: Mapping[str, Any]) -> mail.RenderedMail:
    """Write the mail of one day; it names habits and kinds of care, and nothing that was told."""
    event, day = context["event"], int(context["day"])
    had = _session(context["entry"])
    told = timeline_of(had, (), on=date_of(had.entry.happened_at, day))
    subject = "The days after your session" if event == STARTED else f"Day {day} of your aftercare"
    return mail.render(
        event=event,
        subject=subject,
        context={
            "day": day,
            "begins": told.days[day].begins,
            "not_yet": told.not_yet,
            "page_url": settings.SITE_URL
            + reverse("my:aftercare", args=[had.row.public_id, had.entry.pk]),
            "stop_url": settings.SITE_URL
            + reverse("stop_aftercare", args=[aftercare_wishes.stop_token(had.row)]),
        },
    )


def register() -> None:
    """Tell the outbox who writes the mails after a session."""
    for event in (STARTED, DAY):
        mail.register_renderer(event, render)


def _due(at: dt.datetime) -> Iterator[_Due]:
    """Yield every mail of today, whether or not it was queued before."""
    sessions = _sessions_of_late(at)
    stopped = aftercare_wishes.stopped_among({each.row.mails_go_to for each in sessions})
    today, hour = clinic_day(at), timezone.localtime(at).hour
    for had in sessions:
        # Until then the desk may still put it back.
        is_settled = at - had.entry.happened_at > UNDO_WITHIN
        if not is_settled or had.row.mails_go_to.lower() in stopped:
            continue
        day = had.day(today)
        if day <= _LAST_DAY_TO_START:
            yield _Due(had, STARTED, 0)
        if day in had.rules.days_with_news and day and hour >= MORNING_HOUR:
            yield _Due(had, DAY, day)


def _sessions_of_late(at: dt.datetime) -> list[SessionHad]:
    """Return the sessions of the last two weeks, but of people who have left us."""
    passes = SessionPass.objects.filter(
        Q(owner=None) | Q(owner__is_active=True),
        entries__kind=LedgerKind.REDEEM,
        entries__happened_at__gt=at - _LOOKED_BACK,
    )
    return in_their_days(sessions_had(passes.distinct()), at=at)


def _session(entry_id: int) -> SessionHad:
    passes = SessionPass.objects.filter(entries=entry_id)
    return next(had for had in sessions_had(passes) if had.entry.pk == entry_id)


@transaction.atomic
def _queue(due: _Due, *, at: dt.datetime) -> bool:
    """Queue one mail, unless its reader has said stop in between."""
    rows = SessionPass.objects.select_for_update(of=["self"]).select_related("owner")
    row = rows.get(pk=due.had.row.pk)
    if aftercare_wishes.stopped_among([row.mails_go_to]):
        return False
    return mail.queue(
        effect_key=due.key,
        event=due.event,
        to=row.mails_go_to,
        reference=aftercare_wishes.reference_of(row),
        context={"event": due.event, "entry": due.had.entry.pk, "day": due.day},
        at=at,
    )
