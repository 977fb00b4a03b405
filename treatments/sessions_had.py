"""Sessions that somebody had, each with the rules for the days after it."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from treatments.aftercare import LAST_DAY, NO_RULES, Rules, day_after, rules_of
from treatments.models import (
    AftercareWindow,
    LedgerEntry,
    Protocol,
    SessionPass,
    SessionPassQuerySet,
    Treatment,
)
from treatments.spacing import clinic_day
from treatments.standing import redemptions
from treatments.visits import views_of


@dataclass(frozen=True, slots=True)
class SessionHad:
    """One session, never one that was put back, and what the pass's protocol says of after it."""

    row: SessionPass
    entry: LedgerEntry
    protocol: Protocol
    windows: tuple[AftercareWindow, ...]
    rules: Rules

    @property
    def treatment(self) -> Treatment:
        return self.row.treatment

    def day(self, on: dt.date) -> int:
        """Return which day after it a date is."""
        return day_after(self.entry.happened_at, on=on)


def sessions_had(passes: SessionPassQuerySet) -> list[SessionHad]:
    """Return the sessions taken from passes, the newest first; five queries for any number.

    Sessions of a treatment without a protocol are left out: there is nothing to say of them.
    """
    views = views_of(passes.select_related("treatment", "owner"))
    windows = _windows_of(view.protocol for view in views)
    had = [
        SessionHad(
            row=view.row,
            entry=entry,
            protocol=view.protocol,
            windows=windows.get(view.protocol.pk, ()),
            rules=rules_of(windows.get(view.protocol.pk, ())),
        )
        for view in views
        if view.protocol is not None
        for entry in redemptions(view.entries)
    ]
    return sorted(had, key=lambda each: (each.entry.happened_at, each.entry.pk), reverse=True)


def in_their_days(sessions: Collection[SessionHad], *, at: dt.datetime) -> list[SessionHad]:
    """Return those whose days of aftercare are not over."""
    today = clinic_day(at)
    return [each for each in sessions if each.rules != NO_RULES and each.day(today) <= LAST_DAY]


def _windows_of(protocols: Iterable[Protocol | None]) -> dict[int, tuple[AftercareWindow, ...]]:
    found: dict[int, list[AftercareWindow]] = {}
    wanted = {protocol.pk for protocol in protocols if protocol is not None}
    rows = AftercareWindow.objects.filter(protocol__in=wanted).select_related("care_tag")
    for window in rows:
        found.setdefault(window.protocol_id, []).append(window)
    return {protocol_id: tuple(each) for protocol_id, each in found.items()}
