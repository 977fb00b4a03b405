"""Until when an appointment can be cancelled or moved, and what holds afterwards."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from treatments.models import Treatment

# Whoever is confirmed at short notice can still say no.
AT_LEAST: Final = dt.timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class CancelRules:
    """What a treatment promises today; an appointment keeps what it was confirmed with."""

    free_hours: int
    late_cancel_counts: bool

    def free_until(self, *, starts_at: dt.datetime, at: dt.datetime) -> dt.datetime:
        """Return until when an appointment that is confirmed now can be cancelled or moved."""
        usual = starts_at - dt.timedelta(hours=self.free_hours)
        return min(starts_at, max(usual, at + AT_LEAST))


def rules_of(treatment: Treatment) -> CancelRules:
    """Return what is promised to whoever asks for an appointment now."""
    return CancelRules(treatment.free_cancel_hours, treatment.late_cancel_counts)
