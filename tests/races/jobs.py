"""What a worker process can be told to do, each job one call of the shop's own verbs."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db import close_old_connections, transaction
from django.utils.timezone import localdate

from accounts.models import User
from catalog.models import Offer
from checkout import (
    calling_off,
    order_status,
    paying_back,
    payments,
    reconciliation,
    refunds,
    settlement,
    shipments,
    webhooks,
)
from checkout.gift_cards import codes
from checkout.invoices import numbers
from checkout.models import (
    DeskBasket,
    InvoiceKind,
    ItemToSend,
    Order,
    OrderStatus,
    Refund,
    RefundStatus,
    StripeEvent,
)
from checkout.selling import placing
from checkout.stripe_objects import StripeRefund
from outbox import mail
from storefront.customers import merging
from tests.checkout import discounting, gift_cards_of
from tests.races import guard_switch, small_shop
from treatments import gift_exchanging, gifts, giving, ledger
from treatments.models import Gift, SessionPass
from treatments.spacing import clinic_day


def add_amendment(*, sku: str, quantity: int, at: dt.datetime) -> small_shop.Amendment:
    """Begin to amend a paid order; return what there is to place."""
    return small_shop.add_amendment(sku, quantity=quantity, at=at)


def place_amendment(*, begun: small_shop.Amendment, who: str, at: dt.datetime) -> str:
    """Place what amends an order, as somebody at the desk does; return the number of its order."""
    by, _ = User.objects.get_or_create(email=who)
    return placing.place(
        desk=DeskBasket.objects.get(pk=begun["desk"]),
        checkout_token=begun["token"],
        agreed_total_minor=begun["total_minor"],
        was_told=True,
        by=by,
        at=at,
        agreed_back_minor=begun["back_minor"],
    ).number


def add_articles(*, prefix: str, count: int, on_hand: int, at: dt.datetime) -> list[str]:
    """Put so many new articles on sale; return their SKUs."""
    skus = [f"{prefix}-{number}" for number in range(1, count + 1)]
    for sku in skus:
        small_shop.add_article(sku, on_hand=on_hand, at=at)
    return skus


def add_discount(*, code: str, max_uses: int, at: dt.datetime) -> int:
    """Take a tenth off for so many who enter a code; return the discount's id."""
    discount = discounting.percent(code=code, name=code, max_uses=max_uses, starts_at=at)
    return int(discount.pk)


def add_gift_card(*, amount_minor: int, at: dt.datetime) -> dict[str, Any]:
    """Issue a gift card; return its id and its code."""
    card = gift_cards_of.issued(amount_minor, at=at)
    return {"id": card.pk, "code": codes.code_of(card.public_id)}


def add_kit(*, sku: str, parts: dict[str, int], at: dt.datetime) -> str:
    """Put a kit on sale; return its SKU."""
    return small_shop.add_kit(sku, parts=parts, at=at).sku


def add_paid_order(*, sku: str, quantity: int, at: dt.datetime) -> dict[str, int]:
    """Sell all there is of a new article in one order; return the ids of order and item."""
    return small_shop.add_paid_order(sku, quantity=quantity, at=at)


def add_orders_of_batches(
    *, sku: str, batches: dict[str, int], orders: int, at: dt.datetime
) -> list[dict[str, int]]:
    """Sell one piece each of an article that came in batches; return ids of orders and items."""
    return small_shop.add_orders_of_batches(sku, batches=batches, orders=orders, at=at)


def pack(*, order_id: int, item_id: int, reference: str, at: dt.datetime) -> int:
    """Pack one piece of an item; return the parcel's id."""
    pieces = {item_id: 1}
    packed = shipments.pack(order_id=order_id, pieces=pieces, reference=reference, by=None, at=at)
    return packed.pk


def hand_over(*, shipment_id: int, at: dt.datetime) -> int:
    """Let a parcel leave."""
    return shipments.hand_over(shipment_id=shipment_id, by=None, at=at).pk


def differences(*, at: dt.datetime) -> list[str]:
    """Return what the shop's own rows say against each other."""
    return list(reconciliation.differences())


def add_passes(
    *, email: str, count: int, sessions: int, min_days: int, at: dt.datetime
) -> list[int]:
    """Give somebody passes of a treatment of their own; return their ids."""
    return small_shop.add_passes(email, count=count, sessions=sessions, min_days=min_days, at=at)


def redeem(*, pass_id: int, reference: str, at: dt.datetime) -> int:
    """Redeem a session; return what is left then."""
    return ledger.redeem(pass_id=pass_id, reference=reference, by=None, at=at).balance_after or 0


def add_gift(*, pass_id: int, sessions: int, at: dt.datetime) -> int:
    """Give sessions of a pass to somebody; return the gift's id."""
    giver = User.objects.create_user(f"giver-of-{pass_id}@example.com")
    return giving.give(
        pass_id=pass_id,
        sessions=sessions,
        card=giving.Card("Ada", "Bea", f"bea-of-{pass_id}@example.com"),
        mail_on=clinic_day(at),
        reference=f"gift-of-{pass_id}",
        by=giver,
        at=at,
    ).pk


def accept_gift(*, gift_id: int, at: dt.datetime) -> str:
    """Accept a gift; return that it was accepted."""
    gifts.accept(gift_id=gift_id, by=None, at=at)
    return "accepted"


def exchange_gift(*, gift_id: int, at: dt.datetime) -> str:
    """Take something else for a gift; return that it was exchanged."""
    gift_exchanging.exchange(gift_id=gift_id, worth_minor=1, by=None, at=at)
    return "exchanged"


def take_gift_back(*, gift_id: int, at: dt.datetime) -> str:
    """Take a gift back; return that it was taken back."""
    gifts.take_back(gift_id=gift_id, by=Gift.objects.get(pk=gift_id).giver, at=at)
    return "taken back"


def add_person_twice(
    *, person: str, passes: int, sessions: int, at: dt.datetime
) -> small_shop.TwoAccounts:
    """Let somebody have two accounts; return the ids of both, their passes and a manager."""
    return small_shop.add_person_twice(person, passes=passes, sessions=sessions, at=at)


def merge(*, gone_id: int, stays_id: int, manager_id: int, at: dt.datetime) -> int:
    """Make two accounts one; return the one that stays."""
    by = User.objects.get(pk=manager_id)
    reason = "Came to the desk with a passport"
    return merging.merge(gone_id=gone_id, stays_id=stays_id, reason=reason, by=by, at=at).pk


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


def pay_back_part(*, order_id: int, amount_minor: int, who: str, at: dt.datetime) -> int:
    """Decide that a part of what was paid goes back, as somebody at the desk does."""
    by, _ = User.objects.get_or_create(email=who)
    order = Order.objects.get(pk=order_id)
    payment = order.payments.get()
    return refunds.request(
        payment=payment, amount_minor=amount_minor, reason="Broken pump", by=by, at=at
    ).pk


def pay_back_piece(*, item_id: int, who: str, at: dt.datetime, **amounts: int) -> int:
    """Pay one piece of an item back, as somebody does on the screen for it."""
    by, _ = User.objects.get_or_create(email=who)
    item = ItemToSend.objects.get(pk=item_id)
    wish = paying_back.Wish(unsent={item.line_id: 1})
    return paying_back.pay_back(
        order_id=item.order_id, wish=wish, reason="Broken pump", by=by, at=at, **amounts
    ).pk


def call_off_piece(*, item_id: int, who: str, at: dt.datetime, **amounts: int) -> bool:
    """Call one piece of an item off, as somebody does on the screen for it."""
    by, _ = User.objects.get_or_create(email=who)
    item = ItemToSend.objects.get(pk=item_id)
    units = {item.line_id: 1}
    refund = calling_off.call_off(
        order_id=item.order_id, units=units, reason="Broken pump", by=by, at=at, **amounts
    )
    return refund is not None


def dashboard_refund(*, order_id: int, amount_minor: int, at: dt.datetime) -> int | None:
    """Hear that Stripe has sent a refund of its own; return it, unless it was too large."""
    intent = Order.objects.get(pk=order_id).payments.get().payment_intent or ""
    told = StripeRefund(f"re_of_{order_id}", "succeeded", amount_minor, "EUR", intent, {}, "")
    found = refunds.mirror_answer(told, at=at)
    return found.pk if found else None


def end_refunds(*, order_id: int, at: dt.datetime) -> int:
    """Let the refunds of an order arrive, as if Stripe had said so; return how many."""
    waiting = list(Refund.objects.filter(order=order_id, status=RefundStatus.PENDING))
    for refund in waiting:
        stripe_id = f"re_{refund.idempotency_key}"
        refunds.end(refund.pk, RefundStatus.SUCCEEDED, failure="", stripe_id=stripe_id, at=at)
    return len(waiting)


def send_mails(*, at: dt.datetime) -> int:
    return mail.send_due(at=at)


def settle(*, session_id: str, at: dt.datetime) -> str:
    return settlement.settle(session_id, at=at).number


def take_number_in_vain(*, at: dt.datetime) -> str:
    """Take the number of an invoice in a transaction that is undone; return it."""
    with transaction.atomic():
        number = numbers.take(InvoiceKind.INVOICE, year=localdate(at).year)
        transaction.set_rollback(True)
    return str(number)


def sweep(*, at: dt.datetime) -> dict[str, Any]:
    run = reconciliation.sweep(at=at)
    return {"checked": run.checked, "repaired": run.repaired, "differences": run.differences}


def broken_ledgers(*, at: dt.datetime) -> list[str]:
    """Return the passes whose hash chain does not fit."""
    return [str(one) for one in SessionPass.objects.all() if ledger.verify(one) is not None]


JOBS: dict[str, Callable[..., Any]] = {
    job.__name__: job
    for job in (
        accept_gift,
        add_amendment,
        add_articles,
        add_discount,
        add_gift,
        add_gift_card,
        add_kit,
        add_orders_of_batches,
        add_paid_order,
        add_passes,
        add_person_twice,
        broken_ledgers,
        call_off_piece,
        dashboard_refund,
        differences,
        end_refunds,
        exchange_gift,
        expire,
        expire_these,
        hand_over,
        merge,
        offer_ids,
        pack,
        pay_back_part,
        pay_back_piece,
        place_amendment,
        process_notices,
        redeem,
        send_mails,
        send_refunds,
        settle,
        sweep,
        take_gift_back,
        take_number_in_vain,
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
