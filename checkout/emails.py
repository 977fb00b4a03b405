"""Which mails an order causes, and what each of them says."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from checkout.models import Order, Refund
from money.money import Money
from outbox import mail

ORDER_RECEIVED = "order_received"
ORDER_PAID = "order_paid"
ORDER_CANCELLED = "order_cancelled"
ORDER_REFUNDED = "order_refunded"
LATE_PAYMENT_REFUNDED = "late_payment_refunded"

SUBJECTS: Mapping[str, str] = {
    ORDER_RECEIVED: "We have your order {number}",
    ORDER_PAID: "Thank you: order {number} is paid",
    ORDER_CANCELLED: "Order {number} was cancelled",
    ORDER_REFUNDED: "Your refund for order {number}",
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
    order = Order.objects.prefetch_related("lines__parts").get(pk=context["order"])
    refund = Refund.objects.filter(pk=context.get("refund", 0)).first()
    event = context["event"]
    return mail.render(
        event=event,
        subject=SUBJECTS[event].format(number=order.number),
        context={
            "order": order,
            "lines": list(order.lines.all()),
            "refund_amount": Money(refund.amount_minor, refund.currency) if refund else None,
            "order_url": settings.SITE_URL + reverse("checkout:order", args=[order.access_token]),
        },
    )


def register() -> None:
    """Tell the outbox who writes the mails of this room."""
    for event in SUBJECTS:
        mail.register_renderer(event, render)
