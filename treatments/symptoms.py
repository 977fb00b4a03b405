"""What to do about what somebody feels after a session: a pure rule over a protocol's signs.

It compares with what the protocol calls usual, and says what to do. It never says what somebody
has. Of several answers the worst holds, and what nobody can tell means: call us.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import IntEnum
from math import inf

from django.db import models

from treatments.models import BeyondLimit


class Advice(IntEnum):
    """What to do; more is more urgent."""

    REASSURE = 1
    CALL_US = 2
    SEEK_CARE = 3


class Strength(models.TextChoices):
    """How strong it is, beside the limit that the protocol gives."""

    WITHIN = "WITHIN", "As described, or milder"
    BEYOND = "BEYOND", "Stronger than that, or getting stronger"
    UNKNOWN = "UNKNOWN", "I cannot tell"


class Lasting(models.TextChoices):
    """How long it has lasted."""

    DAY = "DAY", "Up to a day"
    TWO_DAYS = "TWO_DAYS", "Up to two days"
    THREE_DAYS = "THREE_DAYS", "Up to three days"
    LONGER = "LONGER", "Longer"
    UNKNOWN = "UNKNOWN", "I cannot tell"


# The longest that each may stand for; nothing where nobody can tell.
_HOURS: dict[str, float | None] = {
    Lasting.DAY: 24,
    Lasting.TWO_DAYS: 48,
    Lasting.THREE_DAYS: 72,
    Lasting.LONGER: inf,
    Lasting.UNKNOWN: None,
}


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign of the protocol: usual for up to so many hours after a session, and what then."""

    usual_hours: float
    beyond: str


@dataclass(frozen=True, slots=True)
class Felt:
    """What somebody feels: signs of the protocol, something that it does not name, or both.

    :ivar hours_since: hours between the session and now, as it is still felt.
    """

    signs: Collection[Sign]
    is_something_else: bool
    strength: str
    lasting: str
    hours_since: float


def advise(felt: Felt) -> Advice:
    """Return the most urgent of what each sign asks for."""
    answers = [_advise_on(sign, felt) for sign in felt.signs]
    if felt.is_something_else or not answers:
        answers.append(Advice.CALL_US)
    return max(answers)


def _advise_on(sign: Sign, felt: Felt) -> Advice:
    lasted = _HOURS[felt.lasting]
    longest = max(felt.hours_since, lasted or 0)
    is_beyond = felt.strength == Strength.BEYOND or longest > sign.usual_hours
    if is_beyond or not sign.usual_hours:
        return _BEYOND[sign.beyond]
    if felt.strength == Strength.UNKNOWN or lasted is None:
        return Advice.CALL_US
    return Advice.REASSURE


_BEYOND: dict[str, Advice] = {
    BeyondLimit.CALL_US: Advice.CALL_US,
    BeyondLimit.SEEK_CARE: Advice.SEEK_CARE,
}
