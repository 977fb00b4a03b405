"""Leaving for good: two steps, nothing left of the person, and the books still add up."""

import re
import time
from datetime import datetime

from django.core import mail as mailbox
from django.db import connection
from django.test import Client
import pytest

from accounts.models import User
from blog.models import Comment
from checkout.models import Order, OrderStatus
from outbox import mail
from outbox.models import OutboundMail
from storefront.account import closing
from tests.accounts.factories import UserFactory
from tests.accounts.signing_in import sign_in_at
from tests.checkout.factories import OrderFactory
from tests.storefront.account.conftest import EMAIL, STREET
from tests.treatments.factories import SessionPassFactory, staff_who_may
from treatments import appointments, ledger
from treatments.models import (
    Appointment,
    AppointmentStatus,
    CalendarLink,
    LedgerNote,
    SessionPass,
)

pytestmark = pytest.mark.django_db

CANARIES = ("quillfeather", "zoraida", "7654321")
# Where a trace may stay, and why.
MAY_STAY = {
    "outbox_outboundmail": "the receipt, until it has gone out and the shop tidies up",
}


def _sent(order: Order) -> None:
    Order.objects.filter(pk=order.pk).update(status=OrderStatus.SHIPPED)


def _tables_with(*canaries: str) -> set[str]:
    """Name the tables of which any column of any row holds one of the texts, in any case."""
    found = set()
    for table in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            rows = str(cursor.fetchall()).lower()
        if any(canary in rows for canary in canaries):
            found.add(table)
    return found


def test_after_leaving_nothing_of_the_person_is_found_anywhere(
    zoraida: User, left_everywhere: Order, at: datetime
) -> None:
    """R43"""
    before = _tables_with(*CANARIES)
    _sent(left_everywhere)

    assert closing.close_account(user_id=zoraida.pk, gives_up_passes=True, at=at)
    after = _tables_with(*CANARIES)

    assert {"accounts_user", "checkout_order", "checkout_payment", "blog_comment"} <= before
    assert "treatments_aftercarestop" in before
    assert "checkout_deliveryaddress" in before
    assert {"blog_spamword", "blog_subscriber", "blog_privatequestion"} <= before
    assert after - set(MAY_STAY) == set()
    assert not CalendarLink.objects.exists()
    mail.send_due(at=at)
    closing.forget_receipts()
    gone = _tables_with(*CANARIES)
    assert gone == set()


def test_the_books_stay_without_the_person(
    zoraida: User, left_everywhere: Order, at: datetime
) -> None:
    _sent(left_everywhere)
    before = Order.objects.values("number", "total_minor", "vat_minor", "paid_minor").get()
    token = Order.objects.get().access_token

    closing.close_account(user_id=zoraida.pk, gives_up_passes=True, at=at)

    order = Order.objects.get()
    assert Order.objects.values(*before).get() == before
    assert order.lines.count() == 2
    assert (order.name, order.phone, order.delivery_line1) == ("Deleted customer", "", "")
    assert order.email == f"deleted-{zoraida.pk}@deleted.invalid"
    assert order.access_token != token
    assert order.delivery_country == "DE"
    session_pass = SessionPass.objects.get()
    given_up = session_pass.entries.latest("pk")
    assert (given_up.reason, given_up.balance_after) == ("Given up with the account", 0)
    assert ledger.verify(session_pass) is None
    assert session_pass.holder_email == order.email


def test_an_answered_comment_leaves_an_empty_place_and_others_go(
    zoraida: User, left_everywhere: Order, at: datetime
) -> None:
    _sent(left_everywhere)

    closing.close_account(user_id=zoraida.pk, gives_up_passes=True, at=at)

    place, answer = Comment.objects.order_by("pk")
    assert (place.name, place.text) == (
        "Somebody who has left",
        "This comment was taken back by its writer.",
    )
    assert (answer.parent, answer.email) == (place, "bea@example.com")


def test_leaving_twice_is_harmless(zoraida: User, at: datetime) -> None:
    """R43"""
    assert closing.close_account(user_id=zoraida.pk, gives_up_passes=False, at=at) is True
    assert closing.close_account(user_id=zoraida.pk, gives_up_passes=False, at=at) is False

    assert OutboundMail.objects.filter(event=closing.DELETED).count() == 1


def test_an_appointment_ends_with_the_account_and_the_desk_hears_of_it(
    zoraida: User, left_everywhere: Order, at: datetime
) -> None:
    desk = staff_who_may("answer_appointment")
    _sent(left_everywhere)

    closing.close_account(user_id=zoraida.pk, gives_up_passes=True, at=at)

    appointment = Appointment.objects.get()
    assert (appointment.status, appointment.sealed_words) == (AppointmentStatus.CANCELLED, "")
    assert OutboundMail.objects.filter(to=desk.email, event=appointments.FOR_DESK).count() == 1
    assert [entry.kind for entry in appointment.session_pass.entries.order_by("pk")] == [
        "GRANT", "HOLD", "RELEASE", "ADJUST",
    ]  # fmt: skip


def test_sessions_that_were_paid_for_are_not_lost_without_a_word(
    zoraida: User, at: datetime
) -> None:
    own = SessionPassFactory.create(owner=zoraida, holder_email=EMAIL, at=at)

    with pytest.raises(closing.PassesLeft) as refusal:
        closing.close_account(user_id=zoraida.pk, gives_up_passes=False, at=at)

    zoraida.refresh_from_db()
    assert (refusal.value.passes, zoraida.email) == ([own], EMAIL)
    assert OutboundMail.objects.count() == 0


@pytest.mark.parametrize(
    "status", ["AWAITING_PAYMENT", "PAYMENT_PROCESSING", "REFUNDING", "NEEDS_REVIEW"]
)
def test_an_order_under_way_must_come_to_its_end_first(
    zoraida: User, at: datetime, status: str
) -> None:
    order = OrderFactory.create(user=None, email=EMAIL, status=status)

    with pytest.raises(closing.OrdersUnderWay) as refusal:
        closing.close_account(user_id=zoraida.pk, gives_up_passes=True, at=at)

    zoraida.refresh_from_db()
    assert (refusal.value.orders, zoraida.email) == ([order], EMAIL)


def test_goods_that_are_to_be_sent_need_their_buyer(zoraida: User, at: datetime) -> None:
    OrderFactory.create(user=zoraida, paid=True)

    with pytest.raises(closing.OrdersUnderWay):
        closing.close_account(user_id=zoraida.pk, gives_up_passes=True, at=at)


def test_staff_cannot_leave_by_themselves(at: datetime) -> None:
    staff = UserFactory.create(is_staff=True, verified=True)

    with pytest.raises(closing.StaffAccount):
        closing.close_account(user_id=staff.pk, gives_up_passes=True, at=at)

    staff.refresh_from_db()
    assert staff.is_active


def test_a_customer_leaves_in_two_steps_and_is_signed_out_everywhere(
    signed_in: Client, zoraida: User
) -> None:
    elsewhere = Client()
    elsewhere.force_login(zoraida)

    first = signed_in.get("/account/delete/").content.decode()
    second = signed_in.get("/account/delete/confirm/")
    answer = signed_in.post("/account/delete/confirm/", {"email": EMAIL.upper()})

    assert 'href="/account/delete/confirm/"' in first
    assert second.status_code == 200
    assert (answer.status_code, answer["Location"]) == (303, "/account/deleted/")
    assert signed_in.get("/account/deleted/").status_code == 200
    for client in (signed_in, elsewhere):
        assert client.get("/account/").status_code == 302
    zoraida.refresh_from_db()
    assert (zoraida.is_active, zoraida.name) == (False, "")


def test_the_last_mail_is_a_receipt(zoraida: User, at: datetime) -> None:
    closing.close_account(user_id=zoraida.pk, gives_up_passes=False, at=at)

    mail.send_due(at=at)

    (receipt,) = mailbox.outbox
    assert (receipt.to, receipt.subject) == ([EMAIL], "Your account has been deleted")


@pytest.mark.parametrize("typed", ["", "somebody@example.com", "x"])
def test_another_address_deletes_nothing(signed_in: Client, zoraida: User, typed: str) -> None:
    answer = signed_in.post("/account/delete/confirm/", {"email": typed})

    zoraida.refresh_from_db()
    assert answer.status_code == 422
    assert (zoraida.is_active, zoraida.email) == (True, EMAIL)


def test_giving_up_sessions_has_to_be_ticked(
    signed_in: Client, zoraida: User, at: datetime
) -> None:
    SessionPassFactory.create(owner=zoraida, holder_email=EMAIL, at=at)

    refused = signed_in.post("/account/delete/confirm/", {"email": EMAIL})
    zoraida.refresh_from_db()
    was_active = zoraida.is_active
    done = signed_in.post("/account/delete/confirm/", {"email": EMAIL, "gives_up_passes": "on"})

    assert (refused.status_code, was_active) == (422, True)
    assert done["Location"] == "/account/deleted/"


def test_whoever_signed_in_long_ago_deletes_nothing(client: Client, zoraida: User) -> None:
    client.force_login(zoraida)
    sign_in_at(client, zoraida, time.time() - 16 * 60)

    answer = client.post("/account/delete/confirm/", {"email": EMAIL})

    zoraida.refresh_from_db()
    assert answer["Location"] == "/account/again/?for=delete"
    assert zoraida.is_active


def test_what_stands_in_the_way_is_said_before(signed_in: Client, zoraida: User) -> None:
    order = OrderFactory.create(user=zoraida)

    words = signed_in.get("/account/delete/").content.decode()
    answer = signed_in.post("/account/delete/confirm/", {"email": EMAIL})

    assert re.search(rf"Not yet.*{order.number}", words, re.DOTALL)
    assert "/account/delete/confirm/" not in words
    assert answer["Location"] == "/account/delete/"


def test_the_same_address_may_open_a_new_account_that_knows_nothing(
    zoraida: User, left_everywhere: Order, at: datetime
) -> None:
    _sent(left_everywhere)
    closing.close_account(user_id=zoraida.pk, gives_up_passes=True, at=at)
    anew = UserFactory.create(email=EMAIL, verified=True)

    assert ledger.claim_passes(user=anew, email=EMAIL, at=at) == 0
    assert not Order.objects.filter(email=EMAIL).exists()
    assert not Order.objects.filter(delivery_line1=STREET).exists()


def test_what_staff_wrote_beside_a_session_goes_and_the_chain_holds(
    zoraida: User, at: datetime
) -> None:
    own = SessionPassFactory.create(owner=zoraida, holder_email=EMAIL, at=at)
    ledger.adjust(
        pass_id=own.pk,
        sessions=1,
        reason="Put right",
        note="Zoraida Quillfeather came twice",
        reference="adjust:1",
        by=UserFactory.create(is_staff=True),
        at=at,
    )
    assert LedgerNote.objects.count() == 1

    closing.close_account(user_id=zoraida.pk, gives_up_passes=True, at=at)

    assert LedgerNote.objects.count() == 0
    assert ledger.verify(SessionPass.objects.get()) is None
