"""How staff narrow the list of passes."""

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from wagtail.admin.filters import WagtailFilterSet
from django_filters import ChoiceFilter

from treatments.models import SessionPass
from treatments.spacing import clinic_day

SOON = dt.timedelta(days=60)
STATES = [
    ("OPEN", "Has sessions left"),
    ("LAST", "One session left"),
    ("LOW", "One or two sessions left"),
    ("SOON", "Ends within 60 days, with sessions left"),
    ("OVER", "Last day is over, with sessions left"),
    ("EMPTY", "Nothing left"),
]


class PassFilterSet(WagtailFilterSet):
    state = ChoiceFilter(label="State", choices=STATES, method="filter_state")

    class Meta:
        model = SessionPass
        fields = ("state", "treatment", "validity_rule")

    def filter_state(
        self, passes: QuerySet[SessionPass], _name: str, value: str
    ) -> QuerySet[SessionPass]:
        return in_state(passes, value)


def in_state(passes: QuerySet[SessionPass], state: str) -> QuerySet[SessionPass]:
    """Keep the passes in one of `STATES`, today; they carry their ``balance``."""
    today = clinic_day(timezone.now())
    wanted: dict[str, dict[str, Any]] = {
        "OPEN": {"balance__gt": 0},
        "LAST": {"balance": 1},
        "LOW": {"balance__range": (1, 2)},
        "SOON": {"balance__gt": 0, "expires_on__range": (today, today + SOON)},
        "OVER": {"balance__gt": 0, "expires_on__lt": today},
        "EMPTY": {"balance": 0},
    }
    return passes.filter(**wanted[state])
