"""Whose order it is: a guest's orders go to the account that proves to own the address."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
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
