"""What a basket costs, against an oracle in decimals and against the database."""

import random
from datetime import datetime, timedelta
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog import prices, stock
from catalog.models import MovementKind, Offer, OfferKind
from checkout import baskets
from checkout.models import Basket, BasketLine, DeliveryMethod, DeliveryRate, DeliveryZone, Order
from checkout.priced import Notice
from checkout.pricing import price_basket
from checkout.totals import (
    LineAmount,
    PartAmount,
    RateShare,
    line_shares,
    part_shares,
    share_delivery,
    totals,
)
from money.money import Money
from tests.checkout import buying
from tests.checkout.factories import OrderFactory

lines_of_carts = st.lists(
    st.builds(
        LineAmount,
        unit_price_minor=st.integers(0, 10**7),
        quantity=st.integers(1, 99),
        vat_rate_bp=st.integers(0, 3000),
        is_goods=st.booleans(),
        parts=st.lists(
            st.builds(
                PartAmount, vat_rate_bp=st.integers(0, 3000), alone_minor=st.integers(0, 10**6)
            ),
            max_size=5,
        ).map(tuple),
    ),
    max_size=12,
)


@given(lines_of_carts, st.integers(0, 10**5))
def test_parts_always_sum_to_the_whole(lines: list[LineAmount], delivery: int) -> None:
    """R17: whatever is in the basket, nothing is lost and nothing appears."""
    delivery = delivery if any(line.is_goods for line in lines) else 0

    sums = totals(lines, delivery_minor=delivery)

    assert sum(sums.line_totals) == sums.goods_minor + sums.packages_minor
    assert sums.total_minor == sum(sums.line_totals) + delivery
    assert sum(share.gross_minor for share in sums.delivery_shares) == delivery
    assert sums.vat_minor == sum(sums.line_vats) + sums.delivery_vat_minor
    assert 0 <= sums.vat_minor <= sums.total_minor


@given(lines_of_carts)
def test_a_kits_parts_sum_to_its_line_and_its_rates(lines: list[LineAmount]) -> None:
    """R17: what is frozen for each part adds up, by rate and in whole."""
    for line in lines:
        if not line.parts:
            continue

        parts, rates = part_shares(line), line_shares(line)

        assert sum(part.gross_minor for part in parts) == line.total_minor
        for rate in rates:
            same = [part for part in parts if part.vat_rate_bp == rate.vat_rate_bp]
            assert sum(part.gross_minor for part in same) == rate.gross_minor
            assert sum(part.vat_minor for part in same) == rate.vat_minor
        assert {part.vat_rate_bp for part in parts} == {rate.vat_rate_bp for rate in rates}


def test_a_hundred_thousand_carts_agree_with_decimals() -> None:
    """R17, R8: 10^5 random carts against an oracle that shares no code with the shop."""
    chance = random.Random(20261123)
    differences = 0
    with localcontext(prec=40):
        for _ in range(100_000):
            lines, delivery = _random_cart(chance)
            sums = totals(lines, delivery_minor=delivery)
            if (sums.total_minor, sums.vat_minor) != _oracle(lines, delivery):
                differences += 1

    assert differences == 0


def _random_cart(chance: random.Random) -> tuple[list[LineAmount], int]:
    lines = [
        LineAmount(
            unit_price_minor=chance.randint(0, 60_000),
            quantity=chance.randint(1, 9),
            vat_rate_bp=chance.choice((0, 700, 1900, 2000, 2550)),
            is_goods=chance.random() < 0.7,
            parts=_random_parts(chance),
        )
        for _ in range(chance.randint(1, 5))
    ]
    has_goods = any(line.is_goods for line in lines)
    return lines, chance.randint(0, 2_000) if has_goods else 0


def _random_parts(chance: random.Random) -> tuple[PartAmount, ...]:
    """Every third line is a kit of up to five parts; some of them cost nothing."""
    if chance.random() < 0.66:
        return ()
    return tuple(
        PartAmount(
            vat_rate_bp=chance.choice((0, 700, 1900, 2000)),
            alone_minor=chance.choice((0, chance.randint(1, 9_000))),
        )
        for _ in range(chance.randint(1, 5))
    )


def _oracle(lines: list[LineAmount], delivery: int) -> tuple[int, int]:
    """Total and VAT by decimals: VAT is gross minus gross / (1 + rate), halves away from zero."""
    whole, vat = Decimal(delivery), Decimal(0)
    by_rate: dict[Decimal, Decimal] = {}
    for line in lines:
        gross = Decimal(line.unit_price_minor) * line.quantity
        whole += gross
        for rate, share in _oracle_rates(line, gross).items():
            vat += _oracle_vat(share, rate)
            if line.is_goods:
                by_rate[rate] = by_rate.get(rate, Decimal(0)) + share
    for rate, share in _oracle_shares(by_rate, delivery).items():
        vat += _oracle_vat(share, rate)
    return int(whole), int(vat)


def _oracle_rates(line: LineAmount, gross: Decimal) -> dict[Decimal, Decimal]:
    """Split a line over its rates: a kit part by part, by what each costs alone."""
    if not line.parts:
        return {Decimal(line.vat_rate_bp) / 10_000: gross}
    alone = [Decimal(part.alone_minor) for part in line.parts]
    weights = alone if sum(alone) else [Decimal(1)] * len(alone)
    parts = _oracle_split(gross, weights)
    rates: dict[Decimal, Decimal] = {}
    for part, share in zip(line.parts, parts, strict=True):
        rate = Decimal(part.vat_rate_bp) / 10_000
        rates[rate] = rates.get(rate, Decimal(0)) + share
    return rates


def _oracle_vat(gross: Decimal, rate: Decimal) -> Decimal:
    return (gross * rate / (1 + rate)).quantize(Decimal(1), rounding=ROUND_HALF_UP)


def _oracle_shares(by_rate: dict[Decimal, Decimal], delivery: int) -> dict[Decimal, Decimal]:
    if not delivery:
        return {}
    # The lower rate first among equals.
    rates = sorted(by_rate)
    values = [by_rate[rate] for rate in rates]
    weights = values if sum(values) else [Decimal(1)] * len(values)
    return dict(zip(rates, _oracle_split(Decimal(delivery), weights), strict=True))


def _oracle_split(amount: Decimal, weights: list[Decimal]) -> list[Decimal]:
    """Floor every share, then one unit each to the largest remainders, the earlier first."""
    whole = sum(weights)
    parts = [(amount * weight / whole).quantize(Decimal(1), ROUND_FLOOR) for weight in weights]
    # Exact fractions decide: decimals of any length tell thirds apart that are equal.
    left = [Fraction(int(amount) * int(weight), int(whole)) % 1 for weight in weights]
    missing = int(amount - sum(parts))
    for place in sorted(range(len(parts)), key=lambda n: (-left[n], n))[:missing]:
        parts[place] += 1
    return parts


def test_delivery_follows_the_rates_of_the_goods() -> None:
    lines = [
        LineAmount(3000, 1, 1900, is_goods=True),
        LineAmount(1000, 1, 700, is_goods=True),
        LineAmount(42000, 1, 1900, is_goods=False),
    ]

    shares = share_delivery(lines, delivery_minor=490)

    # 490 x 1/4 = 122.5 and x 3/4 = 367.5: the lower rate takes the odd cent.
    assert shares == (RateShare(700, 123, 8), RateShare(1900, 367, 59))


def test_delivery_of_free_goods_is_shared_equally_by_rate() -> None:
    lines = [LineAmount(0, 1, 1900, is_goods=True), LineAmount(0, 3, 700, is_goods=True)]

    shares = share_delivery(lines, delivery_minor=491)

    assert shares == (RateShare(700, 246, 16), RateShare(1900, 245, 39))


def test_a_delivery_charge_without_goods_is_refused() -> None:
    with pytest.raises(ValueError, match="needs goods"):
        share_delivery([LineAmount(100, 1, 1900, is_goods=False)], delivery_minor=1)


# --- Baskets ------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_basket_of_goods_and_sessions_is_priced_with_its_vat(at: datetime) -> None:
    buying.courier(price_minor=490)
    wash = buying.product(price_minor=2400, at=at)
    sessions = buying.package(price_minor=42000, at=at)
    basket = buying.basket_with((wash, 2), (sessions, 1), at=at)

    priced = price_basket(basket, at=at)

    assert [(line.sku, line.total, line.vat) for line in priced.goods] == [
        ("WASH-250", Money(4800), Money(766))
    ]
    assert [(line.sku, line.total, line.vat) for line in priced.packages] == [
        ("MD-6", Money(42000), Money(6706))
    ]
    assert priced.delivery is not None
    assert (priced.delivery.price, priced.delivery.vat) == (Money(490), Money(78))
    assert (priced.goods_total, priced.packages_total) == (Money(4800), Money(42000))
    assert (priced.vat, priced.total) == (Money(7550), Money(47290))
    assert (priced.count, priced.weight_grams) == (3, 600)
    assert priced.can_check_out
    assert priced.notices == []


@pytest.mark.django_db
def test_a_package_line_carries_the_terms_that_an_order_freezes(at: datetime) -> None:
    sessions = buying.package(at=at)
    basket = buying.basket_with((sessions, 1), at=at)

    (line,) = price_basket(basket, at=at).packages

    assert line.name == "Microdermabrasion sessions"
    assert line.label == "6 sessions"
    assert (line.offer_id, line.treatment_id) == (sessions.pk, sessions.treatment_id)
    assert (line.sessions, line.validity_days) == (6, 365)
    assert (line.validity_rule, line.refund_terms_version) == ("FROM_FIRST_USE", "2026-01")
    assert line.valid_text == "valid 12 months from the first session"
    assert (line.tax_code, line.vat_rate_bp, line.availability_text) == ("txcd_99999999", 1900, "")


@pytest.mark.django_db
def test_sessions_alone_need_no_delivery(at: datetime) -> None:
    buying.courier()
    basket = buying.basket_with((buying.package(at=at), 1), at=at)

    priced = price_basket(basket, at=at)

    assert not priced.needs_delivery
    assert (priced.delivery, priced.delivery_options) == (None, [])
    assert priced.total == Money(42000)
    assert priced.can_check_out


@pytest.mark.django_db
def test_no_basket_is_an_empty_one(at: datetime) -> None:
    priced = price_basket(None, at=at)

    assert priced.is_empty
    assert not priced.can_check_out
    assert (priced.total, priced.count, priced.basket_id) == (Money(0), 0, None)


@pytest.mark.django_db
def test_a_changed_price_is_told_until_the_line_is_touched(at: datetime) -> None:
    """R9: the buyer sees a change before paying."""
    buying.courier()
    wash = buying.product(price_minor=2400, at=at)
    basket = buying.basket_with((wash, 1), at=at)
    later = at + timedelta(minutes=1)
    prices.change(offer_id=wash.pk, price_minor=2600, reason="Dearer", by=None, at=later)

    (line,) = price_basket(basket, at=later).goods

    assert (line.price_before, line.unit_price) == (Money(2400), Money(2600))
    assert price_basket(basket, at=later).notices == [
        Notice(
            "warning",
            "The price of Daily Wash WASH-250, 250 ml has changed from €24.00 to €26.00 "
            "since you put it in the basket.",
        )
    ]

    baskets.set_quantity(basket=basket, sku="WASH-250", quantity=2, at=later)

    assert price_basket(basket, at=later).notices == []


@pytest.mark.django_db
def test_a_lower_price_is_told_without_alarm(at: datetime) -> None:
    buying.courier()
    wash = buying.product(price_minor=2400, at=at)
    basket = buying.basket_with((wash, 1), at=at)
    later = at + timedelta(minutes=1)
    prices.change(offer_id=wash.pk, price_minor=2000, reason="Cheaper", by=None, at=later)

    (notice,) = price_basket(basket, at=later).notices

    assert notice.level == "info"


@pytest.mark.django_db
def test_fewer_left_than_wanted_stops_the_checkout(at: datetime) -> None:
    buying.courier()
    wash = buying.product(on_hand=5, at=at)
    basket = buying.basket_with((wash, 4), at=at)
    _lose(wash, 3, at)

    priced = price_basket(basket, at=at)

    assert priced.goods[0].problem == "Only 2 left. Change the quantity to go on."
    assert priced.goods[0].availability_text == "Only 2 left"
    assert priced.goods[0].max_quantity == 2
    assert not priced.can_check_out


@pytest.mark.django_db
def test_what_has_sold_out_stops_the_checkout(at: datetime) -> None:
    buying.courier()
    wash = buying.product(on_hand=2, at=at)
    basket = buying.basket_with((wash, 1), at=at)
    _lose(wash, 2, at)

    priced = price_basket(basket, at=at)

    assert priced.goods[0].problem == "This is sold out. Remove it to go on."
    assert not priced.can_check_out


@pytest.mark.django_db
@pytest.mark.parametrize("change", ["ended", "unpublished", "other currency"])
def test_what_is_no_longer_sold_stops_the_checkout(at: datetime, change: str) -> None:
    buying.courier()
    wash = buying.product(at=at)
    basket = buying.basket_with((wash, 1), at=at)
    if change == "ended":
        Offer.objects.filter(pk=wash.pk).update(active_until=at)
    elif change == "unpublished":
        Page.objects.filter(pk=wash.page_id).update(live=False)
    else:
        Offer.objects.filter(pk=wash.pk).update(currency="JPY")

    priced = price_basket(basket, at=at)

    assert priced.goods[0].problem == "This is no longer sold. Remove it to go on."
    assert not priced.can_check_out


@pytest.mark.django_db
def test_an_offer_without_a_page_is_named_by_its_label(at: datetime) -> None:
    buying.courier()
    wash = buying.product(at=at)
    basket = buying.basket_with((wash, 1), at=at)
    Offer.objects.filter(pk=wash.pk).update(page=None)

    (line,) = price_basket(basket, at=at).goods

    assert (line.name, line.url, line.image) == ("250 ml", "", None)
    assert line.problem == "This is no longer sold. Remove it to go on."


@pytest.mark.django_db
def test_what_ones_own_unpaid_order_holds_is_not_sold_out(at: datetime) -> None:
    """R13: coming back from the payment page, the basket still says what can be bought."""
    buying.courier()
    wash = buying.product(on_hand=3, at=at)
    basket = buying.basket_with((wash, 3), at=at)
    order = OrderFactory(basket=basket, checkout_token=basket.checkout_token, placed_at=at)
    _hold(order, wash, 3, at)

    priced = price_basket(basket, at=at)

    assert priced.goods[0].problem == ""
    assert priced.can_check_out
    assert priced.unpaid_order is not None
    assert (priced.unpaid_order.number, priced.unpaid_order.is_same) == (order.number, True)

    baskets.set_quantity(basket=basket, sku="WASH-250", quantity=2, at=at)
    priced = price_basket(_fresh(basket), at=at)

    assert priced.goods[0].problem == ""
    assert priced.unpaid_order is not None
    assert not priced.unpaid_order.is_same


@pytest.mark.django_db
def test_what_somebody_elses_order_holds_is_sold_out(at: datetime) -> None:
    buying.courier()
    wash = buying.product(on_hand=3, at=at)
    basket = buying.basket_with((wash, 3), at=at)
    _hold(OrderFactory(placed_at=at), wash, 3, at)

    priced = price_basket(basket, at=at)

    assert priced.goods[0].problem == "This is sold out. Remove it to go on."
    assert priced.unpaid_order is None


# --- Delivery -----------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_cheapest_way_to_the_door_is_chosen_before_anybody_chose(at: datetime) -> None:
    courier = buying.courier(price_minor=490)
    _method(courier.zone, "express", 990)
    DeliveryMethod.objects.create(zone=courier.zone, code="pickup", name="Clinic", kind="PICKUP")
    basket = buying.basket_with((buying.product(at=at), 1), at=at)

    priced = price_basket(basket, at=at)

    assert {option.code: option.is_chosen for option in priced.delivery_options} == {
        "standard": True,
        "express": False,
        "pickup": False,
    }
    assert (priced.country, priced.countries) == ("DE", [("DE", "Germany")])


@pytest.mark.django_db
def test_a_delivery_that_is_no_longer_offered_gives_way_and_says_so(at: datetime) -> None:
    courier = buying.courier(price_minor=490)
    express = _method(courier.zone, "express", 990)
    basket = buying.basket_with((buying.product(at=at), 1), at=at)
    basket = baskets.choose_delivery(basket=basket, country="DE", method_code="express", at=at)
    DeliveryMethod.objects.filter(pk=express.pk).update(is_active=False)

    priced = price_basket(basket, at=at)

    assert priced.delivery is not None
    assert priced.delivery.code == "standard"
    assert priced.notices == [
        Notice(
            "warning",
            "The delivery you chose is not offered here. Standard courier was chosen.",
        )
    ]
    assert priced.can_check_out


@pytest.mark.django_db
def test_a_country_that_is_no_longer_served_gives_way_and_says_so(at: datetime) -> None:
    buying.courier()
    basket = buying.basket_with((buying.product(at=at), 1), at=at)
    Basket.objects.filter(pk=basket.pk).update(country="FR")

    priced = price_basket(_fresh(basket), at=at)

    assert priced.country == "DE"
    assert [notice.text for notice in priced.notices] == [
        "We no longer deliver to France. Please choose another country."
    ]


@pytest.mark.django_db
def test_goods_that_nobody_carries_stop_the_checkout(at: datetime) -> None:
    DeliveryRate.objects.filter(method=buying.courier()).update(up_to_grams=299)
    basket = buying.basket_with((buying.product(at=at), 1), at=at)

    priced = price_basket(basket, at=at)

    assert priced.notices == [Notice("error", "We cannot deliver this basket to Germany.")]
    assert (priced.delivery, priced.can_check_out) == (None, False)


@pytest.mark.django_db
def test_a_shop_that_delivers_nowhere_says_so(at: datetime) -> None:
    basket = buying.basket_with((buying.product(at=at), 1), at=at)

    priced = price_basket(basket, at=at)

    assert priced.notices == [Notice("error", "We cannot deliver goods at the moment.")]
    assert not priced.can_check_out


@pytest.mark.django_db
def test_what_is_missing_for_free_delivery_counts_goods_alone(at: datetime) -> None:
    courier = buying.courier(price_minor=490)
    DeliveryMethod.objects.filter(pk=courier.pk).update(free_from_minor=5000)
    wash = buying.product(price_minor=2400, at=at)
    basket = buying.basket_with((wash, 2), (buying.package(at=at), 1), at=at)

    assert price_basket(basket, at=at).free_delivery_missing == Money(200)

    baskets.set_quantity(basket=basket, sku="WASH-250", quantity=3, at=at)
    priced = price_basket(basket, at=at)

    assert priced.free_delivery_missing is None
    assert priced.delivery is not None
    assert priced.delivery.price == Money(0)
    assert priced.total == Money(49200)


@pytest.mark.django_db
def test_fifty_lines_cost_as_many_queries_as_one(at: datetime) -> None:
    buying.courier()
    offers = [buying.product(f"WASH-{number}", at=at) for number in range(50)]
    counts = []
    for lines in (1, 5, 50):
        basket = Basket.objects.create(created_at=at, updated_at=at)
        BasketLine.objects.bulk_create(
            BasketLine(
                basket=basket,
                offer=offer,
                quantity=1,
                price_seen_minor=offer.price_minor,
                added_at=at,
            )
            for offer in offers[:lines]
        )
        price_basket(basket, at=at)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            price_basket(basket, at=at)
        counts.append(len(queries))

    assert counts == [8, 8, 8]


def _method(zone: DeliveryZone, code: str, price_minor: int) -> DeliveryMethod:
    method = DeliveryMethod.objects.create(zone=zone, code=code, name=code.title())
    DeliveryRate.objects.create(method=method, price_minor=price_minor)
    return method


def _lose(offer: Offer, quantity: int, at: datetime) -> None:
    stock.adjust(
        offer_id=offer.pk,
        change=-quantity,
        kind=MovementKind.DAMAGED,
        reason="Broken",
        by=None,
        at=at,
    )


def _hold(order: Order, offer: Offer, quantity: int, at: datetime) -> None:
    assert offer.kind == OfferKind.PRODUCT
    stock.reserve(
        items=[(offer.pk, quantity)],
        reference=order.reference,
        expires_at=at + timedelta(minutes=35),
        at=at,
    )


def _fresh(basket: Basket) -> Any:
    return Basket.objects.get(pk=basket.pk)
