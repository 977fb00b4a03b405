"""Something else for a gift: what was paid for the sessions pays for it, to the cent, once."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import User
from catalog.models import Offer, Stock
from checkout import disputes, gift_instead, giving_back, refunds, settlement
from checkout.baskets import DeliveryNotOffered
from checkout.bookkeeping import vat
from checkout.gift_instead import Wish
from checkout.invoices import words
from checkout.invoices.content import Content
from checkout.models import (
    DeliveryMethod,
    DeliveryRate,
    DeliveryZone,
    Invoice,
    InvoiceKind,
    Order,
    OrderLine,
    OrderStatus,
    Payment,
    PaymentWay,
    Refund,
    RefundStatus,
)
from checkout.pass_values import pass_value
from checkout.placement import Address
from checkout.selling import cash_book, handing_back, taking
from outbox import mail
from outbox.models import OutboundMail
from tests.accounts.factories import UserFactory
from tests.catalog.factories import OfferFactory
from tests.checkout import buying
from tests.checkout.factories import OrderFactory, OrderLineFactory, PaymentFactory
from tests.checkout.invoicing import name_seller
from tests.checkout.test_giving_back import locked_by
from tests.checkout.test_kits import a_kit, two_parts
from tests.stripe_in_process import StripeInProcess
from tests.treatments.factories import SessionPassFactory, published
from treatments import gift_exchanging, gifts, giving, ledger, promises
from treatments.giving import Card
from treatments.models import Gift, GiftStatus, LedgerKind, SessionPass, SuitabilityCheck, Treatment
from treatments.refund_value import refund_value

pytestmark = pytest.mark.django_db
ORIGIN = {"Origin": "http://testserver"}
PAID = 42_000
TO_BEA = Address("Bea Roth", "Lindenweg 2", "", "50667", "Köln", "DE")
FORM = {
    "what": "KIT-4",
    "name": "Bea Roth",
    "country": "DE",
    "delivery": "standard",
    "line1": "Lindenweg 2",
    "postcode": "50667",
    "city": "Köln",
}


@pytest.fixture
def ada() -> User:
    user: User = UserFactory.create(email="ada@example.com", name="Ada", verified=True)
    return user


@pytest.fixture
def sold(stripe: StripeInProcess, at: datetime) -> Order:
    """Six sessions for 420 euros, paid through Stripe, with an invoice."""
    name_seller()
    order = buying.check_out(
        buying.basket_with((buying.package(price_minor=PAID, at=at), 1), at=at), at=at
    ).order
    stripe.pay(buying.session_id_of(order))
    settlement.settle(buying.session_id_of(order), at=at)
    order.refresh_from_db()
    return order


@pytest.fixture
def kit(at: datetime) -> Offer:
    """A kit of two rates for 79 euros; a courier brings it for 4.90."""
    buying.courier(price_minor=490)
    return a_kit(*((part, 1) for part in two_parts(at)), price_minor=7900, at=at)


def give(order: Order, by: User, *, sessions: int = 2, at: datetime) -> Gift:
    row = SessionPass.objects.get(grant_reference__startswith=order.reference)
    return giving.give(
        pass_id=row.pk,
        sessions=sessions,
        card=Card("Ada", "Bea", "bea@example.com"),
        mail_on=timezone.localdate(at),
        reference=f"{sessions:032}",
        by=by,
        at=at,
    )


@pytest.fixture
def gift(sold: Order, ada: User, at: datetime) -> Gift:
    """Two of the six, worth 140 euros."""
    return give(sold, ada, at=at)


def take(gift: Gift, at: datetime, **wish: Any) -> Order:
    wanted = {"sku": "KIT-4", "name": "Bea Roth", "method_code": "standard", "address": TO_BEA}
    return gift_instead.take(gift_id=gift.pk, wish=Wish(**wanted | wish), by=None, at=at)


def state() -> tuple[Any, ...]:
    """All that must stay as it is when something is refused."""
    return (
        list(Order.objects.order_by("pk").values_list("pk", "status", "refund_reserved_minor")),
        list(Gift.objects.order_by("pk").values_list("pk", "status", "worth_minor")),
        list(Stock.objects.order_by("pk").values_list("pk", "on_hand", "reserved")),
        SessionPass.objects.get(grant_reference__startswith="order:").entries.count(),
        Payment.objects.count(),
        OutboundMail.objects.count(),
    )


def address(gift: Gift, verb: str = "_instead") -> str:
    return reverse(f"checkout:gift{verb}", args=[gift.token])


def test_a_kit_is_paid_for_by_the_sessions_and_the_rest_goes_back(
    stripe: StripeInProcess, sold: Order, gift: Gift, kit: Offer, at: datetime
) -> None:
    order = take(gift, at)

    assert (order.total_minor, order.paid_minor, order.status) == (8390, 8390, OrderStatus.PAID)
    assert (order.email, order.delivery_city, order.pieces_to_pack) == (
        "bea@example.com",
        "Köln",
        2,
    )
    passed_on, left = Refund.objects.order_by("pk")
    paid = order.payments.get()
    assert (passed_on.order, passed_on.amount_minor, passed_on.moved_to) == (sold, 8390, paid)
    assert (passed_on.status, passed_on.stripe_refund_id) == (RefundStatus.SUCCEEDED, None)
    assert (left.order, left.amount_minor, left.status) == (sold, 5610, RefundStatus.PENDING)
    assert sorted(Stock.objects.exclude(reserved=0).values_list("reserved", flat=True)) == [1, 1]

    assert refunds.send_due(at=at) == 1

    assert [each.amount for each in stripe.client.v1.refunds.list().data] == [5610]
    sold.refresh_from_db()
    assert (sold.refunded_minor, sold.refund_reserved_minor) == (14_000, 0)
    assert sold.status == OrderStatus.PAID


def test_the_sessions_leave_the_pass_once_and_what_is_left_is_worth_the_rest(
    gift: Gift, kit: Offer, at: datetime
) -> None:
    order = take(gift, at)
    assert take(gift, at) == order

    row = gift.session_pass
    assert Order.objects.count() == 2
    last = row.entries.latest("pk")
    assert (last.kind, last.sessions) == (LedgerKind.REFUND, -2)
    assert last.reference == f"gift:{gift.pk}:exchanged"
    assert ledger.verify(row) is None
    gift.refresh_from_db()
    assert (gift.status, gift.worth_minor) == (GiftStatus.EXCHANGED, 14_000)
    value = pass_value(row, on=timezone.localdate(at))
    assert value is not None
    assert (value.paid.minor, value.exchanged.minor, value.refund.minor) == (PAID, 14_000, 28_000)
    giving_back.give_back(
        pass_id=row.pk, agreed_minor=28_000, by=None, at=at, on=timezone.localdate(at)
    )
    on = timezone.localdate(at)
    assert promises.report(from_on=on, until_on=on).totals[0].owed_minor == 0


def test_the_goods_vat_stands_in_place_of_the_sessions(
    sold: Order, gift: Gift, kit: Offer, at: datetime
) -> None:
    order = take(gift, at)
    refunds.send_due(at=at)

    invoice = Invoice.objects.get(order=order)
    notes = list(Invoice.objects.filter(order=sold, kind=InvoiceKind.CREDIT_NOTE).order_by("pk"))
    assert (invoice.kind, invoice.gross_minor) == (InvoiceKind.INVOICE, 8390)
    assert [each.gross_minor for each in notes] == [8390, 5610]
    on = timezone.localdate(at)
    places = vat.by_place(vat.entries(from_on=on, until_on=on))
    # 420 less 140 at 19 %; the kit is 80 % at 19 % and 20 % at 7 %.
    assert sum(each.gross_minor for each in places.values()) == PAID - 14_000 + 8390
    assert {place.rate_bp for place in places} == {700, 1900}
    told = words.notes(Content.from_json(invoice.content))
    assert "with a gift of sessions" in told[0]
    assert (
        "instead of sessions that were given" in words.notes(Content.from_json(notes[0].content))[0]
    )
    assert "to the card" in words.notes(Content.from_json(notes[1].content))[0]


def test_the_giver_learns_that_something_was_taken_and_what_is_left_over(
    gift: Gift, kit: Offer, at: datetime
) -> None:
    take(gift, at)

    row = OutboundMail.objects.get(event="gift_exchanged")
    told = mail._renderers[row.event](row.context)
    assert row.to == "ada@example.com"
    assert "€56.10" in told.text
    for hidden in ("KIT", "Daily Wash", "83.90", "suit"):
        assert hidden not in told.text
    assert not OutboundMail.objects.filter(event="gift_came_back").exists()
    paid = OutboundMail.objects.get(event="order_paid", to="bea@example.com")
    assert "your gift has paid €83.90" in mail._renderers[paid.event](paid.context).text


def test_a_consultation_becomes_a_pass_of_the_recipients(
    sold: Order, ada: User, gift: Gift, at: datetime
) -> None:
    consultation = Treatment.objects.create(
        name="Scalp consultation", slug="consultation", summary="We look.", duration_minutes=30
    )
    published(treatment=gift.session_pass.treatment, consultation=consultation, at=at)
    offer = buying.package("TALK-1", price_minor=6000, sessions=1, at=at)
    Offer.objects.filter(pk=offer.pk).update(treatment=consultation)
    [choice] = gift_instead.choices(gift, at=at)
    assert (choice.sku, choice.is_goods) == ("TALK-1", False)

    order = take(gift, at, sku="TALK-1", method_code="", address=None)

    received = SessionPass.objects.get(holder_email="bea@example.com")
    assert (received.treatment, received.paid_minor) == (consultation, 6000)
    assert (order.needs_delivery, order.total_minor) == (False, 6000)
    again = giving.give(
        pass_id=received.pk,
        sessions=1,
        card=Card("Bea", "Cleo", "cleo@example.com"),
        mail_on=timezone.localdate(at),
        reference="b" * 32,
        by=UserFactory.create(email="bea@example.com", verified=True),
        at=at,
    )
    assert gift_instead.choices(again, at=at) == []


def test_what_costs_more_than_the_sessions_is_refused_and_changes_nothing(
    sold: Order, ada: User, kit: Offer, at: datetime
) -> None:
    Offer.objects.filter(pk=kit.pk).update(price_minor=13_900)
    gift = give(sold, ada, at=at)
    assert [each.sku for each in gift_instead.choices(gift, at=at)] == ["KIT-4"]
    before = state()

    with pytest.raises(gift_instead.CostsMore):
        take(gift, at)
    Offer.objects.filter(pk=kit.pk).update(price_minor=14_001)
    with pytest.raises(gift_instead.NotOffered):
        take(gift, at)

    assert state() == before


@pytest.mark.parametrize("ended", ["taken back", "declined", "accepted", "sold out", "no method"])
def test_what_is_gone_is_refused_and_changes_nothing(
    gift: Gift, ada: User, kit: Offer, at: datetime, ended: str
) -> None:
    if ended == "taken back":
        gifts.take_back(gift_id=gift.pk, by=ada, at=at)
    elif ended == "declined":
        gifts.decline(gift_id=gift.pk, by=None, at=at)
    elif ended == "accepted":
        gifts.accept(gift_id=gift.pk, by=None, at=at)
    elif ended == "sold out":
        Stock.objects.update(on_hand=0)
    before = state()

    with pytest.raises(gift_instead.REFUSALS):
        take(gift, at, **({"method_code": "nothing"} if ended == "no method" else {}))

    assert state() == before


def test_the_givers_order_and_stock_are_locked_before_gift_and_pass(
    gift: Gift, kit: Offer, at: datetime
) -> None:
    locked = locked_by(lambda: take(gift, at))

    wanted = ["checkout_order", "catalog_stock", "treatments_gift", "treatments_sessionpass"]
    assert [table for table in dict.fromkeys(locked) if table in wanted] == wanted


@pytest.mark.parametrize(
    ("meanwhile", "refusal"),
    [("taken back", gifts.NotWaiting), ("used", gift_instead.NotOffered)],
)
def test_what_happens_to_the_gift_while_its_order_is_placed_is_seen(
    gift: Gift,
    ada: User,
    kit: Offer,
    at: datetime,
    monkeypatch: pytest.MonkeyPatch,
    meanwhile: str,
    refusal: type[Exception],
) -> None:
    OrderLine.objects.filter(treatment__isnull=False).update(single_price_minor=10_000)
    place = gift_instead._place
    before = state()

    def placed(*args: Any, **facts: Any) -> Order:
        order = place(*args, **facts)
        if meanwhile == "taken back":
            gifts.take_back(gift_id=gift.pk, by=ada, at=at)
        else:
            ledger.redeem(pass_id=gift.session_pass_id, reference="visit:1", by=ada, at=at)
        return order

    monkeypatch.setattr(gift_instead, "_place", placed)

    with pytest.raises(refusal):
        take(gift, at)

    assert state() == before


def test_an_exchanged_gift_is_neither_accepted_nor_taken_back(
    gift: Gift, ada: User, kit: Offer, at: datetime
) -> None:
    take(gift, at)
    before = state()

    for verb, facts in (
        (gifts.accept, {"by": None}),
        (gifts.take_back, {"by": ada}),
        (gifts.decline, {"by": None}),
    ):
        with pytest.raises(gifts.NotWaiting):
            verb(gift_id=gift.pk, at=at, **facts)  # type: ignore[operator]

    assert state() == before


@pytest.mark.parametrize("status", ["needs_response", "warning_needs_response"])
def test_a_disputed_payment_pays_for_nothing_else(
    stripe: StripeInProcess, sold: Order, gift: Gift, kit: Offer, at: datetime, status: str
) -> None:
    intent = sold.payments.get().payment_intent
    disputes.mirror(stripe.control(f"payments/{intent}/dispute")["id"], at=at)
    sold.disputes.update(status=status)
    before = state()

    assert gift_instead.choices(gift, at=at) == []
    with pytest.raises(gift_instead.NotOffered):
        take(gift, at)

    assert state() == before


def test_a_pass_that_stays_frozen_after_its_dispute_pays_for_nothing_else(
    stripe: StripeInProcess, sold: Order, gift: Gift, kit: Offer, at: datetime
) -> None:
    """A bank can take a part back: the rest of the money is here, the gift is for us to decide."""
    intent = sold.payments.get().payment_intent
    disputes.mirror(stripe.control(f"payments/{intent}/dispute")["id"], at=at)
    sold.disputes.update(status="lost")
    before = state()

    assert gift_instead.choices(gift, at=at) == []
    with pytest.raises(gift_instead.NotOffered):
        take(gift, at)
    with pytest.raises(ledger.PassFrozen):
        gift_exchanging.exchange(gift_id=gift.pk, worth_minor=14_000, by=None, at=at)

    assert state() == before


def test_money_for_the_goods_goes_back_to_the_card_that_paid_for_the_sessions(
    stripe: StripeInProcess, sold: Order, gift: Gift, kit: Offer, at: datetime
) -> None:
    order = take(gift, at)
    refunds.send_due(at=at)
    refunds.request(payment=order.payments.get(), amount_minor=8390, reason="Lost", by=None, at=at)

    assert refunds.send_due(at=at) == 1

    back = stripe.client.v1.refunds.list().data
    assert sum(each.amount for each in back) == 14_000
    assert {each.payment_intent for each in back} == {sold.payments.get().payment_intent}
    order.refresh_from_db()
    assert order.status == OrderStatus.REFUNDED
    told = OutboundMail.objects.filter(event="order_refunded").latest("pk")
    assert "goes back to whoever gave you" in mail._renderers[told.event](told.context).text


def test_what_was_paid_in_cash_is_handed_back_and_the_cash_book_knows_of_no_more(
    ada: User, kit: Offer, at: datetime
) -> None:
    basket = buying.basket_with((buying.package(price_minor=PAID, at=at), 1), at=at)
    sold = buying.place(basket, at=at)
    taking.take(order_id=sold.pk, way=PaymentWay.CASH, reference="R1", by=ada, at=at)
    order = take(give(sold, ada, at=at), at)
    left = Refund.objects.get(moved_to=None)
    refund = refunds.request(
        payment=order.payments.get(), amount_minor=1000, reason="Late", by=None, at=at
    )
    assert list(cash_book.to_hand_back()) == [left, refund]

    for number, each in enumerate((left, refund)):
        handing_back.hand_back(refund_id=each.pk, reference=f"B{number}", by=ada, at=at)

    on = timezone.localdate(at)
    found = cash_book.entries(from_on=on, until_on=on)
    assert cash_book.by_way(found)[0] == (PaymentWay.CASH, PAID, 5610 + 1000)
    assert sorted(each.minor for each in found) == [-5610, -1000, PAID]


def test_what_came_in_several_payments_goes_back_by_as_many(
    ada: User, kit: Offer, at: datetime
) -> None:
    sold = OrderFactory.create(paid=True, of_sessions=True)
    offer = OfferFactory.create(package=True)
    line = OrderLineFactory.create(order=sold, offer=offer)
    for attempt, minor in enumerate((20_000, 16_000, 6_000), start=1):
        facts = {"session_id": f"cs_{attempt}", "payment_intent": f"pi_{attempt}"}
        PaymentFactory.create(order=sold, attempt=attempt, amount_minor=minor, **facts)
    SessionPassFactory.create(
        treatment_id=line.treatment_id,
        sessions=6,
        reference=f"{sold.reference}:line:1:unit:1",
        validity_days=365,
        at=at,
    )

    order = take(give(sold, ada, sessions=6, at=at), at)

    moved = order.payments.get().moved_from
    assert (moved.payment.attempt, moved.amount_minor) == (2, 8390)
    back = Refund.objects.filter(moved_to=None).order_by("amount_minor")
    assert [(each.payment.attempt, each.amount_minor) for each in back] == [
        (3, 6_000),
        (2, 7_610),
        (1, 20_000),
    ]


def test_a_guest_takes_a_kit_by_the_link_alone(gift: Gift, kit: Offer, at: datetime) -> None:
    bea = Client(headers=ORIGIN)
    shown = bea.get(address(gift, "")).content.decode()
    assert address(gift) in shown
    form = bea.get(address(gift)).content.decode()
    assert "Daily Wash KIT-4" in form
    assert "€79" not in form

    wrong = bea.post(address(gift), {**FORM, "line1": "", "city": "Köln"})
    assert wrong.status_code == 422
    assert "Enter the street and house number." in wrong.content.decode()
    assert "Lindenweg" not in wrong.content.decode()
    assert 'value="Köln"' in wrong.content.decode()

    done = bea.post(address(gift), FORM, follow=True)

    order = Order.objects.latest("pk")
    assert done.redirect_chain == [(reverse("checkout:order", args=[order.access_token]), 303)]
    assert done.status_code == 200
    after = bea.get(address(gift, "")).content.decode()
    assert "You took something else" in after
    assert order.access_token in after
    assert bea.post(address(gift), FORM)["Location"].endswith(f"{order.access_token}/")
    assert Order.objects.count() == 2


def test_a_kit_goes_to_every_country_that_the_shop_delivers_to(
    gift: Gift, kit: Offer, at: datetime
) -> None:
    zone = DeliveryZone.objects.create(name="Neighbours", countries="AT, NL", sort_order=9)
    abroad = DeliveryMethod.objects.create(zone=zone, code="abroad", name="Courier abroad")
    DeliveryRate.objects.create(method=abroad, price_minor=1490)
    bea, before = Client(headers=ORIGIN), state()
    told = bea.post(address(gift), {**FORM, "country": "AT"})
    assert told.status_code == 422
    assert "This does not go to Austria." in told.content.decode()
    unknown = bea.post(address(gift), {**FORM, "country": "US", "delivery": abroad.code})
    assert unknown.status_code == 422
    with pytest.raises(DeliveryNotOffered):
        take(gift, at, address=replace(TO_BEA, country="AT"))
    assert state() == before

    bea.post(address(gift), {**FORM, "country": "AT", "delivery": abroad.code, "city": "Wien"})

    order = Order.objects.latest("pk")
    assert (order.delivery_country, order.delivery_city) == ("AT", "Wien")
    assert order.total_minor == 7900 + 1490


def test_whether_the_sessions_suit_or_not_something_else_is_open_to_everybody(
    gift: Gift, kit: Offer, at: datetime
) -> None:
    version = published(treatment=gift.session_pass.treatment, at=at)
    bea = Client(headers=ORIGIN)
    assert address(gift) in bea.get(address(gift, "")).content.decode()
    answers = {"broken-skin": "2", "blood-thinners": "1"}
    gifts.take_check(
        gift_id=gift.pk,
        version=version,
        answers=answers,
        born_on=at.date().replace(year=1990, day=1),
        user=None,
        at=at,
    )

    shown = bea.get(address(gift, "")).content.decode()

    assert "Accept 2 sessions" not in shown
    assert address(gift) in shown
    take(gift, at)
    assert SuitabilityCheck.objects.get().sealed_answers == ""


def test_other_things_than_were_offered_cannot_be_posted(
    gift: Gift, kit: Offer, at: datetime
) -> None:
    buying.product("BRUSH", price_minor=900, at=at)
    bea = Client(headers=ORIGIN)
    before = state()

    for changes in ({"what": "BRUSH"}, {"what": ""}, {"delivery": "x\0"}, {"name": ""}):
        assert bea.post(address(gift), {**FORM, **changes}).status_code == 422

    assert state() == before


@settings(max_examples=200, deadline=None)
@given(
    paid=st.integers(1, 200_000),
    single=st.none() | st.integers(0, 50_000),
    sessions=st.integers(1, 9),
    acts=st.lists(st.tuples(st.sampled_from(["use", "give", "exchange"]), st.integers(1, 3))),
)
def test_used_and_exchanged_and_outstanding_and_given_sum_to_what_was_paid(
    paid: int, single: int | None, sessions: int, acts: list[tuple[str, int]]
) -> None:
    counts = {"used": 0, "passed_on": 0, "exchanged": 0, "exchanged_minor": 0}
    names = {"use": "used", "give": "passed_on", "exchange": "exchanged"}
    for act, number in acts:
        before = refund_value(paid_minor=paid, sessions=sessions, single_minor=single, **counts)
        if number > before.unused:
            with pytest.raises(ValueError, match="sessions"):
                before.worth_of(number)
            continue
        if act == "exchange":
            worth = before.worth_of(number)
            assert 0 <= worth <= before.refund_minor + before.passed_on_minor
            counts["exchanged_minor"] += worth
        counts[names[act]] += number
        value = refund_value(paid_minor=paid, sessions=sessions, single_minor=single, **counts)
        assert min(value.used_minor, value.refund_minor, value.passed_on_minor) >= 0
        assert (
            value.used_minor + value.refund_minor + value.exchanged_minor + value.passed_on_minor
            == paid
        )
