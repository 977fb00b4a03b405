"""The ways from the account to what is gentle enough now."""

import datetime as dt
from dataclasses import dataclass

from django.urls import reverse

from treatments.models import SessionPassQuerySet
from treatments.sessions_had import in_their_days, sessions_had
from treatments.spacing import clinic_day


@dataclass(frozen=True, slots=True)
class DayAfter:
    """The way to the aftercare of a session whose days are not over."""

    url: str
    treatment: str
    day: int


def days_after(passes: SessionPassQuerySet, *, at: dt.datetime) -> list[DayAfter]:
    """Return the ways to what is gentle enough now, the newest session first."""
    return [
        DayAfter(
            url=reverse("my:aftercare", args=[had.row.public_id, had.entry.pk]),
            treatment=had.treatment.name,
            day=had.day(clinic_day(at)),
        )
        for had in in_their_days(sessions_had(passes), at=at)
    ]
