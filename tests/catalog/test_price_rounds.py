"""Many prices change as they were previewed or not at all, and go back with one call."""

import datetime as dt
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog import planned_prices, price_rounds, prices
from catalog.models import Offer, OfferPrice, PlannedPrice, PriceRound
from catalog.price_preview import PreviewRow, fingerprint, preview
from catalog.price_rules import PriceEnding, PriceRule, PriceStep
from money.money import Money
from tests.catalog.factories import LONG_AGO, OfferFactory

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
NOW = LONG_AGO + 100 * DAY
TEN_DOWN = PriceRule(PriceStep.LOWER_PERCENT, 1000, PriceEnding.NINETY)


def carry_out(
    rule: PriceRule, offers: Sequence[Offer], *, at: dt.datetime = NOW, token: str = "t-1"
) -> PriceRound:
    ids = [offer.pk for offer in offers]
    return price_rounds.carry_out(
        rule=rule,
        offer_ids=ids,
        seen=fingerprint(preview(rule, ids, at)),
        token=token,
        reason="Spring",
        by=None,
        at=at,
    )


def undo(done: PriceRound, *, at: dt.datetime = NOW + DAY) -> PriceRound:
    return price_rounds.undo(round_id=done.pk, by=None, at=at)


def price_of(offer: Offer) -> int:
    return Offer.objects.get(pk=offer.pk).price_minor


@pytest.mark.parametrize(
    ("step", "value", "ending", "old", "new"),
    [
        ("LOWER_PERCENT", 1000, "EXACT", 2400, 2160),
        ("LOWER_PERCENT", 1000, "90", 2400, 2190),
        ("LOWER_PERCENT", 1000, "00", 2400, 2200),
        ("LOWER_PERCENT", 1000, "50", 2400, 2150),
        ("RAISE_PERCENT", 750, "EXACT", 1999, 2149),
        ("RAISE_PERCENT", 750, "90", 1999, 2190),
        ("LOWER_AMOUNT", 500, "EXACT", 2400, 1900),
        ("LOWER_AMOUNT", 500, "EXACT", 400, -100),
        ("RAISE_AMOUNT", 50, "90", 2400, 2490),
        ("SET", 1990, "EXACT", 2400, 1990),
        ("LOWER_PERCENT", 9900, "90", 100, 90),
        ("LOWER_PERCENT", 10000, "00", 2400, 0),
    ],
)
def test_a_rule_says_what_each_price_becomes(
    step: str, value: int, ending: str, old: int, new: int
) -> None:
    rule = PriceRule(PriceStep(step), value, PriceEnding(ending))

    assert rule.new_price(Money(old)) == Money(new)


@given(old=st.integers(0, 10**7), ending=st.sampled_from(["90", "00", "50"]))
def test_an_ending_is_reached_and_is_the_nearest_one(old: int, ending: str) -> None:
    new = PriceRule(PriceStep.SET, old, PriceEnding(ending)).new_price(Money(0)).minor

    assert new % 100 == int(ending)
    assert abs(new - old) <= (50 if old >= 90 else 90)


def test_currencies_without_cents_are_not_rounded_to_an_ending() -> None:
    assert TEN_DOWN.new_price(Money(2400, "JPY")) == Money(2160, "JPY")


def test_rules_say_themselves_in_words() -> None:
    reduced = PriceRule(PriceStep.LOWER_PERCENT, 1250, PriceEnding.NINETY, is_reduction=True)

    assert reduced.in_words("EUR") == (
        "Lower by 12.5 %, to the nearest .90, announced as a reduction"
    )
    assert PriceRule(PriceStep.SET, 1990).in_words("EUR") == "Set to €19.90"
    assert PriceRule(PriceStep.RAISE_AMOUNT, 50).in_words("GBP") == "Raise by £0.50"
    assert PriceRule(PriceStep.RAISE_PERCENT, 1000).in_words("EUR") == "Raise by 10 %"


def by_sku(rows: Sequence[PreviewRow]) -> dict[str, PreviewRow]:
    return {row.offer.sku: row for row in rows}


def test_a_preview_shows_old_new_lowest_and_refusals_and_changes_nothing() -> None:
    plain = OfferFactory(sku="PLAIN", price_minor=2400)
    cheap = OfferFactory(sku="CHEAP", price_minor=1990)
    was_low = OfferFactory(sku="WAS-LOW", price_minor=1500)
    prices.change(offer_id=was_low.pk, price_minor=2400, reason="Up", by=None, at=NOW - 10 * DAY)
    rule = PriceRule(PriceStep.SET, 1990, is_reduction=True)

    rows = by_sku(preview(rule, [plain.pk, cheap.pk, was_low.pk], NOW))

    assert rows["PLAIN"].lowest == Money(2400)
    assert (rows["PLAIN"].refusal, rows["PLAIN"].percent) == ("", "−17.1 %")
    assert rows["CHEAP"].refusal == "€19.90 is no reduction: the price is €19.90 now."
    assert rows["WAS-LOW"].lowest is None
    assert rows["WAS-LOW"].warning == (
        "Not shown as reduced: it cost €15.00 within 30 days before."
    )
    assert OfferPrice.objects.count() == 4


def test_a_preview_of_many_asks_three_times(django_assert_num_queries) -> None:
    ids = [OfferFactory().pk for _ in range(12)]

    with django_assert_num_queries(3):
        rows = preview(TEN_DOWN, ids, NOW)

    assert len(rows) == 12


def test_what_was_previewed_is_what_is_done_and_refused_rows_stay() -> None:
    wash, serum = OfferFactory(price_minor=2400), OfferFactory(price_minor=2190)
    rule = PriceRule(PriceStep.SET, 2190)

    done = carry_out(rule, [wash, serum])

    assert (price_of(wash), price_of(serum)) == (2190, 2190)
    assert [line.offer_id for line in done.lines.all()] == [wash.pk]
    newest = wash.prices.latest("valid_from")
    assert (newest.valid_from, newest.reason) == (NOW, "Spring (Set to €21.90)")


def test_the_lowest_price_shown_is_the_one_previewed() -> None:
    wash = OfferFactory(price_minor=2400)
    rule = PriceRule(PriceStep.LOWER_PERCENT, 1000, is_reduction=True)
    [row] = preview(rule, [wash.pk], NOW)

    carry_out(rule, [wash])

    wash.refresh_from_db()
    assert row.lowest == Money(wash.lowest_before_minor or 0) == Money(2400)


def test_a_price_that_moved_since_the_preview_stops_all_of_it() -> None:
    wash, serum = OfferFactory(price_minor=2400), OfferFactory(price_minor=3000)
    ids = [wash.pk, serum.pk]
    seen = fingerprint(preview(TEN_DOWN, ids, NOW))
    prices.change(offer_id=serum.pk, price_minor=3100, reason="x", by=None, at=NOW)

    with pytest.raises(price_rounds.PricesMoved):
        price_rounds.carry_out(
            rule=TEN_DOWN, offer_ids=ids, seen=seen, token="t", reason="x", by=None, at=NOW + DAY
        )

    assert (price_of(wash), price_of(serum)) == (2400, 3100)
    assert not PriceRound.objects.exists()


def test_one_failing_row_rolls_all_of_it_back(monkeypatch: pytest.MonkeyPatch) -> None:
    offers = [OfferFactory(price_minor=2400), OfferFactory(price_minor=2400)]
    plan = planned_prices.plan_or_begin
    rule = PriceRule(PriceStep.SET, 1990, ends_at=NOW + DAY)

    def fail_on_the_second(**named: object) -> PlannedPrice:
        if named["offer_id"] == offers[1].pk:
            raise RuntimeError
        return plan(**named)  # type: ignore[arg-type]

    monkeypatch.setattr(planned_prices, "plan_or_begin", fail_on_the_second)

    with pytest.raises(RuntimeError):
        carry_out(rule, offers)

    assert [price_of(offer) for offer in offers] == [2400, 2400]
    assert not PriceRound.objects.exists()
    assert not PlannedPrice.objects.exists()


def test_a_round_of_many_asks_a_fixed_number_of_times(django_assert_max_num_queries) -> None:
    offers = [OfferFactory(price_minor=2400) for _ in range(30)]

    with django_assert_max_num_queries(25):
        carry_out(TEN_DOWN, offers)


def test_the_same_token_twice_does_it_once() -> None:
    wash = OfferFactory(price_minor=2400)
    first = carry_out(TEN_DOWN, [wash])

    again = carry_out(TEN_DOWN, [wash], at=NOW + DAY)

    assert again == first
    assert price_of(wash) == 2190


def test_nothing_to_change_is_refused() -> None:
    wash = OfferFactory(price_minor=2400)

    with pytest.raises(price_rounds.NothingToChange):
        carry_out(PriceRule(PriceStep.SET, 2400), [wash])

    assert not PriceRound.objects.exists()


def test_a_round_with_times_makes_plans() -> None:
    wash = OfferFactory(price_minor=2400)
    rule = PriceRule(
        PriceStep.LOWER_PERCENT,
        1000,
        is_reduction=True,
        starts_at=NOW + DAY,
        ends_at=NOW + 3 * DAY,
    )

    done = carry_out(rule, [wash])
    assert price_of(wash) == 2400
    planned_prices.apply_due(at=NOW + DAY)
    assert price_of(wash) == 2160
    planned_prices.apply_due(at=NOW + 3 * DAY)

    assert price_of(wash) == 2400
    assert done.lines.get().plan.status == "RUNNING" or done.lines.get().plan.status == "DONE"


def test_a_round_from_now_until_a_day_begins_at_once_and_ends() -> None:
    wash = OfferFactory(price_minor=2400)
    rule = PriceRule(PriceStep.SET, 1990, is_reduction=True, ends_at=NOW + DAY)

    carry_out(rule, [wash])
    assert price_of(wash) == 1990
    planned_prices.apply_due(at=NOW + DAY)

    assert price_of(wash) == 2400


def test_an_overlap_is_a_refusal_in_the_preview() -> None:
    wash = OfferFactory(price_minor=2400)
    rule = PriceRule(PriceStep.SET, 1990, is_reduction=True, ends_at=NOW + DAY)
    carry_out(rule, [wash])
    later = PriceRule(PriceStep.SET, 1890, starts_at=NOW + DAY / 2)

    [row] = preview(later, [wash.pk], NOW + DAY / 4)

    assert row.refusal.startswith("€19.90 is planned from")


def test_undo_brings_every_price_back_as_new_history() -> None:
    wash, serum = OfferFactory(price_minor=2400), OfferFactory(price_minor=3000)
    done = carry_out(TEN_DOWN, [wash, serum])

    undone = undo(done)

    assert (price_of(wash), price_of(serum)) == (2400, 3000)
    assert list(wash.prices.values_list("price_minor", flat=True)) == [2400, 2190, 2400]
    assert undone.undone_at == NOW + DAY
    with pytest.raises(price_rounds.AlreadyUndone):
        undo(done)


def test_undo_leaves_what_was_changed_since_and_says_so() -> None:
    wash, serum = OfferFactory(price_minor=2400), OfferFactory(price_minor=3000)
    done = carry_out(TEN_DOWN, [wash, serum])
    prices.change(offer_id=serum.pk, price_minor=3500, reason="x", by=None, at=NOW + DAY / 2)

    undo(done)

    assert (price_of(wash), price_of(serum)) == (2400, 3500)
    assert {line.offer_id: line.undo_note for line in done.lines.all()} == {
        wash.pk: "",
        serum.pk: "Changed since: it costs €35.00 now.",
    }


def test_undo_of_a_raise_does_not_announce_a_reduction_that_the_law_would_not_allow() -> None:
    wash = OfferFactory(price_minor=3000)
    prices.change(
        offer_id=wash.pk,
        price_minor=2400,
        is_reduction=True,
        reason="x",
        by=None,
        at=NOW - 20 * DAY,
    )
    done = carry_out(PriceRule(PriceStep.RAISE_PERCENT, 1000), [wash])

    undo(done)

    wash.refresh_from_db()
    assert wash.price_minor == 2400
    assert wash.lowest_before_minor == 2400  # Not above the price, so nothing is announced.


def test_undo_calls_off_plans_and_ends_running_ones() -> None:
    soon, running = OfferFactory(price_minor=2400), OfferFactory(price_minor=2400)
    planned = carry_out(
        PriceRule(PriceStep.SET, 1990, starts_at=NOW + 5 * DAY), [soon], token="soon"
    )
    begun = carry_out(
        PriceRule(PriceStep.SET, 1990, is_reduction=True, ends_at=NOW + 5 * DAY),
        [running],
        token="begun",
    )

    undo(planned)
    undo(begun)
    planned_prices.apply_due(at=NOW + 9 * DAY)

    assert (price_of(soon), price_of(running)) == (2400, 2400)
    assert len(running.prices.all()) == 3


def test_undo_of_a_plan_that_is_done_brings_the_price_back() -> None:
    wash = OfferFactory(price_minor=2400)
    done = carry_out(PriceRule(PriceStep.SET, 1990, starts_at=NOW + DAY / 4), [wash])
    planned_prices.apply_due(at=NOW + DAY / 2)

    undo(done)

    assert price_of(wash) == 2400
