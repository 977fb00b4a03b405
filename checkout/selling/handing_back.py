"""Money that staff took goes back through their hands too; it is decided as every refund is."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from checkout import order_status, refunds
from checkout.models import Order, PaymentWay, Refund, RefundStatus
from checkout.models.payment import BY_HAND
from checkout.selling.taking import LONGEST_REFERENCE, ReferenceMissing
from money.money import Money


class NotByHand(Exception):
    """Stripe pays this one back, or it goes onto a gift card; nobody hands it out."""

    def __init__(self) -> None:
        super().__init__(
            "This was paid through Stripe or with a gift card, and goes back there by itself."
        )


class AlreadyBack(Exception):
    """The money is back already."""

    def __init__(self) -> None:
        super().__init__("This money was handed back before. Nothing was changed.")


def hand_back(*, refund_id: int, reference: str, by: User, at: datetime) -> Refund:
    """Write down that the money of a decided refund was handed back.

    :param reference: the number on the receipt, or on the terminal's slip.
    :raises ReferenceMissing: if there is none.
    :raises NotByHand: if it was paid through Stripe or with a gift card.
    :raises AlreadyBack: if it was handed back before.
    """
    said = " ".join(reference.split())[:LONGEST_REFERENCE]
    if not said:
        raise ReferenceMissing
    order_id = Refund.objects.values_list("order_id", flat=True).get(pk=refund_id)
    with transaction.atomic():
        order = Order.objects.select_for_update().get(pk=order_id)
        refund = (
            Refund.objects.select_for_update(of=["self"])
            .select_related("payment")
            .get(pk=refund_id)
        )
        if refund.payment.bearer.way not in BY_HAND:
            raise NotByHand
        if refund.status != RefundStatus.PENDING:
            raise AlreadyBack
        Refund.objects.filter(pk=refund.pk).update(reference=said, handed_back_by=by)
        way = PaymentWay(refund.payment.bearer.way).label.lower()
        amount = Money(refund.amount_minor, refund.currency)
        order_status.record(
            order, kind="HANDED_BACK", message=f"{amount} handed back: {way}, {said}", at=at, by=by
        )
        refunds.end(refund.pk, RefundStatus.SUCCEEDED, failure="", stripe_id=None, at=at)
    refund.refresh_from_db()
    return refund
