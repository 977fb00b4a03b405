"""Each guard of the shop, replaced by what somebody writes who has not thought of two at once.

These are the usual mistakes, not caricatures: look first and write later, lock in the order of
the basket, trust a status that was read before the lock, take the token for decoration.
"""

import datetime as dt
import multiprocessing
import random
import secrets
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from typing import Any

from django.db import transaction
from django.db.models import F, Q

from catalog import stock
from catalog.models import Reservation, ReservationStatus, Stock
from checkout import emails, order_status, payments, placement, settlement, stripe_gateway
from checkout.models import Basket, Order, OrderStatus, Payment, PaymentStatus
from checkout.models.basket import new_key
from checkout.pricing import price_basket
from checkout.stripe_objects import CheckoutSession
from tests.races import jobs
from tests.races.guard_switch import is_off
from tests.races.shop import WORKERS
from tests.races.unguarded import keys
from treatments import ledger, visits
from treatments.models import LedgerEntry, LedgerKind, SessionPass
from treatments.spacing import clinic_day

_seen: ContextVar[dict[int, tuple[int, int]]] = ContextVar("stock_seen", default={})  # noqa: B039

# Made before the workers are forked: each waits here until all of them have looked, so that what
# may happen does happen. Every worker has to be given as many redemptions as the others.
_all_have_looked = multiprocessing.Barrier(WORKERS)


def take_off() -> None:
    """Put the unguarded ways beside the guarded ones; a switch chooses for each call."""
    _replace(placement, "place", "stock", _place_after_looking)
    _replace(stock, "_take", "stock", _take_what_was_seen)
    _replace(stock, "_lock", "lock_order", _lock_nothing)
    _replace(stock, "_limited", "lock_order", _limited_in_any_order)
    _replace(placement, "place", "checkout_token", _place_every_time)
    _replace(payments, "close", "expiry", _close_after_looking)
    _replace(settlement, "apply", "settled_once", _settle_after_looking)
    _replace(settlement, "apply", "one_transaction", _settle_in_pieces)
    _replace(ledger, "redeem", "pass_lock", _redeem_after_looking)
    jobs.JOBS["drop_keys"] = keys.drop_keys


def _replace(module: Any, name: str, guard: str, unguarded: Callable[..., Any]) -> None:
    guarded = getattr(module, name)

    def choose(*args: Any, **kwargs: Any) -> Any:
        if is_off(guard):
            return unguarded(guarded, *args, **kwargs)
        return guarded(*args, **kwargs)

    setattr(module, name, choose)


# --- stock: read, decide, write -----------------------------------------------------------


def _place_after_looking(guarded: Callable[..., Order], *, basket: Basket, **rest: Any) -> Order:
    wanted = basket.lines.values("offer")
    rows = Stock.objects.filter(Q(offer__in=wanted) | Q(offer__part_of__kit__in=wanted))
    _seen.set({row.offer_id: (row.on_hand, row.reserved) for row in rows})
    return guarded(basket=basket, **rest)


def _take_what_was_seen(_guarded: object, offer_id: int, quantity: int) -> bool:
    on_hand, reserved = _seen.get()[offer_id]
    if on_hand - reserved < quantity:
        raise stock.SoldOut(offer_id, quantity, on_hand - reserved)
    Stock.objects.filter(offer_id=offer_id).update(reserved=reserved + quantity)
    return False


# --- lock_order: rows are locked as they come ---------------------------------------------


def _lock_nothing(_guarded: object, _offer_ids: Iterable[int]) -> None:
    """Leave it to the updates, which lock in the order of the basket."""


def _limited_in_any_order(guarded: Callable[..., list[int]], offer_ids: Iterable[int]) -> list[int]:
    limited = guarded(offer_ids)
    random.shuffle(limited)
    return limited


# --- checkout_token: every click is an order ----------------------------------------------


def _place_every_time(
    _guarded: object,
    *,
    basket: Basket,
    checkout_token: str,
    agreed_total_minor: int,
    details: placement.BuyerDetails,
    user: Any,
    at: dt.datetime,
    **_rest: Any,
) -> Order:
    with transaction.atomic():
        current = Basket.objects.get(pk=basket.pk)
        current.checkout_token = new_key()
        priced = price_basket(current, at=at)
        return placement._place_new(current, priced, agreed_total_minor, details, user, at)


# --- expiry: look, ask Stripe, then free what was held when looking ------------------------


def _close_after_looking(
    _guarded: object, *, order_id: int, to: OrderStatus, at: dt.datetime, **_rest: Any
) -> Order:
    order = Order.objects.get(pk=order_id)
    if order.status != OrderStatus.AWAITING_PAYMENT:
        raise order_status.TransitionRefused(order, to)
    held = list(Reservation.objects.held().filter(reference=order.reference))
    for payment in order.payments.filter(status=PaymentStatus.OPEN):
        stripe_gateway.expire_checkout(payment.session_id or "")
    with transaction.atomic():
        for reservation in held:
            row = Stock.objects.filter(offer_id=reservation.offer_id)
            row.update(reserved=F("reserved") - reservation.quantity)
            Reservation.objects.filter(pk=reservation.pk).update(status=ReservationStatus.RELEASED)
        Order.objects.filter(pk=order.pk).update(status=to)
    return order


# --- settled_once: the status was read before, and each effect is committed by itself ------


def _settle_after_looking(_guarded: object, session: CheckoutSession, *, at: dt.datetime) -> Order:
    payment = Payment.objects.get(session_id=session.id)
    order = Order.objects.get(pk=payment.order_id)
    if payment.status == PaymentStatus.SUCCEEDED or not session.is_paid:
        return order
    stripe_gateway.fetch_checkout(session.id)  # Whatever takes a moment.
    stock.consume(reference=order.reference, at=at)
    settlement._grant_passes(order, at)
    emails.queue(order, emails.ORDER_PAID, at=at)
    Payment.objects.filter(pk=payment.pk).update(
        status=PaymentStatus.SUCCEEDED, payment_intent=session.payment_intent, paid_at=at
    )
    Order.objects.filter(pk=order.pk).update(
        status=OrderStatus.PAID, paid_minor=payment.amount_minor, paid_at=at
    )
    return order


# --- one_transaction: paid first, and what follows from it piece by piece -------------------


def _settle_in_pieces(_guarded: object, session: CheckoutSession, *, at: dt.datetime) -> Order:
    payment = Payment.objects.get(session_id=session.id)
    order = Order.objects.get(pk=payment.order_id)
    if payment.status == PaymentStatus.SUCCEEDED or not session.is_paid:
        return order
    Payment.objects.filter(pk=payment.pk).update(
        status=PaymentStatus.SUCCEEDED, payment_intent=session.payment_intent, paid_at=at
    )
    Order.objects.filter(pk=order.pk).update(
        status=OrderStatus.PAID, paid_minor=payment.amount_minor, paid_at=at
    )
    stock.consume(reference=order.reference, at=at)
    settlement._grant_passes(order, at)
    emails.queue(order, emails.ORDER_PAID, at=at)
    return order


# --- pass_lock: look at the balance and the last session, then write -------------------------


def _redeem_after_looking(
    _guarded: object, *, pass_id: int, reference: str, at: dt.datetime, **_rest: Any
) -> LedgerEntry:
    row = SessionPass.objects.with_balance().get(pk=pass_id)
    [seen] = visits.views_of([row])
    _all_have_looked.wait(timeout=60)
    if row.balance < 1:  # type: ignore[attr-defined]
        raise ledger.NotEnoughSessions(available=0, held=0)
    if seen.possible_on is not None and seen.possible_on > clinic_day(at):
        raise ledger.TooEarly(possible_on=seen.possible_on)
    return LedgerEntry.objects.create(
        session_pass_id=pass_id,
        kind=LedgerKind.REDEEM,
        sessions=-1,
        reference=reference,
        reason="Session at the clinic",
        happened_at=at,
        previous_hash=secrets.token_hex(32),
        entry_hash=secrets.token_hex(32),
    )
