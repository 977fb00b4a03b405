"""Mirror what buyers' banks take back, so that staff see it beside the order."""

from datetime import datetime

from django.db import transaction

from checkout import order_status, stripe_gateway
from checkout.models import Dispute, Order, Payment


def mirror(stripe_dispute_id: str, *, at: datetime) -> Dispute | None:
    """Bring our row to the state of Stripe's dispute; nothing if the payment is not ours."""
    answer = stripe_gateway.fetch_dispute(stripe_dispute_id)
    payment = Payment.objects.filter(payment_intent=answer.payment_intent).first()
    if payment is None:
        return None
    with transaction.atomic():
        order = Order.objects.select_for_update().get(pk=payment.order_id)
        before = Dispute.objects.filter(stripe_dispute_id=answer.id).first()
        if before is not None and before.status == answer.status:
            return before
        dispute, _ = Dispute.objects.update_or_create(
            stripe_dispute_id=answer.id,
            defaults={"status": answer.status, "updated_at": at},
            create_defaults={
                "payment": payment,
                "order": order,
                "amount_minor": answer.amount_minor,
                "currency": answer.currency,
                "status": answer.status,
                "reason": answer.reason,
                "opened_at": answer.opened_at,
                "updated_at": at,
            },
        )
        order_status.record(
            order,
            kind="DISPUTE",
            message=f"Dispute over {answer.reason or 'the payment'}: {answer.status}",
            details={"amount_minor": answer.amount_minor, "dispute": answer.id},
            at=at,
        )
    return dispute
