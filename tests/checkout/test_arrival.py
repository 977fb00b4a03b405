"""On which days goods arrive: cut-off, packing, travel, holidays, and a clock that jumps."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkout.arrival import Arrival, Closed, Rules, arrival

BERLIN = ZoneInfo("Europe/Berlin")
OPEN = Closed()


def rules(**changes: object) -> Rules:
    usual = {
        "is_pickup": False,
        "cut_off": dt.time(14),
        "handling_days": 0,
        "min_days": 1,
        "max_days": 2,
        "leaves_on": "12345",
        "arrives_on": "12345",
    }
    return Rules(**{**usual, **changes})


def berlin(day: int, hour: int = 12, minute: int = 0, *, month: int = 11) -> dt.datetime:
    return dt.datetime(2026, month, day, hour, minute, tzinfo=BERLIN)


def promised(at: dt.datetime, *, closed: Closed = OPEN, waits: int | None = None, **changes) -> str:
    found = arrival(rules(**changes), at=at, zone=BERLIN, closed=closed, back_order_days=waits)
    return found.text


@pytest.mark.parametrize(
    ("at", "changes", "expected"),
    [
        (berlin(23), {}, "Tue 24 – Wed 25 Nov"),
        (berlin(23), {"max_days": 1}, "Tue 24 Nov"),
        (berlin(23), {"min_days": 0}, "Mon 23 – Wed 25 Nov"),
        (berlin(23), {"min_days": 5, "max_days": 6}, "Mon 30 Nov – Tue 1 Dec"),
        (berlin(23), {"handling_days": 2}, "Thu 26 – Fri 27 Nov"),
        (berlin(23), {"is_pickup": True}, "ready from Tue 24 Nov"),
        (berlin(23), {"is_pickup": True, "min_days": 0}, "ready from Mon 23 Nov"),
        # The very cut-off is too late.
        (berlin(23, 13, 59), {}, "Tue 24 – Wed 25 Nov"),
        (berlin(23, 14), {}, "Wed 25 – Thu 26 Nov"),
        # Friday after the cut-off, Saturday and Sunday are packed on Monday.
        (berlin(27, 15), {}, "Tue 1 – Wed 2 Dec"),
        (berlin(28), {}, "Tue 1 – Wed 2 Dec"),
        (berlin(29, 23, 59), {}, "Tue 1 – Wed 2 Dec"),
        # A carrier that also delivers on Saturdays, a shop that also packs on them.
        (berlin(27), {"arrives_on": "123456"}, "Sat 28 – Mon 30 Nov"),
        (berlin(28), {"leaves_on": "123456"}, "Mon 30 Nov – Tue 1 Dec"),
        (
            dt.datetime(2026, 12, 30, 12, tzinfo=BERLIN),
            {"min_days": 2, "max_days": 3},
            "Fri 1 – Mon 4 Jan",
        ),
    ],
)
def test_days_of_arrival(at: dt.datetime, changes: dict[str, object], expected: str) -> None:
    assert promised(at, **changes) == expected


def test_nothing_leaves_on_a_holiday_and_nothing_arrives() -> None:
    closed = Closed(here=frozenset({dt.date(2026, 11, 24)}))

    assert promised(berlin(23), closed=closed) == "Wed 25 – Thu 26 Nov"
    assert promised(berlin(24), closed=closed) == "Thu 26 – Fri 27 Nov"


def test_a_holiday_of_the_country_holds_up_the_carrier_alone() -> None:
    closed = Closed(there=frozenset({dt.date(2026, 11, 24)}))

    assert promised(berlin(23), closed=closed) == "Wed 25 – Thu 26 Nov"
    assert promised(berlin(24), closed=closed) == "Wed 25 – Thu 26 Nov"


def test_what_is_awaited_adds_its_days_and_needs_no_hurry() -> None:
    found = arrival(rules(), at=berlin(23, 18), zone=BERLIN, closed=OPEN, back_order_days=14)

    # Here on Monday 7 December, whatever the hour of the order.
    assert (found.text, found.order_by) == ("Tue 8 – Wed 9 Dec", None)
    assert promised(berlin(23), waits=12) == "Tue 8 – Wed 9 Dec"  # It comes on a Saturday.


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (berlin(23, 9), "Arrives Tue 24 – Wed 25 Nov if you order by 14:00"),
        (berlin(23, 14), "Arrives Wed 25 – Thu 26 Nov if you order by tomorrow, 14:00"),
        (berlin(27, 16), "Arrives Tue 1 – Wed 2 Dec if you order by Mon 30 Nov, 14:00"),
    ],
)
def test_the_promise_says_until_when_it_holds(at: dt.datetime, expected: str) -> None:
    found = arrival(rules(), at=at, zone=BERLIN, closed=OPEN)

    assert found.promise(at, zone=BERLIN) == expected


def test_a_promise_names_the_country_and_pick_up_none() -> None:
    at = berlin(23)
    sent = arrival(rules(), at=at, zone=BERLIN, closed=OPEN)
    kept = arrival(rules(is_pickup=True), at=at, zone=BERLIN, closed=OPEN)

    assert sent.promise(at, zone=BERLIN, country="Germany") == (
        "Arrives Tue 24 – Wed 25 Nov in Germany if you order by 14:00"
    )
    assert kept.promise(at, zone=BERLIN, country="Germany") == (
        "Ready from Tue 24 Nov if you order by 14:00"
    )


@pytest.mark.parametrize(
    ("day", "utc_hour"),
    [
        (dt.date(2027, 3, 26), 13),  # Friday before the clocks go forward.
        (dt.date(2027, 3, 29), 12),  # Monday after.
        (dt.date(2026, 10, 23), 12),  # Friday before they go back.
        (dt.date(2026, 10, 26), 13),  # Monday after.
    ],
)
def test_the_cut_off_is_a_time_of_the_shops_clock(day: dt.date, utc_hour: int) -> None:
    """At 14:00 in Berlin it is 12:00 or 13:00 in UTC, and one second decides."""
    end = dt.datetime(day.year, day.month, day.day, utc_hour, tzinfo=dt.UTC)

    before = arrival(rules(), at=end - dt.timedelta(seconds=1), zone=BERLIN, closed=OPEN)
    after = arrival(rules(), at=end, zone=BERLIN, closed=OPEN)

    assert before.order_by == end
    assert after.order_by is not None
    assert after.order_by > end
    assert before.first < after.first


def test_a_cut_off_that_the_clock_skips_is_still_one_moment() -> None:
    """On 28 March 2027 there is no 02:30 in Berlin; that order day ends at 01:30 UTC."""
    at = dt.datetime(2027, 3, 28, 0, 30, tzinfo=dt.UTC)

    found = arrival(
        rules(cut_off=dt.time(2, 30), leaves_on="1234567"), at=at, zone=BERLIN, closed=OPEN
    )

    assert found.order_by == dt.datetime(2027, 3, 28, 1, 30, tzinfo=dt.UTC)


def test_midnight_is_the_shops_not_londons() -> None:
    """At 23:30 UTC it is Tuesday in Berlin already."""
    assert promised(dt.datetime(2026, 11, 23, 23, 30, tzinfo=dt.UTC)) == "Wed 25 – Thu 26 Nov"


def test_a_shop_that_never_works_still_answers() -> None:
    assert isinstance(
        arrival(rules(leaves_on="", arrives_on=""), at=berlin(23), zone=BERLIN, closed=OPEN),
        Arrival,
    )


moments = st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2028, 1, 1), timezones=st.just(dt.UTC))  # noqa: DTZ001
weekdays = st.sets(st.sampled_from("1234567"), min_size=1).map(lambda days: "".join(sorted(days)))
holidays = st.sets(st.dates(dt.date(2026, 1, 1), dt.date(2028, 2, 1)), max_size=20).map(frozenset)


@given(
    moments, weekdays, weekdays, holidays, st.integers(0, 4), st.integers(0, 5), st.integers(0, 3)
)
def test_every_promise_names_days_on_which_somebody_drives(
    at: dt.datetime,
    leaves_on: str,
    arrives_on: str,
    days_off: frozenset[dt.date],
    handling: int,
    fastest: int,
    more: int,
) -> None:
    plan = rules(
        handling_days=handling,
        min_days=fastest,
        max_days=fastest + more,
        leaves_on=leaves_on,
        arrives_on=arrives_on,
    )

    found = arrival(plan, at=at, zone=BERLIN, closed=Closed(here=days_off))

    assert found.order_by is not None
    assert found.order_by > at
    assert found.first <= found.last
    for day in (found.first, found.last):
        assert str(day.isoweekday()) in arrives_on
        assert day not in days_off
    # The same promise holds until its end, and never gets better by waiting.
    last_moment = found.order_by - dt.timedelta(microseconds=1)
    assert arrival(plan, at=last_moment, zone=BERLIN, closed=Closed(here=days_off)) == found
    later = arrival(plan, at=found.order_by, zone=BERLIN, closed=Closed(here=days_off))
    assert later.first >= found.first
