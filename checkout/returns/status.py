"""The life of a return as a table, and the one function that moves a return along it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from accounts.models import User
from checkout import order_status
from checkout.models import Return, ReturnStatus

S = ReturnStatus

NEXT: Mapping[ReturnStatus, frozenset[ReturnStatus]] = {
    S.ASKED: frozenset({S.APPROVED, S.REJECTED, S.CALLED_OFF}),
    S.APPROVED: frozenset({S.RECEIVED, S.CALLED_OFF}),
    S.RECEIVED: frozenset({S.INSPECTED}),
    S.INSPECTED: frozenset({S.REFUNDED, S.EXCHANGED, S.CLOSED}),
    S.REJECTED: frozenset(),
    S.CALLED_OFF: frozenset(),
    S.REFUNDED: frozenset(),
    S.EXCHANGED: frozenset(),
    S.CLOSED: frozenset(),
}


class ReturnRefused(Exception):
    """The return's status does not lead where it was asked to go."""

    def __init__(self, row: Return, to: ReturnStatus) -> None:
        super().__init__(
            f"This return is “{row.get_status_display().lower()}” and cannot become"
            f" “{to.label.lower()}”. Nothing was changed."
        )


def demand(row: Return, to: ReturnStatus) -> None:
    """Refuse what the status does not lead to, before anything else is done.

    :raises ReturnRefused: if it does not lead there.
    """
    if to not in NEXT[ReturnStatus(row.status)]:
        raise ReturnRefused(row, to)


def move(
    row: Return,
    to: ReturnStatus,
    *,
    message: str,
    at: datetime,
    by: User | None,
    **changes: Any,
) -> None:
    """Move a return to a status, whatever else the same moment changes, and note it.

    Of two that try, one moves it and the other is refused.

    :raises ReturnRefused: if the status it has now does not lead there; nothing changes.
    """
    sources = [source for source, targets in NEXT.items() if to in targets]
    if not NEXT[to]:
        changes["ended_at"] = at
    moved = Return.objects.filter(pk=row.pk, status__in=sources).update(status=to, **changes)
    if not moved:
        row.refresh_from_db(fields=["status"])
        raise ReturnRefused(row, to)
    row.refresh_from_db()
    details = {"return": row.pk}
    order_status.record(
        row.order, kind=f"RETURN_{to}", message=message, at=at, by=by, details=details
    )
