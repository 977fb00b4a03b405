"""Whose order it is: a guest's go to the account that proves to own the address.

Those of two accounts of one person go to the one that stays.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from accounts.person import Person
from checkout import order_status
from checkout.models import Order


def claim_orders(*, user: User, email: str, at: datetime) -> int:
    """Hand a guest's orders to the account with the same address; return how many.

    Only call it with an address that the user has verified.
    """
    with transaction.atomic():
        waiting = Order.objects.select_for_update().filter(user=None, email=email.lower())
        claimed = list(waiting.order_by("pk"))
        for order in claimed:
            order.user = user
            order.save(update_fields=["user"])
            order_status.record(
                order, kind="CLAIMED", message="Added to the buyer's account", at=at, by=user
            )
    return len(claimed)


def lock_orders_of(people: Iterable[Person]) -> None:
    """Lock the orders of some people, and those that wait to be theirs, before gift and pass.

    The caller is inside a transaction.
    """
    wanted = Q(pk=None)
    for person in people:
        wanted |= Q(user=person.user) | Q(user=None, email__in=person.emails)
    rows = Order.objects.select_for_update().filter(wanted).order_by("pk")
    list(rows.values_list("pk"))


def hand_over_orders(*, gone: User, stays: User, by: User, at: datetime) -> int:
    """Hand all orders of one account to another of the same person; return how many.

    They keep the address that they were placed under. The caller is inside a transaction.
    """
    owned = Order.objects.select_for_update().filter(user=gone)
    orders = list(owned.order_by("pk"))
    for order in orders:
        order.user = stays
        order.save(update_fields=["user"])
        message = "Moved to the buyer's other account"
        order_status.record(order, kind="MERGED", message=message, at=at, by=by)
    return len(orders)
