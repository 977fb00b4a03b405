"""What of baskets and orders goes along when two accounts of one person become one."""

import datetime as dt
from typing import Final

from accounts.merging import Mover, Outlook, counted
from accounts.models import User
from accounts.person import Person
from checkout import address_book, baskets, ownership, stripe_customers
from checkout.models import BasketLine, Order, OrderStatus, StripeCustomer
from checkout.selling import desk

# Stripe's page of these is open, or its bank has not answered: they are paid as they were begun.
_BEING_PAID: Final = (OrderStatus.AWAITING_PAYMENT, OrderStatus.PAYMENT_PROCESSING)


def _look(gone: Person, stays: Person) -> Outlook:
    orders = Order.objects.filter(user=gone.user)
    lines = BasketLine.objects.filter(basket__user=gone.user).count()
    addresses = address_book.new_in(stays.user, of=gone.user)
    room = max(address_book.MOST - address_book.addresses_of(stays.user).count(), 0)
    kept = len(addresses[:room])
    moves = [
        said
        for number, said in (
            (orders.count(), counted(orders.count(), "order") + ", with papers and parcels"),
            (lines, counted(lines, "article") + " in the basket, as far as stock allows"),
            (kept, counted(kept, "address", "addresses") + " of the address book"),
        )
        if number
    ]
    stays_behind = []
    if len(addresses) > room:
        left = counted(len(addresses) - room, "address is", "addresses are")
        stays_behind.append(f"{left} forgotten: an address book holds {address_book.MOST}")
    if StripeCustomer.objects.filter(user=gone.user).exists():
        stays_behind.append("saved cards of the account that goes are deleted at Stripe")
    being_paid = orders.filter(status__in=_BEING_PAID).order_by("pk")
    hinders = [f"order {each.number} is being paid" for each in being_paid]
    return Outlook(moves, stays_behind, hinders)


def _move(*, gone: Person, stays: Person, by: User, at: dt.datetime) -> None:
    ownership.hand_over_orders(gone=gone.user, stays=stays.user, by=by, at=at)
    baskets.hand_over(gone=gone.user, stays=stays.user, at=at)
    address_book.hand_over(gone=gone.user, stays=stays.user, at=at)
    desk.hand_over(gone=gone.user, stays=stays.user)
    stripe_customers.delete_from(user=gone.user, at=at)


MOVER: Final = Mover(
    title="Basket and orders",
    fields=frozenset(
        {
            "checkout.Basket.user",
            "checkout.DeliveryAddress.user",
            "checkout.DeskBasket.customer",
            "checkout.Order.user",
            "checkout.StripeCustomer.user",
        }
    ),
    look=_look,
    move=_move,
)
