"""What the desk sees of passes: what can be done with each of them now."""

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from treatments import appointments
from treatments.ledger.redeeming import UNDO_WITHIN
from treatments.models import Appointment, LedgerEntry, SessionPass
from treatments.spacing import clinic_day
from treatments.standing import redemptions
from treatments.visits import PassView, views_of


@dataclass(frozen=True, slots=True)
class DeskCard:
    """One pass at the desk: whether a session can be taken today, and if not, why.

    :ivar booked: today's appointment, whose session is the one that is redeemed.
    """

    row: SessionPass
    left: int
    held: int
    booked: Appointment | None
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
    booked = appointments.booked_today([row.pk for row in passes], at=at)
    shown = [_card(view, booked.get(view.row.pk), at=at) for view in views_of(passes)]
    return sorted(shown, key=lambda card: (not card.is_usable, card.is_too_early))


def _card(view: PassView, booked: Appointment | None, *, at: dt.datetime) -> DeskCard:
    standing, today = view.standing, clinic_day(at)
    pause = standing.pause_on(today)
    has_one = standing.available > 0 or booked is not None
    is_hindered = standing.is_frozen or pause is not None or standing.is_expired(today)
    sessions = redemptions(view.entries)
    last = sessions[-1] if sessions else None
    is_fresh = last is not None and dt.timedelta(0) <= at - last.happened_at <= UNDO_WITHIN
    return DeskCard(
        row=view.row,
        left=standing.balance,
        held=standing.held,
        booked=booked,
        validity=view.row.validity_text,
        alerts=tuple(_alerts(view, booked, today=today)),
        possible_on=view.possible_on,
        recommended_on=view.recommended_on,
        is_usable=has_one and not is_hindered,
        is_too_early=view.possible_on is not None and view.possible_on > today,
        undoable=last if is_fresh else None,
        last_session_at=last.happened_at if last else None,
        form_token=uuid.uuid4().hex,
    )


def _alerts(view: PassView, booked: Appointment | None, *, today: dt.date) -> Iterator[str]:
    standing = view.standing
    if not standing.balance:
        yield "No session is left."
    elif not standing.available and booked is None:
        yield "What is left is set aside, for an appointment or a gift."
    if standing.is_frozen:
        yield "Frozen: the payment for it is disputed. Take no session, and ask a manager."
    pause = standing.pause_on(today)
    if pause is not None:
        yield f"Paused until {pause.until_on:%-d %B %Y}."
    if standing.is_expired(today):
        yield "Expired."
    elif standing.is_in_grace(today) and standing.last_usable_on is not None:
        yield f"The last day is over; honoured until {standing.last_usable_on:%-d %B %Y}."
    if standing.balance:
        yield from _alerts_of_spacing(view, today=today)


def _alerts_of_spacing(view: PassView, *, today: dt.date) -> Iterator[str]:
    if view.possible_on is not None and view.possible_on > today:
        yield f"Too early: possible from {view.possible_on:%-d %B %Y}."
    elif view.recommended_on is not None and view.recommended_on > today:
        yield f"Sooner than recommended: better from {view.recommended_on:%-d %B %Y}."
