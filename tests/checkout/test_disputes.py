"""Disputes: sessions freeze, parcels stay, and what a bank decides is followed once."""

from datetime import datetime, timedelta

from django.contrib.auth.models import Permission
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse
from django.utils import timezone
import pytest

from accounts.models import User
from checkout import disputes, reconciliation, shipments
from checkout.disputes import pdf
from checkout.disputes.evidence import evidence_of
from checkout.models import Dispute, Order, OrderStatus, Payment, Refund, Shipment, ShipmentStatus
from checkout.order_page import passes_of
from checkout.pass_cards import PassState, pass_cards
from outbox import mail
from outbox.models import OutboundMail
from tests.accounts.factories import UserFactory
from tests.checkout import buying
from tests.checkout.test_shipments import pack, paid
from tests.stripe_in_process import StripeInProcess
from treatments import appointments, desk, expiring, ledger
from treatments.models import AppointmentStatus, LedgerKind, SessionPass
from treatments.models.appointment import DayPart
from treatments.standing import standing_of

pytestmark = pytest.mark.django_db

KINDS = ["GRANT", "FREEZE"]


@pytest.fixture
def order(stripe: StripeInProcess, at: datetime) -> Order:
    """A wash in a parcel that waits, and six sessions."""
    buying.courier()
    found = paid(stripe, (buying.product(at=at), 1), (buying.package(at=at), 1), at=at)
    pack(found, at, WASH_250=1)
    return found


def opened(stripe: StripeInProcess, order: Order, at: datetime) -> Dispute:
    intent = Payment.objects.get(order=order).payment_intent
    row = disputes.mirror(stripe.control(f"payments/{intent}/dispute")["id"], at=at)
    assert row is not None
    return row


def decided(stripe: StripeInProcess, row: Dispute, outcome: str, at: datetime) -> Dispute:
    stripe.control(f"disputes/{row.stripe_dispute_id}/close", outcome=outcome)
    found = disputes.mirror(row.stripe_dispute_id, at=at)
    assert found is not None
    return found


def bought(order: Order) -> SessionPass:
    return passes_of(order).get()


def kinds(row: SessionPass) -> list[str]:
    return list(row.entries.order_by("pk").values_list("kind", flat=True))


def staff(*codenames: str) -> User:
    user = User.objects.create_user("desk@example.com", name="Mira Desk", is_staff=True)
    user.user_permissions.set(
        Permission.objects.filter(codename__in=["access_admin", "view_order", *codenames])
    )
    return user


def test_an_open_dispute_freezes_unused_sessions_once(
    stripe: StripeInProcess, order: Order, at: datetime
) -> None:
    row = opened(stripe, order, at)
    disputes.mirror(row.stripe_dispute_id, at=at)

    assert row.due_at is not None
    assert row.is_open
    assert kinds(bought(order)) == KINDS
    with pytest.raises(ledger.PassFrozen):
        ledger.redeem(pass_id=bought(order).pk, reference="visit:1", by=None, at=at)
    with pytest.raises(ledger.PassFrozen):
        ledger.hold(pass_id=bought(order).pk, reference="gift:1", reason="A gift", by=None, at=at)
    with pytest.raises(ledger.PassFrozen):
        ledger.transfer(
            pass_id=bought(order).pk, sessions=1, to_email="b@example.com", to=None,
            reference="gift:2", by=None, at=at,
        )  # fmt: skip
    assert kinds(bought(order)) == KINDS
    assert ledger.verify(bought(order)) is None


def test_the_desk_and_the_buyer_are_told_why(
    stripe: StripeInProcess, order: Order, at: datetime
) -> None:
    opened(stripe, order, at)

    (card,) = desk.cards([bought(order)], at=at)
    assert not card.can_redeem
    assert card.alerts[0].startswith("Frozen: the payment for it is disputed.")
    (shown,) = pass_cards(passes_of(order), at=at)
    assert shown.state == PassState.FROZEN
    assert shown.why.startswith("The payment for this pass is disputed.")


def test_what_was_set_aside_before_cannot_be_had_through_it(
    stripe: StripeInProcess, order: Order, at: datetime
) -> None:
    held = ledger.hold(pass_id=bought(order).pk, reference="visit", reason="Booked", by=None, at=at)
    opened(stripe, order, at)

    with pytest.raises(ledger.PassFrozen):
        ledger.redeem(
            pass_id=bought(order).pk, reference="visit:1", by=None, at=at, hold_id=held.pk
        )


def test_sessions_that_were_passed_on_are_frozen_too(
    stripe: StripeInProcess, order: Order, at: datetime
) -> None:
    received = ledger.transfer(
        pass_id=bought(order).pk, sessions=2, to_email="b@example.com", to=None,
        reference="gift:1", by=None, at=at,
    )  # fmt: skip
    row = opened(stripe, order, at)

    assert kinds(received) == ["TRANSFER_IN", "FREEZE"]

    decided(stripe, row, "lost", at)

    assert standing_of(received, received.entries.order_by("pk")).is_frozen
    assert standing_of(received, received.entries.order_by("pk")).balance == 2


def test_a_frozen_pass_does_not_expire_and_gets_its_days_back(
    stripe: StripeInProcess, order: Order, at: datetime
) -> None:
    ledger.redeem(pass_id=bought(order).pk, reference="visit:1", by=None, at=at)
    before = bought(order).expires_on
    row = opened(stripe, order, at)
    late = at + timedelta(days=500)

    assert expiring.expire_due(at=late) == 0
    decided(stripe, row, "won", at + timedelta(days=40))

    after = bought(order).expires_on
    assert before is not None
    assert after == before + timedelta(days=40)


def test_a_dispute_that_is_won_thaws_and_books_nothing(
    stripe: StripeInProcess, order: Order, at: datetime
) -> None:
    row = decided(stripe, opened(stripe, order, at), "won", at)
    disputes.mirror(row.stripe_dispute_id, at=at)

    assert (row.is_open, row.booked_as) == (False, None)
    assert kinds(bought(order)) == [*KINDS, "THAW"]
    ledger.redeem(pass_id=bought(order).pk, reference="visit:1", by=None, at=at)
    assert not Refund.objects.exists()
    shipments.hand_over(shipment_id=Shipment.objects.get().pk, by=None, at=at)
    assert Order.objects.get().status == OrderStatus.SHIPPED


def test_a_dispute_that_is_lost_takes_the_sessions_and_is_booked_once(
    stripe: StripeInProcess, order: Order, at: datetime
) -> None:
    ledger.redeem(pass_id=bought(order).pk, reference="visit:1", by=None, at=at)
    mails = OutboundMail.objects.count()
    row = decided(stripe, opened(stripe, order, at), "lost", at)
    disputes.mirror(row.stripe_dispute_id, at=at)

    standing = standing_of(bought(order), bought(order).entries.order_by("pk"))
    assert (standing.balance, standing.is_frozen) == (0, True)
    taken = bought(order).entries.get(kind=LedgerKind.REFUND)
    assert (taken.sessions, taken.reason) == (-5, "Taken back: the bank returned the payment")
    found, refund = Order.objects.get(), Refund.objects.get()
    assert (refund.amount_minor, refund.status) == (found.paid_minor, "SUCCEEDED")
    assert row.booked_as == refund
    assert (found.refunded_minor, found.refund_reserved_minor) == (found.paid_minor, 0)
    assert found.status == OrderStatus.REFUNDED
    assert sum(refund.lines.values_list("gross_minor", flat=True)) == found.paid_minor
    assert OutboundMail.objects.count() == mails
    assert list(reconciliation.differences()) == []


def test_a_dispute_that_is_lost_cancels_visits_and_says_what_is_left_to_decide(
    stripe: StripeInProcess, order: Order, at: datetime, mailoutbox: list[EmailMessage]
) -> None:
    row = bought(order)
    day = timezone.localdate(at) + timedelta(days=20)
    ledger.hold(pass_id=row.pk, reference="gift:1", reason="A gift", by=None, at=at)
    visit = appointments.ask(
        pass_id=row.pk,
        asked=appointments.Asked([appointments.Wish(day, DayPart.MORNING)], ""),
        closed_on=(),
        reference="appointment:1",
        by=UserFactory.create(),
        at=at,
    )
    OutboundMail.objects.all().delete()

    lost = decided(stripe, opened(stripe, order, at), "lost", at)
    disputes.following.follow(lost, order, at=at)

    visit.refresh_from_db()
    assert visit.status == AppointmentStatus.CANCELLED
    said = order.events.get(kind="VISITS_CANCELLED").message
    assert said.startswith("Appointments cancelled: Scalp microdermabrasion, asked for until ")
    assert standing_of(row, row.entries.order_by("pk")).balance == 1
    note = order.notes.get()
    assert note.by is None
    assert note.text.startswith(f"Dispute {lost.stripe_dispute_id} over ")
    assert "Cancelled, and the customer was told: Scalp micro" in note.text
    assert "Frozen until somebody decides: " in note.text
    assert ", 1 set aside for gifts." in note.text
    assert list(order.tags.values_list("name", flat=True)) == ["dispute lost"]
    told = OutboundMail.objects.get(event=appointments.NEWS)
    mail.send_due(at=timezone.now() + timedelta(minutes=1))
    text = next(str(each.body) for each in mailoutbox if told.to in each.to)
    assert "Your bank took back what was paid" in text
    assert "yours again" not in text


def test_a_session_that_was_taken_keeps_its_visit(
    stripe: StripeInProcess, order: Order, at: datetime
) -> None:
    row = bought(order)
    day = timezone.localdate(at) + timedelta(days=20)
    visit = appointments.ask(
        pass_id=row.pk,
        asked=appointments.Asked([appointments.Wish(day, DayPart.MORNING)], ""),
        closed_on=(),
        reference="appointment:1",
        by=UserFactory.create(),
        at=at,
    )
    ledger.redeem(pass_id=row.pk, reference="visit:1", by=None, at=at, hold_id=visit.hold_id)

    decided(stripe, opened(stripe, order, at), "lost", at)

    visit.refresh_from_db()
    assert visit.status == AppointmentStatus.ASKED
    assert not order.events.filter(kind="VISITS_CANCELLED").exists()


def test_what_was_paid_back_before_is_not_booked_again(
    stripe: StripeInProcess, order: Order, at: datetime
) -> None:
    row = opened(stripe, order, at)
    Order.objects.update(refunded_minor=500)

    decided(stripe, row, "lost", at)

    found = Order.objects.get()
    assert Refund.objects.get().amount_minor == found.paid_minor - 500
    assert found.refunded_minor == found.paid_minor
    assert found.status == OrderStatus.NEEDS_REVIEW


def test_a_bank_that_finds_for_the_shop_after_all_undoes_the_booking(
    stripe: StripeInProcess, order: Order, at: datetime
) -> None:
    row = decided(stripe, opened(stripe, order, at), "lost", at)
    Dispute.objects.update(status="lost")
    row.status = "won"
    answer = Order.objects.get()

    from_bank = disputes.following.follow
    from_bank(row, answer, at=at)
    from_bank(row, answer, at=at)

    found = Order.objects.get()
    assert (found.refunded_minor, found.status) == (0, OrderStatus.NEEDS_REVIEW)
    assert Refund.objects.get().status == "FAILED"


def test_a_parcel_of_a_disputed_order_stays(
    stripe: StripeInProcess, order: Order, at: datetime
) -> None:
    opened(stripe, order, at)
    parcel = Shipment.objects.get()

    with pytest.raises(shipments.Disputed):
        shipments.hand_over(shipment_id=parcel.pk, by=None, at=at, despite="  ")

    parcel.refresh_from_db()
    assert parcel.status == ShipmentStatus.PACKED
    shipments.hand_over(shipment_id=parcel.pk, by=None, at=at, despite="The buyer called")
    said = order.events.get(kind="HANDED_OVER").message
    assert said.endswith("although the payment is disputed: The buyer called")


@pytest.mark.parametrize(("right", "left"), [("send_disputed", True), ("view_order", False)])
def test_only_who_may_says_why_it_leaves(
    client: Client, stripe: StripeInProcess, order: Order, at: datetime, right: str, left: bool
) -> None:
    opened(stripe, order, at)
    client.force_login(staff("pack_order", right))
    parcel = Shipment.objects.get()

    screen = client.get(reverse("orders:inspect", args=[order.pk])).content.decode()
    client.post(
        reverse("orders:hand_over", args=[order.pk, parcel.pk]), {"despite": "The buyer called"}
    )

    assert ('name="despite"' in screen) == left
    parcel.refresh_from_db()
    assert (parcel.status == ShipmentStatus.HANDED_OVER) == left


def test_the_evidence_is_one_file_about_everything(
    client: Client, stripe: StripeInProcess, order: Order, at: datetime
) -> None:
    buyer = User.objects.create_user("ada@example.com", name="Ada")
    Order.objects.update(name="Ελένη Παπαδοπούλου", user=buyer)
    row = opened(stripe, order, at)
    client.force_login(staff("refund_order"))

    screen = client.get(reverse("orders:inspect", args=[order.pk])).content.decode()
    url = reverse("orders:evidence", args=[order.pk, row.pk])
    answer = client.get(url)

    assert url in screen
    assert "Answer by" in screen
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert answer["Content-Disposition"] == f'attachment; filename="evidence-{order.number}.pdf"'
    assert client.get(reverse("orders:evidence", args=[order.pk, 0])).status_code == 404
    told = evidence_of(Dispute.objects.get())
    said = {section.title: dict(section.rows) for section in told.sections}
    assert list(said)[:4] == [
        "The dispute", "The order", "What was bought", "What the buyer agreed to",
    ]  # fmt: skip
    assert said["The order"]["Buyer"].startswith("Ελένη Παπαδοπούλου, ada@example.com")
    assert said["The order"]["Account"].startswith("since ")
    assert "Parcel 1" in said["How it was delivered"]
    assert "Sessions, entry by entry" in said
    assert pdf.drawn(told, at=at) == pdf.drawn(told, at=at)


def test_who_may_not_pay_back_gets_no_evidence(
    client: Client, stripe: StripeInProcess, order: Order, at: datetime
) -> None:
    row = opened(stripe, order, at)
    client.force_login(staff())

    url = reverse("orders:evidence", args=[order.pk, row.pk])
    assert client.get(url).status_code == 302
    assert url not in client.get(reverse("orders:inspect", args=[order.pk])).content.decode()
    assert timezone.is_aware(row.opened_at)
