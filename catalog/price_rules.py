"""What is to happen to many prices at once, as arithmetic."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.db import models

from money.money import Money, exponent, round_half_up


class PriceStep(models.TextChoices):
    LOWER_PERCENT = "LOWER_PERCENT", "Lower by percent"
    RAISE_PERCENT = "RAISE_PERCENT", "Raise by percent"
    LOWER_AMOUNT = "LOWER_AMOUNT", "Lower by an amount"
    RAISE_AMOUNT = "RAISE_AMOUNT", "Raise by an amount"
    SET = "SET", "Set to"


PERCENT_STEPS = (PriceStep.LOWER_PERCENT, PriceStep.RAISE_PERCENT)
_DOWN = (PriceStep.LOWER_PERCENT, PriceStep.LOWER_AMOUNT)


class PriceEnding(models.TextChoices):
    EXACT = "EXACT", "To the cent"
    NINETY = "90", "To the nearest .90"
    WHOLE = "00", "To the nearest .00"
    HALF = "50", "To the nearest .50"


@dataclass(frozen=True, slots=True)
class PriceRule:
    """One rule for many offers.

    :ivar value: hundredths of a percent for a step in percent, minor units for any other.
    :ivar starts_at: none for now.
    :ivar ends_at: when the price from before comes back; none for never.
    """

    step: PriceStep
    value: int
    ending: PriceEnding = PriceEnding.EXACT
    is_reduction: bool = False
    starts_at: dt.datetime | None = None
    ends_at: dt.datetime | None = None

    def new_price(self, old: Money) -> Money:
        """Return what an offer that costs `old` will cost."""
        return Money(_to_ending(self._stepped(old.minor), self.ending, old.currency), old.currency)

    def in_words(self, currency: str) -> str:
        """Say the rule as a sentence for the history."""
        step = PriceStep(self.step).label.replace("an amount", "").replace("percent", "").strip()
        percent = f"{Decimal(self.value) / 100:f}"
        percent = percent.rstrip("0").rstrip(".") if "." in percent else percent
        value = f"{percent} %" if self.step in PERCENT_STEPS else Money(self.value, currency)
        parts = [f"{step} {value}"]
        if self.ending != PriceEnding.EXACT:
            parts.append(f"to the nearest .{self.ending}")
        if self.is_reduction:
            parts.append("announced as a reduction")
        return ", ".join(parts)

    def _stepped(self, old: int) -> int:
        if self.step == PriceStep.SET:
            return self.value
        change = self.value
        if self.step in PERCENT_STEPS:
            change = round_half_up(Fraction(old * self.value, 10_000))
        return old - change if self.step in _DOWN else old + change


def _to_ending(minor: int, ending: PriceEnding, currency: str) -> int:
    """Return the nearest amount that ends so, the lower one of two as near."""
    if ending == PriceEnding.EXACT or exponent(currency) != 2:
        return minor
    cents = int(ending)
    below = (minor - cents) // 100 * 100 + cents
    above = below + 100
    nearest = below if minor - below <= above - minor else above
    # A price that rounds to less than nothing takes the lowest such ending instead.
    return nearest if nearest >= 0 or minor < 0 else above
