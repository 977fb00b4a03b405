"""Remind holders of sessions before their last day; the worker's job."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

from django.utils import timezone

from outbox import mail
from outbox.models import OutboundMail
from treatments.models import SessionPass
from treatments.spacing import clinic_day
from treatments.visits import PassView, views_of

SESSIONS_WAIT: Final = "sessions_wait"
# Days before the last day on which a mail goes out.
STAGES: Final = (60, 14, 1)
# Nobody is woken: mails are written within these hours of the clinic's day.
FIRST_HOUR, LAST_HOUR = 8, 20
AT_ONCE: Final = 500


def remind_due(*, at: dt.datetime) -> int:
    """Queue a mail for every pass whose day has come near; return how many.

    Each stage is told once for one last day, by any number of workers; a pass whose last day has
    moved is told of the new one. What was missed while no worker ran is not made up for: the stage
    that it is by now is told alone.
    """
    if not FIRST_HOUR <= timezone.localtime(at).hour < LAST_HOUR:
        return 0
    today = clinic_day(at)
    until = today + dt.timedelta(days=max(STAGES))
    ending = SessionPass.objects.filter(expires_on__range=(today, until)).with_sessions_left()
    told, last = 0, 0
    while rows := list(ending.filter(pk__gt=last).order_by("pk").select_related("owner")[:AT_ONCE]):
        last = rows[-1].pk
        told += sum(_tell(view, at=at) for view in views_of(_untold(rows, today=today)))
    return told


def _untold(rows: Sequence[SessionPass], *, today: dt.date) -> list[SessionPass]:
    """Leave out those whose stage was told before, and those bought after it had begun."""
    keys = {row.pk: _key(row, today=today) for row in rows if _is_old_enough(row, today=today)}
    known = OutboundMail.objects.filter(effect_key__in=keys.values())
    told = set(known.values_list("effect_key", flat=True))
    return [row for row in rows if row.pk in keys and keys[row.pk] not in told]


def _tell(view: PassView, *, at: dt.datetime) -> bool:
    today, row = clinic_day(at), view.row
    standing = view.standing
    if not standing.available or standing.is_frozen or standing.pause_on(today) is not None:
        return False
    return mail.queue(
        effect_key=_key(row, today=today),
        event=SESSIONS_WAIT,
        to=row.mails_go_to,
        reference=f"pass:{row.public_id}",
        context={"event": SESSIONS_WAIT, "pass": row.pk},
        at=at,
    )


def _stage(row: SessionPass, *, today: dt.date) -> int:
    return min(stage for stage in STAGES if _days_left(row, today=today) <= stage)


def _key(row: SessionPass, *, today: dt.date) -> str:
    return f"pass:{row.public_id}:ends:{row.expires_on}:{_stage(row, today=today)}"


def _is_old_enough(row: SessionPass, *, today: dt.date) -> bool:
    """Tell whether the pass was there already when its stage began."""
    days_old = (today - clinic_day(row.created_at)).days
    return days_old > _stage(row, today=today) - _days_left(row, today=today)


def _days_left(row: SessionPass, *, today: dt.date) -> int:
    # Those without a last day are not asked for.
    return (row.expires_on - today).days if row.expires_on else max(STAGES)
