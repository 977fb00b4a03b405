"""Stripe's notices: verify, store, answer; then, apart from that, act.

A notice is only a hint that something happened. Whatever it is about is read from Stripe again
before anything is done, so that age, order and repetition of notices do not matter.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from checkout import disputes, refunds, settlement, stripe_gateway
from checkout.models import StripeEvent
from checkout.stripe_objects import Notice

log = logging.getLogger(__name__)

MAX_BODY_BYTES = 256 * 1024
LEASE = timedelta(minutes=1)
RETRY_AFTER = [timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 60, 240, 720)]

ACTIONS: dict[str, Callable[..., object]] = {
    "checkout.session.completed": settlement.settle,
    "checkout.session.async_payment_succeeded": settlement.settle,
    "checkout.session.async_payment_failed": settlement.settle,
    "checkout.session.expired": settlement.settle,
    "refund.created": refunds.mirror,
    "refund.updated": refunds.mirror,
    "refund.failed": refunds.mirror,
    "charge.dispute.created": disputes.mirror,
    "charge.dispute.updated": disputes.mirror,
    "charge.dispute.closed": disputes.mirror,
    "charge.dispute.funds_withdrawn": disputes.mirror,
    "charge.dispute.funds_reinstated": disputes.mirror,
}


def receive(*, body: bytes, signature: str, at: datetime) -> bool:
    """Store a verified notice; return whether it is new.

    :raises stripe_gateway.NoticeForged: if it is too large or not Stripe's word; nothing is kept.
    """
    if len(body) > MAX_BODY_BYTES:
        raise stripe_gateway.NoticeForged("too large")
    return store(stripe_gateway.read_notice(body=body, signature=signature, at=at), at=at)


def store(notice: Notice, *, at: datetime) -> bool:
    """Put a notice into the inbox once; types that nothing acts on are not kept."""
    if notice.type not in ACTIONS:
        return False
    event = StripeEvent(
        stripe_id=notice.id,
        type=notice.type,
        object_id=notice.object_id,
        livemode=notice.livemode,
        received_at=at,
        next_try_at=at,
    )
    StripeEvent.objects.bulk_create([event], ignore_conflicts=True)
    return StripeEvent.objects.filter(stripe_id=notice.id, received_at=at).exists()


def process_due(*, at: datetime, limit: int = 50) -> int:
    """Act on the notices that are due; return how many were handled."""
    due = StripeEvent.objects.filter(next_try_at__lte=at, handled_at=None)
    return sum(process(event, at=at) for event in due.order_by("next_try_at", "pk")[:limit])


def process(event: StripeEvent, *, at: datetime) -> bool:
    """Act on one notice under a lease; a failure is kept and tried again later."""
    claimed = StripeEvent.objects.filter(
        pk=event.pk, next_try_at=event.next_try_at, handled_at=None
    ).update(next_try_at=at + LEASE, attempts=event.attempts + 1)
    if not claimed:
        return False
    try:
        ACTIONS[event.type](event.object_id, at=at)
    except settlement.UnknownSession:
        _finish(event, at, error="not this shop's")
    except Exception as error:  # noqa: BLE001  # one bad notice must not stop the others
        _postpone(event, error, at)
        return False
    else:
        _finish(event, at)
    return True


def _finish(event: StripeEvent, at: datetime, error: str = "") -> None:
    StripeEvent.objects.filter(pk=event.pk).update(handled_at=at, next_try_at=None, error=error)


def _postpone(event: StripeEvent, error: Exception, at: datetime) -> None:
    log.warning("Notice %s failed: %s", event.stripe_id, type(error).__name__)
    has_tries_left = event.attempts < len(RETRY_AFTER)
    if not has_tries_left:
        log.error("Notice %s was given up after %s tries", event.stripe_id, event.attempts + 1)
    StripeEvent.objects.filter(pk=event.pk).update(
        next_try_at=at + RETRY_AFTER[event.attempts] if has_tries_left else None,
        error=f"{type(error).__name__}: {error}"[:400],
    )
