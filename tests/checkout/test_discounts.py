"""Discounts from the basket to the invoice: had, held, used, and given back."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from accounts.models import User
from catalog import stock
from catalog.models import Offer
from checkout import baskets, calling_off, payments, placement, settlement, stripe_gateway
from checkout.discounts import codes, finding, using
from checkout.discounts.finding import DiscountRefused
from checkout.invoices.content import Content
from checkout.models import (
    Basket,
    Discount,
    DiscountKind,
    DiscountUse,
    EnteredCode,
    Order,
    OrderStatus,
    RefundStatus,
)
from checkout.pass_values import pass_value
from checkout.pricing import price_basket
from money.money import Money
from tests.checkout import discounting
from tests.checkout.buying import (
    basket_with,
    check_out,
    courier,
    package,
    place,
    product,
    session_id_of,
)
from tests.checkout.factories import OrderFactory
from tests.checkout.invoicing import name_seller
from tests.stripe_in_process import StripeInProcess
from treatments.models import SessionPass

pytestmark = pytest.mark.django_db


@pytest.fixture
def wash(at: datetime) -> Offer:
    courier()
    return product(at=at)


def entered(basket: Basket, *typed: str, at: datetime) -> Basket:
    for code in typed:
        codes.enter(basket=basket, code=codes.read(code), at=at)
    basket.refresh_from_db()
    return basket


def used(discount: Discount) -> int:
    return int(Discount.objects.values_list("used", flat=True).get(pk=discount.pk))


# --- Codes ----------------------------------------------------------------------------------


def test_a_code_is_read_as_people_type_it(wash: Offer, at: datetime) -> None:
    discounting.percent()

    basket = entered(basket_with((wash, 1), at=at), " spring-10 ", at=at)

    priced = price_basket(basket, at=at)
    assert (priced.codes, priced.saved, priced.total) == (("SPRING10",), Money(240), Money(2650))
    assert [saving.name for saving in priced.goods[0].savings] == ["Percent off SPRING10"]


def _refusals() -> dict[str, Callable[[datetime], dict[str, Any]]]:
    soon, past = timedelta(hours=1), timedelta(hours=-1)
    return {
        "We do not know this code. Please look at how it is spelt.": lambda _at: {"code": "OTHER"},
        "SPRING10 is valid from": lambda at: {"starts_at": at + soon},
        "SPRING10 has ended.": lambda at: {"ends_at": at + past},
        "SPRING10 has ended. ": lambda _at: {"is_active": False},
        "SPRING10 has been used already.": lambda _at: {"max_uses": 1, "used": 1},
        "SPRING10 counts once you add €26.00 more of what it is for.": lambda _at: {
            "minimum_minor": 5000
        },
    }


@pytest.mark.parametrize("sentence", _refusals())
def test_a_code_that_cannot_be_used_is_refused_with_its_reason(
    wash: Offer, at: datetime, sentence: str
) -> None:
    discounting.percent(**_refusals()[sentence](at))
    basket = basket_with((wash, 1), at=at)
    token = basket.checkout_token

    with pytest.raises(DiscountRefused) as refusal:
        entered(basket, "SPRING10", at=at)

    assert str(refusal.value).startswith(sentence.strip())
    basket.refresh_from_db()
    assert (EnteredCode.objects.count(), basket.checkout_token) == (0, token)


def test_a_code_for_other_things_is_refused(wash: Offer, at: datetime) -> None:
    discounting.percent().offers.add(product("BALM", at=at))

    with pytest.raises(finding.NotForThese):
        entered(basket_with((wash, 1), at=at), "SPRING10", at=at)

    assert not EnteredCode.objects.exists()


def test_codes_that_stand_alone_are_not_put_together(wash: Offer, at: datetime) -> None:
    discounting.percent()
    discounting.amount(is_combinable=True)
    basket = entered(basket_with((wash, 1), at=at), "SPRING10", at=at)

    with pytest.raises(finding.NotCombinable):
        entered(basket, "FIVER", at=at)

    assert [row.discount.code for row in EnteredCode.objects.all()] == ["SPRING10"]
    codes.take_out(basket=basket, code="SPRING10", at=at)
    entered(basket, "FIVER", at=at)
    assert price_basket(basket, at=at).saved == Money(500)


def test_a_code_that_holds_no_longer_takes_nothing_off_and_says_so(
    wash: Offer, at: datetime
) -> None:
    discounting.percent(ends_at=at + timedelta(hours=1))
    basket = entered(basket_with((wash, 1), at=at), "SPRING10", at=at)

    priced = price_basket(basket, at=at + timedelta(hours=1))

    assert (priced.saved, priced.total, priced.can_check_out) == (Money(0), Money(2890), True)
    assert "SPRING10 has ended. It takes nothing off now." in [n.text for n in priced.notices]


def test_the_better_of_a_code_and_what_comes_by_itself_counts(wash: Offer, at: datetime) -> None:
    discounting.percent(10)
    discounting.make(DiscountKind.PERCENT, percent=20, name="Autumn")

    basket = entered(basket_with((wash, 1), at=at), "SPRING10", at=at)

    priced = price_basket(basket, at=at)
    assert [(saving.name, saving.amount) for saving in priced.savings] == [("Autumn", Money(480))]
    assert "SPRING10 is not counted: with Autumn you pay less." in [n.text for n in priced.notices]


def test_delivery_is_freed_as_far_as_the_cheapest_way_to_the_door(
    wash: Offer, at: datetime
) -> None:
    discounting.free_delivery()

    priced = price_basket(entered(basket_with((wash, 1), at=at), "POST", at=at), at=at)

    assert priced.delivery is not None
    assert (priced.delivery.price, priced.delivery.full_price) == (Money(0), Money(490))
    assert (priced.total, priced.saved) == (Money(2400), Money(490))


def test_what_is_too_little_for_a_card_stops_the_checkout(wash: Offer, at: datetime) -> None:
    discounting.amount(2380)
    discounting.free_delivery(is_combinable=True)
    Discount.objects.update(is_combinable=True)
    basket = entered(basket_with((wash, 1), at=at), "FIVER", "POST", at=at)

    priced = price_basket(basket, at=at)

    assert (priced.total, priced.can_check_out) == (Money(20), False)
    assert "€0.20 is too little to be paid by card." in priced.notices[-1].text


def test_codes_for_one_use_differ_and_count_one_by_one(wash: Offer, at: datetime) -> None:
    discount = _singles()

    made = codes.make(discount=discount, count=50, at=at)

    assert len({each.code for each in made}) == 50
    order = place(entered(basket_with((wash, 1), at=at), made[0].code, at=at), at=at)
    assert order.discount_uses.get().code == made[0].code
    with pytest.raises(finding.UsedUp):
        entered(basket_with((wash, 1), at=at), made[0].code, at=at)
    entered(basket_with((wash, 1), at=at), made[1].code, at=at)


def _singles() -> Discount:
    return Discount.objects.create(name="Thanks", kind="PERCENT", percent=10, trigger="CODE")


# --- Orders ---------------------------------------------------------------------------------


def test_an_order_keeps_what_was_taken_off_line_by_line_and_stripe_is_told_the_same(
    stripe: StripeInProcess, wash: Offer, at: datetime
) -> None:
    """Three for 71.99 do not cost the same each; what Stripe sums is our total all the same."""
    discounting.make(DiscountKind.AMOUNT, code="ODD", amount_minor=101, is_combinable=True)
    discounting.free_delivery(is_combinable=True)
    name_seller()
    balm = product("BALM", price_minor=1999, at=at)
    basket = entered(basket_with((wash, 3), (balm, 1), at=at), "ODD", "POST", at=at)

    order = check_out(basket, at=at).order

    lines = [
        (line.full_minor, line.discount_minor, line.total_minor, line.vat_minor)
        for line in order.lines.all()
    ]
    assert lines == [(7200, 79, 7121, 1137), (1999, 22, 1977, 316)]
    assert (order.delivery_minor, order.delivery_discount_minor) == (0, 490)
    assert (order.total_minor, order.vat_minor) == (9098, 1453)
    session = stripe_gateway.fetch_checkout(session_id_of(order))
    assert session.amount_total_minor == 9098
    stripe.pay(session_id_of(order))
    order = settlement.settle(session_id_of(order), at=at)
    assert order.status == OrderStatus.PAID
    content = Content.from_json(order.invoices.get().content)
    assert (content.gross_minor, content.vat_minor) == (9098, 1453)
    assert [each.gross_minor for line in content.lines for each in line.reductions] == [79, 22]
    assert content.digest == order.invoices.get().content_hash
    assert not EnteredCode.objects.exists()


def test_an_order_of_nothing_to_pay_is_paid(
    stripe: StripeInProcess, wash: Offer, at: datetime
) -> None:
    discounting.percent(100, is_combinable=True)
    discounting.free_delivery(is_combinable=True)
    basket = entered(basket_with((wash, 1), at=at), "SPRING10", "POST", at=at)

    order = check_out(basket, at=at).order

    assert order.total_minor == 0
    session = stripe_gateway.fetch_checkout(session_id_of(order))
    assert session.amount_total_minor == 0


def test_the_last_use_is_had_once_and_comes_back_with_the_order(
    stripe: StripeInProcess, wash: Offer, at: datetime
) -> None:
    """R10: used when placed, free again when the order comes to nothing."""
    discount = discounting.percent(max_uses=1)
    first = entered(basket_with((wash, 1), at=at), "SPRING10", at=at)
    second = entered(basket_with((wash, 1), at=at), "SPRING10", at=at)
    total = price_basket(second, at=at).total.minor

    order = check_out(first, at=at).order

    assert used(discount) == 1
    with pytest.raises(placement.PlacementRefused):
        check_out(second, at=at, agreed_total_minor=total)
    assert Order.objects.count() == 1
    payments.close(order_id=order.pk, to=OrderStatus.CANCELLED, at=at)
    using.release(order, at=at)
    assert (used(discount), list(using.contradictions())) == (0, [])
    assert check_out(second, at=at).order.discount_uses.get().amount_minor == 240


def test_ones_own_unpaid_order_does_not_use_up_ones_code(
    stripe: StripeInProcess, wash: Offer, at: datetime
) -> None:
    discount = discounting.percent(max_uses=1)
    basket = entered(basket_with((wash, 1), at=at), "SPRING10", at=at)
    check_out(basket, at=at)

    assert price_basket(basket, at=at).saved == Money(240)
    baskets.set_quantity(basket=basket, sku=wash.sku, quantity=2, at=at)
    order = check_out(basket, at=at).order

    assert (order.lines.get().discount_minor, used(discount)) == (480, 1)


def test_whoever_pays_after_the_discount_went_to_somebody_else_gets_the_money_back(
    stripe: StripeInProcess, wash: Offer, at: datetime
) -> None:
    discount = discounting.percent(max_uses=1)
    order = check_out(entered(basket_with((wash, 1), at=at), "SPRING10", at=at), at=at).order
    late = session_id_of(order)
    Order.objects.filter(pk=order.pk).update(status=OrderStatus.EXPIRED)
    using.release(order, at=at)
    stock.release(reference=order.reference)
    check_out(entered(basket_with((wash, 1), at=at), "SPRING10", at=at), at=at)
    stripe.pay(late)

    order = settlement.settle(late, at=at)

    assert (order.status, used(discount)) == (OrderStatus.REFUNDING, 1)
    refund = order.refunds.get()
    assert (refund.status, refund.amount_minor) == (RefundStatus.PENDING, order.total_minor)


def test_a_code_for_first_orders_is_looked_at_once_it_is_known_who_orders(
    wash: Offer, at: datetime
) -> None:
    discounting.percent(first_order_only=True)
    OrderFactory(paid=True, placed_at=at, email="ada@example.com")
    basket = entered(basket_with((wash, 1), at=at), "SPRING10", at=at)

    with pytest.raises(placement.DiscountLost, match=r"SPRING10 cannot be used for this order\."):
        place(basket, at=at)

    assert (Order.objects.count(), DiscountUse.objects.count()) == (1, 0)


def test_what_comes_by_itself_for_first_orders_waits_for_a_sign_in(
    wash: Offer, at: datetime
) -> None:
    discounting.make(DiscountKind.PERCENT, percent=10, first_order_only=True)
    basket = basket_with((wash, 1), at=at)

    assert price_basket(basket, at=at).saved == Money(0)
    user = User.objects.create_user("bea@example.com")
    Basket.objects.filter(pk=basket.pk).update(user=user)
    basket.refresh_from_db()
    assert price_basket(basket, at=at).saved == Money(240)


def test_each_person_has_it_as_often_as_they_may(wash: Offer, at: datetime) -> None:
    discounting.percent(max_uses_each=1)
    place(entered(basket_with((wash, 1), at=at), "SPRING10", at=at), at=at)

    with pytest.raises(placement.DiscountLost):
        place(entered(basket_with((wash, 1), at=at), "SPRING10", at=at), at=at)

    assert Order.objects.count() == 1


def test_a_package_bought_for_less_is_worth_what_was_paid_less_what_was_used(
    stripe: StripeInProcess, at: datetime
) -> None:
    """Sessions used count at the single price, so the way back never falls below zero."""
    courier()
    discounting.percent(50, with_packages=True)
    basket = entered(basket_with((package(at=at), 3), at=at), "SPRING10", at=at)
    Discount.objects.update(percent=50)

    order = check_out(basket, at=at).order
    stripe.pay(session_id_of(order))
    settlement.settle(session_id_of(order), at=at)

    values = [pass_value(each, on=at.date()) for each in SessionPass.objects.order_by("pk")]
    assert [value.paid.minor for value in values if value] == [21000, 21000, 21000]
    assert list(SessionPass.objects.values_list("paid_minor", flat=True)) == [21000] * 3


def test_calling_off_piece_by_piece_gives_back_what_was_paid(
    stripe: StripeInProcess, wash: Offer, at: datetime
) -> None:
    discounting.amount(100)
    basket = entered(basket_with((wash, 3), at=at), "FIVER", at=at)
    order = check_out(basket, at=at).order
    stripe.pay(session_id_of(order))
    order = settlement.settle(session_id_of(order), at=at)
    line = order.lines.get()

    gone = []
    for _ in range(3):
        order.refresh_from_db()
        amount = calling_off.amount(order, {line.pk: 1}).minor
        calling_off.call_off(
            order_id=order.pk,
            units={line.pk: 1},
            agreed_minor=amount,
            reason="Broken",
            by=None,
            at=at,
        )
        gone.append(amount)

    assert gone == [2367, 2367, 2366 + 490]
    assert sum(gone) == order.total_minor
