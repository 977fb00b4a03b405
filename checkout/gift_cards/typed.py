"""A code as it is typed in the basket: of a gift card, or else of a discount."""

import datetime as dt
from typing import Final

from checkout.discounts import codes as discount_codes
from checkout.discounts.finding import DiscountRefused
from checkout.gift_cards import codes, spending
from checkout.gift_cards.ledger import GiftCardRefused
from checkout.models import Basket

REFUSALS: Final = (DiscountRefused, GiftCardRefused)


def enter(*, basket: Basket, text: str, at: dt.datetime) -> Basket:
    """Enter a code for a basket, whatever it is of.

    :raises checkout.discounts.finding.UnknownCode: if nothing has this code.
    :raises DiscountRefused, GiftCardRefused: if it cannot be used; nothing changes.
    :raises checkout.basket_rows.NotInBasket: if the basket is gone.
    """
    if card_code := codes.read(text):
        try:
            return spending.enter(basket=basket, code=card_code, at=at)
        except spending.UnknownCard:
            pass  # Somebody may have given a discount as long a code.
    return discount_codes.enter(basket=basket, code=discount_codes.read(text), at=at)
