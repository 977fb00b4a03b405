"""A buyer's passes as their cards show them."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import models

from treatments.gift_exchanging import is_exchange
from treatments.models import LedgerKind, SessionPassQuerySet, Treatment
from treatments.spacing import clinic_day
from treatments.visits import PassView, views_of


class PassState(models.TextChoices):
    """Whether a pass can be used, and if not, what has become of it."""

    READY = "READY", "Ready to book"
    HELD = "HELD", "Set aside"
    PAUSED = "PAUSED", "Paused"
    FROZEN = "FROZEN", "Frozen"
    USED_UP = "USED_UP", "All used"
    PASSED_ON = "PASSED_ON", "Passed on"
    REFUNDED = "REFUNDED", "Paid back"
    EXPIRED = "EXPIRED", "Expired"


_OVER: Final = {
    PassState.USED_UP, PassState.PASSED_ON, PassState.REFUNDED, PassState.EXPIRED,
}  # fmt: skip
# What emptied a pass, by the last entry that took something from it.
_EMPTIED_BY: Final[Mapping[str, PassState]] = {
    LedgerKind.EXPIRE: PassState.EXPIRED,
    LedgerKind.REFUND: PassState.REFUNDED,
    LedgerKind.TRANSFER_OUT: PassState.PASSED_ON,
}
_STAYS: Final = "It stays here so that you can look everything up."
_WHY: Final[Mapping[PassState, str]] = {
    PassState.HELD: "Every session that is left is set aside, for an appointment or a gift.",
    PassState.FROZEN: (
        "The payment for this pass is disputed. Once the bank has decided for it, its sessions can"
        " be booked again and the days are added to its end."
    ),
    PassState.USED_UP: f"All sessions of this pass are used. {_STAYS}",
    PassState.PASSED_ON: f"What was left of this pass was passed on. {_STAYS}",
    PassState.REFUNDED: f"What was left of this pass was paid back. {_STAYS}",
    PassState.EXPIRED: (
        "This pass has expired, so its sessions can no longer be booked. If something kept you"
        " from coming, talk to us."
    ),
}


@dataclass(frozen=True, slots=True)
class PassCard:
    """How many sessions are left of how many, until when, and when the next one may be.

    :ivar why: what stands in the way of booking, or what else has to be known; else empty.
    """

    public_id: UUID
    treatment: Treatment
    balance: int
    granted: int
    validity_text: str
    state: PassState
    why: str

    @property
    def is_over(self) -> bool:
        """Tell whether no session will be taken from it any more."""
        return self.state in _OVER

    @property
    def is_ready(self) -> bool:
        return self.state == PassState.READY


def pass_cards(passes: SessionPassQuerySet, *, at: dt.datetime) -> list[PassCard]:
    """Return the cards of passes in four queries: those of use first, the newest first."""
    today = clinic_day(at)
    views = views_of(passes.select_related("treatment"))
    return sorted((_card(view, today=today) for view in views), key=lambda card: card.is_over)


def _card(view: PassView, *, today: dt.date) -> PassCard:
    state = _state(view, today=today)
    return PassCard(
        public_id=view.row.public_id,
        treatment=view.row.treatment,
        balance=view.standing.balance,
        granted=_granted(view),
        validity_text=view.row.validity_text,
        state=state,
        why=_why(view, state, today=today),
    )


def _granted(view: PassView) -> int:
    """Count what was ever put onto a pass; what was taken by mistake and put back is no more."""
    return sum(
        entry.sessions
        for entry in view.entries
        if entry.sessions > 0 and entry.kind != LedgerKind.RESTORE
    )


def _state(view: PassView, *, today: dt.date) -> PassState:
    standing = view.standing
    if not standing.balance:
        last = next((entry for entry in reversed(view.entries) if entry.sessions < 0), None)
        if last is None:
            return PassState.USED_UP
        if is_exchange(last):
            return PassState.PASSED_ON
        return _EMPTIED_BY.get(last.kind, PassState.USED_UP)
    if standing.is_frozen:
        return PassState.FROZEN
    if standing.is_expired(today):
        return PassState.EXPIRED
    if standing.pause_on(today) is not None:
        return PassState.PAUSED
    return PassState.READY if standing.available else PassState.HELD


def _why(view: PassView, state: PassState, *, today: dt.date) -> str:
    pause, last_day = view.standing.pause_on(today), view.standing.last_usable_on
    if state == PassState.PAUSED and pause is not None:
        return f"Paused until {_day(pause.until_on)}; the days are added to its end."
    if state != PassState.READY:
        return _WHY[state]
    told = []
    if view.standing.is_in_grace(today) and last_day is not None:
        told.append(f"Its last day is over; we still honour it until {_day(last_day)}.")
    if view.possible_on is not None and view.possible_on > today:
        told.append(f"Your next session is possible from {_day(view.possible_on)}.")
    elif view.recommended_on is not None and view.recommended_on > today:
        told.append(f"Your next session is best from {_day(view.recommended_on)}.")
    return " ".join(told)


def _day(day: dt.date) -> str:
    return f"{day:%-d %B %Y}"
