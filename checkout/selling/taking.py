"""Take money for an order into one's own hands: cash, or a card at the clinic's terminal."""

from datetime import datetime
from typing import Final

from django.db import transaction

from accounts.models import User
from checkout import clearance, order_status, payments, settlement, stripe_gateway
from checkout.models import Basket, Order, OrderStatus, Payment, PaymentStatus, PaymentWay
from checkout.models.payment import BY_HAND
from money.money import Money
from treatments.models import Treatment

LONGEST_REFERENCE: Final = 60


class TakingRefused(Exception):
    """No money was taken; the message says why."""


class NotToBePaid(TakingRefused):
    """The order is paid already, being paid, or given up."""

    def __init__(self, order: Order) -> None:
        super().__init__(
            f"Order {order.number} is {order.get_status_display().lower()}: take no money for it."
        )


class ReferenceMissing(TakingRefused):
    """Nobody finds money again in the books without what the paper says."""

    def __init__(self) -> None:
        super().__init__("Write down the number of the receipt or of the terminal's slip.")


class CheckMissing(TakingRefused):
    """Sessions are paid by whoever they suit; here nobody has looked."""

    def __init__(self, treatments: list[Treatment]) -> None:
        names = " and ".join(treatment.name for treatment in treatments)
        super().__init__(
            f"Take no money yet: {names} needs the suitability check first. Send the link: the"
            " buyer finds the check on top of its page, on a phone too. Then take the money here."
        )


class PageNotClosed(TakingRefused):
    """The order might be paid twice: its payment page could not be closed."""

    def __init__(self) -> None:
        super().__init__("Stripe did not confirm that its page is closed. Try again in a minute.")


def take(*, order_id: int, way: PaymentWay, reference: str, by: User, at: datetime) -> Payment:
    """Write down that an order was paid in full into somebody's hands.

    Its payment page at Stripe is closed first. Twice does it once: then it is paid already.

    :param reference: the number on the receipt, or on the terminal's slip.
    :raises TakingRefused: if it cannot be; nothing was changed.
    """
    said = " ".join(reference.split())[:LONGEST_REFERENCE]
    if way not in BY_HAND or not said:
        raise ReferenceMissing
    order = Order.objects.get(pk=order_id)
    _refuse_unpayable(order, at)
    try:
        payments.end_open(order, at=at)
    except (
        stripe_gateway.PaymentServiceUnavailable,
        stripe_gateway.PaymentServiceRefused,
    ) as error:
        raise PageNotClosed from error
    with transaction.atomic():
        order = Order.objects.select_for_update().get(pk=order_id)
        if order.basket_id:
            Basket.objects.select_for_update().filter(pk=order.basket_id).first()
        _refuse_unpayable(order, at)
        return _take(order, way, said, by=by, at=at)


def _refuse_unpayable(order: Order, at: datetime) -> None:
    is_processing = order.payments.filter(status=PaymentStatus.PROCESSING).exists()
    if order.status != OrderStatus.AWAITING_PAYMENT or is_processing:
        raise NotToBePaid(order)
    if missing := clearance.missing_for_order(order, at=at):
        raise CheckMissing(missing)


def _take(order: Order, way: PaymentWay, reference: str, *, by: User, at: datetime) -> Payment:
    # A page that was asked for and never came is ended by whoever hears of it.
    order.payments.filter(status=PaymentStatus.OPENING).update(status=PaymentStatus.CLOSED)
    if order.payments.filter(status__in=[PaymentStatus.OPEN, PaymentStatus.CLOSING]).exists():
        raise PageNotClosed
    attempt = order.payments.count() + 1
    payment = Payment.objects.create(
        order=order,
        attempt=attempt,
        idempotency_key=f"{order.number}-attempt-{attempt}",
        params={},
        amount_minor=order.due_minor,
        currency=order.currency,
        created_at=at,
        expires_at=at,
        way=way,
        reference=reference,
        taken_by=by,
    )
    amount = Money(payment.amount_minor, payment.currency)
    order_status.record(
        order,
        kind="TAKEN_BY_HAND",
        message=f"{amount} taken: {way.label.lower()}, {reference}",
        at=at,
        by=by,
    )
    settlement.take_by_hand(order, payment, at=at)
    return payment
