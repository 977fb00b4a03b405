"""Which mails an order causes, and what each of them says."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse

from catalog.models import OfferKind
from checkout.discounts.shown import lines_of
from checkout.models import Order, PaymentWay, Refund, Return, Shipment, Withdrawal
from checkout.models.payment import BY_HAND
from money.money import Money
from outbox import mail

ORDER_RECEIVED = "order_received"
ORDER_TO_PAY = "order_to_pay"
ORDER_PAID = "order_paid"
ORDER_CANCELLED = "order_cancelled"
ORDER_REFUNDED = "order_refunded"
LATE_PAYMENT_REFUNDED = "late_payment_refunded"
ORDER_SENT = "order_sent"
READY_TO_COLLECT = "ready_to_collect"
WITHDRAWAL_RECEIVED = "withdrawal_received"
RETURN_ASKED = "return_asked"
RETURN_APPROVED = "return_approved"
RETURN_REJECTED = "return_rejected"
RETURN_EXCHANGED = "return_exchanged"

SUBJECTS: Mapping[str, str] = {
    ORDER_RECEIVED: "We have your order {number}",
    ORDER_TO_PAY: "Your order {number}: look at it and pay",
    ORDER_PAID: "Thank you: order {number} is paid",
    ORDER_CANCELLED: "Order {number} was cancelled",
    ORDER_REFUNDED: "Your refund for order {number}",
    ORDER_SENT: "Your order {number} is on its way",
    READY_TO_COLLECT: "Your order {number} is ready to collect",
    WITHDRAWAL_RECEIVED: "We have received your withdrawal from order {number}",
    RETURN_ASKED: "We have your return of order {number}",
    RETURN_APPROVED: "Please send your goods of order {number} back",
    RETURN_REJECTED: "About your return of order {number}",
    RETURN_EXCHANGED: "Your exchange for order {number} is being packed",
    LATE_PAYMENT_REFUNDED: "Sorry: we are sending your money back for order {number}",
}


def queue(order: Order, event: str, *, at: datetime, key: str = "", **context: int) -> bool:
    """Write a mail about an order into the caller's transaction, once per event and key."""
    return mail.queue(
        effect_key=":".join(filter(None, [order.reference, event, key])),
        event=event,
        to=order.email,
        reference=order.reference,
        context={"event": event, "order": order.pk, **context},
        at=at,
    )


def render(context: Mapping[str, Any]) -> mail.RenderedMail:
    """Write the mail that a context of ids stands for."""
    order = Order.objects.select_related("amends").get(pk=context["order"])
    refunds = Refund.objects.select_related("payment")
    refund = refunds.filter(pk=context.get("refund", 0)).first()
    parcels = Shipment.objects.with_contents()
    returns = Return.objects.select_related("replacement").prefetch_related("lines__line")
    returned = returns.filter(pk=context.get("return", 0)).first()
    event = context["event"]
    lines = list(lines_of(order))
    return mail.render(
        event=event,
        subject=SUBJECTS[event].format(number=order.number),
        context={
            "order": order,
            "lines": lines,
            "has_sessions": any(line.sessions for line in lines),
            "has_cards": any(line.kind == OfferKind.GIFT_CARD for line in lines),
            "shipment": parcels.filter(pk=context.get("shipment", 0)).first(),
            "withdrawal": _withdrawals().filter(pk=context.get("withdrawal", 0)).first(),
            "returned": returned,
            "return_url": _return_url(order, returned),
            "refund_amount": Money(refund.amount_minor, refund.currency) if refund else None,
            "handed_back": bool(refund and refund.payment.bearer.way in BY_HAND),
            "onto_card": _card_of(refund),
            "paid_by_gift": event == ORDER_PAID and _is_paid_by_gift(order),
            "was_gift": bool(refund and refund.payment.way == PaymentWay.GIFT),
            "order_url": settings.SITE_URL + reverse("checkout:order", args=[order.access_token]),
        },
    )


def _card_of(refund: Refund | None) -> str:
    """Return how the gift card is written that a refund went back onto; empty if none."""
    payment = refund.payment.bearer if refund else None
    return payment.reference if payment and payment.way == PaymentWay.GIFT_CARD else ""


def _is_paid_by_gift(order: Order) -> bool:
    return order.payments.filter(way=PaymentWay.GIFT).exists()


def _return_url(order: Order, returned: Return | None) -> str:
    if returned is None:
        return ""
    path = reverse("checkout:return", args=[order.access_token, returned.pk])
    return f"{settings.SITE_URL}{path}"


def _withdrawals() -> QuerySet[Withdrawal]:
    return Withdrawal.objects.prefetch_related("lines__line")


def register() -> None:
    """Tell the outbox who writes the mails of this room."""
    for event in SUBJECTS:
        mail.register_renderer(event, render)
