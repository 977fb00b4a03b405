"""Compare our books with Stripe's, both ways, and repair what is safe to repair.

It works with every webhook lost: what Stripe could not tell us, we ask for.
"""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial

from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce

from catalog import kits, stock
from catalog.batches import keeping
from checkout import refunds, settlement, stripe_gateway, to_send, webhooks
from checkout.batches import parcels
from checkout.bookkeeping import bookings
from checkout.discounts import using
from checkout.gift_cards import ledger as gift_cards
from checkout.invoices import contradictions
from checkout.models import (
    Order,
    OrderLine,
    Payment,
    PaymentStatus,
    ReconciliationRun,
    Refund,
    RefundStatus,
)
from checkout.stripe_objects import CheckoutSession, StripeRefund

log = logging.getLogger(__name__)

# How far a run looks back behind the last one, and how far the first one looks back.
OVERLAP = timedelta(hours=1)
FIRST_LOOK_BACK = timedelta(days=7)
# A buyer may be paying right now; a session this young is left to its webhook.
LEAVE_ALONE = timedelta(minutes=2)

_UNDECIDED = [PaymentStatus.OPEN, PaymentStatus.CLOSING, PaymentStatus.PROCESSING]
_REFUND_ENDS = {
    "succeeded": RefundStatus.SUCCEEDED,
    "failed": RefundStatus.FAILED,
    "canceled": RefundStatus.FAILED,
}


def sweep(*, at: datetime) -> ReconciliationRun:
    """Run one comparison and keep its outcome.

    :raises stripe_gateway.PaymentServiceUnavailable: if Stripe is away; what was done stays done.
    """
    since = _watermark(at) - OVERLAP
    run = ReconciliationRun.objects.create(started_at=at)
    problems: list[str] = []

    def compare(name: str, look: Callable[[], bool]) -> None:
        run.checked += 1
        run.repaired += _looked(name, look, problems)

    for payment in Payment.objects.filter(
        status__in=_UNDECIDED, created_at__lte=at - LEAVE_ALONE
    ).order_by("created_at"):
        compare(f"Payment {payment}", partial(_settle, payment, at))
    for notice in stripe_gateway.undelivered_notices(sorted(webhooks.ACTIONS), since):
        webhooks.store(notice, at=at)
    for session in stripe_gateway.checkouts_since(since):
        compare(f"Session {session.id}", partial(_compare_session, session, at))
    for answer in stripe_gateway.refunds_since(since):
        compare(f"Refund {answer.id}", partial(_compare_refund, answer, at))
    bookings.read(since=since, until=at)
    run.differences = [*problems, *differences()]
    run.finished_at = at
    run.save()
    if run.differences:
        log.error("Reconciliation found %s differences", len(run.differences))
    return run


def differences() -> Iterator[str]:
    """Yield, in words, every place where our own rows contradict each other."""
    yield from stock.contradictions()
    yield from kits.contradictions()
    yield from _kit_differences()
    yield from to_send.contradictions()
    yield from keeping.contradictions()
    yield from parcels.contradictions()
    yield from contradictions.found()
    yield from using.contradictions()
    yield from gift_cards.contradictions()
    paid = Coalesce(
        Sum("payments__amount_minor", filter=Q(payments__status=PaymentStatus.SUCCEEDED)), 0
    )
    orders = Order.objects.annotate(received=paid).exclude(received=F("paid_minor"))
    for number, ours, received in orders.values_list("number", "paid_minor", "received"):
        yield f"Order {number}: paid {ours}, payments {received}"
    for field, status in (
        ("refunded_minor", RefundStatus.SUCCEEDED),
        ("refund_reserved_minor", RefundStatus.PENDING),
    ):
        refunded = Coalesce(Sum("refunds__amount_minor", filter=Q(refunds__status=status)), 0)
        orders = Order.objects.annotate(rows=refunded).exclude(rows=F(field))
        for number, ours, rows in orders.values_list("number", field, "rows"):
            yield f"Order {number}: {field} {ours}, refunds {rows}"


def _kit_differences() -> Iterator[str]:
    """Yield the lines of kits whose parts do not sum to them."""
    for field, whole in (("gross_minor", "total_minor"), ("vat_minor", "vat_minor")):
        lines = OrderLine.objects.annotate(of_parts=Sum(f"parts__{field}"))
        wrong = lines.exclude(of_parts=None).exclude(of_parts=F(whole))
        for number, sku, ours, rows in wrong.values_list("order__number", "sku", whole, "of_parts"):
            yield f"Order {number}, {sku}: {whole} {ours}, parts {rows}"


def _watermark(at: datetime) -> datetime:
    finished = ReconciliationRun.objects.exclude(finished_at=None).order_by("-started_at")
    last = finished.values_list("started_at", flat=True).first()
    # A clock that was ahead for a while must not make us blind to what happened since.
    return min(last, at) if last else at - FIRST_LOOK_BACK


def _looked(name: str, look: Callable[[], bool], problems: list[str]) -> bool:
    """Compare one thing; what cannot be done with it is noted and holds up none of the others."""
    try:
        return look()
    except stripe_gateway.PaymentServiceUnavailable:
        raise
    except Exception as error:
        log.exception("%s cannot be compared", name)
        problems.append(f"{name}: cannot be compared, {type(error).__name__}")
        return False


def _settle(payment: Payment, at: datetime) -> bool:
    before = payment.status
    try:
        settlement.settle(payment.session_id or "", at=at)
    except stripe_gateway.PaymentServiceRefused as refusal:
        # One session that Stripe does not know must not hold up all the others.
        log.warning("Payment %s cannot be looked up: %s", payment, refusal)
        return False
    payment.refresh_from_db(fields=["status"])
    return payment.status != before


def _compare_session(session: CheckoutSession, at: datetime) -> bool:
    if not session.is_paid:
        return False
    settled = Payment.objects.filter(
        session_id=session.id, status__in=[PaymentStatus.SUCCEEDED, PaymentStatus.MISMATCHED]
    )
    if settled.exists():
        return False
    try:
        settlement.settle(session.id, at=at)
    except settlement.UnknownSession:
        return False
    return True


def _compare_refund(answer: StripeRefund, at: datetime) -> bool:
    known = Refund.objects.filter(stripe_refund_id=answer.id).first()
    if known is not None and known.status == _REFUND_ENDS.get(answer.status, RefundStatus.PENDING):
        return False
    return refunds.mirror_answer(answer, at=at) is not None
