"""Appointments: asked for by customers, answered by the desk; no calendar engine.

Verbs move an appointment along the table in `life`; one that needs its pass too locks it after the
appointment. One session of the pass is held from the request on, until it is redeemed or freed.
"""

from treatments.appointments.answering import (
    NothingSuggested,
    SentenceMissing,
    TimeIsOver,
    confirm,
    decline,
    suggest,
)
from treatments.appointments.asking import (
    Asked,
    NotSuggested,
    TooLateToMove,
    Wish,
    accept,
    ask,
    counts_by_now,
    move,
)
from treatments.appointments.cancel_rules import CancelRules, rules_of
from treatments.appointments.days import DayRefused, Days, days_of
from treatments.appointments.ending import (
    CountsAsUsed,
    call_off,
    cancel,
    cancel_all,
    end_due,
    end_unpaid,
    forget_words,
)
from treatments.appointments.life import (
    FOR_DESK,
    NEWS,
    NEXT,
    AppointmentRefused,
    ChangedMeanwhile,
    SessionTaken,
)
from treatments.appointments.reading import (
    booked_today,
    has_counted,
    of_user,
    reseal_all,
    words_of,
)

__all__ = [
    "FOR_DESK",
    "NEWS",
    "NEXT",
    "AppointmentRefused",
    "Asked",
    "CancelRules",
    "ChangedMeanwhile",
    "CountsAsUsed",
    "DayRefused",
    "Days",
    "NotSuggested",
    "NothingSuggested",
    "SentenceMissing",
    "SessionTaken",
    "TimeIsOver",
    "TooLateToMove",
    "Wish",
    "accept",
    "ask",
    "booked_today",
    "call_off",
    "cancel",
    "cancel_all",
    "confirm",
    "counts_by_now",
    "days_of",
    "decline",
    "end_due",
    "end_unpaid",
    "forget_words",
    "has_counted",
    "move",
    "of_user",
    "reseal_all",
    "rules_of",
    "suggest",
    "words_of",
]
