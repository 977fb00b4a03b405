"""What the shop can show a bank about an order: what was bought, agreed to, delivered and used.

Nothing of anybody's health is in it: that questions were asked is said, never how they were
answered.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils import dateformat, timezone

from checkout.countries import country_name
from checkout.disputes.following import passes_under
from checkout.emails import SUBJECTS
from checkout.models import Dispute, Order, OrderLine, PaymentStatus
from money.money import Money
from outbox.models import MailStatus, OutboundMail

Row = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Section:
    """One heading with what stands under it, in two columns."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything about one dispute, in the order in which it is read."""

    title: str
    sections: tuple[Section, ...]


def evidence_of(dispute: Dispute) -> Evidence:
    """Put together what is known of a disputed order."""
    order = dispute.order
    lines = list(order.lines.select_related("treatment"))
    sections = (
        ("The dispute", _of_dispute(dispute)),
        ("The order", _of_order(order)),
        ("What was bought", _of_lines(order, lines)),
        ("What the buyer agreed to", _of_terms(order, lines)),
        ("How it was delivered", _of_parcels(order)),
        ("Sessions, entry by entry", _of_passes(order)),
        ("Money that went back", _of_refunds(order)),
        ("What we wrote to the buyer", _of_mails(order)),
        ("What happened, as it was written down", _of_events(order)),
    )
    told = ((title, tuple(rows)) for title, rows in sections)
    return Evidence(
        title=f"Order {order.number}: dispute {dispute.stripe_dispute_id}",
        sections=tuple(Section(title, rows) for title, rows in told if rows),
    )


def _of_dispute(dispute: Dispute) -> Iterator[Row]:
    yield "Amount", str(Money(dispute.amount_minor, dispute.currency))
    yield "Reason", dispute.said_reason
    yield "Opened", _moment(dispute.opened_at)
    if dispute.due_at:
        yield "To be answered by", _moment(dispute.due_at)
    yield "Payment at Stripe", dispute.payment.payment_intent or ""


def _of_order(order: Order) -> Iterator[Row]:
    yield "Number", order.number
    yield "Placed", _moment(order.placed_at)
    for payment in order.payments.filter(status=PaymentStatus.SUCCEEDED):
        paid = Money(payment.amount_minor, payment.currency)
        yield "Paid", f"{paid}, {_moment(payment.paid_at)}, {payment.payment_intent or ''}"
    yield "Buyer", ", ".join(filter(None, [order.name, order.email, order.phone]))
    if order.user:
        since = _moment(order.user.joined_at)
        seen = f"; last signed in {_moment(order.user.last_login)}" if order.user.last_login else ""
        yield "Account", f"since {since}{seen}"
    if order.needs_delivery:
        parts = (
            order.delivery_name,
            order.delivery_line1,
            order.delivery_line2,
            f"{order.delivery_postcode} {order.delivery_city}".strip(),
            country_name(order.delivery_country),
        )
        yield "Delivery to", ", ".join(filter(None, parts))


def _of_lines(order: Order, lines: Iterable[OrderLine]) -> Iterator[Row]:
    for line in lines:
        name = ", ".join(filter(None, [line.name, line.label]))
        sessions = f", {line.sessions} sessions of {line.treatment}" if line.sessions else ""
        yield (
            f"{line.quantity} × {line.sku}",
            f"{name}{sessions}: {Money(line.total_minor, order.currency)}",
        )
    if order.delivery_minor:
        yield order.delivery_method_name, str(Money(order.delivery_minor, order.currency))
    yield "Total, VAT included", str(Money(order.total_minor, order.currency))


def _of_terms(order: Order, lines: Iterable[OrderLine]) -> Iterator[Row]:
    agreed = _moment(order.placed_at)
    yield (
        "Terms of sale",
        f"version {order.terms_version}, shown and accepted with the order, {agreed}",
    )
    for line in lines:
        if line.refund_terms_version:
            yield f"Refund of {line.sku}", f"terms of {line.refund_terms_version}"
    for check in order.suitability_checks.select_related("suitability_check"):
        asked = _moment(check.suitability_check.checked_at)
        yield "Before buying sessions", f"questions on suitability answered, {asked}"


def _of_parcels(order: Order) -> Iterator[Row]:
    for parcel in order.shipments.kept().with_contents():
        left = f"; left us {_moment(parcel.handed_over_at)}" if parcel.handed_over_at else ""
        followed = " ".join(
            filter(None, [parcel.carrier, parcel.tracking_number, parcel.tracking_url])
        )
        contents = ", ".join(f"{line.quantity} × {line.item.name}" for line in parcel.lines.all())
        kind = "collected at the clinic" if parcel.is_pickup else "sent"
        said = f"{contents}; {kind}, packed {_moment(parcel.packed_at)}{left}"
        yield f"Parcel {parcel.position}", f"{said}; {followed}" if followed else said


def _of_passes(order: Order) -> Iterator[Row]:
    for row in passes_under(order):
        for entry in row.entries.order_by("pk"):
            change = f" ({entry.sessions:+d})" if entry.sessions else ""
            yield f"{row}, {_moment(entry.happened_at)}", f"{entry.reason}{change}"


def _of_refunds(order: Order) -> Iterator[Row]:
    for refund in order.refunds.all():
        amount = Money(refund.amount_minor, refund.currency)
        yield _moment(refund.created_at), f"{amount}, {refund.get_status_display().lower()}"


def _of_mails(order: Order) -> Iterator[Row]:
    mails = OutboundMail.objects.about(order.reference).filter(status=MailStatus.SENT)
    for mail in sorted(mails, key=lambda each: each.sent_at or each.queued_at):
        subject = SUBJECTS.get(mail.event, mail.event.replace("_", " ").capitalize())
        yield _moment(mail.sent_at), f"{subject.format(number=order.number)} (to {mail.to})"


def _of_events(order: Order) -> Sequence[Row]:
    return [(_moment(event.happened_at), event.message) for event in order.events.all()]


def _moment(moment: dt.datetime | None) -> str:
    if moment is None:
        return ""
    return dateformat.format(timezone.localtime(moment), "j M Y, H:i")
