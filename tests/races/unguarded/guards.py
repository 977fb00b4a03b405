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
from django.db.models import F, Max, Q, Sum

from accounts.models import User
from catalog import stock
from catalog.models import Batch, Reservation, ReservationStatus, Stock
from checkout import (
    calling_off,
    emails,
    order_status,
    paying_back,
    payments,
    placement,
    refunds,
    settlement,
    shipments,
    stripe_gateway,
    to_send,
)
from checkout.discounts import using
from checkout.gift_cards import ledger as card_ledger
from checkout.invoices import numbers
from checkout.models import (
    Basket,
    Discount,
    GiftCardEvent,
    Invoice,
    InvoiceCounter,
    InvoiceKind,
    ItemToSend,
    Order,
    OrderCard,
    OrderStatus,
    ParcelBatch,
    Payment,
    PaymentStatus,
    Refund,
    RefundStatus,
    Shipment,
    ShipmentLine,
)
from checkout.models.basket import new_key
from checkout.priced import PricedBasket
from checkout.pricing import price_basket
from checkout.selling import placing
from checkout.stripe_objects import CheckoutSession
from storefront.customers import merging
from tests.races import jobs
from tests.races.guard_switch import is_off
from tests.races.shop import WORKERS
from tests.races.unguarded import amendments, keys, large_refunds
from treatments import gift_exchanging, gifts, ledger, visits
from treatments.models import Gift, GiftStatus, LedgerEntry, LedgerKind, SessionPass
from treatments.spacing import clinic_day

_accounts_seen: ContextVar[tuple[User, User] | None] = ContextVar("accounts_seen", default=None)
_number_seen: ContextVar[int] = ContextVar("invoice_number_seen", default=0)
_priced_before: ContextVar[PricedBasket] = ContextVar("basket_priced_before")
_seen: ContextVar[dict[int, tuple[int, int]]] = ContextVar("stock_seen", default={})  # noqa: B039

# Made before the workers are forked: each waits here until all of them have looked, so that what
# may happen does happen. Every worker has to be given as many redemptions as the others.
_all_have_looked = multiprocessing.Barrier(WORKERS)
_one_at_a_time = multiprocessing.Lock()


def take_off() -> None:
    """Put the unguarded ways beside the guarded ones; a switch chooses for each call."""
    _replace(placement, "place", "stock", _place_after_looking)
    _replace(stock, "_take", "stock", _take_what_was_seen)
    _replace(stock, "lock", "lock_order", _lock_nothing)
    _replace(stock, "_limited", "lock_order", _limited_in_any_order)
    _replace(placement, "place", "checkout_token", _place_every_time)
    _replace(payments, "close", "expiry", _close_after_looking)
    _replace(settlement, "apply", "settled_once", _settle_after_looking)
    _replace(settlement, "apply", "one_transaction", _settle_in_pieces)
    _replace(shipments, "pack", "packing", _pack_after_looking)
    _replace(refunds, "request", "refund_room", _request_after_looking)
    _replace(shipments, "pack", "batches", _pack_after_looking_for_a_batch)
    _replace(ledger, "redeem", "pass_lock", _redeem_after_looking)
    _replace(gifts, "accept", "gift_lock", _accept_after_looking)
    _replace(gifts, "take_back", "gift_lock", _take_back_after_looking)
    _replace(gift_exchanging, "exchange", "gift_lock", _exchange_after_looking)
    _replace(settlement, "apply", "invoice_number", _settle_after_seeing_the_number)
    _replace(numbers, "take", "invoice_number", _take_the_number_after_the_seen)
    _replace(merging, "merge", "account_lock", _merge_after_looking)
    _replace(merging, "_locked", "account_lock", lambda *_ids: _accounts_seen.get())
    _replace(placement, "place", "discount", _place_after_pricing)
    _replace(placement, "price_basket", "discount", _price_as_seen)
    _replace(using, "_count", "discount", _count_without_looking)
    _replace(placement, "place", "gift_card", _place_after_pricing)
    _replace(placement, "price_basket", "gift_card", _price_as_seen)
    _replace(card_ledger, "_append", "gift_card", _append_to_what_was_seen)
    _replace(settlement, "apply", "issued_once", _issue_after_looking)
    _replace(placing, "place", "amendment", amendments.take_out_after_looking)
    _replace(paying_back, "pay_back", "refund_limit", large_refunds.pay_back_after_looking)
    _replace(calling_off, "call_off", "refund_limit", large_refunds.pay_back_after_looking)
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


# --- discount: look how often it was used, then use it ---------------------------------------


def _place_after_pricing(guarded: Callable[..., Order], *, basket: Basket, **rest: Any) -> Order:
    _priced_before.set(price_basket(basket, at=rest["at"], with_pictures=False))
    return guarded(basket=basket, **rest)


def _price_as_seen(_guarded: object, _basket: Basket, **_rest: Any) -> PricedBasket:
    return _priced_before.get()


def _count_without_looking(
    _guarded: object, discount_id: int, _single_id: int | None, _code: str
) -> None:
    Discount.objects.filter(pk=discount_id).update(used=1)


# --- gift_card: what is on it was read before ---------------------------------------------


def _append_to_what_was_seen(
    _guarded: object, card_id: int, kind: str, free_minor: int, held_minor: int, **said: Any
) -> None:
    share = _priced_before.get().gift_card
    assert share is not None
    GiftCardEvent.objects.create(
        card_id=card_id,
        position=GiftCardEvent.objects.filter(card=card_id).count() + 1,
        kind=kind,
        free_minor=free_minor,
        held_minor=held_minor,
        free_after_minor=share.left.minor,
        held_after_minor=max(0, held_minor),
        reference=said["reference"],
        reason=said["reason"],
        actor=said["by"],
        happened_at=said["at"],
    )


# --- issued_once: a card for everybody who looked before it was paid ----------------------


def _issue_after_looking(_guarded: object, session: CheckoutSession, *, at: dt.datetime) -> Order:
    payment = Payment.objects.get(session_id=session.id)
    order = Order.objects.get(pk=payment.order_id)
    if payment.status == PaymentStatus.SUCCEEDED or not session.is_paid:
        return order
    stripe_gateway.fetch_checkout(session.id)  # Whatever takes a moment.
    for sold in OrderCard.objects.filter(line__order=order).select_related("line"):
        card_ledger.issue(
            amount_minor=sold.line.unit_price_minor,
            reference=f"{order.reference}:{secrets.token_hex(8)}",
            reason=f"Sold: order {order.number}",
            by=None,
            at=at,
        )
    Payment.objects.filter(pk=payment.pk).update(status=PaymentStatus.SUCCEEDED, paid_at=at)
    return order


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
    stock.sell(reference=order.reference)
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
    stock.sell(reference=order.reference)
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


# --- packing: look at what is left, then write it down ---------------------------------------


def _pack_after_looking(
    _guarded: object,
    *,
    order_id: int,
    pieces: dict[int, int],
    reference: str,
    at: dt.datetime,
    **_rest: Any,
) -> Shipment:
    [(item_id, quantity)] = pieces.items()
    item = ItemToSend.objects.get(pk=item_id)
    _all_have_looked.wait(timeout=60)
    if item.to_pack < quantity:
        raise to_send.TooMany(item, item.to_pack)
    ItemToSend.objects.filter(pk=item_id).update(packed=item.packed + quantity)
    shipment = Shipment.objects.create(
        order_id=order_id,
        position=secrets.randbelow(30_000),
        reference=reference,
        is_pickup=False,
        packed_at=at,
    )
    ShipmentLine.objects.create(shipment=shipment, item_id=item_id, quantity=quantity)
    return shipment


# --- refund_room: look at what is left of a payment, then write the refund --------------------


def _request_after_looking(
    _guarded: object, *, payment: Payment, amount_minor: int, at: dt.datetime, **rest: Any
) -> Refund:
    kept = Refund.objects.filter(payment=payment).exclude(status=RefundStatus.FAILED)
    gone = kept.aggregate(gone=Sum("amount_minor"))["gone"] or 0
    _all_have_looked.wait(timeout=60)
    if gone + amount_minor > payment.amount_minor:
        raise refunds.RefundTooLarge(payment.order, amount_minor)
    return Refund.objects.create(
        payment=payment,
        order_id=payment.order_id,
        amount_minor=amount_minor,
        currency=payment.currency,
        idempotency_key=secrets.token_hex(16),
        created_at=at,
        next_try_at=at + dt.timedelta(days=365),
        **rest,
    )


# --- batches: look which of them expires first, then take from it -----------------------------


def _pack_after_looking_for_a_batch(
    guarded: object, *, pieces: dict[int, int], at: dt.datetime, **rest: Any
) -> Shipment:
    [(item_id, quantity)] = pieces.items()
    item = ItemToSend.objects.get(pk=item_id)
    batches = Batch.objects.filter(offer_id=item.offer_id).first_to_expire()
    seen = next(batch for batch in batches if batch.free >= quantity)
    # Waits for the others, and writes what it saw of the item.
    shipment = _pack_after_looking(guarded, pieces=pieces, at=at, **rest)
    Batch.objects.filter(pk=seen.pk).update(packed=seen.packed + quantity)
    line = shipment.lines.get()
    ParcelBatch.objects.create(line=line, batch=seen, quantity=quantity)
    return shipment


# --- invoice_number: look up the last number, then take the next ------------------------------


def _settle_after_seeing_the_number(
    guarded: Callable[..., Order], session: CheckoutSession, *, at: dt.datetime
) -> Order:
    last = Invoice.objects.aggregate(last=Max("serial"))["last"]
    _all_have_looked.wait(timeout=60)
    _number_seen.set(last or 0)
    return guarded(session, at=at)


def _take_the_number_after_the_seen(
    _guarded: object, kind: InvoiceKind, *, year: int
) -> numbers.Number:
    number = numbers.Number(numbers.SERIES[kind], year, _number_seen.get() + 1)
    # Whoever wins leaves the counter where it belongs, for the tests that come after.
    InvoiceCounter.objects.update_or_create(
        series=number.series, year=year, defaults={"last": number.serial}
    )
    return number


# --- gift_lock: look whether it waits, then end it --------------------------------------------


def _accept_after_looking(
    _guarded: object, *, gift_id: int, by: User | None, at: dt.datetime
) -> SessionPass:
    gift = _look_at_gift(gift_id)
    with transaction.atomic():
        gifts.release(gift, GiftStatus.ACCEPTED, by=by, at=at)
        gift.received_pass = ledger.transfer(
            pass_id=gift.session_pass_id,
            sessions=gift.sessions,
            to_email=gift.recipient_email,
            to=None,
            reference=f"gift:{gift.pk}",
            by=by,
            at=at,
        )
        gifts.close(gift, GiftStatus.ACCEPTED, by=by, at=at)
    return gift.received_pass


def _take_back_after_looking(_guarded: object, *, gift_id: int, by: User, at: dt.datetime) -> Gift:
    gift = _look_at_gift(gift_id)
    with transaction.atomic():
        gifts.release(gift, GiftStatus.TAKEN_BACK, by=by, at=at)
        gifts.close(gift, GiftStatus.TAKEN_BACK, by=by, at=at)
    return gift


def _exchange_after_looking(
    _guarded: object, *, gift_id: int, worth_minor: int, by: User | None, at: dt.datetime
) -> Gift:
    gift = _look_at_gift(gift_id)
    with transaction.atomic():
        gifts.release(gift, GiftStatus.EXCHANGED, by=by, at=at)
        ledger.refund(
            pass_id=gift.session_pass_id,
            sessions=gift.sessions,
            reference=f"gift:{gift.pk}:exchanged",
            by=by,
            at=at,
        )
        gift.worth_minor = worth_minor
        gifts.close(gift, GiftStatus.EXCHANGED, by=by, at=at)
    return gift


def _look_at_gift(gift_id: int) -> Gift:
    gift = Gift.objects.select_related("hold", "giver", "session_pass").get(pk=gift_id)
    _all_have_looked.wait(timeout=60)
    if not gift.is_waiting:
        raise gifts.NotWaiting
    return gift


# --- account_lock: look whether both accounts are there, then move ----------------------------


def _merge_after_looking(
    guarded: Callable[..., User], *, gone_id: int, stays_id: int, **rest: Any
) -> User:
    users = User.objects.filter(is_active=True)
    _accounts_seen.set((users.get(pk=gone_id), users.get(pk=stays_id)))
    _all_have_looked.wait(timeout=60)
    with _one_at_a_time:
        return guarded(gone_id=gone_id, stays_id=stays_id, **rest)
