"""Orders that staff make: one price, goods kept for the link, money taken and handed back once."""

from datetime import date, datetime, timedelta

from django.utils import timezone
import pytest

from accounts.models import User
from catalog.models import Offer, Stock
from checkout import (
    baskets,
    clearance,
    order_status,
    payments,
    placement,
    reconciliation,
    refunds,
    settlement,
)
from checkout.discounts import by_hand, codes, finding, using
from checkout.models import (
    BasketLine,
    DeskBasket,
    HandReduction,
    Order,
    OrderStatus,
    PaymentStatus,
    PaymentWay,
    RefundStatus,
)
from checkout.models.payment import BY_HAND
from checkout.pass_values import pass_value
from checkout.pricing import price_basket
from checkout.selling import cash_book, customers, desk, handing_back, placing, taking
from money.money import Money
from outbox.models import OutboundMail
from tests.accounts.factories import UserFactory
from tests.checkout import buying, discounting
from tests.checkout.factories import OrderFactory
from tests.stripe_in_process import StripeInProcess
from tests.treatments.factories import checked, published
from treatments.models import SessionPass

pytestmark = pytest.mark.django_db

BUYER = {
    "email": "ada@example.com",
    "name": "Ada Lindqvist",
    "line1": "Turmstr. 4",
    "postcode": "10559",
    "city": "Berlin",
}


@pytest.fixture
def by() -> User:
    return UserFactory.create(email="mara@example.com", name="Mara Front", is_staff=True)


@pytest.fixture
def wash(at: datetime) -> Offer:
    buying.courier()
    return buying.product(at=at)


def filled(*offers: Offer, by: User, at: datetime, customer: User | None = None) -> DeskBasket:
    """A desk basket for Ada with one of each offer."""
    begun = desk.begin(customer=customer, facts=BUYER, country="DE", by=by, at=at)
    for offer in offers:
        baskets.add(basket=begun.basket, user=None, sku=offer.sku, quantity=1, at=at)
    begun.basket.refresh_from_db()
    return begun


def placed(begun: DeskBasket, *, by: User, at: datetime) -> Order:
    begun.basket.refresh_from_db()
    return placing.place(
        desk=begun,
        checkout_token=begun.basket.checkout_token,
        agreed_total_minor=price_basket(begun.basket, at=at).total.minor,
        was_told=True,
        by=by,
        at=at,
    )


def kinds(order: Order) -> list[tuple[str, int | None]]:
    """What the timeline holds, and who did it."""
    return list(order.events.values_list("kind", "actor"))


# --- Placing ------------------------------------------------------------------------------


def test_an_order_made_by_staff_costs_and_holds_what_the_shop_s_own_would(
    wash: Offer, by: User, at: datetime
) -> None:
    order = placed(filled(wash, by=by, at=at), by=by, at=at)

    assert (order.total_minor, order.status) == (2400 + 490, OrderStatus.AWAITING_PAYMENT)
    assert (order.user, order.email, order.delivery_line1) == (None, BUYER["email"], "Turmstr. 4")
    assert order.expires_at == order.held_until == at + timedelta(days=2)
    assert Stock.objects.get(offer=wash).reserved == 1
    assert kinds(order) == [("PLACED", by.pk), ("TERMS_TOLD", by.pk)]


def test_nothing_is_placed_before_the_terms_were_told(wash: Offer, by: User, at: datetime) -> None:
    begun = filled(wash, by=by, at=at)

    with pytest.raises(placing.TermsNotTold):
        placing.place(
            desk=begun,
            checkout_token=begun.basket.checkout_token,
            agreed_total_minor=2890,
            was_told=False,
            by=by,
            at=at,
        )

    assert not Order.objects.exists()
    assert Stock.objects.get(offer=wash).reserved == 0


def test_a_courier_needs_an_address(wash: Offer, by: User, at: datetime) -> None:
    begun = filled(wash, by=by, at=at)
    desk.change_facts(desk=begun, facts={**BUYER, "line1": ""})

    with pytest.raises(placing.AddressMissing):
        placed(begun, by=by, at=at)

    assert not Order.objects.exists()


def test_a_changed_basket_replaces_the_unpaid_order_and_frees_what_it_held(
    stripe: StripeInProcess, wash: Offer, by: User, at: datetime
) -> None:
    begun = filled(wash, by=by, at=at)
    first = placed(begun, by=by, at=at)
    page = payments.open_payment(order_id=first.pk, at=at)
    baskets.set_quantity(basket=begun.basket, sku=wash.sku, quantity=3, at=at)

    second = placed(begun, by=by, at=at)

    first.refresh_from_db()
    assert (first.status, second.status) == (OrderStatus.CANCELLED, OrderStatus.AWAITING_PAYMENT)
    assert Stock.objects.get(offer=wash).reserved == 3
    assert first.payments.get().url == page
    assert first.payments.get().status == PaymentStatus.CLOSED
    assert desk.unpaid_order(begun) == second


def test_a_total_that_changed_keeps_the_unpaid_order(wash: Offer, by: User, at: datetime) -> None:
    begun = filled(wash, by=by, at=at)
    first = placed(begun, by=by, at=at)
    baskets.set_quantity(basket=begun.basket, sku=wash.sku, quantity=3, at=at)

    with pytest.raises(placement.TotalChanged):
        placing.place(
            desk=begun,
            checkout_token=begun.basket.checkout_token,
            agreed_total_minor=1,
            was_told=True,
            by=by,
            at=at,
        )

    first.refresh_from_db()
    assert first.status == OrderStatus.AWAITING_PAYMENT
    assert Stock.objects.get(offer=wash).reserved == 1


# --- The link -----------------------------------------------------------------------------


def test_the_link_is_mailed_and_its_order_outlives_a_payment_page(
    stripe: StripeInProcess, wash: Offer, by: User, at: datetime
) -> None:
    order = placed(filled(wash, by=by, at=at), by=by, at=at)
    placing.send_link(order_id=order.pk, by=by, at=at)
    mail = OutboundMail.objects.get(event="order_to_pay")
    assert mail.to == BUYER["email"]

    payments.open_payment(order_id=order.pk, at=at)
    first = order.payments.get()
    assert first.expires_at == at + placement.PAYMENT_WINDOW
    stripe.control(f"sessions/{first.session_id}/expire")
    settlement.settle(first.session_id or "", at=at + timedelta(hours=1))

    order.refresh_from_db()
    assert (order.status, order.expires_at) == (OrderStatus.AWAITING_PAYMENT, order.held_until)
    assert payments.expire_due(at=at + timedelta(hours=1)) == 0
    later = at + timedelta(hours=20)
    payments.open_payment(order_id=order.pk, at=later)
    stripe.pay(buying.session_id_of(order))
    settlement.settle(buying.session_id_of(order), at=later)
    order.refresh_from_db()
    assert (order.status, order.paid_minor) == (OrderStatus.PAID, order.total_minor)


def test_what_is_not_paid_in_two_days_is_free_again(wash: Offer, by: User, at: datetime) -> None:
    order = placed(filled(wash, by=by, at=at), by=by, at=at)

    assert payments.expire_due(at=at + placing.HELD_FOR) == 1

    order.refresh_from_db()
    assert order.status == OrderStatus.EXPIRED
    assert Stock.objects.get(offer=wash).reserved == 0


def test_nobody_is_sent_the_link_for_ever(wash: Offer, by: User, at: datetime) -> None:
    order = placed(filled(wash, by=by, at=at), by=by, at=at)
    for _ in range(placing.MOST_LINKS):
        placing.send_link(order_id=order.pk, by=by, at=at)

    with pytest.raises(placing.NoMoreLinks):
        placing.send_link(order_id=order.pk, by=by, at=at)

    assert OutboundMail.objects.filter(event="order_to_pay").count() == placing.MOST_LINKS


# --- Suitability --------------------------------------------------------------------------


def test_sessions_wait_for_the_check_on_the_order_s_page(
    stripe: StripeInProcess, by: User, at: datetime
) -> None:
    sessions = buying.package(at=at)
    assert sessions.treatment is not None
    version = published(treatment=sessions.treatment, at=at)
    order = placed(filled(sessions, by=by, at=at), by=by, at=at)

    with pytest.raises(placement.SuitabilityMissing):
        payments.open_payment(order_id=order.pk, at=at)
    with pytest.raises(taking.CheckMissing):
        taking.take(order_id=order.pk, way=PaymentWay.CASH, reference="7", by=by, at=at)
    assert not order.payments.exists()

    clearance.keep_with_order(order=order, check=checked(version, at=at))

    taking.take(order_id=order.pk, way=PaymentWay.CASH, reference="7", by=by, at=at)
    order.refresh_from_db()
    assert order.status == OrderStatus.PAID


def test_an_account_s_own_check_comes_along(by: User, at: datetime) -> None:
    sessions = buying.package(at=at)
    assert sessions.treatment is not None
    version = published(treatment=sessions.treatment, at=at)
    ada = UserFactory.create(email="ada@example.com", verified=True)
    check = checked(version, at=at)
    type(check).objects.filter(pk=check.pk).update(user=ada)

    order = placed(filled(sessions, by=by, at=at, customer=ada), by=by, at=at)

    assert (order.user, clearance.missing_for_order(order, at=at)) == (ada, [])


# --- Money by hand ------------------------------------------------------------------------


@pytest.mark.parametrize("way", BY_HAND)
def test_money_taken_here_pays_the_order_as_any_other(
    stripe: StripeInProcess, wash: Offer, by: User, at: datetime, way: PaymentWay
) -> None:
    order = placed(filled(wash, by=by, at=at), by=by, at=at)

    payment = taking.take(order_id=order.pk, way=way, reference=" slip  12 ", by=by, at=at)

    order.refresh_from_db()
    assert (order.status, order.paid_minor, order.pieces_to_pack) == (OrderStatus.PAID, 2890, 1)
    assert (payment.status, payment.reference) == (PaymentStatus.SUCCEEDED, "slip 12")
    assert (payment.taken_by, payment.session_id) == (by, None)
    assert (Stock.objects.get(offer=wash).on_hand, not stripe.calls) == (10, True)
    assert ("TAKEN_BY_HAND", by.pk) in kinds(order)
    assert OutboundMail.objects.filter(event="order_paid").count() == 1
    assert not BasketLine.objects.filter(basket=order.basket_id).exists()
    assert list(reconciliation.differences()) == []


def test_money_is_taken_once(wash: Offer, by: User, at: datetime) -> None:
    order = placed(filled(wash, by=by, at=at), by=by, at=at)
    taking.take(order_id=order.pk, way=PaymentWay.CASH, reference="7", by=by, at=at)

    with pytest.raises(taking.NotToBePaid):
        taking.take(order_id=order.pk, way=PaymentWay.CASH, reference="8", by=by, at=at)

    order.refresh_from_db()
    assert (order.payments.count(), order.paid_minor) == (1, 2890)


def test_money_needs_a_receipt(wash: Offer, by: User, at: datetime) -> None:
    order = placed(filled(wash, by=by, at=at), by=by, at=at)

    for way, reference in ((PaymentWay.CASH, "  "), (PaymentWay.STRIPE, "7")):
        with pytest.raises(taking.ReferenceMissing):
            taking.take(order_id=order.pk, way=way, reference=reference, by=by, at=at)

    assert not order.payments.exists()


def test_an_open_page_is_closed_before_money_is_taken_here(
    stripe: StripeInProcess, wash: Offer, by: User, at: datetime
) -> None:
    order = placed(filled(wash, by=by, at=at), by=by, at=at)
    payments.open_payment(order_id=order.pk, at=at)
    stripe.is_down = True
    with pytest.raises(taking.PageNotClosed):
        taking.take(order_id=order.pk, way=PaymentWay.CASH, reference="7", by=by, at=at)
    order.refresh_from_db()
    assert order.status == OrderStatus.AWAITING_PAYMENT
    stripe.is_down = False

    taking.take(order_id=order.pk, way=PaymentWay.CASH, reference="7", by=by, at=at)

    statuses = list(order.payments.values_list("status", "way"))
    assert statuses == [("CLOSED", "STRIPE"), ("SUCCEEDED", "CASH")]


def test_a_page_that_was_paid_meanwhile_leaves_nothing_to_take(
    stripe: StripeInProcess, wash: Offer, by: User, at: datetime
) -> None:
    order = placed(filled(wash, by=by, at=at), by=by, at=at)
    payments.open_payment(order_id=order.pk, at=at)
    stripe.pay(buying.session_id_of(order))

    with pytest.raises(taking.NotToBePaid):
        taking.take(order_id=order.pk, way=PaymentWay.CASH, reference="7", by=by, at=at)

    order.refresh_from_db()
    assert (order.status, order.paid_minor) == (OrderStatus.PAID, 2890)
    assert order.payments.get().way == PaymentWay.STRIPE


def test_money_taken_here_goes_back_by_hand_and_never_through_stripe(
    stripe: StripeInProcess, wash: Offer, by: User, at: datetime
) -> None:
    order = placed(filled(wash, by=by, at=at), by=by, at=at)
    payment = taking.take(order_id=order.pk, way=PaymentWay.CASH, reference="7", by=by, at=at)
    refund = refunds.request(payment=payment, amount_minor=500, reason="Leaks", by=by, at=at)

    assert refunds.send_due(at=at) == 0
    assert [each.pk for each in cash_book.to_hand_back()] == [refund.pk]

    handing_back.hand_back(refund_id=refund.pk, reference="R 8", by=by, at=at)

    order.refresh_from_db()
    refund.refresh_from_db()
    assert (order.refunded_minor, order.refund_reserved_minor) == (500, 0)
    assert (refund.status, refund.reference) == (RefundStatus.SUCCEEDED, "R 8")
    assert ("HANDED_BACK", by.pk) in kinds(order)
    assert stripe.calls == []
    assert list(reconciliation.differences()) == []
    with pytest.raises(handing_back.AlreadyBack):
        handing_back.hand_back(refund_id=refund.pk, reference="R 9", by=by, at=at)


def test_what_stripe_took_is_not_handed_back_here(
    stripe: StripeInProcess, wash: Offer, by: User, at: datetime
) -> None:
    order = buying.check_out(buying.basket_with((wash, 1), at=at), at=at).order
    stripe.pay(buying.session_id_of(order))
    settlement.settle(buying.session_id_of(order), at=at)
    payment = order.payments.get()
    refund = refunds.request(payment=payment, amount_minor=500, reason="Leaks", by=by, at=at)

    with pytest.raises(handing_back.NotByHand):
        handing_back.hand_back(refund_id=refund.pk, reference="R 8", by=by, at=at)

    refund.refresh_from_db()
    assert (refund.status, refund.reference) == (RefundStatus.PENDING, "")


def test_the_cash_book_adds_up_what_went_through_hands(wash: Offer, by: User, at: datetime) -> None:
    order = placed(filled(wash, by=by, at=at), by=by, at=at)
    payment = taking.take(order_id=order.pk, way=PaymentWay.CASH, reference="7", by=by, at=at)
    refund = refunds.request(payment=payment, amount_minor=500, reason="Leaks", by=by, at=at)
    handing_back.hand_back(refund_id=refund.pk, reference="R 8", by=by, at=at)
    other = placed(filled(wash, by=by, at=at), by=by, at=at)
    taking.take(order_id=other.pk, way=PaymentWay.TERMINAL, reference="T 1", by=by, at=at)
    today = at.date()

    found = cash_book.entries(from_on=today - timedelta(days=1), until_on=today + timedelta(days=1))

    assert sorted(entry.minor for entry in found) == [-500, 2890, 2890]
    assert cash_book.by_way(found) == [
        (PaymentWay.CASH, 2890, 500),
        (PaymentWay.TERMINAL, 2890, 0),
    ]
    assert {entry.who for entry in found} == {"Mara Front"}
    assert cash_book.entries(from_on=date(2020, 1, 1), until_on=date(2020, 1, 2)) == []


def test_an_order_taken_here_cannot_be_cancelled_or_expire(
    wash: Offer, by: User, at: datetime
) -> None:
    order = placed(filled(wash, by=by, at=at), by=by, at=at)
    taking.take(order_id=order.pk, way=PaymentWay.CASH, reference="7", by=by, at=at)

    with pytest.raises(order_status.TransitionRefused):
        payments.close(order_id=order.pk, to=OrderStatus.CANCELLED, at=at)


# --- Whom for -----------------------------------------------------------------------------


def test_a_buyer_is_found_by_name_or_address_once(by: User, at: datetime) -> None:
    ada = UserFactory.create(email="ada@example.com", name="Ada Lindqvist", verified=True)
    OrderFactory(email="ada@example.com", name="Ada Lindqvist")
    guest = OrderFactory(email="bea@example.com", name="Bea Lindqvist")
    newest = OrderFactory(
        email="bea@example.com", name="Bea Lindqvist", placed_at=guest.placed_at + timedelta(1)
    )

    by_name = customers.find("lindqvist")
    by_address = customers.find("Bea@ex")

    assert [(each.user_id, each.order_id) for each in by_name] == [
        (ada.pk, None),
        (None, newest.pk),
    ]
    assert [each.order_id for each in by_address] == [newest.pk]
    assert customers.find("li") == []


def test_what_nobody_went_on_with_is_forgotten(wash: Offer, by: User, at: datetime) -> None:
    filled(wash, by=by, at=at)
    waiting = filled(wash, by=by, at=at)
    placed(waiting, by=by, at=at)

    assert desk.forget_old(at=at + desk.FORGOTTEN_AFTER) == 0
    assert desk.forget_old(at=at + desk.FORGOTTEN_AFTER + timedelta(seconds=1)) == 1

    assert list(DeskBasket.objects.all()) == [waiting]


# --- Codes and prices lessened by hand ------------------------------------------------------


def reduced(begun: DeskBasket, offer: Offer, *, by: User, at: datetime, **off: int) -> None:
    by_hand.lessen(desk=begun, sku=offer.sku, reason=" Dented  box ", by=by, at=at, **off)


def test_a_price_lessened_by_hand_is_on_the_order_with_who_and_why(
    wash: Offer, by: User, at: datetime
) -> None:
    chief = UserFactory.create(email="chief@example.com", name="Cleo Chief", is_staff=True)
    begun = filled(wash, by=by, at=at)
    reduced(begun, wash, by=chief, at=at, percent=15)

    order = placed(begun, by=by, at=at)

    line = order.lines.get()
    assert (line.discount_minor, line.total_minor, line.vat_minor) == (360, 2040, 326)
    assert [(each.name, each.amount_minor) for each in line.reductions.all()] == [
        ("Dented box", 360)
    ]
    use = order.discount_uses.get()
    assert (use.discount, use.by, use.amount_minor) == (None, chief, 360)
    assert order.total_minor == 2040 + 490
    noted = order.events.get(kind="LESSENED")
    assert (noted.actor, noted.message) == (chief, "€3.60 taken off by hand: Dented box")


def test_what_is_taken_off_by_hand_comes_before_every_discount(
    wash: Offer, by: User, at: datetime
) -> None:
    discounting.percent(10)
    begun = filled(wash, by=by, at=at)
    reduced(begun, wash, by=by, at=at, amount_minor=400)
    codes.enter(basket=begun.basket, code="SPRING10", at=at)

    order = placed(begun, by=by, at=at)

    assert [(use.name, use.amount_minor) for use in order.discount_uses.all()] == [
        ("Dented box", 400),
        ("Percent off SPRING10", 200),
    ]
    assert order.lines.get().total_minor == 1800
    assert list(using.contradictions()) == []
    payments.withdraw_older(order, at=at, by=by)
    assert list(using.contradictions()) == []


def test_it_is_for_so_many_pieces_as_were_looked_at(wash: Offer, by: User, at: datetime) -> None:
    begun = filled(wash, by=by, at=at)
    reduced(begun, wash, by=by, at=at, percent=50)

    baskets.set_quantity(basket=begun.basket, sku=wash.sku, quantity=2, at=at)

    begun.basket.refresh_from_db()
    priced = price_basket(begun.basket, at=at)
    assert priced.goods_total.minor == 4800
    assert [notice.text for notice in priced.notices] == [
        "“Dented box” was taken off 1 and there are 2 now. It takes nothing off now."
    ]


def test_it_may_go_down_to_nothing_and_never_below(wash: Offer, by: User, at: datetime) -> None:
    begun = filled(wash, by=by, at=at)
    for off in (
        {"percent": 0},
        {"percent": 101},
        {"amount_minor": 0},
        {"amount_minor": 2401},
        {"percent": 10, "amount_minor": 10},
        {},
    ):
        with pytest.raises(by_hand.MoreThanItCosts):
            reduced(begun, wash, by=by, at=at, **off)
    with pytest.raises(by_hand.ReasonMissing):
        by_hand.lessen(desk=begun, sku=wash.sku, reason="  ", by=by, at=at, percent=10)
    assert not HandReduction.objects.exists()

    reduced(begun, wash, by=by, at=at, amount_minor=2400)
    # It became cheaper meanwhile: no more is taken off than it costs.
    Offer.objects.filter(pk=wash.pk).update(price_minor=2000)

    begun.basket.refresh_from_db()
    assert price_basket(begun.basket, at=at).goods_total.minor == 0


def test_sessions_that_cost_less_are_given_back_by_what_was_paid(by: User, at: datetime) -> None:
    offer = buying.package(at=at)
    begun = filled(offer, by=by, at=at)
    reduced(begun, offer, by=by, at=at, percent=50)
    order = placed(begun, by=by, at=at)

    taking.take(order_id=order.pk, way=PaymentWay.CASH, reference="7", by=by, at=at)

    made = SessionPass.objects.with_balance().get()
    assert order.total_minor * 2 == offer.price_minor
    value = pass_value(made, on=timezone.localdate(at))
    assert value is not None
    assert (value.paid, value.refund) == (Money(21000), Money(21000))


def test_a_code_for_first_orders_knows_the_customer_of_the_desk(
    wash: Offer, by: User, at: datetime
) -> None:
    discounting.percent(first_order_only=True)
    ada = UserFactory.create(email=BUYER["email"], name="Ada Lindqvist")
    first = filled(wash, by=by, at=at, customer=ada)
    codes.enter(basket=first.basket, code="SPRING10", at=at)
    order = placed(first, by=by, at=at)
    taking.take(order_id=order.pk, way=PaymentWay.CASH, reference="7", by=by, at=at)

    second = filled(wash, by=by, at=at, customer=ada)
    with pytest.raises(finding.NotForYou):
        codes.enter(basket=second.basket, code="SPRING10", at=at)

    assert order.discount_uses.get().amount_minor == 240
