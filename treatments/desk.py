"""What the desk sees of passes: what can be done with each of them now."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from treatments.ledger.redeeming import UNDO_WITHIN
from treatments.models import LedgerEntry, SessionPass
from treatments.spacing import clinic_day
from treatments.standing import redemptions
from treatments.visits import PassView, views_of


@dataclass(frozen=True, slots=True)
class DeskCard:
    """One pass at the desk: whether a session can be taken today, and if not, why."""

    row: SessionPass
    left: int
    held: int
    validity: str
    alerts: tuple[str, ...]
    possible_on: dt.date | None
    recommended_on: dt.date | None
    is_usable: bool
    is_too_early: bool
    undoable: LedgerEntry | None
    last_session_at: dt.datetime | None
    form_token: str

    @property
    def can_redeem(self) -> bool:
        return self.is_usable and not self.is_too_early


def cards(passes: Sequence[SessionPass], *, at: dt.datetime) -> list[DeskCard]:
    """Return the cards of passes, those that can be used first."""
    shown = [_card(view, at=at) for view in views_of(passes)]
    return sorted(shown, key=lambda card: (not card.is_usable, card.is_too_early))


def _card(view: PassView, *, at: dt.datetime) -> DeskCard:
    standing, today = view.standing, clinic_day(at)
    pause = standing.pause_on(today)
    is_usable = standing.available > 0 and pause is None and not standing.is_expired(today)
    sessions = redemptions(view.entries)
    last = sessions[-1] if sessions else None
    is_fresh = last is not None and dt.timedelta(0) <= at - last.happened_at <= UNDO_WITHIN
    return DeskCard(
        row=view.row,
        left=standing.balance,
        held=standing.held,
        validity=view.row.validity_text,
        alerts=tuple(_alerts(view, today=today)),
        possible_on=view.possible_on,
        recommended_on=view.recommended_on,
        is_usable=is_usable,
        is_too_early=view.possible_on is not None and view.possible_on > today,
        undoable=last if is_fresh else None,
        last_session_at=last.happened_at if last else None,
        form_token=uuid.uuid4().hex,
    )


def _alerts(view: PassView, *, today: dt.date) -> list[str]:
    standing = view.standing
    alerts = []
    pause = standing.pause_on(today)
    if not standing.balance:
        alerts.append("No session is left.")
    elif not standing.available:
        alerts.append("What is left is held for an appointment.")
    if pause is not None:
        alerts.append(f"Paused until {pause.until_on:%-d %B %Y}.")
    if standing.is_expired(today):
        alerts.append("Expired.")
    elif standing.is_in_grace(today) and standing.last_usable_on is not None:
        alerts.append(f"The last day is over; honoured until {standing.last_usable_on:%-d %B %Y}.")
    if view.possible_on is not None and view.possible_on > today and standing.balance:
        alerts.append(f"Too early: possible from {view.possible_on:%-d %B %Y}.")
    elif view.recommended_on is not None and view.recommended_on > today and standing.balance:
        alerts.append(f"Sooner than recommended: better from {view.recommended_on:%-d %B %Y}.")
    return alerts
