"""Offer an order for payment through Stripe, resume it, and withdraw the offer.

No transaction is open while Stripe is asked: what is about to be asked is committed first, the
answer is stored afterwards, and a crash between the two is healed by asking the same again.
"""

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.urls import reverse

from accounts.models import User
from catalog import stock
from checkout import (
    baskets,
    clearance,
    order_status,
    placement,
    settlement,
    stripe_customers,
    stripe_gateway,
)
from checkout.discounts import using
from checkout.gift_cards import spending
from checkout.models import Basket, Order, OrderStatus, Payment, PaymentStatus
from checkout.placement import (
    PAYMENT_WINDOW,
    RESERVATION_GRACE,
    AlreadyPlaced,
    BuyerDetails,
    SuitabilityMissing,
)
from checkout.session_params import session_params
from checkout.shipping import DeliveryFacts
from checkout.stripe_objects import CheckoutSession

log = logging.getLogger(__name__)

# A session this close to its end is not worth sending a buyer to.
SHORTEST_REMAINDER = timedelta(minutes=2)
# An attempt whose answer never came is repeated under its own key for so long; later a new one
# takes its place, because Stripe also repeats an error under the same key.
REPEAT_WITHIN = timedelta(minutes=1)
WAIT_FOR_TWIN_SECONDS = 3.0
# However often its payment is opened anew, an order holds goods no longer than this.
LONGEST_HOLD = timedelta(hours=3)
SESSION_FORGOTTEN = timedelta(days=1)

_PAYABLE = {
    PaymentStatus.OPENING,
    PaymentStatus.OPEN,
    PaymentStatus.CLOSING,
    PaymentStatus.PROCESSING,
}


@dataclass(frozen=True, slots=True)
class Checkout:
    """A placed order and where it is paid."""

    order: Order
    url: str


class PaymentNotOpened(Exception):
    """The order is placed and kept, but no payment page could be had. Try again."""

    def __init__(self, order: Order) -> None:
        self.order = order
        super().__init__(
            "Our payment service did not answer. Your order is kept; please try again."
        )


class PaymentRejected(PaymentNotOpened):
    """The order is placed, but Stripe does not take it as it is; the same again would not do."""


def check_out(
    *,
    basket: Basket,
    checkout_token: str,
    agreed_total_minor: int,
    details: BuyerDetails,
    user: User | None,
    at: datetime,
    facts: DeliveryFacts | None = None,
    agreed_gift_card_minor: int = 0,
) -> Checkout:
    """Place an order from a basket and open its payment page.

    One that a gift card pays for as a whole is settled at once, and leads to its own page.
    An older unpaid order from the same basket is withdrawn first: one basket is paid once.

    :raises placement.PlacementRefused: if the order cannot be placed; nothing is reserved.
    :raises stock.SoldOut: if a product is gone; nothing is reserved.
    :raises PaymentNotOpened: if the order stands but Stripe did not answer.
    """
    unpaid = Order.objects.filter(basket=basket, status=OrderStatus.AWAITING_PAYMENT)
    for order in unpaid.exclude(
        checkout_token=checkout_token,
        total_minor=agreed_total_minor,
        gift_card_minor=agreed_gift_card_minor,
    ):
        withdraw_older(order, at=at)
    order = placement.place(
        basket=basket,
        checkout_token=checkout_token,
        agreed_total_minor=agreed_total_minor,
        details=details,
        user=user,
        at=at,
        facts=facts,
        agreed_gift_card_minor=agreed_gift_card_minor,
    )
    return Checkout(order=order, url=_open_payment(order, at))


def open_payment(*, order_id: int, at: datetime) -> str:
    """Return the address of an order's payment page, opening one if there is none.

    :raises AlreadyPlaced: if the order no longer awaits payment.
    :raises SuitabilityMissing: if its sessions are not, or no longer, known to suit the buyer; a
        page that stood open can be paid no more.
    :raises PaymentNotOpened: if Stripe did not answer; the order stands and can be tried again.
    :raises PaymentRejected: if Stripe rejects something about it, such as the e-mail address.
    """
    return _open_payment(Order.objects.get(pk=order_id), at)


def _open_payment(order: Order, at: datetime) -> str:
    if order.gift_card_minor and not order.due_minor:
        return _pay_with_card_alone(order, at)
    try:
        stripe_customers.ensure_for_order(order, at=at)
        for payment in _unusable(order, at):
            ended = _end_session(payment, at)
            if ended is not None and ended.status == "complete":
                raise AlreadyPlaced(order)
        payment = _next_attempt(order.pk, at)
        if payment.status == PaymentStatus.OPEN:
            return payment.url
        return _open_session(payment)
    except stripe_gateway.PaymentServiceUnavailable as error:
        raise PaymentNotOpened(order) from error
    except stripe_gateway.PaymentServiceRefused as error:
        raise PaymentRejected(order) from error


def _pay_with_card_alone(order: Order, at: datetime) -> str:
    if order.status != OrderStatus.AWAITING_PAYMENT:
        raise AlreadyPlaced(order)
    settlement.take_gift_card(order.pk, at=at)
    return f"{settings.SITE_URL}{reverse('checkout:landing', args=[order.access_token])}"


def close(
    *, order_id: int, to: OrderStatus, at: datetime, by: User | None = None, message: str = ""
) -> Order:
    """Withdraw an unpaid order: make its session unpayable, then free what was reserved.

    :param to: ``CANCELLED`` or ``EXPIRED``.
    :raises order_status.TransitionRefused: if it is paid, or turns out to be.
    :raises stripe_gateway.PaymentServiceUnavailable: if Stripe did not confirm; nothing is freed.
    :raises stripe_gateway.PaymentServiceRefused: if Stripe will not confirm; nothing is freed.
    """
    order = Order.objects.get(pk=order_id)
    if order.status != OrderStatus.AWAITING_PAYMENT:
        raise order_status.TransitionRefused(order, to)
    end_open(order, at=at)
    with transaction.atomic():
        order = Order.objects.select_for_update().get(pk=order_id)
        if order.status != OrderStatus.AWAITING_PAYMENT or _open_payments(order).exists():
            raise order_status.TransitionRefused(order, to)
        if order.basket_id:
            baskets.renew_token(basket_id=order.basket_id, spent=order.checkout_token, at=at)
        order.payments.filter(status=PaymentStatus.OPENING).update(status=PaymentStatus.CLOSED)
        using.release(order, at=at)
        spending.release(order, at=at)
        stock.release(reference=order.reference)
        order_status.transition(order, to, at=at, by=by, message=message)
    return order


def end_open(order: Order, *, at: datetime) -> None:
    """Make every payment page of an order unpayable; one that was paid is settled instead.

    :raises stripe_gateway.PaymentServiceUnavailable: if Stripe did not confirm.
    :raises stripe_gateway.PaymentServiceRefused: if Stripe will not confirm.
    """
    for payment in _open_payments(order):
        _end_session(payment, at)


def expire_due(*, at: datetime, limit: int = 100) -> int:
    """Expire the orders whose payment window has closed; return how many."""
    due = Order.objects.filter(status=OrderStatus.AWAITING_PAYMENT, expires_at__lte=at)
    expired = 0
    for order_id in due.order_by("expires_at").values_list("pk", flat=True)[:limit]:
        try:
            close(order_id=order_id, to=OrderStatus.EXPIRED, at=at)
            expired += 1
        except (order_status.TransitionRefused, stripe_gateway.PaymentServiceUnavailable):
            # Paid at the last moment, done by another worker, or Stripe is away: the next
            # round looks again.
            continue
        # Neither a session that Stripe does not know nor a wrong count holds up all the others.
        except stripe_gateway.PaymentServiceRefused as refusal:
            log.error("Order %s cannot expire: Stripe refused (%s)", order_id, refusal.code)
        except IntegrityError:
            log.exception("Order %s cannot expire: it was counted wrongly", order_id)
    return expired


def end_unsuitable(*, at: datetime) -> int:
    """End the payment pages of orders that their buyers may not pay for any more; return how many.

    A check has run out, or newer questions have been published; the orders stay and can be paid
    once the check has been taken anew.
    """
    open_payments = Payment.objects.filter(
        status=PaymentStatus.OPEN, order__lines__treatment__questionnaire_versions__isnull=False
    )
    ended = 0
    for payment in open_payments.select_related("order").distinct():
        if not clearance.missing_for_order(payment.order, at=at):
            continue
        try:
            _end_session(payment, at)
            ended += 1
        except (
            stripe_gateway.PaymentServiceUnavailable,
            stripe_gateway.PaymentServiceRefused,
        ) as error:
            log.warning("Payment %s could not be ended: %s", payment, type(error).__name__)
    return ended


def withdraw_older(order: Order, *, at: datetime, by: User | None = None) -> None:
    """Withdraw an unpaid order that another one of the same basket replaces.

    :raises PaymentNotOpened: if Stripe did not confirm that it can be paid no more.
    """
    try:
        close(
            order_id=order.pk,
            to=OrderStatus.CANCELLED,
            at=at,
            by=by,
            message="Replaced by a newer order from the same basket",
        )
    except order_status.TransitionRefused:
        return  # Paid or gone meanwhile; placing then finds the basket changed.
    except (
        stripe_gateway.PaymentServiceUnavailable,
        stripe_gateway.PaymentServiceRefused,
    ) as error:
        raise PaymentNotOpened(order) from error


def _open_payments(order: Order) -> QuerySet[Payment]:
    return order.payments.filter(status__in=[PaymentStatus.OPEN, PaymentStatus.CLOSING])


def _unusable(order: Order, at: datetime) -> list[Payment]:
    """Sessions that must end before another may be opened: too old, or for other details.

    All of them, if the buyer may not pay for the order as it stands.
    """
    open_payments = _open_payments(order).select_related("order")
    if open_payments and clearance.missing_for_order(order, at=at):
        return list(open_payments)
    return [
        payment
        for payment in open_payments
        if payment.status == PaymentStatus.CLOSING
        or payment.expires_at < at + SHORTEST_REMAINDER
        or payment.params != _params(payment.order, payment)
    ]


def _end_session(payment: Payment, at: datetime) -> CheckoutSession | None:
    """Make a session unpayable and note it; a paid one is settled instead."""
    Payment.objects.filter(pk=payment.pk, status=PaymentStatus.OPEN).update(
        status=PaymentStatus.CLOSING
    )
    try:
        session = stripe_gateway.expire_checkout(payment.session_id or "")
    except stripe_gateway.PaymentServiceRefused as refusal:
        if refusal.code != "resource_missing" or at < payment.expires_at + SESSION_FORGOTTEN:
            raise
        # A session that Stripe has not got, long after its end, can be paid by nobody.
        Payment.objects.filter(pk=payment.pk).update(status=PaymentStatus.CLOSED)
        return None
    settlement.apply(session, at=at)
    return session


def _next_attempt(order_id: int, at: datetime) -> Payment:
    """Return the payment to send the buyer to, or to ask Stripe for; committed before asking."""
    with transaction.atomic():
        orders = Order.objects.select_for_update().prefetch_related("lines")
        order = orders.get(pk=order_id)
        if order.status != OrderStatus.AWAITING_PAYMENT:
            raise AlreadyPlaced(order)
        if missing := clearance.missing_for_order(order, at=at):
            raise SuitabilityMissing(missing)
        attempts = list(order.payments.all())
        current = next((attempt for attempt in attempts if attempt.status in _PAYABLE), None)
        if current is not None:
            is_fresh = at - current.created_at <= REPEAT_WITHIN
            is_same = current.params == _params(order, current)
            if current.status != PaymentStatus.OPENING or (is_fresh and is_same):
                return current
            Payment.objects.filter(pk=current.pk).update(status=PaymentStatus.CLOSED)
        return _new_attempt(order, len(attempts) + 1, at)


def _new_attempt(order: Order, attempt: int, at: datetime) -> Payment:
    if at > (order.held_until or order.placed_at + LONGEST_HOLD):
        raise AlreadyPlaced(order)  # Its goods are others' turn now; the worker lets them go.
    expires_at = at + PAYMENT_WINDOW
    kept_until = max(expires_at, order.held_until or expires_at)
    if order.expires_at != kept_until:  # Placed this very moment, it and its goods wait so long.
        order.expires_at = kept_until
        order.save(update_fields=["expires_at"])
        stock.extend(reference=order.reference, expires_at=kept_until + RESERVATION_GRACE)
    payment = Payment(
        order=order,
        attempt=attempt,
        idempotency_key=f"{order.number}-attempt-{attempt}",
        amount_minor=order.due_minor,
        currency=order.currency,
        created_at=at,
        expires_at=expires_at,
    )
    payment.params = _params(order, payment)
    payment.save(force_insert=True)
    return payment


def _params(order: Order, payment: Payment) -> Mapping[str, Any]:
    return session_params(
        order,
        list(order.lines.all()),
        key=payment.idempotency_key,
        expires_at=payment.expires_at,
        customer_id=stripe_customers.known_id(order),
    )


def _open_session(payment: Payment) -> str:
    try:
        session = stripe_gateway.open_checkout(
            params=payment.params, idempotency_key=payment.idempotency_key
        )
    except stripe_gateway.PaymentServiceBusy:
        return _wait_for_twin(payment)
    except stripe_gateway.PaymentServiceRefused as refusal:
        # Only the code: the sentence may repeat what the buyer typed.
        log.error("Stripe refused to open payment %s: %s", payment, refusal.code or "no code")
        Payment.objects.filter(pk=payment.pk, status=PaymentStatus.OPENING).update(
            status=PaymentStatus.FAILED
        )
        if refusal.code == "resource_missing" and "customer" in payment.params:
            stripe_customers.forget(payment.params["customer"])
        raise
    stored = Payment.objects.filter(pk=payment.pk, status=PaymentStatus.OPENING).update(
        status=PaymentStatus.OPEN, session_id=session.id, url=session.url
    )
    if not stored:
        return _url_or_end(payment, session.id)
    return session.url


def _url_or_end(payment: Payment, session_id: str) -> str:
    """Another request stored the same session, or the order was withdrawn meanwhile."""
    payment.refresh_from_db()
    if payment.status == PaymentStatus.OPEN:
        return payment.url
    stripe_gateway.expire_checkout(session_id)
    raise AlreadyPlaced(payment.order)


def _wait_for_twin(payment: Payment) -> str:
    """A second click waits for the answer that the first one is getting."""
    deadline = time.monotonic() + WAIT_FOR_TWIN_SECONDS
    while time.monotonic() < deadline:
        time.sleep(0.1)
        payment.refresh_from_db()
        if payment.url:
            return payment.url
    raise stripe_gateway.PaymentServiceUnavailable("the first click has no answer yet")
