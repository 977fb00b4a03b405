"""Which days an appointment can be on: what the pass, the protocol and the clinic's days allow."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils import timezone

from treatments.ledger import PassRefused
from treatments.models import Appointment, AppointmentStatus, SessionPass
from treatments.spacing import Spacing, clinic_day, next_day, spacing_of
from treatments.standing import Span, Standing, standing_of
from treatments.visits import protocol_of, sessions_of_holder

MOST_DAYS: Final = 3
FARTHEST_DAYS: Final = 180


class DayRefused(PassRefused):
    """An appointment cannot be on that day; the message can be shown."""


class NoDayChosen(DayRefused):
    """At least one day must be named."""

    def __init__(self) -> None:
        super().__init__("Choose at least one day on which you can come.")


class TooManyDays(DayRefused):
    """More days than anybody wants to look through."""

    def __init__(self) -> None:
        super().__init__(f"Choose {MOST_DAYS} days at most.")


class DayTooSoon(DayRefused):
    """The day has begun or is over."""

    def __init__(self) -> None:
        super().__init__("Choose a day from tomorrow on.")


class DayTooFar(DayRefused):
    """Nobody knows yet who works on that day."""

    def __init__(self, *, last_on: dt.date) -> None:
        self.last_on = last_on
        super().__init__(f"We plan until {_day(last_on)}. Choose a day before.")


class DayTooEarly(DayRefused):
    """The protocol asks for more days after the session before; `possible_on` is the first one."""

    def __init__(self, *, on: dt.date, possible_on: dt.date) -> None:
        self.possible_on = possible_on
        super().__init__(
            f"{_day(on)} is too early: your next session is possible from {_day(possible_on)}."
        )


class DayTooNear(DayRefused):
    """An appointment that is agreed already would become too early by it."""

    def __init__(self, *, on: dt.date, booked_on: dt.date) -> None:
        self.booked_on = booked_on
        super().__init__(
            f"{_day(on)} is too near your appointment on {_day(booked_on)}. "
            "Move that one first, or choose a day after it."
        )


class DayAfterTheEnd(DayRefused):
    """The pass is over by then."""

    def __init__(self, *, last_on: dt.date) -> None:
        self.last_on = last_on
        super().__init__(f"This pass can be used until {_day(last_on)}. Choose a day before.")


class DayPaused(DayRefused):
    """The pass rests on that day."""

    def __init__(self, *, until_on: dt.date) -> None:
        self.until_on = until_on
        super().__init__(f"This pass is paused; choose a day from {_day(until_on)} on.")


class DayClosed(DayRefused):
    """The clinic is closed on that day."""

    def __init__(self, *, on: dt.date) -> None:
        super().__init__(f"We are closed on {_day(on)}. Choose another day.")


@dataclass(frozen=True, slots=True)
class Days:
    """What decides on which days a session of a pass can be.

    :ivar from_on: the first day of all, whatever else stands in the way.
    :ivar sessions_at: the sessions that the holder has had of the treatment, on any pass.
    :ivar booked_at: their confirmed appointments for it.
    """

    today: dt.date
    from_on: dt.date
    last_on: dt.date | None
    pauses: tuple[Span, ...]
    spacing: Spacing
    sessions_at: tuple[dt.datetime, ...]
    booked_at: tuple[dt.datetime, ...]
    closed_on: frozenset[dt.date]

    @property
    def horizon(self) -> dt.date:
        """The last day that the clinic plans."""
        return self.today + dt.timedelta(days=FARTHEST_DAYS)

    @property
    def first_on(self) -> dt.date | None:
        """The first day that would not be refused, if there is one."""
        ahead = (self.from_on + dt.timedelta(days=n) for n in range(FARTHEST_DAYS))
        return next((day for day in ahead if self._refusal(day) is None), None)

    @property
    def last_day_on(self) -> dt.date:
        """The last day that may be named."""
        return self.horizon if self.last_on is None else min(self.last_on, self.horizon)

    def check(self, on: dt.date) -> None:
        """Refuse a day on which there can be no session.

        :raises DayRefused: with what stands in the way, and until when.
        """
        refusal = self._refusal(on)
        if refusal is not None:
            raise refusal

    def _refusal(self, on: dt.date) -> DayRefused | None:
        if on < self.from_on:
            return DayTooSoon()
        if self.last_on is not None and on > self.last_on:
            return DayAfterTheEnd(last_on=self.last_on)
        if on > self.horizon:
            return DayTooFar(last_on=self.horizon)
        pause = next((pause for pause in self.pauses if on in pause), None)
        if pause is not None:
            return DayPaused(until_on=pause.until_on)
        if on in self.closed_on:
            return DayClosed(on=on)
        return self._too_near(on)

    def _too_near(self, on: dt.date) -> DayRefused | None:
        before = [*self.sessions_at, *(at for at in self.booked_at if clinic_day(at) <= on)]
        possible_on = next_day(self.spacing, before)
        if possible_on is not None and possible_on > on:
            return DayTooEarly(on=on, possible_on=possible_on)
        after = [clinic_day(at) for at in self.booked_at if clinic_day(at) > on]
        if not after:
            return None
        follows_on = next_day(self.spacing, [*before, _noon(on)])
        if follows_on is not None and follows_on > min(after):
            return DayTooNear(on=on, booked_on=min(after))
        return None


def days_of(
    row: SessionPass,
    *,
    at: dt.datetime,
    closed_on: Collection[dt.date] = (),
    without: Appointment | None = None,
    today_too: bool = False,
) -> Days:
    """Gather what decides on the days of a pass.

    :param closed_on: the days on which the clinic is closed.
    :param without: an appointment that is to be moved, and so stands in nobody's way.
    :param today_too: whether the desk asks, which may still take somebody today.
    """
    standing, today = standing_of(row, row.entries.order_by("pk")), clinic_day(at)
    return Days(
        today=today,
        from_on=today if today_too else today + dt.timedelta(days=1),
        last_on=_last_on(standing, today),
        pauses=standing.pauses,
        spacing=spacing_of(protocol_of(row, standing)),
        sessions_at=tuple(sessions_of_holder(row)),
        booked_at=tuple(_booked(row, without)),
        closed_on=frozenset(closed_on),
    )


def _last_on(standing: Standing, today: dt.date) -> dt.date | None:
    """Return the last day of a pass; of one that is honoured beyond it, the last of those days."""
    is_in_time = standing.expires_on is None or today < standing.expires_on
    return standing.expires_on if is_in_time else standing.last_usable_on


def _booked(row: SessionPass, without: Appointment | None) -> Sequence[dt.datetime]:
    same_person = SessionPass.objects.of_holder(owner_id=row.owner_id, email=row.holder_email)
    agreed = Appointment.objects.filter(
        session_pass__in=same_person.filter(treatment_id=row.treatment_id),
        status=AppointmentStatus.CONFIRMED,
    )
    if without is not None:
        agreed = agreed.exclude(pk=without.pk)
    return [at for at in agreed.values_list("starts_at", flat=True) if at is not None]


def _noon(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(12)))


def _day(day: dt.date) -> str:
    return f"{day:%-d %B %Y}"
