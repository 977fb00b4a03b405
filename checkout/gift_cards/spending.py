"""Orders that a gift card pays for, in part or whole: the only writer of what they use of it.

Money is held when an order is placed, spent when the rest of it is paid, and free again if it comes
to nothing. Cards are locked after discounts and before stock.
"""

import datetime as dt
from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from checkout import basket_rows
from checkout.discounts.in_basket import SMALLEST_CHARGE
from checkout.gift_cards import codes, ledger, sold
from checkout.gift_cards.ledger import GiftCardRefused
from checkout.models import (
    Basket,
    GiftCard,
    GiftCardUse,
    Order,
    Payment,
    PaymentStatus,
    PaymentWay,
    Refund,
)
from checkout.own_stock import unpaid_orders
from checkout.priced import GiftCardShare
from money.money import Money

__all__ = [
    "GiftCardRefused",
    "UnknownCard",
    "enter",
    "forget_used",
    "hold",
    "hold_again",
    "pay_back",
    "release",
    "share_of",
    "spend",
    "take_out",
]


class UnknownCard(GiftCardRefused):
    """No card has this code."""

    def __init__(self) -> None:
        super().__init__("We do not know this code.")


class NotTaken(GiftCardRefused):
    """The shop's taxes are reckoned by Stripe, from what is paid there alone."""

    def __init__(self) -> None:
        super().__init__("Gift cards cannot be used here at the moment.")


class Frozen(GiftCardRefused):
    """What the card was bought with is disputed."""

    def __init__(self, card: GiftCard) -> None:
        super().__init__(f"{card} cannot be used at the moment. Please ask us.")


# --- In the basket ------------------------------------------------------------------------


@transaction.atomic
def enter(*, basket: Basket, code: str, at: dt.datetime) -> Basket:
    """Let a card pay for what is ordered from a basket; it takes the place of another one.

    :param code: as `codes.read` returns it.
    :raises GiftCardRefused: if there is no such card, or nothing can be spent of it.
    :raises basket_rows.NotInBasket: if the basket is gone.
    """
    card = GiftCard.objects.filter(code_hash=codes.hash_of(code)).first()
    if card is None:
        raise UnknownCard
    if settings.SHOP_TAX == "stripe":
        raise NotTaken
    basket = basket_rows.lock(basket)
    if basket.gift_card_id == card.pk:
        return basket
    if card.is_over(on=timezone.localdate(at)):
        raise ledger.IsOver(card)
    if sold.is_frozen(card):
        raise Frozen(card)
    if not free_minor_of(card, own_orders=[order.pk for order in unpaid_orders(basket)]):
        raise ledger.NotEnoughOnIt(card, 0)
    basket.gift_card = card
    return basket_rows.save_changed(basket, at=at)


@transaction.atomic
def take_out(*, basket: Basket, at: dt.datetime) -> Basket:
    """Let no card pay for what is ordered from a basket.

    :raises basket_rows.NotInBasket: if the basket is gone.
    """
    basket = basket_rows.lock(basket)
    basket.gift_card = None
    return basket_rows.save_changed(basket, at=at)


def free_minor_of(card: GiftCard, *, own_orders: Sequence[int]) -> int:
    """Return what can be spent of a card, with what one's own unpaid orders hold of it."""
    free = card.events.aggregate(free=Sum("free_minor", default=0))["free"]
    held = GiftCardUse.objects.filter(
        card=card, order__in=own_orders, released_at=None, payment=None
    ).aggregate(held=Sum("amount_minor", default=0))["held"]
    return int(free + held)


def share_of(
    basket: Basket | None,
    *,
    total_minor: int,
    others_minor: int,
    unpaid: Sequence[Order],
    at: dt.datetime,
) -> GiftCardShare | None:
    """Return what the basket's card pays of a total; without a card no query is made.

    It pays a little less where the rest would be too small to be charged.

    :param others_minor: what of the total is for gift cards, which no card pays for.
    :param unpaid: the basket's own orders that are not paid; they are withdrawn before a new one.
    """
    if basket is None or basket.gift_card_id is None or settings.SHOP_TAX == "stripe":
        return None
    card = GiftCard.objects.get(pk=basket.gift_card_id)
    free, is_frozen = 0, sold.is_frozen(card)
    if not card.is_over(on=timezone.localdate(at)) and not is_frozen:
        free = free_minor_of(card, own_orders=[order.pk for order in unpaid])
    pays = min(free, total_minor - others_minor)
    if 0 < total_minor - pays < SMALLEST_CHARGE:
        pays = max(0, total_minor - SMALLEST_CHARGE)
    return GiftCardShare(
        card_id=card.pk,
        last_four=card.last_four,
        amount=Money(pays, card.currency),
        left=Money(free - pays, card.currency),
        expires_on=card.expires_on,
        is_frozen=is_frozen,
    )


def forget_used(order: Order) -> None:
    """Take the card out of the basket that an order came from and used it."""
    use = _use_of(order)
    if use is not None and order.basket_id:
        Basket.objects.filter(pk=order.basket_id, gift_card=use.card_id).update(gift_card=None)


# --- For an order -------------------------------------------------------------------------


def hold(order: Order, share: GiftCardShare, *, at: dt.datetime) -> None:
    """Hold what a card pays of an order that is being placed.

    :raises GiftCardRefused: if it cannot be held any more.
    """
    use = GiftCardUse.objects.create(
        order=order, card_id=share.card_id, amount_minor=share.amount.minor
    )
    _hold(use, at=at)


def release(order: Order, *, at: dt.datetime) -> None:
    """Free what an order held that came to nothing; twice frees it once."""
    use = _use_of(order)
    if use is None or use.payment_id is not None:
        return
    free = GiftCardUse.objects.filter(pk=use.pk, released_at=None)
    if free.update(released_at=at):
        ledger.release(
            card_id=use.card_id,
            amount_minor=use.amount_minor,
            reference=_reference(use, "released"),
            reason=f"Order {order.number} came to nothing",
            at=at,
        )


def hold_again(order: Order, *, at: dt.datetime) -> None:
    """Hold once more what was freed, for an order whose rest is paid after all.

    :raises GiftCardRefused: if the card has not so much left.
    """
    use = _use_of(order)
    if use is None or use.released_at is None:
        return
    use.holds += 1
    use.released_at = None
    with transaction.atomic():
        use.save(update_fields=["holds", "released_at"])
        _hold(use, at=at)


def spend(order: Order, *, at: dt.datetime) -> Payment | None:
    """Turn what is held for an order into a payment, once; none if no card pays for it.

    The caller has locked the order and counts the payment as paid.
    """
    use = _use_of(order)
    if use is None or use.payment_id is not None:
        return None
    attempt = order.payments.count() + 1
    use.payment = Payment.objects.create(
        order=order,
        attempt=attempt,
        idempotency_key=f"{order.number}-attempt-{attempt}",
        status=PaymentStatus.SUCCEEDED,
        params={},
        amount_minor=use.amount_minor,
        currency=order.currency,
        created_at=at,
        expires_at=at,
        paid_at=at,
        way=PaymentWay.GIFT_CARD,
        reference=f"…{use.card.last_four}",
    )
    use.save(update_fields=["payment"])
    ledger.spend(
        card_id=use.card_id,
        amount_minor=use.amount_minor,
        reference=_reference(use, "spent"),
        reason=f"Order {order.number}",
        at=at,
    )
    return use.payment


def pay_back(refund: Refund, *, at: dt.datetime) -> None:
    """Put a refund back onto the card that paid; one that became another order's money is left."""
    payment = refund.payment.bearer
    if payment.way != PaymentWay.GIFT_CARD or refund.moved_to_id is not None:
        return
    ledger.pay_back(
        card_id=payment.gift_card_use.card_id,
        amount_minor=refund.amount_minor,
        reference=f"refund:{refund.idempotency_key}",
        reason=f"Order {refund.order.number}: {refund.reason}",
        by=refund.by,
        at=at,
    )


def _hold(use: GiftCardUse, *, at: dt.datetime) -> None:
    if sold.is_frozen(use.card):
        raise Frozen(use.card)
    ledger.hold(
        card_id=use.card_id,
        amount_minor=use.amount_minor,
        reference=_reference(use, "held"),
        reason=f"Order {use.order.number}",
        at=at,
    )


def _reference(use: GiftCardUse, what: str) -> str:
    return f"{use.order.reference}:{use.holds}:{what}"


def _use_of(order: Order) -> GiftCardUse | None:
    """Return what an order uses of a card; without a query where none pays for it."""
    if not order.gift_card_minor:
        return None
    return GiftCardUse.objects.select_related("card", "order").get(order=order)
