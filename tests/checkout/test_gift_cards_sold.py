"""A gift card that is bought: wished for, issued once, mailed on its day, and paid back exactly."""

import datetime as dt
import re
from datetime import datetime
from importlib import import_module
from typing import Any

from django.apps import apps
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone
import pytest
from allauth.account.models import EmailAddress

from accounts.models import User
from accounts.person import person_of
from catalog.models.offers import TANGIBLE_GOODS
from checkout import (
    baskets,
    payments,
    personal_data,
    placement,
    refund_ways,
    refunds,
    settlement,
    withdrawing,
)
from checkout.bookkeeping import vat
from checkout.discounts import codes as discount_codes
from checkout.gift_cards import codes, ledger, mails, sold, spending
from checkout.invoices import words
from checkout.invoices.content import Content
from checkout.models import (
    Basket,
    BasketCard,
    GiftCard,
    Invoice,
    Order,
    OrderCard,
    OrderStatus,
    Refund,
    RefundStatus,
)
from checkout.order_page import order_context
from checkout.placement import BuyerDetails
from checkout.pricing import price_basket
from checkout.refund_lines import Wanted
from checkout.vat_abroad import rate_of
from checkout.withdrawal_terms import Standing
from outbox.models import OutboundMail
from tests.checkout import buying, discounting, invoicing
from tests.checkout.buying import session_id_of
from tests.checkout.gift_cards_of import code, free_on, issued, spend
from tests.checkout.test_disputes import decided, opened
from tests.stripe_in_process import StripeInProcess

pytestmark = pytest.mark.django_db

SHOP: dict[str, Any] = {"HTTP_ORIGIN": "http://testserver"}
BUYER = BuyerDetails(email="ada@example.com", name="Ada Lindqvist")
LATER = dt.timedelta(days=10)


def wish(**said: Any) -> BasketCard:
    facts = {
        "recipient_name": "Mira",
        "recipient_email": "Mira@Example.com",
        "giver_name": "Ada",
        "message": "Happy birthday!",
    }
    return BasketCard(**{**facts, **said})


def basket_of(*wishes: BasketCard, at: datetime) -> Basket:
    buying.gift_card(at=at)
    basket: Basket | None = None
    for each in wishes:
        basket = baskets.add_card(basket=basket, user=None, sku="GIFT-50", wish=each, at=at)
    assert basket is not None
    return basket


def bought(stripe: StripeInProcess, basket: Basket, *, at: datetime) -> Order:
    order = buying.check_out(basket, at=at, details=BUYER).order
    stripe.pay(session_id_of(order))
    settlement.settle(session_id_of(order), at=at)
    order.refresh_from_db()
    return order


def cards_of(order: Order) -> list[OrderCard]:
    return list(OrderCard.objects.filter(line__order=order).select_related("card"))


def card_of(order: Order) -> GiftCard:
    (only,) = cards_of(order)
    assert only.card is not None
    return only.card


def mails_of(card: GiftCard) -> list[OutboundMail]:
    return list(OutboundMail.objects.about(mails.reference_of(card)))


def washed(card: GiftCard, stripe: StripeInProcess, *, at: datetime) -> Order:
    """Pay for a wash at 24.00 with a card, as far as it goes."""
    basket = buying.basket_with((buying.product(at=at), 1), at=at)
    return spend(card, basket, stripe, at=at)


# --- Buying -------------------------------------------------------------------------------


def test_a_card_needs_no_address_and_has_no_vat(stripe: StripeInProcess, at: datetime) -> None:
    basket = basket_of(wish(), at=at)

    priced = price_basket(basket, at=at)

    assert (priced.total.minor, priced.vat.minor, priced.needs_delivery) == (5000, 0, False)
    assert priced.can_check_out
    assert bought(stripe, basket, at=at).status == OrderStatus.PAID


def test_it_is_issued_once_however_often_the_order_is_settled(
    stripe: StripeInProcess, at: datetime
) -> None:
    order = bought(stripe, basket_of(wish(), at=at), at=at)

    for _ in range(3):
        settlement.settle(session_id_of(order), at=at)
    sold.issue(order, at=at)

    card = card_of(order)
    assert GiftCard.objects.count() == 1
    assert (card.value_minor, free_on(card), card.recipient_email) == (
        5000,
        5000,
        "mira@example.com",
    )


def test_today_it_is_mailed_with_the_payment_and_says_from_whom(
    stripe: StripeInProcess, at: datetime
) -> None:
    card = card_of(bought(stripe, basket_of(wish(), at=at), at=at))

    (sent,) = mails_of(card)
    said = mails.render(sent.context)
    assert sent.to == "mira@example.com"
    assert said.subject.startswith("Ada has a gift card for you")
    for part in ("Mira", "Ada", "Happy birthday!", codes.code_of(card.public_id)):
        assert part in said.text
        assert part in said.html


def test_a_later_day_is_waited_for_and_mailed_once_in_its_morning(
    stripe: StripeInProcess, at: datetime
) -> None:
    day = timezone.localdate(at) + LATER
    card = card_of(bought(stripe, basket_of(wish(mail_on=day), at=at), at=at))
    morning = timezone.make_aware(dt.datetime.combine(day, sold.MAILED_AT))

    assert mails_of(card) == []
    assert sold.mail_due(at=morning - dt.timedelta(minutes=1)) == 0
    assert [sold.mail_due(at=morning) for _ in range(2)] == [1, 0]
    assert [each.to for each in mails_of(card)] == ["mira@example.com"]


def test_mailed_by_hand_before_its_day_it_is_not_mailed_again_and_voided_not_at_all(
    stripe: StripeInProcess, at: datetime
) -> None:
    day = timezone.localdate(at) + LATER
    order = bought(stripe, basket_of(wish(mail_on=day), wish(mail_on=day), at=at), at=at)
    early, voided = (each.card for each in cards_of(order))
    assert early is not None
    assert voided is not None
    sold.mail_by_hand(early, at=at)
    ledger.void(card_id=voided.pk, reference="void", reason="Lost", by=None, at=at)

    assert sold.mail_due(at=at + LATER + dt.timedelta(days=1)) == 0
    assert (len(mails_of(early)), len(mails_of(voided))) == (1, 0)


def test_what_nothing_was_wished_for_goes_to_the_buyer(
    stripe: StripeInProcess, at: datetime
) -> None:
    basket = basket_of(wish(), at=at)
    baskets.set_quantity(basket=basket, sku="GIFT-50", quantity=3, at=at)

    order = bought(stripe, basket, at=at)

    assert [each.card.recipient_email for each in cards_of(order) if each.card] == [
        "mira@example.com",
        "ada@example.com",
        "ada@example.com",
    ]
    assert order.total_minor == 3 * 5000


def test_fewer_cards_forget_the_last_wishes_and_what_was_ordered_leaves_the_basket(
    stripe: StripeInProcess, at: datetime
) -> None:
    names = ["Mira", "Noor", "Lou"]
    basket = basket_of(*(wish(recipient_name=name) for name in names), at=at)
    baskets.set_quantity(basket=basket, sku="GIFT-50", quantity=2, at=at)
    assert list(BasketCard.objects.values_list("recipient_name", flat=True)) == names[:2]

    basket.refresh_from_db()
    order = buying.check_out(basket, at=at, details=BUYER).order
    basket.refresh_from_db()
    baskets.add_card(
        basket=basket, user=None, sku="GIFT-50", wish=wish(recipient_name="Kai"), at=at
    )
    stripe.pay(session_id_of(order))
    settlement.settle(session_id_of(order), at=at)

    assert [each.recipient_name for each in cards_of(order)] == names[:2]
    assert list(BasketCard.objects.values_list("recipient_name", flat=True)) == ["Kai"]


def test_no_discount_lessens_it_and_no_card_pays_for_it(
    stripe: StripeInProcess, at: datetime
) -> None:
    buying.courier()
    basket = basket_of(wish(), at=at)
    wash = buying.product(at=at)
    baskets.add(basket=basket, user=None, sku=wash.sku, quantity=1, at=at)
    discounting.percent(50, code="HALF", with_packages=True)
    basket.refresh_from_db()
    discount_codes.enter(basket=basket, code="HALF", at=at)
    basket.refresh_from_db()
    paying = issued(20_000, at=at)
    spending.enter(basket=basket, code=code(paying), at=at)

    basket.refresh_from_db()
    priced = price_basket(basket, at=at)

    (line,) = priced.gift_cards
    assert (line.total.minor, line.savings) == (5000, ())
    assert priced.gift_card is not None
    assert priced.due.minor == 5000
    assert priced.gift_card.amount.minor == priced.total.minor - 5000


def test_no_country_s_rate_is_put_on_it(at: datetime) -> None:
    assert rate_of(buying.gift_card(at=at), {TANGIBLE_GOODS: 2000}) == 0


def test_where_stripe_reckons_taxes_none_is_sold(at: datetime) -> None:
    buying.gift_card(at=at)

    with override_settings(SHOP_TAX="stripe"), pytest.raises(baskets.NotOnSale):
        baskets.add_card(basket=None, user=None, sku="GIFT-50", wish=wish(), at=at)


def test_the_invoice_says_that_it_is_no_turnover_and_the_vat_report_leaves_it_out(
    stripe: StripeInProcess, at: datetime
) -> None:
    invoicing.name_seller()
    buying.courier()
    basket = basket_of(wish(), at=at)
    baskets.add(basket=basket, user=None, sku=buying.product(at=at).sku, quantity=1, at=at)
    order = buying.check_out(basket, at=at).order
    stripe.pay(session_id_of(order))
    settlement.settle(session_id_of(order), at=at)

    content = Content.from_json(Invoice.objects.get(order=order).content)
    today = timezone.localdate(at)
    counted = vat.by_place(vat.entries(from_on=today, until_on=today))

    assert words.VOUCHER in words.notes(content)
    assert content.gross_minor == 5000 + 2400 + 490
    assert {place.rate_bp: sums.gross_minor for place, sums in counted.items()} == {1900: 2890}


# --- In the browser -----------------------------------------------------------------------


def test_the_page_asks_and_what_is_typed_wrong_is_kept(client: Client, at: datetime) -> None:
    offer = buying.gift_card(at=at)
    typed = {
        "sku": offer.sku,
        "recipient_name": "Mira",
        "recipient_email": "not an address",
        "giver_name": "Ada",
        "message": "Look at www.example.com",
        "mail_on": str(timezone.localdate(at) - dt.timedelta(days=1)),
    }

    answer = client.post(reverse("checkout:basket_gift_card"), typed, **SHOP)

    said = answer.content.decode()
    assert answer.status_code == 422
    for part in ("not an address", "Look at www.example.com", "web addresses", "Choose a day"):
        assert part in said
    assert not Basket.objects.exists()

    good = {**typed, "recipient_email": "mira@example.com", "message": "Hi", "mail_on": ""}
    answer = client.post(reverse("checkout:basket_gift_card"), good, **SHOP)
    shown = client.get(answer["Location"]).content.decode()
    assert answer.status_code == 303
    assert "For Mira, mailed to mira@example.com once it is paid" in shown
    assert (BasketCard.objects.get().message, BasketCard.objects.get().mail_on) == ("Hi", None)


@pytest.mark.parametrize("sku", ["", "NO-SUCH", "x" * 900, "\0", "WASH-250"])
def test_only_gift_cards_are_bought_here(client: Client, at: datetime, sku: str) -> None:
    buying.gift_card(at=at)
    buying.product(at=at)

    answer = client.post(reverse("checkout:basket_gift_card"), {"sku": sku}, **SHOP)

    assert answer.status_code == 422
    assert not Basket.objects.exists()


def test_the_giver_corrects_the_address_until_it_is_mailed(
    client: Client, stripe: StripeInProcess, at: datetime
) -> None:
    day = timezone.localdate(at) + LATER
    order = bought(stripe, basket_of(wish(mail_on=day), at=at), at=at)
    (card,) = cards_of(order)
    page = reverse("checkout:order", args=[order.access_token])
    address = reverse("checkout:order_card", args=[order.access_token, card.pk])

    assert address in client.get(page).content.decode()
    assert client.get(address).status_code == 200
    assert client.post(address, {"name": "Mira", "email": "x"}, **SHOP).status_code == 422
    assert client.post(address, {"email": "new@example.com"}, **SHOP).status_code == 303
    assert card_of(order).recipient_email == "new@example.com"

    sold.mail_due(at=at + LATER + dt.timedelta(days=1))
    client.post(address, {"email": "late@example.com"}, **SHOP)
    with pytest.raises(sold.AlreadyMailed):
        sold.correct(order_id=order.pk, sold_id=card.pk, name="", email="x@example.com", at=at)

    assert card_of(order).recipient_email == "new@example.com"
    assert [each.to for each in mails_of(card_of(order))] == ["new@example.com"]
    assert address not in client.get(page).content.decode()


def test_a_card_of_another_order_is_not_there(
    client: Client, stripe: StripeInProcess, at: datetime
) -> None:
    order = bought(stripe, basket_of(wish(mail_on=timezone.localdate(at) + LATER), at=at), at=at)
    (card,) = cards_of(order)
    buying.courier()
    other = buying.check_out(buying.basket_with((buying.product(at=at), 1), at=at), at=at).order

    address = reverse("checkout:order_card", args=[other.access_token, card.pk])

    assert client.get(address).status_code == 404
    assert client.post(address, {"email": "evil@example.com"}, **SHOP).status_code == 404
    assert card_of(order).recipient_email == "mira@example.com"


def test_from_the_giver_s_form_to_what_the_recipient_buys_with_it(
    client: Client, stripe: StripeInProcess, at: datetime
) -> None:
    """A card for a day, its mail, and a part of it spent: all of it as browsers send it."""
    buying.gift_card(at=at)
    buying.courier()
    buying.product(at=at)
    day = timezone.localdate(at) + LATER
    wished = {
        "sku": "GIFT-50",
        "recipient_name": "Mira",
        "recipient_email": "mira@example.com",
        "giver_name": "Ada",
        "message": "Happy birthday!",
        "mail_on": str(day),
    }
    client.post(reverse("checkout:basket_gift_card"), wished, **SHOP)
    order = ordered(client, email="ada@example.com", name="Ada")
    stripe.pay(session_id_of(order))
    landing = reverse("checkout:landing", args=[order.access_token])
    landed = client.get(f"{landing}?session_id={session_id_of(order)}").content.decode()
    assert f"Will be mailed on {day:%-d %B %Y}" in landed

    assert sold.mail_due(at=at) == 0
    assert sold.mail_due(at=at + LATER + dt.timedelta(days=1)) == 1
    (sent,) = mails_of(card_of(order))
    said = mails.render(sent.context).text
    printed = codes.code_of(card_of(order).public_id)
    assert (sent.to, printed in said, "Happy birthday!" in said) == ("mira@example.com", True, True)

    recipient = Client()
    recipient.post("/basket/add/", {"sku": "WASH-250", "quantity": "1"}, **SHOP)
    recipient.post("/basket/code/", {"code": printed.lower()}, **SHOP)
    spent = ordered(recipient, email="mira@example.com", name="Mira")

    assert (spent.status, spent.gift_card_minor, spent.due_minor) == (OrderStatus.PAID, 2890, 0)
    assert free_on(card_of(order)) == 5000 - 2890


def ordered(client: Client, **said: str) -> Order:
    """Agree to what the checkout page shows, and order."""
    page = client.get(reverse("checkout:checkout")).content.decode()
    shown = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
    address = {"line1": "Turmstr. 4", "postcode": "10559", "city": "Berlin"}
    typed = {**shown, **address, "accept_terms": "on", **said}
    answer = client.post(reverse("checkout:checkout"), typed, **SHOP)
    assert answer.status_code == 303, answer.content.decode()
    return Order.objects.latest("pk")


def test_what_a_giver_wrote_is_handed_out_and_forgotten_with_them(
    stripe: StripeInProcess, at: datetime
) -> None:
    giver = User.objects.create_user("ada@example.com", name="Ada")
    day = timezone.localdate(at) + LATER
    basket = basket_of(wish(mail_on=day), at=at)
    order = buying.check_out(basket, at=at, details=BUYER, user=giver).order
    stripe.pay(session_id_of(order))
    settlement.settle(session_id_of(order), at=at)

    told = personal_data.ROOM.hand_out(person_of(giver))
    personal_data.ROOM.forget(person_of(giver))

    [told_card] = told["orders"][0]["lines"][0]["gift_cards"]
    assert (told_card["recipient_name"], told_card["message"]) == ("Mira", "Happy birthday!")
    (kept,) = cards_of(order)
    assert (kept.recipient_name, kept.recipient_email, kept.giver_name, kept.message) == ("",) * 4
    assert sold.mail_due(at=at + LATER + dt.timedelta(days=1)) == 1
    assert [each.to for each in mails_of(card_of(order))] == ["mira@example.com"]


def proved(email: str) -> User:
    user = User.objects.create_user(email)
    EmailAddress.objects.create(user=user, email=email, verified=True)
    return user


@pytest.mark.parametrize("corrected", [False, True])
def test_what_a_recipient_was_written_is_forgotten_with_them(
    corrected: bool, stripe: StripeInProcess, at: datetime
) -> None:
    day = timezone.localdate(at) + LATER
    wishes = [wish(mail_on=day), wish(mail_on=day, recipient_email="bo@example.com")]
    if corrected:
        wishes[0].recipient_email = "Mria@Example.com"
    order = bought(stripe, basket_of(*wishes, at=at), at=at)
    if corrected:
        sold.correct(
            order_id=order.pk,
            sold_id=cards_of(order)[0].pk,
            name="Mira",
            email="Mira@Example.com",
            at=at,
        )

    personal_data.ROOM.forget(person_of(proved("mira@example.com")))

    forgotten, other = cards_of(order)
    for each in (forgotten, forgotten.card):
        assert each is not None
        assert (each.recipient_name, each.recipient_email, each.message) == ("",) * 3
    assert forgotten.giver_name == ""
    assert (other.recipient_email, other.giver_name) == ("bo@example.com", "Ada")


def test_addresses_that_were_kept_as_typed_are_found_from_now_on(
    stripe: StripeInProcess, at: datetime
) -> None:
    order = bought(stripe, basket_of(wish(), wish(recipient_email=""), at=at), at=at)
    assert cards_of(order)[0].recipient_email == "mira@example.com"
    OrderCard.objects.exclude(recipient_email="").update(recipient_email="Mira@Example.com")

    import_module("checkout.migrations.0036_recipients_in_lower_case").lower(apps, None)

    assert [each.recipient_email for each in cards_of(order)] == ["mira@example.com", ""]


# --- Money back ---------------------------------------------------------------------------


def pay_back(order: Order, amount_minor: int, *, at: datetime) -> Refund:
    line = order.lines.get(sku="GIFT-50")
    wanted = Wanted(gross={line.pk: amount_minor})
    return refund_ways.request(
        order, amount_minor=amount_minor, reason="Withdrawn", by=None, at=at, wanted=wanted
    )


def test_an_unspent_card_is_voided_with_its_money_and_never_mailed(
    stripe: StripeInProcess, at: datetime
) -> None:
    day = timezone.localdate(at) + LATER
    order = bought(stripe, basket_of(wish(mail_on=day), at=at), at=at)

    pay_back(order, 5000, at=at)
    refunds.send_due(at=at)

    order.refresh_from_db()
    assert (free_on(card_of(order)), order.refunded_minor) == (0, 5000)
    assert sold.mail_due(at=at + LATER + dt.timedelta(days=1)) == 0
    assert mails_of(card_of(order)) == []


def test_of_a_spent_card_only_the_rest_goes_back(stripe: StripeInProcess, at: datetime) -> None:
    buying.courier()
    order = bought(stripe, basket_of(wish(), at=at), at=at)
    card = card_of(order)
    washed(card, stripe, at=at)
    rest = 5000 - 2890

    with pytest.raises(refunds.CardsSpent, match=r"28\.90"):
        pay_back(order, 5000, at=at)
    order.refresh_from_db()
    assert (free_on(card), order.refund_reserved_minor, order.refunds.count()) == (rest, 0, 0)

    pay_back(order, rest, at=at)
    assert free_on(card) == 0
    with pytest.raises(refunds.CardsSpent):
        pay_back(order, 1, at=at)


def test_a_refund_that_fails_puts_the_money_back_onto_the_card(
    stripe: StripeInProcess, at: datetime
) -> None:
    day = timezone.localdate(at) + LATER
    order = bought(stripe, basket_of(wish(mail_on=day), at=at), at=at)
    refund = pay_back(order, 5000, at=at)

    for _ in range(2):
        refunds.end(refund.pk, RefundStatus.FAILED, failure="No", stripe_id=None, at=at)

    assert free_on(card_of(order)) == 5000
    assert sold.mail_due(at=at + LATER + dt.timedelta(days=1)) == 1
    assert list(ledger.contradictions()) == []


def test_of_two_cards_the_one_that_is_whole_is_taken_first(
    stripe: StripeInProcess, at: datetime
) -> None:
    buying.courier()
    order = bought(stripe, basket_of(wish(), wish(), at=at), at=at)
    used, whole = (each.card for each in cards_of(order))
    assert used is not None
    assert whole is not None
    washed(used, stripe, at=at)

    pay_back(order, 5000, at=at)

    assert (free_on(used), free_on(whole)) == (5000 - 2890, 0)


def test_paid_too_late_it_is_issued_after_all(stripe: StripeInProcess, at: datetime) -> None:
    order = buying.check_out(basket_of(wish(), at=at), at=at, details=BUYER).order
    stripe.pay(session_id_of(order))
    Order.objects.filter(pk=order.pk).update(status=OrderStatus.EXPIRED)

    settlement.settle(session_id_of(order), at=at)

    assert free_on(card_of(order)) == 5000


def test_a_cancelled_order_issues_none(stripe: StripeInProcess, at: datetime) -> None:
    order = buying.check_out(basket_of(wish(), at=at), at=at, details=BUYER).order

    payments.close(order_id=order.pk, to=OrderStatus.CANCELLED, at=at, message="No")

    assert stripe.calls
    assert not GiftCard.objects.exists()
    assert order_context(order, at=at)["cards"][0].card is None


def test_withdrawn_from_it_says_what_comes_back(stripe: StripeInProcess, at: datetime) -> None:
    buying.courier()
    order = bought(stripe, basket_of(wish(), at=at), at=at)
    today = timezone.localdate(at)

    (said,) = withdrawing.statement(order, withdrawing.whole(order), on=today)
    assert (said.standing, said.is_opened) == (Standing.IN_FULL, False)
    washed(card_of(order), stripe, at=at)
    (said,) = withdrawing.statement(order, withdrawing.whole(order), on=today)

    assert said.standing == Standing.SPENT


# --- Disputes -----------------------------------------------------------------------------


def test_a_dispute_freezes_the_card_and_losing_it_takes_it(
    stripe: StripeInProcess, at: datetime
) -> None:
    day = timezone.localdate(at) + LATER
    order = bought(stripe, basket_of(wish(mail_on=day), at=at), at=at)
    dispute = opened(stripe, order, at)
    card = card_of(order)
    basket = buying.basket_with((buying.product(at=at), 1), at=at)

    with pytest.raises(spending.Frozen):
        spending.enter(basket=basket, code=code(card), at=at)
    assert sold.mail_due(at=at + LATER + dt.timedelta(days=1)) == 0
    decided(stripe, dispute, "lost", at)

    assert free_on(card) == 0
    with pytest.raises(ledger.GiftCardRefused):
        spending.enter(basket=basket, code=code(card), at=at)


def test_once_the_bank_has_found_for_the_shop_it_can_be_spent_and_mailed(
    stripe: StripeInProcess, at: datetime
) -> None:
    day = timezone.localdate(at) + LATER
    order = bought(stripe, basket_of(wish(mail_on=day), at=at), at=at)
    decided(stripe, opened(stripe, order, at), "won", at)
    basket = buying.basket_with((buying.product(at=at), 1), at=at)

    card = card_of(order)
    assert spending.enter(basket=basket, code=code(card), at=at).gift_card_id == card.pk
    assert sold.mail_due(at=at + LATER + dt.timedelta(days=1)) == 1


def test_placement_needs_the_agreed_total(at: datetime) -> None:
    basket = basket_of(wish(), at=at)

    with pytest.raises(placement.TotalChanged):
        placement.place(
            basket=basket, checkout_token=basket.checkout_token, agreed_total_minor=1,
            details=BUYER, user=None, at=at,
        )  # fmt: skip
    assert not OrderCard.objects.exists()
