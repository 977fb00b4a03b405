"""Money is whole: nothing is lost in parsing, rounding or splitting."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from money.money import (
    CurrencyMismatch,
    Money,
    NotAnAmount,
    allocate,
    included_vat,
    round_half_up,
    total,
)


@pytest.mark.parametrize(
    ("typed", "currency", "minor"),
    [
        ("24", "EUR", 2400),
        ("24.5", "EUR", 2450),
        ("24,50", "EUR", 2450),
        (" 0.05 ", "EUR", 5),
        ("-3", "EUR", -300),
        ("1200", "JPY", 1200),
        ("1.234", "KWD", 1234),
    ],
)
def test_parse_reads_what_people_type(typed: str, currency: str, minor: int) -> None:
    assert Money.parse(typed, currency) == Money(minor, currency)


@pytest.mark.parametrize(
    "typed", ["", "abc", "1e3", "NaN", "24.505", "1.2.3", "٢٤", "--1", "9" * 16, "1 000", "∞"]
)
def test_parse_refuses_anything_else_and_says_what_to_type(typed: str) -> None:
    with pytest.raises(NotAnAmount, match=r"24\.00"):
        Money.parse(typed)


def test_parse_refuses_decimals_in_a_currency_without_any() -> None:
    with pytest.raises(NotAnAmount, match="0 decimal places"):
        Money.parse("12.5", "JPY")


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        (Money(2400), "€24.00"),
        (Money(-5), "-€0.05"),
        (Money(123456789), "€1,234,567.89"),
        (Money(1200, "JPY"), "¥1,200"),
        (Money(1500, "CHF"), "CHF 15.00"),
    ],
)
def test_an_amount_is_written_in_its_currency(amount: Money, written: str) -> None:
    assert str(amount) == written


def test_amounts_of_two_currencies_do_not_mix() -> None:
    with pytest.raises(CurrencyMismatch):
        Money(1) + Money(1, "GBP")
    with pytest.raises(CurrencyMismatch):
        assert Money(1) < Money(1, "GBP")


@pytest.mark.parametrize("wrong", [1.0, True, "1", Decimal(1)])
def test_an_amount_is_a_whole_number(wrong: object) -> None:
    with pytest.raises(TypeError):
        Money(wrong)  # type: ignore[arg-type]


def test_nothing_adds_up_to_zero() -> None:
    assert total([]) == Money(0)
    assert total([Money(1, "GBP"), Money(2, "GBP")], "GBP") == Money(3, "GBP")


@given(st.integers(-(10**12), 10**12), st.lists(st.integers(0, 10**6), min_size=1, max_size=40))
def test_parts_always_sum_to_the_whole(amount: int, weights: list[int]) -> None:
    """R17: splits sum exactly, and no part strays a unit from its exact share."""
    if sum(weights) == 0:
        with pytest.raises(ValueError, match="weights"):
            allocate(amount, weights)
        return

    parts = allocate(amount, weights)

    assert sum(parts) == amount
    exact = [Fraction(amount * weight, sum(weights)) for weight in weights]
    assert all(abs(part - share) < 1 for part, share in zip(parts, exact, strict=True))
    assert all(part == 0 for part, weight in zip(parts, weights, strict=True) if weight == 0)


def test_what_is_left_over_goes_to_the_largest_remainders_first() -> None:
    assert allocate(100, [1, 1, 1]) == [34, 33, 33]
    assert allocate(-100, [1, 1, 1]) == [-34, -33, -33]
    assert allocate(10, [1, 2, 4]) == [1, 3, 6]


@given(st.integers(0, 10**10), st.integers(0, 5000))
def test_included_vat_equals_the_decimal_oracle(gross: int, rate_bp: int) -> None:
    """R17: VAT inside a gross price, rounded half up to the minor unit."""
    exact = Decimal(gross) * rate_bp / (10_000 + rate_bp)

    assert included_vat(gross, rate_bp) == int(exact.quantize(Decimal(1), ROUND_HALF_UP))


def test_halves_are_rounded_away_from_zero() -> None:
    assert [round_half_up(Fraction(n, 2)) for n in (-3, -1, 1, 3)] == [-2, -1, 1, 2]
    assert [round_half_up(Decimal(text)) for text in ("0.5", "1.4", "-0.5")] == [1, 1, -1]
