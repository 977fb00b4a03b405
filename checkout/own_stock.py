"""What a basket's own unpaid orders hold: nobody is told that their own goods are sold out.

Checking out withdraws those orders first, so what they hold can be ordered once more.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from catalog.availability import Availability, Room, availability, room
from catalog.models import Offer, Reservation
from checkout.models import Basket, Order, OrderStatus


@dataclass(frozen=True, slots=True)
class Kept:
    """How many pieces of an article are held from stock, and how many on back-order."""

    in_stock: int = 0
    on_back_order: int = 0


Held = Mapping[int, Kept]


def unpaid_orders(basket: Basket) -> list[Order]:
    """Return the orders of a basket that await payment, one of its present content first."""
    orders = Order.objects.filter(basket=basket, status=OrderStatus.AWAITING_PAYMENT)
    return sorted(orders, key=lambda order: order.checkout_token != basket.checkout_token)


def held_for(orders: Iterable[Order]) -> Held:
    """Return what orders hold, by article; without orders no query is made."""
    references = [order.reference for order in orders]
    if not references:
        return {}
    held: dict[int, Kept] = {}
    for reservation in Reservation.objects.held().filter(reference__in=references):
        before = held.get(reservation.offer_id, Kept())
        field = "on_back_order" if reservation.is_back_order else "in_stock"
        more = getattr(before, field) + reservation.quantity
        held[reservation.offer_id] = replace(before, **{field: more})
    return held


def room_for(held: Held) -> Callable[[Offer], Room]:
    """Return how much room an article has for the one who holds some of it already."""

    def room_of(article: Offer) -> Room:
        own = held.get(article.pk)
        if own is None or not hasattr(article, "stock"):
            return room(article)
        stock = article.stock
        promised = stock.reserved - own.in_stock + stock.back_ordered - own.on_back_order
        return replace(
            room(article),
            in_stock=max(0, stock.on_hand - stock.withheld - promised),
            on_back_order=stock.back_orders_left + own.on_back_order,
        )

    return room_of


def availability_for(offer: Offer, *, held: Held) -> Availability:
    """Say how many of an offer can be bought by the one who holds some of it already."""
    return availability(offer, room_of=room_for(held))
