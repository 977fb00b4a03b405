"""The only way to *paid*: compare what Stripe says of a session with the order, and act once.

The webhook, the page a buyer lands on and the reconciliation sweep all come here. Rows are
locked in the order order, basket, payment, stock, pass, and last the invoice numbers.
"""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from accounts.models import User
from catalog import stock
from checkout import (
    baskets,
    clearance,
    emails,
    order_status,
    placement,
    refunds,
    stripe_gateway,
    to_send,
)
from checkout.discounts import codes, using
from checkout.gift_cards import sold, spending
from checkout.invoices import issuing
from checkout.models import (
    Basket,
    Order,
    OrderLine,
    OrderLinePart,
    OrderStatus,
    Payment,
    PaymentStatus,
)
from checkout.stripe_objects import CheckoutSession
from money.money import Money, allocate
from treatments import ledger

log = logging.getLogger(__name__)

# Delayed payment methods take up to 14 days to say yes or no.
# https://docs.stripe.com/payments/bank-debits
DELAYED_PAYMENT_WINDOW = timedelta(days=14)

_UNPAID = {OrderStatus.AWAITING_PAYMENT, OrderStatus.PAYMENT_PROCESSING}
_GIVEN_UP = {OrderStatus.CANCELLED, OrderStatus.EXPIRED}


class UnknownSession(Exception):
    """No payment of ours belongs to the session; it is another application's."""


def settle(session_id: str, *, at: datetime) -> Order:
    """Ask Stripe how a session stands and bring its order to the same state.

    Any number of calls, in any order and at once, have the effect of one.

    :raises UnknownSession: if the session is not one of this shop's.
    :raises stripe_gateway.PaymentServiceUnavailable: if Stripe did not answer; nothing changed.
    """
    return apply(stripe_gateway.fetch_checkout(session_id), at=at)


def apply(session: CheckoutSession, *, at: datetime) -> Order:
    """Bring an order to the state that its session, just read from Stripe, is in."""
    payment_id, order_id = _locate(session)
    if settings.SHOP_TAX == "stripe" and session.is_paid:
        session = replace(session, line_taxes_minor=stripe_gateway.line_taxes(session.id))
    with transaction.atomic():
        order = Order.objects.select_for_update().get(pk=order_id)
        # Read from the locked order: a sign-in may just have moved it to another basket.
        if order.basket_id:
            Basket.objects.select_for_update().filter(pk=order.basket_id).first()
        payment = Payment.objects.select_for_update().get(pk=payment_id)
        _apply(order, payment, session, at)
    return order


def take_by_hand(order: Order, payment: Payment, *, at: datetime) -> None:
    """Count money that staff took for an order, or that a gift brings, as if a page had been paid.

    The caller holds the locks of order, basket and payment, and has seen that nothing else can pay.
    """
    _take_payment(order, payment, None, at)


def take_gift_card(order_id: int, *, at: datetime) -> Order:
    """Settle an order that a gift card pays for as a whole; twice settles it once.

    :raises SuitabilityMissing: if its sessions are not, or no longer, known to suit the buyer.
    """
    with transaction.atomic():
        order = Order.objects.select_for_update().get(pk=order_id)
        if order.basket_id:
            Basket.objects.select_for_update().filter(pk=order.basket_id).first()
        if order.status != OrderStatus.AWAITING_PAYMENT or order.due_minor:
            return order
        if missing := clearance.missing_for_order(order, at=at):
            raise placement.SuitabilityMissing(missing)
        _spend_gift_card(order, at)
        stock.sell(reference=order.reference)
        _fulfil(order, None, at)
    return order


def send_for_nothing(order: Order, *, message: str, by: User, at: datetime) -> None:
    """Let an order that costs nothing be packed; nobody pays for it, so no invoice is due.

    The caller is inside the transaction that has placed it.

    :raises stock.SoldOut: if its goods are gone; the caller's transaction must roll back.
    """
    placement.reserve(order, at=at)
    stock.sell(reference=order.reference)
    order_status.transition(order, OrderStatus.PAID, at=at, by=by, message=message)
    to_send.open_for(order)


def _locate(session: CheckoutSession) -> tuple[int, int]:
    """Return the ids of payment and order; the key helps where no session id was stored."""
    known = Payment.objects.filter(session_id=session.id).first()
    if known is None:
        known = Payment.objects.filter(idempotency_key=session.metadata.get("payment", "")).first()
    if known is None:
        raise UnknownSession(session.id)
    return known.pk, known.order_id


def _apply(order: Order, payment: Payment, session: CheckoutSession, at: datetime) -> None:
    if payment.status in {PaymentStatus.SUCCEEDED, PaymentStatus.MISMATCHED}:
        return
    if payment.session_id is None:
        payment.session_id = session.id
        payment.save(update_fields=["session_id"])
    if session.is_paid:
        problem = _mismatch(order, payment, session)
        if problem:
            _set_aside(order, payment, session, problem, at)
        else:
            _take_payment(order, payment, session, at)
    elif session.has_failed:
        _give_up(order, payment, at)
    elif session.status == "complete":
        _await_bank(order, payment, at)
    elif session.status == "expired":
        _note_expiry(order, payment, at)


def _mismatch(order: Order, payment: Payment, session: CheckoutSession) -> str:
    """Say in words what does not belong together, or nothing."""
    paid = Money(session.amount_total_minor, session.currency)
    expected = {
        "session": (payment.session_id, session.id),
        "order": (order.number, session.client_reference_id),
        "order in the metadata": (order.number, session.metadata.get("order", "")),
        "amount": (Money(payment.amount_minor, payment.currency), paid),
        "order total": (Money(order.due_minor, order.currency), paid),
        "live mode": (stripe_gateway.is_live(), session.livemode),
    }
    return "; ".join(
        f"{what}: expected {ours}, Stripe says {theirs}"
        for what, (ours, theirs) in expected.items()
        if ours != theirs
    )


def _set_aside(
    order: Order, payment: Payment, session: CheckoutSession, problem: str, at: datetime
) -> None:
    log.error("Order %s needs review: %s", order.number, problem)
    payment.payment_intent = session.payment_intent
    _mark(payment, PaymentStatus.MISMATCHED, "payment_intent")
    order_status.record(order, kind="MISMATCH", message=f"Payment does not match: {problem}", at=at)
    if order.status != OrderStatus.NEEDS_REVIEW:
        order_status.transition(order, OrderStatus.NEEDS_REVIEW, at=at, review_reason=problem[:400])


def _take_payment(
    order: Order, payment: Payment, session: CheckoutSession | None, at: datetime
) -> None:
    payment.payment_intent = session.payment_intent if session else None
    payment.paid_at = at
    _mark(payment, PaymentStatus.SUCCEEDED, "payment_intent", "paid_at")
    order.paid_minor += payment.amount_minor
    order.save(update_fields=["paid_minor"])
    if order.status in _UNPAID:
        _spend_gift_card(order, at)
        stock.sell(reference=order.reference)
        _fulfil(order, session, at)
    elif order.status in _GIVEN_UP:
        _take_late_payment(order, payment, session, at)
    elif order.status == OrderStatus.NEEDS_REVIEW:
        order_status.record(
            order, kind="PAID_IN_REVIEW", message="Paid while set aside for review", at=at
        )
    else:
        refunds.request(
            payment=payment,
            amount_minor=payment.amount_minor,
            reason="The order was paid twice",
            by=None,
            at=at,
        )


def _take_late_payment(
    order: Order, payment: Payment, session: CheckoutSession | None, at: datetime
) -> None:
    """Give a late payer what was promised if it is still there, else the money back."""
    try:
        with transaction.atomic():
            using.take_again(order)
            spending.hold_again(order, at=at)
            placement.reserve(order, at=at)
            stock.sell(reference=order.reference)
    except stock.SoldOut:
        _send_back(order, payment, "Paid after the goods were gone", at)
    except using.DiscountRefused:
        _send_back(order, payment, "Paid after its discount had gone to somebody else", at)
    except spending.GiftCardRefused:
        _send_back(order, payment, "Paid after its gift card was spent on something else", at)
    else:
        _spend_gift_card(order, at)
        _fulfil(order, session, at)


def _spend_gift_card(order: Order, at: datetime) -> None:
    """Count what a gift card pays, together with the rest or alone."""
    payment = spending.spend(order, at=at)
    if payment is not None:
        order.paid_minor += payment.amount_minor
        order.save(update_fields=["paid_minor"])


def _send_back(order: Order, payment: Payment, reason: str, at: datetime) -> None:
    log.error("Order %s goes back: %s", order.number, reason)
    message = f"{reason}; the payment goes back in full"
    order_status.transition(order, OrderStatus.REFUNDING, at=at, message=message)
    refunds.request(
        payment=payment, amount_minor=payment.amount_minor, reason=reason, by=None, at=at
    )


def _fulfil(order: Order, session: CheckoutSession | None, at: datetime) -> None:
    changes: dict[str, Any] = {"paid_at": at}
    if settings.SHOP_TAX == "stripe" and session is not None:
        changes["vat_minor"] = session.tax_minor
        _take_over_tax(order, session)
    was_awaiting_bank = order.status == OrderStatus.PAYMENT_PROCESSING
    order_status.transition(order, OrderStatus.PAID, at=at, **changes)
    to_send.open_for(order)
    _grant_passes(order, at)
    sold.issue(order, at=at)
    if not was_awaiting_bank:  # Then the basket was emptied when the waiting began.
        _empty_basket(order, at)
    emails.queue(order, emails.ORDER_PAID, at=at)
    issuing.issue(order, at=at)


def _take_over_tax(order: Order, session: CheckoutSession) -> None:
    """Keep Stripe's figure for every line; delivery, where there is one, was sent last."""
    lines = order.lines.prefetch_related("parts")
    for line, tax_minor in zip(lines, session.line_taxes_minor, strict=False):
        OrderLine.objects.filter(pk=line.pk).update(vat_minor=tax_minor)
        _share_tax(list(line.parts.all()), tax_minor)


def _share_tax(parts: Sequence[OrderLinePart], tax_minor: int) -> None:
    """Split the tax of a kit's line as its parts' own figures stood, so that they still sum."""
    weights = [part.vat_minor for part in parts]
    if not any(weights):
        weights = [part.gross_minor for part in parts]
    if not any(weights):
        weights = [1] * len(parts)
    for part, share in zip(parts, allocate(tax_minor, weights) if parts else (), strict=True):
        OrderLinePart.objects.filter(pk=part.pk).update(vat_minor=share)


def _grant_passes(order: Order, at: datetime) -> None:
    """Grant one pass for every package bought, so that each can be given away by itself."""
    for line in order.lines.all():
        if line.treatment_id is None or not line.sessions:
            continue
        for unit in range(1, line.quantity + 1):
            ledger.grant(
                owner=order.user,
                holder_email=order.email,
                treatment_id=line.treatment_id,
                sessions=line.sessions,
                validity_rule=line.validity_rule,
                validity_days=line.validity_days or 0,
                reference=line.reference_of_piece(unit),
                reason=f"Bought: {line.name} {line.label}".strip(),
                by=None,
                at=at,
                sold=_sold(order, line, unit),
            )


def _sold(order: Order, line: OrderLine, unit: int) -> ledger.Sold:
    """Return what the line promised for one of its packages, and what was really paid for it."""
    return ledger.Sold(
        package_name=f"{line.name} {line.label}".strip(),
        vat_rate_bp=line.vat_rate_bp,
        paid_minor=line.paid_for_piece(unit),
        pause_days=settings.SHOP_PASS_PAUSE_DAYS,
        holder_phone=order.phone,
    )


def _await_bank(order: Order, payment: Payment, at: datetime) -> None:
    if payment.status == PaymentStatus.PROCESSING:
        return
    _mark(payment, PaymentStatus.PROCESSING)
    if order.status == OrderStatus.AWAITING_PAYMENT:
        order_status.transition(order, OrderStatus.PAYMENT_PROCESSING, at=at, expires_at=None)
        stock.extend(reference=order.reference, expires_at=at + DELAYED_PAYMENT_WINDOW)
        _empty_basket(order, at)
        emails.queue(order, emails.ORDER_RECEIVED, at=at)


def _give_up(order: Order, payment: Payment, at: datetime) -> None:
    if payment.status == PaymentStatus.FAILED:
        return
    _mark(payment, PaymentStatus.FAILED)
    if order.status in _UNPAID:
        order_status.transition(
            order,
            OrderStatus.CANCELLED,
            at=at,
            message="The buyer's bank did not pay; what was reserved is free again",
        )
        using.release(order, at=at)
        spending.release(order, at=at)
        stock.release(reference=order.reference)
        emails.queue(order, emails.ORDER_CANCELLED, at=at)


def _note_expiry(order: Order, payment: Payment, at: datetime) -> None:
    was_payable = payment.status in {PaymentStatus.OPENING, PaymentStatus.OPEN}
    _mark(payment, PaymentStatus.CLOSED)
    is_held = order.held_until is not None and at < order.held_until
    if was_payable and order.status == OrderStatus.AWAITING_PAYMENT and not is_held:
        order_status.transition(order, OrderStatus.EXPIRED, at=at)
        using.release(order, at=at)
        spending.release(order, at=at)
        stock.release(reference=order.reference)
        if order.basket_id:
            baskets.renew_token(basket_id=order.basket_id, spent=order.checkout_token, at=at)


def _empty_basket(order: Order, at: datetime) -> None:
    if order.basket_id:
        used = order.discount_uses.exclude(discount=None).values_list("discount", flat=True)
        codes.forget_used(basket_id=order.basket_id, discount_ids=used)
        baskets.take_out_ordered(
            basket_id=order.basket_id,
            lines=[(line.offer_id, line.quantity) for line in order.lines.all()],
            at=at,
        )
        spending.forget_used(order)


def _mark(payment: Payment, status: PaymentStatus, *fields: str) -> None:
    payment.status = status
    payment.save(update_fields=["status", *fields])
