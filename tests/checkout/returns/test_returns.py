"""Returns: every status and act, what may come back, and what it costs whom."""

import io
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import resolve, reverse
from django.utils import timezone
import pytest
from bs4 import BeautifulSoup
from pytest_django import DjangoDbBlocker

from accounts.models import User
from accounts.person import Person
from catalog.models import Offer, Stock
from checkout import (
    calling_off,
    emails,
    paying_back,
    personal_data,
    reconciliation,
    refunds,
    shipments,
    stripe_gateway,
    withdrawing,
)
from checkout.models import (
    Dispute,
    ItemToSend,
    Order,
    Refund,
    RefundStatus,
    Return,
    ReturnPhoto,
    ReturnReason,
    ReturnStatus,
    ReturnWish,
)
from checkout.paying_back import Wish
from checkout.returns import asking, deciding, exchangeable, forgetting, settling, status
from checkout.returns.asking import Asked
from checkout.returns.returnable import returnable
from checkout.withdrawing import Part
from outbox.models import OutboundMail
from tests.checkout import buying
from tests.checkout.returns.test_files import picture
from tests.checkout.test_packing_desk import staff
from tests.checkout.test_shipments import pack, paid
from tests.shared_rows import kept_for_many
from tests.stripe_in_process import StripeInProcess

pytestmark = pytest.mark.django_db

S = ReturnStatus
LABEL = b"%PDF-1.4\n%%EOF\n"


@pytest.fixture(scope="module")
def sold(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[int]:
    """Three washes of which two were sent, one waits; and a package."""
    stripe = StripeInProcess(tmp_path_factory.mktemp("stripe") / "stripe.sqlite3")
    with kept_for_many(django_db_blocker), pytest.MonkeyPatch.context() as patch:
        patch.setattr(stripe_gateway, "client", lambda: stripe.client)
        at = timezone.now()
        buying.courier()
        order = paid(stripe, (buying.product(at=at), 3), (buying.package(at=at), 1), at=at)
        parcel = pack(order, at, WASH_250=2)
        shipments.hand_over(shipment_id=parcel.pk, by=None, at=at)
        yield order.pk


@pytest.fixture
def order(sold: int, db: None) -> Order:
    return Order.objects.get(pk=sold)


@pytest.fixture
def desk(order: Order) -> User:
    return staff("view_order", "view_return", "handle_return", "refund_order")


def wash(order: Order) -> int:
    return order.lines.get(sku="WASH-250").pk


def asked(order: Order, pieces: int = 2, **changes: Any) -> Asked:
    return Asked(pieces={wash(order): pieces}, reason=ReturnReason.DAMAGED, **changes)


def ask(order: Order, pieces: int = 2, *, reference: str = "r" * 32, **changes: Any) -> Return:
    return asking.ask(
        order_id=order.pk,
        asked=asked(order, pieces, **changes),
        reference=reference,
        at=timezone.now(),
    )


def brought_to(row: Return, to: ReturnStatus, desk: User) -> Return:
    """Bring a fresh return to where its goods are looked at."""
    at = timezone.now()
    if to in {S.APPROVED, S.RECEIVED, S.INSPECTED}:
        deciding.approve(return_id=row.pk, answer="", label=None, by=desk, at=at)
    if to in {S.RECEIVED, S.INSPECTED}:
        deciding.receive(return_id=row.pk, by=desk, at=at)
    if to == S.INSPECTED:
        deciding.inspect(return_id=row.pk, sellable={wash(row.order): 1}, by=desk, at=at)
    row.refresh_from_db()
    return row


def left(order: Order) -> int:
    return sum(each.pieces for each in returnable(order))


def on_hand() -> int:
    return Stock.objects.get(offer__sku="WASH-250").on_hand


# --- What may come back --------------------------------------------------------------------


def test_what_has_left_us_can_come_back_and_sessions_cannot(order: Order) -> None:
    assert [(each.line.sku, each.pieces) for each in returnable(order)] == [("WASH-250", 2)]


def test_pieces_in_a_return_are_not_there_a_second_time(order: Order) -> None:
    ask(order, 1)

    assert left(order) == 1
    with pytest.raises(asking.NothingToReturn):
        ask(order, 2, reference="s" * 32)
    assert Return.objects.count() == 1


def test_what_was_paid_back_withdrawn_or_never_sent_does_not_count(
    order: Order, desk: User
) -> None:
    at = timezone.now()
    paying_back.pay_back(
        order_id=order.pk,
        wish=Wish(gone={wash(order): 1}),
        agreed_minor=2400,
        reason="Late",
        by=desk,
        at=at,
    )
    assert left(order) == 1

    withdrawing.withdraw(
        order_id=order.pk,
        parts={wash(order): Part(1)},
        reference="w" * 32,
        at=at,
        on=timezone.localdate(at),
    )
    assert left(order) == 0


def test_a_return_that_was_rejected_or_called_off_frees_its_pieces(
    order: Order, desk: User
) -> None:
    at = timezone.now()
    first = ask(order)
    deciding.reject(return_id=first.pk, answer="It is used up.", by=desk, at=at)
    assert left(order) == 2
    asking.call_off(return_id=ask(order, reference="s" * 32).pk, by=None, at=at)
    assert left(order) == 2


@pytest.mark.parametrize("pieces", [{}, {0: 1}, {"wash": 0}, {"wash": 3}, {"wash": -1}])
def test_nothing_too_much_and_strange_lines_are_refused(
    order: Order, pieces: dict[Any, int]
) -> None:
    named = {wash(order) if key == "wash" else key: count for key, count in pieces.items()}

    with pytest.raises(asking.NothingToReturn):
        asking.ask(
            order_id=order.pk,
            asked=Asked(pieces=named, reason=ReturnReason.OTHER),
            reference="r" * 32,
            at=timezone.now(),
        )

    assert not Return.objects.exists()


def test_the_same_form_twice_is_one_return_and_one_mail(order: Order) -> None:
    assert ask(order).pk == ask(order).pk
    assert OutboundMail.objects.filter(event=emails.RETURN_ASKED).count() == 1
    said = order.events.get(kind="RETURN_ASKED").message
    assert said == "The buyer wants to send back 2 × Daily Wash WASH-250, 250 ml"


@pytest.mark.parametrize("words", ["x" * 1001, "My card 4242 4242 4242 4242"])
def test_words_that_cannot_be_kept_are_refused(order: Order, words: str) -> None:
    with pytest.raises(asking.WordsRefused):
        ask(order, words=words)

    assert not Return.objects.exists()


# --- Every status against every act --------------------------------------------------------

Act = Callable[[Return, User, datetime], Any]
ACTS: dict[str, Act] = {
    "approve": lambda row, by, at: deciding.approve(
        return_id=row.pk, answer="", label=LABEL, by=by, at=at
    ),
    "reject": lambda row, by, at: deciding.reject(return_id=row.pk, answer="No.", by=by, at=at),
    "call_off": lambda row, by, at: asking.call_off(return_id=row.pk, by=by, at=at),
    "put_label": lambda row, by, at: deciding.put_label(
        return_id=row.pk, label=LABEL, by=by, at=at
    ),
    "receive": lambda row, by, at: deciding.receive(return_id=row.pk, by=by, at=at),
    "inspect": lambda row, by, at: deciding.inspect(return_id=row.pk, sellable={}, by=by, at=at),
    "pay_back": lambda row, by, at: settling.pay_back(
        return_id=row.pk, with_delivery=False, withheld_minor=0, agreed_minor=4800, by=by, at=at
    ),
    "exchange": lambda row, by, at: settling.exchange(
        return_id=row.pk,
        offers={each.line_id: each.line.offer_id for each in row.lines.all()},
        by=by,
        at=at,
    ),
    "close": lambda row, by, at: settling.close(return_id=row.pk, answer="No.", by=by, at=at),
}
LEADS: dict[ReturnStatus, dict[str, ReturnStatus]] = {
    S.ASKED: {"approve": S.APPROVED, "reject": S.REJECTED, "call_off": S.CALLED_OFF},
    S.APPROVED: {"receive": S.RECEIVED, "call_off": S.CALLED_OFF, "put_label": S.APPROVED},
    S.RECEIVED: {"inspect": S.INSPECTED},
    S.INSPECTED: {"pay_back": S.REFUNDED, "exchange": S.EXCHANGED, "close": S.CLOSED},
    S.REJECTED: {},
    S.CALLED_OFF: {},
    S.REFUNDED: {},
    S.EXCHANGED: {},
    S.CLOSED: {},
}


def test_every_status_can_be_reached_and_the_ends_lead_nowhere() -> None:
    assert set(status.NEXT) == set(S) == set(LEADS)
    reached = {S.ASKED} | {to for targets in status.NEXT.values() for to in targets}
    assert reached == set(S)


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("source", S)
def test_an_act_leads_where_the_table_says_or_changes_nothing(
    order: Order, desk: User, source: ReturnStatus, act: str
) -> None:
    at = timezone.now()
    row = ask(order)
    if source in {S.APPROVED, S.RECEIVED, S.INSPECTED}:
        brought_to(row, source, desk)
    elif source != S.ASKED:
        _end(row, source, desk, at)
    before = (Refund.objects.count(), Order.objects.count(), on_hand())

    if act in LEADS[source]:
        ACTS[act](row, desk, at)
        row.refresh_from_db()
        assert row.status == LEADS[source][act]
        assert row.has_ended == (not status.NEXT[S(row.status)])
        return
    with pytest.raises(status.ReturnRefused):
        ACTS[act](row, desk, at)

    row.refresh_from_db()
    assert row.status == source
    assert (Refund.objects.count(), Order.objects.count(), on_hand()) == before


def _end(row: Return, to: ReturnStatus, desk: User, at: datetime) -> None:
    by_act = {S.REJECTED: "reject", S.CALLED_OFF: "call_off", S.REFUNDED: "pay_back"}
    if to in {S.REFUNDED, S.EXCHANGED, S.CLOSED}:
        brought_to(row, S.INSPECTED, desk)
    ACTS[by_act.get(to, {S.EXCHANGED: "exchange", S.CLOSED: "close"}.get(to, ""))](row, desk, at)
    row.refresh_from_db()


def test_the_database_knows_what_an_end_needs(order: Order) -> None:
    row = ask(order)
    for end in (S.REFUNDED, S.EXCHANGED):
        with pytest.raises(IntegrityError), transaction.atomic():
            Return.objects.filter(pk=row.pk).update(status=end)


# --- Inspecting and settling ---------------------------------------------------------------


def test_what_can_be_sold_again_is_on_the_shelf_once_and_the_rest_is_not(
    order: Order, desk: User
) -> None:
    before = on_hand()
    row = brought_to(ask(order), S.RECEIVED, desk)
    with pytest.raises(deciding.NotSoManyCame):
        deciding.inspect(return_id=row.pk, sellable={wash(order): 3}, by=desk, at=timezone.now())
    assert on_hand() == before

    deciding.inspect(return_id=row.pk, sellable={wash(order): 1}, by=desk, at=timezone.now())
    ACTS["pay_back"](row, desk, timezone.now())

    assert on_hand() == before + 1
    assert Refund.objects.get().lines.get().restocked == 0
    assert list(reconciliation.differences()) == []


def paid_back(order: Order, pieces: int, desk: User) -> Refund:
    """Pay pieces back by themselves, on no return."""
    return paying_back.pay_back(
        order_id=order.pk,
        wish=Wish(gone={wash(order): pieces}),
        agreed_minor=2400 * pieces,
        reason="Kind",
        by=desk,
        at=timezone.now(),
    )


@pytest.mark.parametrize("source", [S.ASKED, S.APPROVED, S.RECEIVED, S.INSPECTED])
def test_a_piece_in_a_return_is_paid_back_by_the_return_alone(
    order: Order, desk: User, source: ReturnStatus
) -> None:
    row = ask(order, 1)
    brought_to(row, source, desk)

    with pytest.raises(paying_back.LiesInReturn, match="1 piece lies in a return"):
        paid_back(order, 2, desk)
    assert not Refund.objects.exists()

    paid_back(order, 1, desk)
    with pytest.raises(paying_back.LiesInReturn):
        paid_back(order, 1, desk)
    if source == S.INSPECTED:
        settling.pay_back(
            return_id=row.pk, with_delivery=False, withheld_minor=0, agreed_minor=2400,
            by=desk, at=timezone.now(),
        )  # fmt: skip
        assert Refund.objects.count() == 2
        assert list(reconciliation.differences()) == []


def test_a_return_that_is_called_off_leaves_its_pieces_to_be_paid_back(
    order: Order, desk: User
) -> None:
    asking.call_off(return_id=ask(order).pk, by=None, at=timezone.now())

    assert paid_back(order, 2, desk).amount_minor == 4800


def test_the_screen_says_what_lies_in_a_return_and_a_post_is_refused(
    client: Client, order: Order, desk: User
) -> None:
    ask(order)
    client.force_login(desk)
    page = reverse("orders:pay_back", args=[order.pk])

    shown = client.get(page).content.decode()
    assert "2 in a return, settled there" in shown
    assert f'name="gone-{wash(order)}"' not in shown
    posted = {f"gone-{wash(order)}": "1", "agreed_minor": "2400", "reason": "Kind"}
    assert "lie in a return" in client.post(page, posted).content.decode()

    assert not Refund.objects.exists()


def test_a_return_waits_while_a_bank_holds_the_money(
    client: Client, order: Order, desk: User
) -> None:
    row, at = brought_to(ask(order), S.INSPECTED, desk), timezone.now()
    Dispute.objects.create(
        payment=order.payments.get(), order=order, stripe_dispute_id="dp_1", amount_minor=100,
        currency="EUR", status="needs_response", reason="general", opened_at=at, updated_at=at,
    )  # fmt: skip
    client.force_login(desk)

    shown = client.get(reverse("returns:inspect", args=[row.pk])).content.decode()
    assert "holds the money" in shown
    assert "Yes, pay back" not in shown
    answer = client.post(
        reverse("returns:pay_back", args=[row.pk]), {"agreed_minor": "4800"}, follow=True
    )

    row.refresh_from_db()
    assert "holds the money" in answer.content.decode()
    assert (row.status, Refund.objects.count()) == (S.INSPECTED, 0)


def test_a_return_is_paid_back_for_the_amount_that_was_shown(order: Order, desk: User) -> None:
    at = timezone.now()
    row = brought_to(ask(order), S.INSPECTED, desk)
    shown = settling.quote(row, with_delivery=True, withheld_minor=500)
    assert shown.amount.minor == 2 * 2400 + 490 - 500

    with pytest.raises(paying_back.AmountChanged):
        settling.pay_back(
            return_id=row.pk,
            with_delivery=True,
            withheld_minor=0,
            agreed_minor=4790,
            by=desk,
            at=at,
        )
    assert not Refund.objects.exists()
    settling.pay_back(
        return_id=row.pk, with_delivery=True, withheld_minor=500, agreed_minor=4790, by=desk, at=at
    )

    row.refresh_from_db()
    assert row.refund is not None
    assert (row.refund.amount_minor, row.refund.reason) == (4790, "Return: It arrived damaged")
    assert row.refund.lines.get(line=wash(order)).quantity == 2
    assert left(order) == 0


def test_what_was_withheld_of_some_pieces_goes_back_with_no_other(order: Order, desk: User) -> None:
    at = timezone.now()
    settling.pay_back(
        return_id=brought_to(ask(order), S.INSPECTED, desk).pk, with_delivery=False,
        withheld_minor=400, agreed_minor=4400, by=desk, at=at,
    )  # fmt: skip

    assert paying_back.quote(order, Wish(unsent={wash(order): 1})).amount.minor == 2400
    assert calling_off.amount(order, {wash(order): 1}).minor == 2400


def _paid_back(row: Return, desk: User, *, withheld_minor: int) -> None:
    settling.pay_back(
        return_id=row.pk,
        with_delivery=True,
        withheld_minor=withheld_minor,
        agreed_minor=4790,
        by=desk,
        at=timezone.now(),
    )


def test_more_than_the_goods_are_worth_is_not_withheld(order: Order, desk: User) -> None:
    row = brought_to(ask(order), S.INSPECTED, desk)

    for withheld in (4801, -1):
        with pytest.raises(paying_back.TooMuch):
            settling.quote(row, with_delivery=False, withheld_minor=withheld)


def test_a_refund_that_failed_leaves_its_pieces_settled_once(order: Order, desk: User) -> None:
    row = brought_to(ask(order), S.INSPECTED, desk)
    ACTS["pay_back"](row, desk, timezone.now())
    row.refresh_from_db()
    assert row.refund is not None

    refunds.end(row.refund.pk, RefundStatus.FAILED, failure="No", stripe_id=None, at=timezone.now())
    Order.objects.update(status="PAID")

    assert left(Order.objects.get()) == 0


def test_an_exchange_is_an_order_that_costs_nothing(order: Order, desk: User) -> None:
    at = timezone.now()
    wanted = {wash(order): order.lines.get(sku="WASH-250").offer_id}
    row = brought_to(ask(order, wish=ReturnWish.EXCHANGE, wanted=wanted), S.INSPECTED, desk)
    before = on_hand()

    settling.exchange(return_id=row.pk, offers=wanted, by=desk, at=at)

    row.refresh_from_db()
    new = row.replacement
    assert new is not None
    assert (new.status, new.total_minor, new.paid_at, new.email) == ("PAID", 0, None, order.email)
    assert (new.pieces_to_pack, new.delivery_line1) == (2, order.delivery_line1)
    assert [(line.sku, line.quantity) for line in new.lines.all()] == [("WASH-250", 2)]
    assert not new.invoices.exists()
    assert OutboundMail.objects.filter(event=emails.RETURN_EXCHANGED).count() == 1
    parcel = shipments.pack(
        order_id=new.pk,
        pieces={ItemToSend.objects.get(order=new).pk: 2},
        reference="p",
        by=desk,
        at=at,
    )
    shipments.hand_over(shipment_id=parcel.pk, by=desk, at=at)
    assert on_hand() == before - 2
    assert returnable(Order.objects.get(pk=new.pk)) == []
    assert left(order) == 0
    assert list(reconciliation.differences()) == []


def test_another_price_is_no_exchange(order: Order, desk: User) -> None:
    line = order.lines.select_related("order").get(sku="WASH-250")
    page = Offer.objects.get(pk=line.offer_id).page
    same = _sibling(order, "WASH-REFILL", 2400)
    dear = _sibling(order, "WASH-500", 3900)
    assert page == same.page
    assert [o.sku for o in exchangeable.choices(line, at=timezone.now())] == [
        "WASH-250", "WASH-REFILL",
    ]  # fmt: skip

    row = brought_to(ask(order), S.INSPECTED, desk)
    with pytest.raises(exchangeable.NotForThis):
        settling.exchange(return_id=row.pk, offers={line.pk: dear.pk}, by=desk, at=timezone.now())

    row.refresh_from_db()
    assert (row.status, Order.objects.count()) == (S.INSPECTED, 1)


def _sibling(order: Order, sku: str, price_minor: int) -> Offer:
    offer = buying.product(sku, price_minor=price_minor, at=timezone.now())
    first = Offer.objects.get(sku="WASH-250")
    Offer.objects.filter(pk=offer.pk).update(page=first.page)
    offer.refresh_from_db()
    return offer


# --- Withdrawals, and what is kept of somebody ---------------------------------------------


def test_an_accepted_withdrawal_opens_a_return_of_what_has_left(order: Order, desk: User) -> None:
    at = timezone.now()
    row = withdrawing.withdraw(
        order_id=order.pk,
        parts=withdrawing.whole(order),
        reference="w" * 32,
        at=at,
        on=timezone.localdate(at),
    )
    assert left(order) == 0

    withdrawing.decide(withdrawal_id=row.pk, is_accepted=True, by=desk, at=at)

    opened = Return.objects.get()
    assert (opened.withdrawal, opened.status) == (row, S.APPROVED)
    assert [(each.line.sku, each.quantity) for each in opened.lines.all()] == [("WASH-250", 2)]
    assert left(order) == 0


def test_what_somebody_wrote_is_handed_out_and_then_forgotten(order: Order) -> None:
    user = User.objects.create_user("ada@example.com", name="Ada")
    Order.objects.filter(pk=order.pk).update(user=user)
    kept = picture().getvalue()
    ask(order, words="The pump leaks", photos=[kept])
    person = Person(user, ("ada@example.com",))

    (told,) = personal_data.ROOM.hand_out(person)["orders"][0]["returns"]
    assert told["your_words"] == "The pump leaks"
    assert len(told["photos"]) == 1
    assert personal_data.orders_under_way(person, at=timezone.now()) == [order]

    personal_data.ROOM.forget(person)

    assert Return.objects.get().words == ""
    assert not ReturnPhoto.objects.exists()


def test_words_and_photos_go_half_a_year_after_the_end(order: Order, desk: User) -> None:
    row = ask(order, words="The pump leaks", photos=[picture().getvalue()])
    at = timezone.now()
    assert forgetting.forget_old(at=at + timedelta(days=400)) == 0

    deciding.reject(return_id=row.pk, answer="No.", by=desk, at=at)

    assert forgetting.forget_old(at=at + timedelta(days=179)) == 0
    assert forgetting.forget_old(at=at + timedelta(days=181)) == 1
    assert forgetting.forget_old(at=at + timedelta(days=181)) == 0
    row.refresh_from_db()
    assert (row.words, row.answer, row.photos.count()) == ("", "", 0)


# --- What a buyer sees ---------------------------------------------------------------------


def address(order: Order, name: str = "ask_return", *more: int) -> str:
    return reverse(f"checkout:{name}", args=[order.access_token, *more])


def test_a_guest_asks_behind_the_orders_link_and_calls_it_off(client: Client, order: Order) -> None:
    shown = client.get(reverse("checkout:order", args=[order.access_token]))
    assert address(order) in shown.content.decode()
    form = {
        f"pieces-{wash(order)}": "1",
        "reason": "DAMAGED",
        "words": "The pump leaks",
        "wish": "REFUND",
        "reference": "r" * 32,
        "photos": [SimpleUploadedFile("evil.php", picture().getvalue(), "text/html")],
    }
    assert client.get(address(order))["Cache-Control"] == "private, no-store"

    answer = client.post(address(order), form)

    row = Return.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, address(order, "return", row.pk))
    assert (row.words, row.photos.count()) == ("The pump leaks", 1)
    page = client.get(answer["Location"]).content.decode()
    assert "We have your return" in page
    assert "1 × Daily Wash WASH-250, 250 ml" in page
    client.post(address(order, "call_off_return", row.pk))
    assert "You keep it" in client.get(address(order, "return", row.pk)).content.decode()


def test_a_form_that_cannot_be_kept_says_why_and_keeps_what_was_typed(
    client: Client, order: Order
) -> None:
    form = {
        f"pieces-{wash(order)}": "2",
        "words": "The <b>pump</b>",
        "photos": [SimpleUploadedFile("photo.jpg", b"no picture")],
    }

    answer = client.post(address(order), form)

    assert answer.status_code == 422
    assert "is no JPEG, PNG or WebP picture" in answer.content.decode()
    assert "The &lt;b&gt;pump&lt;/b&gt;" in answer.content.decode()
    assert not Return.objects.exists()


def test_the_label_is_for_the_orders_own_buyer(client: Client, order: Order, desk: User) -> None:
    row = ask(order)
    assert client.get(address(order, "return_label", row.pk)).status_code == 404
    deciding.approve(return_id=row.pk, answer="Thank you.", label=LABEL, by=desk, at=timezone.now())

    answer = client.get(address(order, "return_label", row.pk))

    assert (answer.content, answer["Content-Type"]) == (LABEL, "application/pdf")
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["X-Content-Type-Options"] == "nosniff"
    stranger = reverse("checkout:return_label", args=["x" * 43, row.pk])
    assert client.get(stranger).status_code == 404
    assert client.get(address(order, "return", row.pk + 1)).status_code == 404
    mail = OutboundMail.objects.get(event=emails.RETURN_APPROVED)
    rendered = emails.render(mail.context)
    for text in (rendered.text, rendered.html):
        assert "Thank you." in text
        assert address(order, "return", row.pk) in text


def test_nothing_to_send_back_is_said_so(client: Client, order: Order) -> None:
    ask(order)

    assert "There is nothing to send back" in client.get(address(order)).content.decode()
    assert client.post(address(order), {f"pieces-{wash(order)}": "1"}).status_code == 200
    assert Return.objects.count() == 1


# --- What staff see ------------------------------------------------------------------------


def test_staff_bring_a_return_to_its_refund_on_their_screens(
    client: Client, order: Order, desk: User
) -> None:
    row = ask(order, words="<script>", photos=[picture().getvalue()])
    client.force_login(desk)
    screen = reverse("returns:inspect", args=[row.pk])
    assert (
        order.number in client.get(reverse("returns:index"), {"waiting": "true"}).content.decode()
    )
    found = client.get(reverse("orders:index"), {"to_do": "RETURN"})
    assert [each.pk for each in found.context["object_list"]] == [order.pk]
    assert "&lt;script&gt;" in client.get(screen).content.decode()

    photo = client.get(reverse("returns:photo", args=[row.pk, 1]))
    assert photo["Content-Disposition"].startswith("attachment;")
    label = SimpleUploadedFile("label.pdf", LABEL)
    client.post(reverse("returns:answer", args=[row.pk]), {"decide": "approve", "label": label})
    client.post(reverse("returns:receive", args=[row.pk]))
    client.post(reverse("returns:inspect_pieces", args=[row.pk]), {f"good-{wash(order)}": "2"})
    shown = client.get(screen, {"withheld": "3.00"}).content.decode()
    assert "Yes, pay back €45.00" in shown
    client.post(
        reverse("returns:pay_back", args=[row.pk]),
        {"agreed_minor": "4500", "withheld_minor": "300"},
    )

    row.refresh_from_db()
    assert (row.status, row.refund and row.refund.amount_minor) == (S.REFUNDED, 4500)
    assert "paid back" in client.get(screen).content.decode()
    assert (
        reverse("returns:inspect", args=[row.pk])
        in client.get(reverse("orders:inspect", args=[order.pk])).content.decode()
    )


# Whether the buyer hears of an act on a return.
TOLD_BY_MAIL = {
    "answer": True,
    "receive": False,
    "put_label": False,
    "call_off": False,
    "inspect_pieces": False,
    "pay_back": True,
    "exchange": True,
    "close": True,
}


@pytest.mark.parametrize(
    ("to", "acts"),
    [
        (S.ASKED, {"answer"}),
        (S.APPROVED, {"receive", "put_label", "call_off"}),
        (S.RECEIVED, {"inspect_pieces"}),
        (S.INSPECTED, {"pay_back", "exchange", "close"}),
    ],
)
def test_every_act_says_first_whether_a_mail_goes_out(
    client: Client, order: Order, desk: User, to: ReturnStatus, acts: set[str]
) -> None:
    _sibling(order, "WASH-250-OTHER", 2400)
    row = brought_to(ask(order), to, desk)
    client.force_login(desk)

    page = client.get(reverse("returns:inspect", args=[row.pk]), {"withheld": "0"}).content.decode()

    said = {}
    for form in BeautifulSoup(page, "html.parser").find_all("form", method="post"):
        at = resolve(str(form["action"]))
        if at.app_name == "returns" or at.namespace == "returns":
            assert "mail" in form.get_text()
            said[at.url_name] = "No mail" not in form.get_text()
    assert said == {act: TOLD_BY_MAIL[act] for act in acts}


def test_who_may_not_pay_back_settles_nothing(client: Client, order: Order) -> None:
    packer = staff("view_order", "view_return", "handle_return")
    row = brought_to(ask(order), S.INSPECTED, packer)
    client.force_login(packer)

    for act in ("pay_back", "exchange", "close"):
        client.post(
            reverse(f"returns:{act}", args=[row.pk]),
            {"agreed_minor": "4800", "answer": "No.", f"offer-{wash(order)}": "1"},
        )

    row.refresh_from_db()
    assert row.status == S.INSPECTED
    assert (
        "Somebody who may pay back"
        in client.get(reverse("returns:inspect", args=[row.pk])).content.decode()
    )


def test_who_may_not_see_returns_sees_no_photo(client: Client, order: Order) -> None:
    row = ask(order, photos=[picture().getvalue()])
    client.force_login(staff("view_order"))

    for name, more in (("inspect", []), ("label", []), ("photo", [1])):
        assert client.get(reverse(f"returns:{name}", args=[row.pk, *more])).status_code == 302
    assert io.BytesIO(bytes(ReturnPhoto.objects.get().data)).read(2) == b"\xff\xd8"
