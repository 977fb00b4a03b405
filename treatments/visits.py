"""When the holder of a pass may come again: read for many passes in a few queries."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from treatments.models import LedgerEntry, LedgerKind, Protocol, SessionPass
from treatments.spacing import next_day, recommended_day, spacing_of
from treatments.standing import Standing, redemptions, standing_of


@dataclass(frozen=True, slots=True)
class PassView:
    """A pass with its entries, how it stands, and when the next session may be.

    `possible_on` is the first day that the protocol allows, nothing if any day will do;
    `recommended_on` is the day from which it is recommended.
    """

    row: SessionPass
    entries: tuple[LedgerEntry, ...]
    standing: Standing
    protocol: Protocol | None
    possible_on: dt.date | None
    recommended_on: dt.date | None


def protocol_of(row: SessionPass, standing: Standing) -> Protocol | None:
    """Return the protocol that holds for a pass.

    One that was sold before there was any follows the newest.
    """
    protocol: Protocol | None = (
        Protocol.objects.newest_of(row.treatment_id)
        if standing.protocol_id is None
        else Protocol.objects.get(pk=standing.protocol_id)
    )
    return protocol


def views_of(passes: Collection[SessionPass]) -> list[PassView]:
    """Read entries, protocols and other passes of the same people; three queries for any number."""
    entries = _entries_of(passes)
    standings = {row.pk: standing_of(row, entries.get(row.pk, ())) for row in passes}
    protocols = _protocols_of(passes)
    elsewhere = _other_sessions(passes)
    return [
        _view(row, entries.get(row.pk, ()), standings[row.pk], protocols, elsewhere)
        for row in passes
    ]


def sessions_of_holder(row: SessionPass) -> list[dt.datetime]:
    """Return the sessions that the holder of a pass has had of its treatment, on any pass."""
    return [each.at for each in _other_sessions([row]) if each.is_of_holder(row)]


@dataclass(frozen=True, slots=True)
class _Protocols:
    by_id: dict[int, Protocol]
    newest: dict[int, Protocol]

    def of(self, row: SessionPass, standing: Standing) -> Protocol | None:
        if standing.protocol_id is not None:
            return self.by_id[standing.protocol_id]
        return self.newest.get(row.treatment_id)


@dataclass(frozen=True, slots=True)
class _Session:
    """A session that somebody had, on any pass."""

    at: dt.datetime
    treatment_id: int
    owner_id: int | None
    email: str

    def is_of_holder(self, row: SessionPass) -> bool:
        is_same = self.email == row.holder_email
        if row.owner_id is not None:
            is_same = is_same or self.owner_id == row.owner_id
        return is_same and self.treatment_id == row.treatment_id


def _view(
    row: SessionPass,
    entries: Sequence[LedgerEntry],
    standing: Standing,
    protocols: _Protocols,
    sessions: Sequence[_Session],
) -> PassView:
    protocol = protocols.of(row, standing)
    spacing = spacing_of(protocol)
    moments = [session.at for session in sessions if session.is_of_holder(row)]
    return PassView(
        row=row,
        entries=tuple(entries),
        standing=standing,
        protocol=protocol,
        possible_on=next_day(spacing, moments),
        recommended_on=recommended_day(spacing, moments),
    )


def _entries_of(passes: Collection[SessionPass]) -> dict[int, list[LedgerEntry]]:
    found: dict[int, list[LedgerEntry]] = {}
    rows = LedgerEntry.objects.filter(session_pass__in=[row.pk for row in passes])
    for entry in rows.select_related("actor", "practitioner", "protocol", "note").order_by("pk"):
        found.setdefault(entry.session_pass_id, []).append(entry)
    return found


def _protocols_of(passes: Collection[SessionPass]) -> _Protocols:
    treatments = {row.treatment_id for row in passes}
    rows = Protocol.objects.filter(treatment__in=treatments).order_by("version")
    by_id = {row.pk: row for row in rows.select_related("treatment")}
    return _Protocols(by_id, {row.treatment_id: row for row in by_id.values()})


def _other_sessions(passes: Collection[SessionPass]) -> list[_Session]:
    """Read every session of the holders, whichever pass it was taken from."""
    if not passes:
        return []
    owners = {row.owner_id for row in passes if row.owner_id is not None}
    emails = {row.holder_email for row in passes}
    same_people = SessionPass.objects.of_holders(owner_ids=owners, emails=emails)
    kinds = [LedgerKind.REDEEM, LedgerKind.RESTORE]
    rows = LedgerEntry.objects.filter(session_pass__in=same_people, kind__in=kinds)
    taken = redemptions(list(rows.select_related("session_pass")))
    return [
        _Session(
            at=entry.happened_at,
            treatment_id=entry.session_pass.treatment_id,
            owner_id=entry.session_pass.owner_id,
            email=entry.session_pass.holder_email,
        )
        for entry in taken
    ]
