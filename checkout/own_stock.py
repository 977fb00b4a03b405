"""What a basket's own unpaid orders hold: nobody is told that their own goods are sold out.

Checking out withdraws those orders first, so what they hold can be ordered once more.
"""

from collections.abc import Iterable, Mapping
from copy import copy

from catalog.availability import Availability, availability
from catalog.models import Offer, Reservation
from checkout.models import Basket, Order, OrderStatus

Held = Mapping[int, Reservation]


def unpaid_orders(basket: Basket) -> list[Order]:
    """Return the orders of a basket that await payment, one of its present content first."""
    orders = Order.objects.filter(basket=basket, status=OrderStatus.AWAITING_PAYMENT)
    return sorted(orders, key=lambda order: order.checkout_token != basket.checkout_token)


def held_for(orders: Iterable[Order]) -> Held:
    """Return what orders hold, by offer; without orders no query is made."""
    references = [order.reference for order in orders]
    if not references:
        return {}
    reservations = Reservation.objects.held().filter(reference__in=references)
    return {reservation.offer_id: reservation for reservation in reservations}


def availability_for(offer: Offer, *, held: Held) -> Availability:
    """Say how many of an offer can be bought by the one who holds some of it already."""
    own = held.get(offer.pk)
    if own is None:
        return availability(offer)
    stock = copy(offer.stock)
    if own.is_back_order:
        stock.back_ordered -= own.quantity
    else:
        stock.reserved -= own.quantity
    as_if_free = copy(offer)
    as_if_free.stock = stock
    return availability(as_if_free)
