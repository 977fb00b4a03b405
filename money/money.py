"""Exact money: whole minor units and a currency, one rounding rule, splits that add up.

An amount is an integer number of the currency's smallest unit (cents for EUR, yen for JPY), as
Stripe's API counts it: https://docs.stripe.com/currencies#minor-units
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Self

# Currencies whose smallest unit is not a hundredth (ISO 4217, as far as Stripe charges them).
_EXPONENTS = {
    "BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "JPY": 0, "KMF": 0, "KRW": 0, "MGA": 0, "PYG": 0,
    "RWF": 0, "UGX": 0, "VND": 0, "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0,
    "BHD": 3, "JOD": 3, "KWD": 3, "OMR": 3, "TND": 3,
}  # fmt: skip

_SYMBOLS = {"EUR": "€", "GBP": "£", "USD": "$", "JPY": "¥"}


class CurrencyMismatch(ValueError):
    """Amounts of two currencies were compared or added."""


class NotAnAmount(ValueError):
    """A text is not an amount of the currency; the message says what to type."""


def exponent(currency: str) -> int:
    """Return how many decimal places the currency is written with."""
    return _EXPONENTS.get(currency.upper(), 2)


def round_half_up(value: Decimal | Fraction) -> int:
    """Round to a whole minor unit, halves away from zero. The shop's only rounding rule."""
    if isinstance(value, Fraction):
        quotient = (2 * abs(value.numerator) + value.denominator) // (2 * value.denominator)
        return quotient if value >= 0 else -quotient
    return int(value.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def allocate(total: int, weights: Sequence[int]) -> list[int]:
    """Split `total` minor units in proportion to `weights`, losing nothing.

    Every share is rounded toward zero; the units left over go one each to the largest
    remainders, the earlier share first among equals.

    :raises ValueError: if there is no weight, one is negative, or all are zero.
    """
    if not weights or min(weights) < 0 or sum(weights) == 0:
        raise ValueError("weights must be non-negative and not all zero")
    sign = -1 if total < 0 else 1
    amount, whole = abs(total), sum(weights)
    shares = [amount * weight // whole for weight in weights]
    remainders = [amount * weight % whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-remainders[i], i))
    for i in by_remainder[: amount - sum(shares)]:
        shares[i] += 1
    return [sign * share for share in shares]


def included_vat(gross_minor: int, rate_bp: int) -> int:
    """Return the VAT contained in a gross amount.

    :param gross_minor: minor units, VAT included.
    :param rate_bp: the rate in basis points: 1900 is 19 %.
    """
    return round_half_up(Fraction(gross_minor * rate_bp, 10_000 + rate_bp))


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount in minor units of one currency."""

    minor: int
    currency: str = "EUR"

    def __post_init__(self) -> None:
        if isinstance(self.minor, bool) or not isinstance(self.minor, int):
            raise TypeError(f"minor units are a whole number, not {self.minor!r}")

    @classmethod
    def parse(cls, text: str, currency: str = "EUR") -> Self:
        """Read an amount as a person types it, such as ``24``, ``24.50`` or ``24,50``.

        :raises NotAnAmount: if the text is no number or has too many decimal places.
        """
        places = exponent(currency)
        cleaned = text.strip().replace("\u00a0", "").replace(",", ".")
        example = f"{24:.{places}f}"
        digits = cleaned.removeprefix("-").replace(".", "", 1)
        if not (digits.isascii() and digits.isdigit()) or len(digits) > 15:
            raise NotAnAmount(f"Type an amount such as {example}.")
        value = Decimal(cleaned).scaleb(places)
        if value != value.to_integral_value():
            raise NotAnAmount(f"{currency} has {places} decimal places: type {example}.")
        return cls(int(value), currency)

    def decimal(self) -> Decimal:
        """Return the amount in major units, with the currency's decimal places."""
        return Decimal(self.minor).scaleb(-exponent(self.currency))

    def split(self, weights: Sequence[int]) -> "list[Money]":
        """Split in proportion to weights; the parts sum to the whole."""
        return [Money(share, self.currency) for share in allocate(self.minor, weights)]

    def __add__(self, other: "Money") -> "Money":
        return Money(self.minor + self._same(other).minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.minor - self._same(other).minor, self.currency)

    def __mul__(self, quantity: int) -> "Money":
        return Money(self.minor * quantity, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.minor < self._same(other).minor

    def __le__(self, other: "Money") -> bool:
        return self.minor <= self._same(other).minor

    def __gt__(self, other: "Money") -> bool:
        return self.minor > self._same(other).minor

    def __ge__(self, other: "Money") -> bool:
        return self.minor >= self._same(other).minor

    def __bool__(self) -> bool:
        return self.minor != 0

    def __str__(self) -> str:
        sign = "-" if self.minor < 0 else ""
        number = f"{abs(self.decimal()):,.{exponent(self.currency)}f}"
        symbol = _SYMBOLS.get(self.currency)
        return f"{sign}{symbol}{number}" if symbol else f"{sign}{self.currency} {number}"

    def _same(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency} cannot be mixed")
        return other


def total(amounts: Iterable[Money], currency: str = "EUR") -> Money:
    """Add amounts of one currency; nothing adds up to zero of `currency`."""
    result = Money(0, currency)
    for amount in amounts:
        result += amount
    return result
