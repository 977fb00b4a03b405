"""Mirror what buyers' banks take back, and let sessions, goods and books follow."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from checkout import order_status, stripe_gateway
from checkout.disputes import following
from checkout.models import Dispute, Order, Payment
from checkout.models.order import OrderQuerySet


def mirror(stripe_dispute_id: str, *, at: datetime) -> Dispute | None:
    """Bring our row to the state of Stripe's dispute; nothing if the payment is not ours.

    While it is open, the order's sessions are frozen and its parcels stay. Won, both are free
    again; lost, what is left of the sessions goes and the money is booked as gone.
    """
    answer = stripe_gateway.fetch_dispute(stripe_dispute_id)
    payment = Payment.objects.filter(payment_intent=answer.payment_intent).first()
    if payment is None:
        return None
    with transaction.atomic():
        order = Order.objects.select_for_update().get(pk=payment.order_id)
        before = Dispute.objects.filter(stripe_dispute_id=answer.id).first()
        if before is not None and before.status == answer.status:
            Dispute.objects.filter(pk=before.pk).update(due_at=answer.due_at)
            return before
        dispute, _ = Dispute.objects.update_or_create(
            stripe_dispute_id=answer.id,
            defaults={
                "status": answer.status,
                "updated_at": at,
                "due_at": answer.due_at,
            },
            create_defaults={
                "payment": payment,
                "order": order,
                "amount_minor": answer.amount_minor,
                "currency": answer.currency,
                "status": answer.status,
                "reason": answer.reason,
                "opened_at": answer.opened_at,
                "updated_at": at,
                "due_at": answer.due_at,
            },
        )
        order_status.record(
            order,
            kind="DISPUTE",
            message=f"Dispute over {answer.reason or 'the payment'}: {answer.status}",
            details={"amount_minor": answer.amount_minor, "dispute": answer.id},
            at=at,
        )
        following.follow(dispute, order, at=at)
    return dispute


def disputed(orders: OrderQuerySet) -> OrderQuerySet:
    """Keep the orders with a dispute that is not decided."""
    return orders.filter(Exists(Dispute.objects.open().filter(order=OuterRef("pk"))))


def is_disputed(order: Order) -> bool:
    """Tell whether a dispute over an order is not decided."""
    return Dispute.objects.open().filter(order=order).exists()
