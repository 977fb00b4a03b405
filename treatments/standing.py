"""How a pass stands: a pure fold of its terms and its entries, oldest first."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from treatments.models import LedgerEntry, LedgerKind
from treatments.spacing import clinic_day
from treatments.validity import GRACE_DAYS, ValidityRule

# Kinds that put an end to the entry they are about.
_ENDING = {LedgerKind.RESTORE, LedgerKind.RELEASE, LedgerKind.REDEEM}


class Terms(Protocol):
    """What was promised with a pass."""

    validity_rule: str
    validity_days: int
    starts_on: dt.date | None


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Days from one on, until another that is not part of it."""

    from_on: dt.date
    until_on: dt.date

    def __contains__(self, day: dt.date) -> bool:
        return self.from_on <= day < self.until_on


@dataclass(frozen=True, slots=True)
class Standing:
    """What is left of a pass, and until when; `expires_on` is open until the first session."""

    balance: int
    held: int
    starts_on: dt.date | None
    expires_on: dt.date | None
    pauses: tuple[Span, ...]
    paused_days: int
    sessions_at: tuple[dt.datetime, ...]
    protocol_id: int | None
    is_frozen: bool = False

    @property
    def available(self) -> int:
        """Sessions that are neither used nor set aside."""
        return self.balance - self.held

    @property
    def last_usable_on(self) -> dt.date | None:
        """The last day of the grace period; until then sessions are still honoured."""
        if self.expires_on is None:
            return None
        return self.expires_on + dt.timedelta(days=GRACE_DAYS)

    def is_expired(self, on: dt.date) -> bool:
        """Tell whether the grace period is over, too."""
        return self.last_usable_on is not None and on > self.last_usable_on

    def is_in_grace(self, on: dt.date) -> bool:
        """Tell whether the last day is over, but the grace period is not."""
        return self.expires_on is not None and on > self.expires_on and not self.is_expired(on)

    def pause_on(self, on: dt.date) -> Span | None:
        """Return the pause that a day lies in."""
        return next((pause for pause in self.pauses if on in pause), None)


def standing_of(terms: Terms, entries: Iterable[LedgerEntry]) -> Standing:
    """Fold the entries of a pass, in the order in which they were written."""
    written = list(entries)
    sessions_at = tuple(sessions_among(written))
    starts_on = _start(terms, sessions_at)
    pauses = tuple(_merged(_pauses_among(written)))
    expires_on, paused_days = _end(terms, written, starts_on, pauses)
    return Standing(
        balance=sum(entry.sessions for entry in written),
        held=sum(entry.held for entry in written),
        starts_on=starts_on,
        expires_on=expires_on,
        pauses=pauses,
        paused_days=paused_days,
        sessions_at=sessions_at,
        protocol_id=_protocol(written),
        is_frozen=bool(open_freezes(written)),
    )


def redemptions(entries: Sequence[LedgerEntry]) -> list[LedgerEntry]:
    """Return the redemptions that were not put back."""
    put_back = {entry.about_id for entry in entries if entry.kind == LedgerKind.RESTORE}
    return [
        entry for entry in entries if entry.kind == LedgerKind.REDEEM and entry.pk not in put_back
    ]


def sessions_among(entries: Sequence[LedgerEntry]) -> list[dt.datetime]:
    """Return the moment of every redemption that was not put back."""
    return [entry.happened_at for entry in redemptions(entries)]


def open_holds(entries: Sequence[LedgerEntry]) -> list[LedgerEntry]:
    """Return the holds that were neither released nor redeemed."""
    if any(entry.kind == LedgerKind.EXPIRE for entry in entries):
        last = max(n for n, entry in enumerate(entries) if entry.kind == LedgerKind.EXPIRE)
        entries = entries[last:]
    ended = {entry.about_id for entry in entries if entry.kind in _ENDING}
    return [entry for entry in entries if entry.kind == LedgerKind.HOLD and entry.pk not in ended]


def open_pauses(entries: Sequence[LedgerEntry], *, on: dt.date) -> list[LedgerEntry]:
    """Return the pauses that go on or are still to come, and that nobody has ended."""
    ended = {entry.about_id for entry in entries if entry.kind == LedgerKind.RESUME}
    return [
        entry
        for entry in entries
        if entry.kind == LedgerKind.PAUSE
        and entry.pk not in ended
        and entry.until_on is not None
        and entry.until_on > on
    ]


def open_freezes(entries: Iterable[LedgerEntry]) -> list[LedgerEntry]:
    """Return what a pass is frozen by, as long as that was not ended."""
    written = list(entries)
    ended = {entry.about_id for entry in written if entry.kind == LedgerKind.THAW}
    return [entry for entry in written if entry.kind == LedgerKind.FREEZE and entry.pk not in ended]


def _start(terms: Terms, sessions_at: Sequence[dt.datetime]) -> dt.date | None:
    if terms.validity_rule == ValidityRule.FROM_PURCHASE:
        return terms.starts_on
    return clinic_day(min(sessions_at)) if sessions_at else None


def _pauses_among(entries: Sequence[LedgerEntry]) -> Iterator[Span]:
    ended = {entry.about_id: entry.until_on for entry in entries if entry.kind == LedgerKind.RESUME}
    for entry in entries:
        if entry.kind != LedgerKind.PAUSE or entry.from_on is None or entry.until_on is None:
            continue
        until_on = min(entry.until_on, ended.get(entry.pk) or entry.until_on)
        if until_on > entry.from_on:
            yield Span(entry.from_on, until_on)


def _merged(spans: Iterable[Span]) -> list[Span]:
    """Join pauses that overlap or touch, so that no day counts twice."""
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.from_on <= merged[-1].until_on:
            merged[-1] = Span(merged[-1].from_on, max(merged[-1].until_on, span.until_on))
        else:
            merged.append(span)
    return merged


def _end(
    terms: Terms, entries: Sequence[LedgerEntry], starts_on: dt.date | None, pauses: Sequence[Span]
) -> tuple[dt.date | None, int]:
    """Return the last day, and by how many days pauses have moved it."""
    if starts_on is None:
        return None, 0
    days = terms.validity_days + sum(entry.days for entry in entries)
    last, paused = starts_on + dt.timedelta(days=days), 0
    for pause in pauses:
        length = (pause.until_on - max(pause.from_on, starts_on)).days
        if length > 0 and pause.from_on <= last:
            last, paused = last + dt.timedelta(days=length), paused + length
    return last, paused


def _protocol(entries: Sequence[LedgerEntry]) -> int | None:
    named = [entry.protocol_id for entry in entries if entry.protocol_id is not None]
    return named[-1] if named else None
