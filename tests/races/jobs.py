"""What a worker process can be told to do, each job one call of the shop's own verbs."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db import close_old_connections

from catalog.models import Offer
from checkout import order_status, payments, reconciliation, refunds, settlement, webhooks
from checkout.models import Order, OrderStatus, StripeEvent
from outbox import mail
from tests.races import guard_switch, small_shop
from treatments import ledger
from treatments.models import SessionPass


def add_articles(*, prefix: str, count: int, on_hand: int, at: dt.datetime) -> list[str]:
    """Put so many new articles on sale; return their SKUs."""
    skus = [f"{prefix}-{number}" for number in range(1, count + 1)]
    for sku in skus:
        small_shop.add_article(sku, on_hand=on_hand, at=at)
    return skus


def add_kit(*, sku: str, parts: dict[str, int], at: dt.datetime) -> str:
    """Put a kit on sale; return its SKU."""
    return small_shop.add_kit(sku, parts=parts, at=at).sku


def add_passes(
    *, email: str, count: int, sessions: int, min_days: int, at: dt.datetime
) -> list[int]:
    """Give somebody passes of a treatment of their own; return their ids."""
    return small_shop.add_passes(email, count=count, sessions=sessions, min_days=min_days, at=at)


def redeem(*, pass_id: int, reference: str, at: dt.datetime) -> int:
    """Redeem a session; return what is left then."""
    return ledger.redeem(pass_id=pass_id, reference=reference, by=None, at=at).balance_after or 0


def offer_ids(*, skus: list[str], at: dt.datetime) -> list[int]:
    return [Offer.objects.get(sku=sku).pk for sku in skus]


def process_notices(*, at: dt.datetime) -> int:
    """Act on notices until none is due."""
    handled = 0
    while StripeEvent.objects.filter(next_try_at__lte=at, handled_at=None).exists():
        done = webhooks.process_due(at=at)
        handled += done
        if not done:
            break
    return handled


def expire(*, at: dt.datetime) -> int:
    """Expire what is due, round by round as the worker does, until nothing is."""
    expired = 0
    while now := payments.expire_due(at=at):
        expired += now
    return expired


def expire_these(*, numbers: list[str], at: dt.datetime) -> int:
    """Expire some orders, whatever is due besides; return how many were still unpaid."""
    expired = 0
    for order in Order.objects.filter(number__in=numbers).order_by("pk"):
        try:
            payments.close(order_id=order.pk, to=OrderStatus.EXPIRED, at=at)
            expired += 1
        except order_status.TransitionRefused:
            continue
    return expired


def send_refunds(*, at: dt.datetime) -> int:
    return refunds.send_due(at=at)


def send_mails(*, at: dt.datetime) -> int:
    return mail.send_due(at=at)


def settle(*, session_id: str, at: dt.datetime) -> str:
    return settlement.settle(session_id, at=at).number


def sweep(*, at: dt.datetime) -> dict[str, Any]:
    run = reconciliation.sweep(at=at)
    return {"checked": run.checked, "repaired": run.repaired, "differences": run.differences}


def broken_ledgers(*, at: dt.datetime) -> list[str]:
    """Return the passes whose hash chain does not fit."""
    return [str(one) for one in SessionPass.objects.all() if ledger.verify(one) is not None]


JOBS: dict[str, Callable[..., Any]] = {
    job.__name__: job
    for job in (
        add_articles,
        add_kit,
        add_passes,
        broken_ledgers,
        expire,
        expire_these,
        offer_ids,
        process_notices,
        redeem,
        send_mails,
        send_refunds,
        settle,
        sweep,
    )
}


def run(name: str, *, at: str, without: str = "", **details: Any) -> dict[str, Any]:
    """Run a job and return its result, or the name of what it raised."""
    close_old_connections()
    try:
        with guard_switch.without(without):
            return {"result": JOBS[name](at=dt.datetime.fromisoformat(at), **details)}
    except Exception as error:  # noqa: BLE001 - the test reads what went wrong
        return {"error": f"{type(error).__name__}: {error}"}
