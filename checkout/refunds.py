"""Money back: written here first, sent to Stripe afterwards, and mirrored from there.

The sum of refunds is kept within what was paid by one conditional update and a constraint.
"""

import logging
import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from accounts.models import User
from checkout import emails, order_status, refund_lines, stripe_gateway, to_send
from checkout.gift_cards import sold, spending
from checkout.invoices import issuing
from checkout.models import (
    Dispute,
    Order,
    OrderStatus,
    Payment,
    PaymentWay,
    Refund,
    RefundStatus,
)
from checkout.refund_lines import NOTHING_NAMED, Wanted
from checkout.stripe_objects import StripeRefund
from money.money import Money

log = logging.getLogger(__name__)

RETRY_AFTER = timedelta(minutes=1)
# Stripe forgets an idempotency key after a day: https://docs.stripe.com/api/idempotent_requests
KEY_LIFE = timedelta(hours=23)
CLOCKS_DISAGREE = timedelta(hours=1)
# What Stripe calls a refund that has not reached its end: https://docs.stripe.com/refunds
_ENDED_WELL = "succeeded"
_ENDED_BADLY = {"failed", "canceled"}


class RefundRefused(Exception):
    """So much cannot go back; nothing was written."""


class RefundTooLarge(RefundRefused):
    """More was to go back than is left of what was paid; nothing was written."""

    def __init__(self, order: Order, amount_minor: int) -> None:
        amount = Money(amount_minor, order.currency)
        super().__init__(f"Order {order.number} has less than {amount} left to refund.")


class CardsSpent(RefundRefused):
    """More was to go back for gift cards than is left on them; nothing was written."""

    def __init__(self, order: Order, missing_minor: int) -> None:
        missing = Money(missing_minor, order.currency)
        super().__init__(
            f"{missing} of what would go back is for gift cards of {order.number} and was spent, or"
            " is held for an order. Pay back what is left on them, or name the other lines.",
        )


class PaymentDisputed(Exception):
    """The buyer's bank holds the payment: paid back now, it could be gone twice."""

    def __init__(self, order: Order) -> None:
        super().__init__(
            f"The buyer's bank disputes the payment of {order.number} and holds the money. Nothing"
            " is paid back until it has decided: if we lose, the buyer has it from the bank."
        )


def demand_undisputed(order: Order) -> None:
    """Refuse to pay back what a bank holds.

    :raises PaymentDisputed: if a dispute over a payment of the order is not decided.
    """
    if order.disputes.holding_money().exists():
        raise PaymentDisputed(order)


def request(
    *,
    payment: Payment,
    amount_minor: int,
    reason: str,
    by: User | None,
    at: datetime,
    wanted: Wanted = NOTHING_NAMED,
) -> Refund:
    """Decide a refund: hold its amount against the order and write it down to be sent.

    :param amount_minor: minor units of the payment's currency.
    :param wanted: what it is for; nothing named falls on everything that is left.
    :raises RefundTooLarge: if less than that is left of what was paid.
    :raises CardsSpent: if it falls on gift cards that have less than that left.
    """
    with transaction.atomic():
        held = Order.objects.filter(
            pk=payment.order_id,
            paid_minor__gte=F("refunded_minor") + F("refund_reserved_minor") + amount_minor,
        ).update(refund_reserved_minor=F("refund_reserved_minor") + amount_minor)
        order = Order.objects.get(pk=payment.order_id)
        if not held:
            raise RefundTooLarge(order, amount_minor)
        refund = Refund.objects.create(
            payment=payment,
            order=order,
            amount_minor=amount_minor,
            currency=payment.currency,
            idempotency_key=f"refund-{secrets.token_hex(16)}",
            reason=reason,
            by=by,
            created_at=at,
            next_try_at=at,
        )
        refund_lines.write(refund, wanted)
        if missing := sold.take_back(refund, at=at):
            raise CardsSpent(order, missing)
        order_status.record(
            order,
            kind="REFUND_REQUESTED",
            message=f"Refund decided: {reason}",
            details={"amount_minor": amount_minor, "refund": refund.idempotency_key},
            at=at,
            by=by,
        )
    return refund


def book_lost(dispute: Dispute, *, at: datetime) -> Refund | None:
    """Book what a bank took for good as money that went back, once; no mail goes out.

    No more than is left of what was paid: if the bank took more, a person looks at the order.
    The caller has locked the order.
    """
    order = Order.objects.get(pk=dispute.order_id)
    if dispute.booked_as_id is not None:
        return dispute.booked_as
    free = order.paid_minor - order.refunded_minor - order.refund_reserved_minor
    amount_minor = min(dispute.amount_minor, free)
    if amount_minor < dispute.amount_minor:
        _set_aside(order, "A bank took more for a dispute than was left of the payment", at)
    if amount_minor < 1:
        return None
    refund = Refund.objects.create(
        payment=dispute.payment,
        order=order,
        amount_minor=amount_minor,
        currency=dispute.currency,
        status=RefundStatus.PENDING,
        idempotency_key=f"dispute-{dispute.stripe_dispute_id}",
        reason="The buyer's bank took the payment back",
        created_at=at,
        next_try_at=at,
    )
    refund_lines.write(refund, NOTHING_NAMED)
    sold.take_back(refund, at=at)
    Order.objects.filter(pk=order.pk).update(
        refund_reserved_minor=F("refund_reserved_minor") + amount_minor
    )
    dispute.booked_as = refund
    dispute.save(update_fields=["booked_as"])
    end(refund.pk, RefundStatus.SUCCEEDED, failure="", stripe_id=None, at=at, is_told=False)
    return refund


def unbook_lost(dispute: Dispute, *, at: datetime) -> None:
    """Take the booking of a lost dispute back, because the bank found for the shop after all."""
    if dispute.booked_as_id is not None:
        words = "The bank gave the payment back after all"
        end(dispute.booked_as_id, RefundStatus.FAILED, failure=words, stripe_id=None, at=at)


def send_due(*, at: datetime, limit: int = 50) -> int:
    """Send the refunds that Stripe has not been told of, and ask after unfinished ones.

    What a gift card paid is put back onto it.

    What was paid into the hands of staff goes back the same way: `selling.handing_back`.

    One that breaks holds up no other, and is due again at once: it is heard of until it is mended.

    :raises Exception: what the last of those that broke raised, after all others were sent.
    """
    due = Refund.objects.by_itself().filter(status=RefundStatus.PENDING, next_try_at__lte=at)
    finished, failure = 0, None
    for refund in due.select_related("payment").order_by("next_try_at")[:limit]:
        claimed = Refund.objects.filter(pk=refund.pk, next_try_at=refund.next_try_at).update(
            next_try_at=at + RETRY_AFTER
        )
        if not claimed:
            continue
        try:
            finished += send(refund, at=at)
        except stripe_gateway.PaymentServiceUnavailable:
            log.warning("Refund %s was not sent; it is tried again", refund.idempotency_key)
        except Exception as problem:
            log.exception("Refund %s broke; it is tried again", refund.idempotency_key)
            Refund.objects.filter(pk=refund.pk, next_try_at=at + RETRY_AFTER).update(next_try_at=at)
            failure = problem
    if failure is not None:
        raise failure
    return finished


def send(refund: Refund, *, at: datetime) -> bool:
    """Tell Stripe of one refund, or ask how it stands; return whether it has ended.

    :raises stripe_gateway.PaymentServiceUnavailable: if no answer came; safe to repeat.
    """
    if refund.payment.bearer.way == PaymentWay.GIFT_CARD:
        end(refund.pk, RefundStatus.SUCCEEDED, failure="", stripe_id=None, at=at)
        return True
    try:
        if refund.stripe_refund_id:
            answer = stripe_gateway.fetch_refund(refund.stripe_refund_id)
        else:
            answer = _sent_long_ago(refund, at) or stripe_gateway.refund(
                payment_intent=refund.payment.bearer.payment_intent or "",
                amount_minor=refund.amount_minor,
                metadata={"refund": refund.idempotency_key, "order": refund.order.number},
                idempotency_key=refund.idempotency_key,
            )
    except stripe_gateway.PaymentServiceRefused as refusal:
        if refund.stripe_refund_id:  # Stripe has it, whatever it says to this question.
            log.error("Refund %s cannot be read: %s", refund.idempotency_key, refusal.code)
            return False
        end(refund.pk, RefundStatus.FAILED, failure=str(refusal), stripe_id=None, at=at)
        return True
    return _take_answer(refund, answer, at)


def _sent_long_ago(refund: Refund, at: datetime) -> StripeRefund | None:
    """Find what an early try made whose answer was lost: its key repeats nothing any more."""
    if at - refund.created_at < KEY_LIFE:
        return None
    made = stripe_gateway.refunds_since(refund.created_at - CLOCKS_DISAGREE)
    is_ours = (answer for answer in made if answer.metadata.get("refund") == refund.idempotency_key)
    return next(is_ours, None)


def mirror(stripe_refund_id: str, *, at: datetime) -> Refund | None:
    """Bring our row to the state of Stripe's refund; one made in Stripe's Dashboard gets a row.

    Returns nothing if the refund belongs to a payment that is not this shop's.
    """
    answer = stripe_gateway.fetch_refund(stripe_refund_id)
    return mirror_answer(answer, at=at)


def mirror_answer(answer: StripeRefund, *, at: datetime) -> Refund | None:
    """Mirror a refund that was just read from Stripe."""
    refund = (
        Refund.objects.filter(stripe_refund_id=answer.id).first()
        or Refund.objects.filter(idempotency_key=answer.metadata.get("refund", "")).first()
        or _adopt(answer, at)
    )
    if refund is not None:
        _take_answer(refund, answer, at)
        refund.refresh_from_db()
    return refund


def _adopt(answer: StripeRefund, at: datetime) -> Refund | None:
    """Write down a refund that somebody made in Stripe's Dashboard."""
    payment = Payment.objects.filter(payment_intent=answer.payment_intent).first()
    if payment is None or answer.status in _ENDED_BADLY:
        return None
    with transaction.atomic():
        order = Order.objects.select_for_update().get(pk=payment.order_id)
        refund, is_new = Refund.objects.get_or_create(
            stripe_refund_id=answer.id,
            defaults={
                "payment": payment,
                "order": order,
                "amount_minor": answer.amount_minor,
                "currency": answer.currency,
                "idempotency_key": f"dashboard-{answer.id}",
                "reason": "Made in Stripe's Dashboard",
                "created_at": at,
                "next_try_at": at + RETRY_AFTER,
            },
        )
        if not is_new:
            return refund
        free = order.paid_minor - order.refunded_minor - order.refund_reserved_minor
        if answer.amount_minor > free:
            # Ours and the Dashboard's together exceed the payment: one of ours will be refused.
            problem = f"Refund {answer.id} from the Dashboard exceeds what is left"
            _set_aside(order, problem, at)
            Refund.objects.filter(pk=refund.pk).update(
                status=RefundStatus.FAILED, failure=problem, finished_at=at
            )
            return None
        order.refund_reserved_minor += answer.amount_minor
        order.save(update_fields=["refund_reserved_minor"])
        refund_lines.write(refund, NOTHING_NAMED)
        if sold.take_back(refund, at=at):
            _set_aside(order, f"Refund {answer.id} pays back gift cards that were spent", at)
        order_status.record(
            order,
            kind="REFUND_FOUND",
            message="A refund was made in Stripe's Dashboard",
            details={"amount_minor": answer.amount_minor, "refund": answer.id},
            at=at,
        )
    return refund


def _set_aside(order: Order, problem: str, at: datetime) -> None:
    log.error("Order %s needs review: %s", order.number, problem)
    if order.status == OrderStatus.NEEDS_REVIEW:  # Somebody looks at it already.
        order_status.record(order, kind=OrderStatus.NEEDS_REVIEW, message=problem, at=at)
        return
    order_status.transition(
        order, OrderStatus.NEEDS_REVIEW, at=at, review_reason=problem, message=problem
    )


def _take_answer(refund: Refund, answer: StripeRefund, at: datetime) -> bool:
    if answer.status == _ENDED_WELL:
        end(refund.pk, RefundStatus.SUCCEEDED, failure="", stripe_id=answer.id, at=at)
        return True
    if answer.status in _ENDED_BADLY:
        failure = answer.failure or answer.status
        end(refund.pk, RefundStatus.FAILED, failure=failure, stripe_id=answer.id, at=at)
        return True
    Refund.objects.filter(pk=refund.pk, stripe_refund_id=None).update(stripe_refund_id=answer.id)
    return False


def end(
    refund_id: int,
    status: RefundStatus,
    *,
    failure: str,
    stripe_id: str | None,
    at: datetime,
    is_told: bool = True,
) -> None:
    """Move a refund to an end; one that succeeded can still fail later, never the reverse.

    :param is_told: whether the buyer gets a mail once it has arrived.
    """
    order_id = Refund.objects.values_list("order_id", flat=True).get(pk=refund_id)
    with transaction.atomic():
        order = Order.objects.select_for_update().get(pk=order_id)
        refund = Refund.objects.select_for_update().get(pk=refund_id)
        if refund.status in {status, RefundStatus.FAILED}:
            return
        if refund.status == RefundStatus.PENDING:
            order.refund_reserved_minor -= refund.amount_minor
            order.refunded_minor += refund.amount_minor if not failure else 0
        else:
            order.refunded_minor -= refund.amount_minor
        order.save(update_fields=["refund_reserved_minor", "refunded_minor"])
        refund.status, refund.failure, refund.finished_at = status, failure[:400], at
        refund.stripe_refund_id = stripe_id or refund.stripe_refund_id
        refund.save()
        _after_end(order, refund, at, is_told=is_told)


def _after_end(order: Order, refund: Refund, at: datetime, *, is_told: bool) -> None:
    details = {"amount_minor": refund.amount_minor, "refund": refund.idempotency_key}
    if refund.status == RefundStatus.FAILED:
        log.error("Refund %s of order %s failed", refund.idempotency_key, order.number)
        order_status.record(
            order,
            kind="REFUND_FAILED",
            message=f"Refund failed: {refund.failure}",
            details=details,
            at=at,
        )
        _set_aside(order, f"A refund failed: {refund.failure}"[:400], at)
        issuing.take_back(refund, at=at)
        sold.give_back(refund, at=at)
        return
    spending.pay_back(refund, at=at)
    message = "Refund sent" if is_told else "Booked as lost"
    if refund.moved_to_id is not None:
        message = "It went into what was taken for a gift"
    order_status.record(
        order,
        kind="REFUNDED_AMOUNT",
        message=message,
        details=details,
        at=at,
    )
    was_late = order.status == OrderStatus.REFUNDING
    is_whole = order.refunded_minor == order.paid_minor
    if is_whole and order.status not in {OrderStatus.NEEDS_REVIEW, OrderStatus.REFUNDED}:
        order_status.transition(order, OrderStatus.REFUNDED, at=at)
    if is_whole:
        to_send.call_off_the_rest(order, name=refund.idempotency_key, by=refund.by, at=at)
    if is_told:
        event = emails.LATE_PAYMENT_REFUNDED if was_late else emails.ORDER_REFUNDED
        emails.queue(order, event, at=at, key=refund.idempotency_key, refund=refund.pk)
    issuing.credit(refund, at=at)
