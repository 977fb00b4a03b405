"""Gift cards as tests make them."""

import datetime as dt
import uuid

from checkout import payments, settlement
from checkout.gift_cards import codes, ledger, spending
from checkout.models import Basket, GiftCard, Order
from checkout.pricing import price_basket
from tests.checkout import buying
from tests.stripe_in_process import StripeInProcess

__all__ = ["check_out", "code", "free_on", "held_on", "issued", "spend"]


def issued(amount_minor: int = 5000, *, at: dt.datetime) -> GiftCard:
    """A card with so much on it, issued by nobody in particular."""
    return ledger.issue(
        amount_minor=amount_minor, reference=str(uuid.uuid4()), reason="A test", by=None, at=at
    )


def free_on(card: GiftCard) -> int:
    """What can be spent of it, as the sum of its events."""
    return GiftCard.objects.with_balance().get(pk=card.pk).free_minor


def held_on(card: GiftCard) -> int:
    """What unpaid orders hold of it."""
    return GiftCard.objects.with_balance().get(pk=card.pk).held_minor


def code(card: GiftCard) -> str:
    """What its owner types, as it is looked up."""
    return codes.read(codes.code_of(card.public_id))


def check_out(basket: Basket, *, at: dt.datetime) -> payments.Checkout:
    """Order what is in a basket that has a card, for what both of them are said to pay."""
    basket.refresh_from_db()
    priced = price_basket(basket, at=at)
    assert priced.gift_card is not None
    return payments.check_out(
        basket=basket,
        checkout_token=basket.checkout_token,
        agreed_total_minor=priced.total.minor,
        agreed_gift_card_minor=priced.gift_card.amount.minor,
        details=buying.DETAILS,
        user=None,
        at=at,
    )


def spend(card: GiftCard, basket: Basket, stripe: StripeInProcess, *, at: dt.datetime) -> Order:
    """Pay for a basket with a card as far as it goes, and at Stripe for the rest."""
    basket = spending.enter(basket=basket, code=code(card), at=at)
    order = check_out(basket, at=at).order
    if order.due_minor:
        stripe.pay(buying.session_id_of(order))
        settlement.settle(buying.session_id_of(order), at=at)
    order.refresh_from_db()
    return order
