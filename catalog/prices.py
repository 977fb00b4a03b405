"""The only writer of prices: what an offer costs, since when, and what it cost before."""

import datetime as dt

from django.conf import settings
from django.db import transaction

from accounts.models import User
from catalog.models import Offer, OfferKind, OfferPrice, Stock
from money.money import Money

# Directive 98/6/EC, article 6a: an announced reduction shows the lowest price of the 30 days
# before it. https://eur-lex.europa.eu/eli/dir/1998/6/2022-05-28
LOOK_BACK = dt.timedelta(days=30)


class AlreadyPriced(ValueError):
    """The offer has a price already; a new one is a change."""

    def __init__(self, offer: Offer) -> None:
        super().__init__(f"{offer.sku} has a price already.")


class SamePrice(ValueError):
    """The offer costs just that, in the same words, already."""

    def __init__(self, price: Money) -> None:
        super().__init__(f"The price is {price} already.")


class NegativePrice(ValueError):
    """A price is nothing or more."""

    def __init__(self, price: Money) -> None:
        super().__init__(f"{price} is no price.")


class NotAReduction(ValueError):
    """A reduction must be lower than the price it reduces."""

    def __init__(self, price: Money, current: Money) -> None:
        super().__init__(f"{price} is no reduction: the price is {current} now.")


class Backdated(ValueError):
    """A price cannot begin before the one that holds now did."""

    def __init__(self, valid_from: dt.datetime) -> None:
        super().__init__(f"The price that holds now began at {valid_from:%Y-%m-%d %H:%M:%S}.")


class ReasonMissing(ValueError):
    """Every price says why it was set."""

    def __init__(self) -> None:
        super().__init__("Say why the price changes.")


@transaction.atomic
def create_first(
    *, offer: Offer, by: User | None, at: dt.datetime, reason: str = "First price"
) -> Offer:
    """Store a new offer with the price it carries as the first of its history.

    A product offer gets its stock, which is empty until goods are received.

    :raises AlreadyPriced: if the offer was stored before.
    :raises NegativePrice: if the price is below zero.
    :raises ReasonMissing: if no reason is given.
    """
    if not offer._state.adding:
        raise AlreadyPriced(offer)
    offer.currency = settings.SHOP_CURRENCY
    _check(offer.price, reason)
    offer.lowest_before_minor = None
    offer.save(force_insert=True)
    _append(offer, is_reduction=False, reason=reason, by=by, at=at)
    if offer.kind == OfferKind.PRODUCT:
        Stock.objects.create(offer=offer)
    return offer


@transaction.atomic
def change(
    *,
    offer_id: int,
    price_minor: int,
    is_reduction: bool = False,
    reason: str,
    by: User | None,
    at: dt.datetime,
) -> Offer:
    """Give an offer a new price from a moment on.

    :param price_minor: minor units of the offer's currency, VAT included.
    :param is_reduction: whether the shop announces it as reduced; the page then shows the lowest
        price of the 30 days before.
    :raises SamePrice: if the offer costs that already, announced in the same way.
    :raises NotAReduction: if it is to be announced as a reduction but is not lower than now.
    :raises Backdated: if the price that holds now began later.
    :raises NegativePrice: if the price is below zero.
    :raises ReasonMissing: if no reason is given.
    :raises Offer.DoesNotExist: if there is no such offer.
    """
    offer = Offer.objects.select_for_update().get(pk=offer_id)
    price = Money(price_minor, offer.currency)
    _check(price, reason)
    current = OfferPrice.objects.filter(offer=offer).latest("valid_from")
    if price_minor == current.price_minor and is_reduction == current.is_reduction:
        raise SamePrice(price)
    if is_reduction and price_minor >= current.price_minor:
        raise NotAReduction(price, current.price)
    if at <= current.valid_from:
        raise Backdated(current.valid_from)
    offer.price_minor = price_minor
    _append(offer, is_reduction=is_reduction, reason=reason, by=by, at=at)
    lowest = lowest_before_reduction(offer, at)
    offer.lowest_before_minor = None if lowest is None else lowest.minor
    offer.save(update_fields=["price_minor", "lowest_before_minor"])
    return offer


def lowest_before_reduction(offer: Offer, at: dt.datetime) -> Money | None:
    """Return the lowest price of the 30 days before the current reduction began.

    None when the offer is not reduced. A reduction that goes further step by step is one
    reduction, as the directive's article 6a(5) allows. It never moves while the reduction lasts,
    so `Offer.lowest_before_minor` holds it for lists.
    """
    history = list(
        OfferPrice.objects.filter(offer=offer, valid_from__lte=at).order_by("-valid_from")
    )
    if not history or not history[0].is_reduction:
        return None
    first = _first_step(history)
    began = history[first].valid_from
    before = history[first + 1 :]
    recent = [price for price in before if price.valid_from > began - LOOK_BACK]
    # The price that held when the 30 days began is the newest of the older ones.
    recent += before[len(recent) : len(recent) + 1]
    if not recent:
        return None
    return min(price.price for price in recent)


def _first_step(newest_first: list[OfferPrice]) -> int:
    """Find where the reduction that leads the list began: as long as each step is lower."""
    steps = 0
    while (
        steps + 1 < len(newest_first)
        and newest_first[steps + 1].is_reduction
        and newest_first[steps + 1].price_minor > newest_first[steps].price_minor
    ):
        steps += 1
    return steps


def _check(price: Money, reason: str) -> None:
    if price.minor < 0:
        raise NegativePrice(price)
    if not reason.strip():
        raise ReasonMissing


def _append(
    offer: Offer, *, is_reduction: bool, reason: str, by: User | None, at: dt.datetime
) -> None:
    OfferPrice.objects.create(
        offer=offer,
        price_minor=offer.price_minor,
        currency=offer.currency,
        is_reduction=is_reduction,
        valid_from=at,
        set_by=by,
        reason=reason.strip(),
    )
