"""What staff see of an order: what it is, what to do next, and everything that happened."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, F, Prefetch, Q, QuerySet, Sum
from django.utils import dateformat, timezone

from checkout.countries import country_name
from checkout.discounts.shown import lines_of
from checkout.emails import SUBJECTS
from checkout.models import (
    DeliveryMethod,
    Fulfilment,
    Order,
    OrderEvent,
    OrderLine,
    OrderLinePart,
    OrderStatus,
    ParcelBatch,
)
from checkout.order_page import passes_of, returns_of, together
from checkout.pass_values import pass_value
from money.money import Money
from outbox.models import MailStatus, OutboundMail
from treatments.validity import describe_validity

OTHER_ORDERS_SHOWN: Final = 5

_NEXT: Final[Mapping[str, str]] = {
    OrderStatus.PAYMENT_PROCESSING: "Nothing: the buyer's bank is confirming",
    OrderStatus.SHIPPED: "Nothing: it is on its way",
    OrderStatus.REFUNDING: "Nothing: the money is going back",
    OrderStatus.NEEDS_REVIEW: "Look at it",
}


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One thing that happened, whoever wrote it down."""

    at: dt.datetime
    icon: str
    text: str
    actor: str = ""
    is_problem: bool = False


@dataclass(frozen=True, slots=True)
class LineRow:
    """One line as promised: its parts if it is a kit, and how long its sessions are valid."""

    line: OrderLine
    valid_text: str
    parts: list[OrderLinePart]


@dataclass(frozen=True, slots=True)
class MailRow:
    """One mail of an order; `can_resend` once it has gone out or has failed for good."""

    mail: OutboundMail
    subject: str
    can_resend: bool


@dataclass(frozen=True, slots=True)
class Customer:
    """Who bought, and what else they did here."""

    has_account: bool
    order_count: int
    paid: Money
    others: list[Order]


def contents(order: Order) -> str:
    """Say whether an order holds goods, what is not sent, or both."""
    if not order.needs_delivery:
        return "Sessions or gift cards"
    return "Goods and more" if order.packages_minor else "Goods"


def is_urgent(order: Order) -> bool:
    """Tell whether staff have to act before anything else happens."""
    is_waiting = bool(order.pieces_to_pack or order.parcels_waiting)
    is_to_send = order.status == OrderStatus.PAID and is_waiting
    return is_to_send or order.status == OrderStatus.NEEDS_REVIEW


def next_step(order: Order) -> str:
    """Say what staff have to do for an order now; empty once nothing is left."""
    if order.status == OrderStatus.AWAITING_PAYMENT:
        until = f" until {_moment(order.expires_at)}" if order.expires_at else ""
        return f"Nothing: waits for payment{until}"
    if order.status == OrderStatus.REFUNDED and order.parcels_waiting:
        return "Unpack it: it was paid back"
    if order.status != OrderStatus.PAID:
        return _NEXT.get(order.status, "")
    return _next_step_of_goods(order)


def _next_step_of_goods(order: Order) -> str:
    is_pickup = order.delivery_method_kind == DeliveryMethod.Kind.PICKUP
    if order.pieces_to_pack:
        rest = " the rest" if order.fulfilment == Fulfilment.PARTLY else ""
        return f"Put{rest} aside for pick-up" if is_pickup else f"Pack{rest} and send"
    if order.parcels_waiting:
        return "Nothing: waits to be collected" if is_pickup else "Hand it over to the carrier"
    if order.fulfilment == Fulfilment.NOTHING_TO_SEND and order.packages_minor:
        return "Nothing: there is nothing to send"
    return ""


def workspace(order: Order) -> dict[str, Any]:
    """Return all that the order's screen shows: a fixed number of queries, two for each pass."""
    found = list(order.disputes.select_related("booked_as"))
    mails = list(OutboundMail.objects.about(order.reference))
    events = list(order.events.select_related("actor"))
    return {
        "order": order,
        "together": together(order),
        "contents": contents(order),
        "next_step": next_step(order),
        "country": country_name(order.delivery_country) if order.delivery_country else "",
        "lines": [_line_row(line) for line in _lines_of(order)],
        "payments": list(order.payments.all()),
        "refunds": list(
            order.refunds.select_related("by", "payment", "moved_to__order").prefetch_related(
                "lines__line"
            )
        ),
        "disputes": found,
        "is_disputed": any(dispute.is_open for dispute in found),
        "bank_holds_money": any(dispute.holds_money for dispute in found),
        "documents": list(order.invoices.order_by("pk")),
        "withdrawals": list(
            order.withdrawals.filter(decision=None).prefetch_related("lines__line")
        ),
        "returns": returns_of(order),
        "passes": [
            (row, pass_value(row, on=timezone.localdate()))
            for row in passes_of(order).with_balance().select_related("treatment")
        ],
        "mails": [_mail_row(mail, order) for mail in mails],
        "notes": list(order.notes.select_related("by")),
        "tags": list(order.tags.all()),
        "files": list(order.files.defer("data").select_related("by")),
        "items": list(order.items_to_send.select_related("line", "part")),
        "parcels": list(
            order.shipments.with_contents()
            .prefetch_related(
                Prefetch("lines__batches", ParcelBatch.objects.select_related("batch"))
            )
            .select_related("packed_by", "handed_over_by")
        ),
        "timeline": timeline(events, mails, order),
        "customer": customer(order),
    }


def timeline(
    events: Iterable[OrderEvent], mails: Iterable[OutboundMail], order: Order
) -> list[TimelineEntry]:
    """Return events and mails together, the newest first."""
    entries = [
        TimelineEntry(
            at=event.happened_at,
            icon="history",
            text=event.message,
            actor=event.actor.get_full_name() if event.actor else "",
            is_problem=event.kind in {OrderStatus.NEEDS_REVIEW, "MISMATCH", "REFUND_FAILED"},
        )
        for event in events
    ]
    entries += [_mail_entry(mail, order) for mail in mails]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def customer(order: Order) -> Customer:
    """Return what the shop knows of an order's buyer, by account or by address."""
    same = Q(email=order.email)
    if order.user_id:
        same |= Q(user=order.user_id)
    theirs = Order.objects.filter(same)
    figures = theirs.filter(currency=order.currency).aggregate(
        count=Count("pk"), paid=Sum(F("paid_minor") - F("refunded_minor"))
    )
    return Customer(
        has_account=order.user_id is not None,
        order_count=figures["count"],
        paid=Money(figures["paid"] or 0, order.currency),
        others=list(theirs.exclude(pk=order.pk)[:OTHER_ORDERS_SHOWN]),
    )


def _lines_of(order: Order) -> QuerySet[OrderLine]:
    return lines_of(order).select_related("treatment")


def _line_row(line: OrderLine) -> LineRow:
    is_timed = line.validity_days is not None and line.validity_rule
    valid_text = (
        describe_validity(rule=line.validity_rule, days=line.validity_days or 0) if is_timed else ""
    )
    return LineRow(line=line, valid_text=valid_text, parts=list(line.parts.all()))


def _mail_row(mail: OutboundMail, order: Order) -> MailRow:
    is_done = mail.status in {MailStatus.SENT, MailStatus.FAILED}
    return MailRow(mail=mail, subject=_subject(mail, order), can_resend=is_done)


def _mail_entry(mail: OutboundMail, order: Order) -> TimelineEntry:
    subject = _subject(mail, order)
    if mail.status == MailStatus.SENT:
        return TimelineEntry(mail.sent_at or mail.queued_at, "mail", f"Mail sent: {subject}")
    if mail.status == MailStatus.FAILED:
        text = f"Mail failed: {subject}"
        return TimelineEntry(mail.next_try_at, "mail", text, is_problem=True)
    return TimelineEntry(mail.queued_at, "mail", f"Mail waits to be sent: {subject}")


def _subject(mail: OutboundMail, order: Order) -> str:
    pattern = SUBJECTS.get(mail.event, mail.event.replace("_", " ").capitalize())
    return pattern.format(number=order.number)


def _moment(moment: dt.datetime) -> str:
    local = timezone.localtime(moment)
    return dateformat.format(local, "j M, H:i")
