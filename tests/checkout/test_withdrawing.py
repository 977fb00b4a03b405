"""Withdrawing from a purchase: two steps, a receipt, one statement, and what staff make of it."""

import datetime as dt
import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
import pytest
from bs4 import BeautifulSoup
from pytest_django import DjangoDbBlocker

from accounts import even_time
from checkout import emails, shipments, stripe_gateway, withdrawing
from checkout.models import (
    Order,
    OrderStatus,
    Return,
    Withdrawal,
    WithdrawalDecision,
    WithdrawalLine,
)
from checkout.order_page import passes_of
from checkout.views.withdrawal import STATED_ALLOWED
from checkout.withdrawal_terms import Standing
from checkout.withdrawing import NothingToWithdraw, Part
from outbox.models import OutboundMail
from tests.checkout import buying
from tests.checkout.factories import OrderFactory
from tests.checkout.history_of import history_of
from tests.checkout.test_packing_desk import staff
from tests.checkout.test_shipments import pack, paid
from tests.shared_rows import kept_for_many
from tests.stripe_in_process import StripeInProcess
from treatments import ledger

pytestmark = pytest.mark.django_db

REFERENCE = "r" * 32


@pytest.fixture(scope="module")
def sold(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[int]:
    """Two washes that were sent, and a package, paid."""
    stripe = StripeInProcess(tmp_path_factory.mktemp("stripe") / "stripe.sqlite3")
    with kept_for_many(django_db_blocker), pytest.MonkeyPatch.context() as patch:
        patch.setattr(stripe_gateway, "client", lambda: stripe.client)
        at = timezone.now()
        buying.courier()
        order = paid(stripe, (buying.product(at=at), 2), (buying.package(at=at), 1), at=at)
        parcel = pack(order, at, WASH_250=2)
        shipments.hand_over(shipment_id=parcel.pk, by=None, at=at)
        yield order.pk


@pytest.fixture
def order(sold: int, db: None) -> Order:
    return Order.objects.get(pk=sold)


def state(order: Order, parts: dict[str, Part], *, days: int = 0) -> Withdrawal:
    at = timezone.now() + dt.timedelta(days=days)
    pks = dict(order.lines.values_list("sku", "pk"))
    return withdrawing.withdraw(
        order_id=order.pk,
        parts={pks.get(sku, 0): part for sku, part in parts.items()},
        reference=REFERENCE,
        at=at,
        on=timezone.localdate(at),
    )


def receipt(order: Order) -> Any:
    row = OutboundMail.objects.get(event=emails.WITHDRAWAL_RECEIVED)
    assert row.to == order.email
    return emails.render(row.context)


def standings(row: Withdrawal) -> dict[str, str]:
    return {each.line.sku: each.standing for each in row.lines.all()}


def test_a_statement_is_kept_with_its_pieces_and_its_receipt(order: Order) -> None:
    row = state(order, {"WASH-250": Part(1), "MD-6": Part(1)})

    assert standings(row) == {"WASH-250": Standing.IN_FULL, "MD-6": Standing.IN_FULL}
    assert row.refund_due_on == timezone.localdate(row.stated_at) + dt.timedelta(days=14)
    mail = receipt(order)
    moment = timezone.localtime(row.stated_at)
    for text in (mail.text, BeautifulSoup(mail.html, "html.parser").get_text()):
        assert f"contract of order {order.number}" in text
        assert "1 × Daily Wash WASH-250, 250 ml" in text
        assert f"{moment:%H:%M:%S}" in text
    assert order.events.latest("pk").kind == "WITHDRAWAL"


def test_opened_goods_and_late_statements_are_received_all_the_same(order: Order) -> None:
    assert standings(state(order, {"WASH-250": Part(1, is_opened=True)})) == {
        "WASH-250": Standing.OPENED
    }


def test_a_late_statement_is_received_all_the_same(order: Order) -> None:
    found = standings(state(order, {"WASH-250": Part(2), "MD-6": Part(1)}, days=60))

    assert set(found.values()) == {Standing.LATE}
    assert "The 14 days for this have passed" in receipt(order).text


def test_sessions_that_were_had_are_paid_in_proportion(order: Order) -> None:
    row = passes_of(order).get()
    ledger.redeem(pass_id=row.pk, reference="visit:1", by=None, at=timezone.now())

    assert standings(state(order, {"MD-6": Part(1)})) == {"MD-6": Standing.IN_PROPORTION}


def test_the_same_form_twice_is_one_statement(order: Order) -> None:
    first = state(order, {"WASH-250": Part(1)})

    assert state(order, {"WASH-250": Part(2)}) == first
    assert Withdrawal.objects.count() == WithdrawalLine.objects.count() == 1
    assert OutboundMail.objects.filter(event=emails.WITHDRAWAL_RECEIVED).count() == 1


@pytest.mark.parametrize(
    "parts", [{}, {"WASH-250": Part(0)}, {"WASH-250": Part(3)}, {"NONE": Part(1)}]
)
def test_a_statement_about_nothing_is_refused(order: Order, parts: dict[str, Part]) -> None:
    with pytest.raises(NothingToWithdraw):
        state(order, parts)

    assert not Withdrawal.objects.exists()
    assert not OutboundMail.objects.filter(event=emails.WITHDRAWAL_RECEIVED).exists()


def test_what_was_never_paid_is_cancelled_instead() -> None:
    assert not withdrawing.can_withdraw(OrderFactory())


@pytest.mark.parametrize("model", [Withdrawal, WithdrawalLine])
def test_a_statement_is_never_changed_or_deleted(order: Order, model: Any) -> None:
    state(order, {"WASH-250": Part(1)})

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        model.objects.update(id=999)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        model.objects.all()._raw_delete("default")


# --- The pages -----------------------------------------------------------------------------

DOOR = "/withdraw/"


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The moments so far of a clock that goes on only while the shop sleeps."""
    moments = [0.0]
    made = SimpleNamespace(
        monotonic=lambda: moments[-1],
        sleep=lambda seconds: moments.append(moments[-1] + seconds),
    )
    monkeypatch.setattr(even_time, "time", made)
    return moments


def confirmed(answer: Any) -> dict[str, str]:
    """Return the fields of the second step's form, confirmed."""
    html = answer.content.decode()
    form = html.split('<form method="post"', 1)[1].split("</form>", 1)[0]
    fields = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form))
    return {**fields, "confirm": "1"}


def test_a_guest_withdraws_in_two_steps(client: Client, order: Order) -> None:
    assert f'href="{DOOR}"' in client.get("/withdraw/received/").content.decode()

    second = client.post(DOOR, {"number": order.number.lower(), "email": "ADA@example.com"})
    assert "Confirm withdrawal</button>" in second.content.decode()
    assert not Withdrawal.objects.exists()
    for _ in range(2):
        assert client.post(DOOR, confirmed(second))["Location"] == "/withdraw/received/"

    row = Withdrawal.objects.get()
    assert {each.line.sku: each.quantity for each in row.lines.all()} == {"WASH-250": 2, "MD-6": 1}
    assert receipt(order).subject == f"We have received your withdrawal from order {order.number}"


@pytest.mark.parametrize(
    ("number", "email"), [("G-0000-0000", "ada@example.com"), ("", "eve@example.com")]
)
def test_the_answer_does_not_tell_whether_an_order_is_known(
    client: Client, order: Order, number: str, email: str
) -> None:
    asked = {"number": number or order.number, "email": email}
    second = client.post(DOOR, asked)
    assert (second.status_code, "Confirm withdrawal</button>" in second.content.decode()) == (
        200,
        True,
    )

    assert client.post(DOOR, confirmed(second))["Location"] == "/withdraw/received/"

    assert not Withdrawal.objects.exists()


def test_the_time_does_not_tell_either(
    client: Client, order: Order, clock: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    """R24: receiving a statement takes 0.2 s here, looking in vain no time at all."""
    receive = withdrawing.withdraw

    def slowly(**facts: Any) -> Withdrawal:
        clock.append(clock[-1] + 0.2)
        return receive(**facts)

    monkeypatch.setattr(withdrawing, "withdraw", slowly)
    took = []
    for number in (order.number, "G-0000-0000"):
        begun = clock[-1]
        sent = {"number": number, "email": "ada@example.com", "confirm": "1"}
        assert client.post(DOOR, sent).status_code == 303
        took.append(clock[-1] - begun)

    assert took == pytest.approx([0.5, 0.5])
    assert Withdrawal.objects.count() == 1


def test_statements_from_one_address_are_counted(client: Client, order: Order) -> None:
    sent = {"number": "G-0000-0000", "email": "eve@example.com", "confirm": "1"}
    answers = [client.post(DOOR, sent).status_code for _ in range(STATED_ALLOWED + 1)]

    assert answers == [303] * STATED_ALLOWED + [429]


def test_a_buyer_withdraws_from_a_part_behind_the_order_s_link(
    client: Client, order: Order
) -> None:
    address = reverse("checkout:withdraw_order", args=[order.access_token])
    order_page = client.get(reverse("checkout:order", args=[order.access_token]))
    assert address in order_page.content.decode()
    pk = order.lines.get(sku="WASH-250").pk

    second = client.post(address, {f"pieces-{pk}": "1", f"opened-{pk}": "1"})
    assert "sealed for hygiene" in second.content.decode()
    client.post(address, confirmed(second))

    row = Withdrawal.objects.get()
    line = row.lines.get()
    assert (line.line_id, line.quantity, line.is_opened) == (pk, 1, True)


@pytest.mark.parametrize("pieces", ["", "0", "3", "x", "-1", "²"])
def test_no_piece_named_is_said_and_nothing_is_sent(
    client: Client, order: Order, pieces: str
) -> None:
    address = reverse("checkout:withdraw_order", args=[order.access_token])
    pk = order.lines.get(sku="WASH-250").pk

    answer = client.post(address, {f"pieces-{pk}": pieces, "confirm": "1"})

    assert answer.status_code == 422
    assert "at least one piece" in answer.content.decode()
    assert not Withdrawal.objects.exists()


# --- The desk ------------------------------------------------------------------------------


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(staff("view_order", "refund_order", "view_withdrawal"))
    return client


def decide(desk: Client, row: Withdrawal, word: str) -> Any:
    address = reverse("orders:decide_withdrawal", args=[row.order_id, row.pk])
    return desk.post(address, {"decide": word})


def test_staff_see_what_waits_until_when(desk: Client, order: Order) -> None:
    state(order, {"WASH-250": Part(1, is_opened=True)})

    html = desk.get(reverse("withdrawals:index")).content.decode()
    assert "1 × Daily Wash WASH-250, 250 ml (opened)" in html
    assert "To decide" in html
    shown = desk.get(reverse("orders:inspect", args=[order.pk])).content.decode()
    assert "To pay back by" in shown


def test_what_is_accepted_comes_back_as_a_return(desk: Client, order: Order) -> None:
    row = state(order, {"WASH-250": Part(2)})

    answer = decide(desk, row, "accept")

    opened = Return.objects.get()
    assert answer["Location"] == reverse("returns:inspect", args=[opened.pk])
    assert (opened.withdrawal, opened.status) == (row, "APPROVED")


def test_what_never_left_is_shown_with_its_amount(desk: Client, order: Order) -> None:
    row = state(order, {"WASH-250": Part(2)})
    order.items_to_send.update(packed=0, handed_over=0)
    Order.objects.update(status=OrderStatus.PAID, fulfilment="UNFULFILLED", pieces_to_pack=2)

    answer = decide(desk, row, "accept")

    assert "€52.90 would go back" in desk.get(answer["Location"]).content.decode()
    decision = WithdrawalDecision.objects.get()
    assert (decision.is_accepted, str(decision.by)) == (True, "staff@example.com")
    assert not Return.objects.exists()


def test_a_withdrawal_is_decided_about_once(desk: Client, order: Order) -> None:
    row = state(order, {"WASH-250": Part(2)})
    decide(desk, row, "decline")

    decide(desk, row, "accept")

    assert history_of(order) == [("A withdrawal was decided about", "staff@example.com")]
    assert not WithdrawalDecision.objects.get().is_accepted
    shown = desk.get(reverse("orders:inspect", args=[order.pk])).content.decode()
    assert "To pay back by" not in shown


def test_whoever_may_only_look_decides_nothing(client: Client, order: Order) -> None:
    client.force_login(staff("view_order", "view_withdrawal"))
    row = state(order, {"WASH-250": Part(2)})

    assert decide(client, row, "accept")["Location"] == "/admin/"

    assert not WithdrawalDecision.objects.exists()


def test_a_withdrawal_of_another_order_is_as_good_as_none(desk: Client, order: Order) -> None:
    row = state(order, {"WASH-250": Part(2)})
    other = OrderFactory(paid=True)

    address = reverse("orders:decide_withdrawal", args=[other.pk, row.pk])

    assert desk.post(address, {"decide": "accept"}).status_code == 404
    assert not WithdrawalDecision.objects.exists()
