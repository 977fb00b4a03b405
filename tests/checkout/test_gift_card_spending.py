"""An order that a gift card pays for, from the basket to the last cent that goes back."""

import datetime as dt
import random
from datetime import datetime

from django.test import Client, override_settings
from django.urls import reverse
import pytest

from checkout import emails, payments, placement, refund_ways, refunds, review, settlement
from checkout.gift_cards import codes, ledger, spending
from checkout.invoices import words
from checkout.invoices.content import Content
from checkout.models import (
    Basket,
    GiftCard,
    GiftCardUse,
    Invoice,
    InvoiceKind,
    Order,
    OrderStatus,
    PaymentWay,
    Refund,
    RefundStatus,
)
from checkout.pricing import price_basket
from checkout.refund_lines import Wanted
from checkout.views.discount_code import MISSES_ALLOWED
from outbox.models import OutboundMail
from tests.checkout import buying, invoicing
from tests.checkout.buying import session_id_of
from tests.checkout.gift_cards_of import check_out, code, free_on, held_on, issued, spend
from tests.stripe_in_process import StripeInProcess

pytestmark = pytest.mark.django_db

# Two washes at 24.00 with delivery for 4.90.
TOTAL = 5290
SHOP = {"HTTP_ORIGIN": "http://testserver"}


def washes(*, at: datetime) -> Basket:
    buying.courier()
    return buying.basket_with((buying.product(at=at), 2), at=at)


def basket_with(card: GiftCard, *, at: datetime) -> Basket:
    return spending.enter(basket=washes(at=at), code=code(card), at=at)


def paid_with(card: GiftCard, stripe: StripeInProcess, *, at: datetime) -> Order:
    return spend(card, washes(at=at), stripe, at=at)


def mail_about(order: Order, event: str) -> str:
    found = OutboundMail.objects.about(order.reference).filter(event=event).latest("pk")
    return emails.render(found.context).text


# --- In the basket ------------------------------------------------------------------------


def test_a_card_pays_after_delivery_and_lessens_neither_total_nor_vat(at: datetime) -> None:
    basket = basket_with(issued(2000, at=at), at=at)

    priced = price_basket(basket, at=at)

    assert (priced.total.minor, priced.due.minor) == (TOTAL, TOTAL - 2000)
    assert priced.vat == price_basket(spending.take_out(basket=basket, at=at), at=at).vat


def test_a_rest_that_could_not_be_charged_is_avoided(at: datetime) -> None:
    priced = price_basket(basket_with(issued(TOTAL - 20, at=at), at=at), at=at)

    assert priced.gift_card is not None
    assert (priced.due.minor, priced.gift_card.left.minor) == (50, 30)


def test_unknown_spent_and_expired_cards_are_refused_by_name(at: datetime) -> None:
    buying.courier()
    basket = buying.basket_with((buying.product(at=at), 1), at=at)
    empty, old = issued(100, at=at), issued(100, at=at)
    ledger.void(card_id=empty.pk, reference="void", reason="Lost", by=None, at=at)
    GiftCard.objects.filter(pk=old.pk).update(expires_on=at.date() - dt.timedelta(days=2))

    for wrong, refusal in (
        ("A" * 20, spending.UnknownCard),
        (code(empty), ledger.NotEnoughOnIt),
        (code(old), ledger.IsOver),
    ):
        with pytest.raises(refusal):
            spending.enter(basket=basket, code=wrong, at=at)
    with override_settings(SHOP_TAX="stripe"), pytest.raises(spending.GiftCardRefused):
        spending.enter(basket=basket, code=code(issued(at=at)), at=at)

    basket.refresh_from_db()
    assert basket.gift_card_id is None


def test_a_card_that_ran_dry_in_the_basket_says_so_and_pays_nothing(at: datetime) -> None:
    card = issued(2000, at=at)
    basket = basket_with(card, at=at)
    ledger.void(card_id=card.pk, reference="void", reason="Lost", by=None, at=at)

    priced = price_basket(basket, at=at)

    assert priced.due == priced.total
    assert f"The gift card …{card.last_four} has nothing left on it." in [
        notice.text for notice in priced.notices
    ]


def test_the_page_takes_a_code_shows_what_is_left_and_takes_it_out(
    client: Client, at: datetime
) -> None:
    buying.courier()
    buying.product(at=at)
    card = issued(2000, at=at)
    client.post("/basket/add/", {"sku": "WASH-250", "quantity": "2"}, **SHOP)  # type: ignore[arg-type]

    typed = codes.code_of(card.public_id).lower()
    entered = client.post("/basket/code/", {"code": typed}, **SHOP)  # type: ignore[arg-type]
    basket, check = client.get("/basket/"), client.get("/checkout/")
    out = client.post("/basket/code/", {"remove_gift_card": "1"}, **SHOP)  # type: ignore[arg-type]

    assert (entered.status_code, out.status_code) == (303, 303)
    for page in (basket.content.decode(), check.content.decode()):
        assert f"Gift card …{card.last_four}" in page
        assert "Left to pay" in page
        assert "€32.90" in page
    assert 'name="agreed_gift_card_minor" value="2000"' in check.content.decode()
    assert "Left to pay" not in client.get("/basket/").content.decode()


def test_guessed_cards_count_as_guesses(client: Client, at: datetime) -> None:
    buying.courier()
    buying.product(at=at)
    card = issued(2000, at=at)
    client.post("/basket/add/", {"sku": "WASH-250", "quantity": "1"}, **SHOP)  # type: ignore[arg-type]
    letters = random.Random(6)
    for _ in range(MISSES_ALLOWED):
        guess = "".join(letters.choices("23456789ABCDEFGH", k=20))
        answer = client.post("/basket/code/", {"code": guess}, **SHOP)  # type: ignore[arg-type]
        assert (answer.status_code, b"We do not know this code." in answer.content) == (422, True)

    answer = client.post("/basket/code/", {"code": code(card)}, **SHOP)  # type: ignore[arg-type]

    assert answer.status_code == 429
    assert Basket.objects.get().gift_card_id is None


# --- Placed, paid, given up ---------------------------------------------------------------


def test_stripe_is_asked_for_the_rest_alone_and_the_card_is_spent_with_it(
    stripe: StripeInProcess, at: datetime
) -> None:
    card = issued(2000, at=at)
    basket = basket_with(card, at=at)

    order = check_out(basket, at=at).order
    (asked,) = order.payments.get().params["line_items"]
    held, session = (free_on(card), held_on(card)), session_id_of(order)
    stripe.pay(session)
    for _ in range(2):
        settlement.settle(session, at=at)

    order.refresh_from_db()
    ways = dict(order.payments.values_list("way", "amount_minor"))
    assert asked["price_data"]["unit_amount"] == TOTAL - 2000
    assert held == (0, 2000)
    assert (order.status, order.paid_minor, order.total_minor) == (OrderStatus.PAID, TOTAL, TOTAL)
    assert ways == {PaymentWay.STRIPE: TOTAL - 2000, PaymentWay.GIFT_CARD: 2000}
    assert (free_on(card), held_on(card)) == (0, 0)
    basket.refresh_from_db()
    assert basket.gift_card_id is None
    assert "Paid with a gift card: €20.00" in mail_about(order, "order_paid")


def test_a_card_that_covers_all_settles_at_once_without_stripe(
    stripe: StripeInProcess, client: Client, at: datetime
) -> None:
    card = issued(10_000, at=at)

    checkout = check_out(basket_with(card, at=at), at=at)

    order = Order.objects.get(pk=checkout.order.pk)
    assert (order.status, order.paid_minor) == (OrderStatus.PAID, TOTAL)
    assert order.payments.get().way == PaymentWay.GIFT_CARD
    assert (free_on(card), held_on(card)) == (10_000 - TOTAL, 0)
    assert checkout.url.endswith(reverse("checkout:landing", args=[order.access_token]))
    page = client.get(reverse("checkout:order", args=[order.access_token])).content.decode()
    assert "−€52.90" in page
    with pytest.raises(placement.AlreadyPlaced):
        payments.open_payment(order_id=order.pk, at=at)


def test_another_amount_than_the_buyer_saw_is_asked_about_first(
    stripe: StripeInProcess, at: datetime
) -> None:
    card = issued(2000, at=at)
    basket = basket_with(card, at=at)
    ledger.hold(card_id=card.pk, amount_minor=500, reference="x", reason="Another order", at=at)

    with pytest.raises(placement.GiftCardChanged, match=r"pays €15\.00"):
        payments.check_out(
            basket=basket,
            checkout_token=basket.checkout_token,
            agreed_total_minor=TOTAL,
            agreed_gift_card_minor=2000,
            details=buying.DETAILS,
            user=None,
            at=at,
        )

    assert (Order.objects.count(), held_on(card)) == (0, 500)


def test_an_order_that_is_cancelled_or_replaced_gives_the_money_free(
    stripe: StripeInProcess, at: datetime
) -> None:
    card = issued(2000, at=at)
    basket = basket_with(card, at=at)
    first = check_out(basket, at=at).order

    spending.take_out(basket=basket, at=at)
    basket.refresh_from_db()
    spending.enter(basket=basket, code=code(card), at=at)
    second = check_out(basket, at=at).order
    first.refresh_from_db()
    assert (first.status, held_on(card)) == (OrderStatus.CANCELLED, 2000)
    payments.close(order_id=second.pk, to=OrderStatus.EXPIRED, at=at)

    assert (free_on(card), held_on(card)) == (2000, 0)
    assert list(ledger.contradictions()) == []


def test_a_rest_that_is_paid_late_holds_the_card_anew_or_goes_back(
    stripe: StripeInProcess, at: datetime
) -> None:
    card = issued(2000, at=at)
    order = check_out(basket_with(card, at=at), at=at).order
    session = session_id_of(order)
    stripe.pay(session)
    paid = stripe.client.v1.checkout.sessions.retrieve(session)
    assert paid.payment_status == "paid"
    spending.release(order, at=at)
    Order.objects.filter(pk=order.pk).update(status=OrderStatus.EXPIRED)
    ledger.hold(card_id=card.pk, amount_minor=1, reference="x", reason="Another order", at=at)

    settlement.settle(session, at=at)

    order.refresh_from_db()
    (refund,) = order.refunds.all()
    assert (order.status, refund.amount_minor) == (OrderStatus.REFUNDING, TOTAL - 2000)
    assert (free_on(card), held_on(card)) == (1999, 1)


def test_an_order_that_review_gives_up_frees_what_it_held_and_not_what_it_spent(
    stripe: StripeInProcess, at: datetime
) -> None:
    held, spent = issued(2000, at=at), issued(2000, at=at)
    waiting = check_out(basket_with(held, at=at), at=at).order
    basket = buying.basket_with((waiting.lines.get().offer, 2), at=at)
    spending.enter(basket=basket, code=code(spent), at=at)
    done = check_out(basket, at=at).order
    stripe.pay(session_id_of(done))
    settlement.settle(session_id_of(done), at=at)
    Order.objects.filter(pk__in=[waiting.pk, done.pk]).update(status=OrderStatus.NEEDS_REVIEW)

    review.cancel(order_id=waiting.pk, by=None, at=at)  # type: ignore[arg-type]
    with pytest.raises(review.MoneyIsIn):
        review.cancel(order_id=done.pk, by=None, at=at)  # type: ignore[arg-type]

    assert (free_on(held), free_on(spent)) == (2000, 0)
    assert GiftCardUse.objects.get(order=done).released_at is None


# --- Back ---------------------------------------------------------------------------------


def test_money_goes_back_to_stripe_first_then_onto_the_card(
    stripe: StripeInProcess, at: datetime
) -> None:
    invoicing.name_seller()
    card = issued(2000, at=at)
    order = paid_with(card, stripe, at=at)
    line = order.lines.get()

    refund_ways.request(
        order,
        amount_minor=4800,
        reason="Both come back",
        by=None,
        at=at,
        wanted=Wanted(gross={line.pk: 4800}, pieces={line.pk: 2}),
    )
    refunds.send_due(at=at)

    order.refresh_from_db()
    back = [(each.payment.way, each.amount_minor, each.status) for each in order.refunds.all()]
    pieces = [row.quantity for each in order.refunds.all() for row in each.lines.all()]
    assert back == [
        (PaymentWay.STRIPE, 3290, RefundStatus.SUCCEEDED),
        (PaymentWay.GIFT_CARD, 1510, RefundStatus.SUCCEEDED),
    ]
    assert (order.refunded_minor, free_on(card), pieces) == (4800, 1510, [0, 2])
    text = mail_about(order, "order_refunded")
    assert f"€15.10 for your order {order.number} is back on the gift card" in text
    notes = Invoice.objects.filter(kind=InvoiceKind.CREDIT_NOTE).order_by("pk")
    assert [note.gross_minor for note in notes] == [3290, 1510]
    assert words.notes(Content.from_json(notes[1].content))[0] == (
        "€15.10 went back onto the gift card that the order was paid with."
    )


def test_an_invoice_says_what_the_card_paid(stripe: StripeInProcess, at: datetime) -> None:
    invoicing.name_seller()

    order = paid_with(issued(2000, at=at), stripe, at=at)

    said = Content.from_json(Invoice.objects.get(order=order).content)
    assert (said.gross_minor, said.gift_card_minor) == (TOTAL, 2000)
    assert words.notes(said)[0].startswith("€20.00 paid with a gift card, €32.90 received by card")


def test_more_than_was_paid_never_goes_back(stripe: StripeInProcess, at: datetime) -> None:
    order = paid_with(issued(2000, at=at), stripe, at=at)

    with pytest.raises(refunds.RefundTooLarge):
        refund_ways.request(order, amount_minor=TOTAL + 1, reason="Too much", by=None, at=at)

    assert not Refund.objects.exists()


@pytest.mark.parametrize("seed", range(12))
def test_random_partial_refunds_come_to_what_was_paid_and_no_payment_gives_more(
    stripe: StripeInProcess, at: datetime, seed: int
) -> None:
    dice = random.Random(seed)
    on_card = dice.randint(1, TOTAL + 2000)
    card = issued(on_card, at=at)
    order = paid_with(card, stripe, at=at)
    left = TOTAL
    while left:
        amount = dice.randint(1, left)
        refund_ways.request(order, amount_minor=amount, reason="Some", by=None, at=at)
        left -= amount
        if dice.random() < 0.5:
            refunds.send_due(at=at)
    refunds.send_due(at=at, limit=500)

    order.refresh_from_db()
    paid_back = {}
    for payment in order.payments.all():
        paid_back[payment.way] = sum(each.amount_minor for each in payment.refunds.all())
        assert paid_back[payment.way] == payment.amount_minor
    lines = [row for each in order.refunds.all() for row in each.lines.all()]
    assert sum(row.gross_minor for row in lines) == order.refunded_minor == TOTAL
    assert sum(row.vat_minor for row in lines) == order.vat_minor
    assert (order.status, free_on(card), held_on(card)) == (OrderStatus.REFUNDED, on_card, 0)
