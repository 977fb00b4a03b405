"""The only writer of desk baskets: whom staff fill a basket for, and what is known of them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.models import User
from checkout import shipping
from checkout.known_buyer import known_buyer
from checkout.models import Basket, DeskBasket, Order, OrderStatus

# What nobody went on with is forgotten, with the name and address in it.
FORGOTTEN_AFTER: Final = timedelta(days=7)
FACTS: Final = ("email", "name", "phone", "line1", "line2", "postcode", "city")
_ADDRESS: Final = ("line1", "line2", "postcode", "city")


@transaction.atomic
def begin(
    *, customer: User | None, facts: Mapping[str, str], country: str, by: User, at: datetime
) -> DeskBasket:
    """Begin a basket for somebody.

    :param customer: the account that the order will belong to; none for a guest.
    :param country: where goods go; empty for the shop's usual one.
    """
    basket = Basket.objects.create(country=country, created_at=at, updated_at=at)
    known = {name: facts.get(name, "") for name in FACTS}
    return DeskBasket.objects.create(
        basket=basket, customer=customer, begun_by=by, begun_at=at, **known
    )


def begin_for_account(*, customer: User, by: User, at: datetime) -> DeskBasket:
    """Begin a basket for an account, with its usual address."""
    country = shipping.default_country()
    facts = known_buyer(customer, country=country, wanted="").facts
    return begin(customer=customer, facts=facts, country=country, by=by, at=at)


def begin_like(*, order: Order, by: User, at: datetime) -> DeskBasket:
    """Begin a basket for the guest who placed an order, with its address."""
    facts = {"email": order.email, "name": order.name, "phone": order.phone}
    facts |= {name: getattr(order, f"delivery_{name}") for name in _ADDRESS}
    return begin(customer=order.user, facts=facts, country=order.delivery_country, by=by, at=at)


def change_facts(*, desk: DeskBasket, facts: Mapping[str, str]) -> None:
    """Write down who buys and where goods go."""
    known = {name: facts.get(name, "") for name in FACTS}
    DeskBasket.objects.filter(pk=desk.pk).update(**known)
    for name, said in known.items():
        setattr(desk, name, said)


def of_order(order: Order) -> DeskBasket | None:
    """Return the basket from which staff can change an order that awaits payment."""
    if order.status != OrderStatus.AWAITING_PAYMENT or order.basket_id is None:
        return None
    return DeskBasket.objects.filter(basket=order.basket_id).first()


def unpaid_order(desk: DeskBasket) -> Order | None:
    """Return the order of a basket that awaits payment, if there is one."""
    orders = Order.objects.filter(basket=desk.basket_id, status=OrderStatus.AWAITING_PAYMENT)
    found: Order | None = orders.order_by("-pk").first()
    return found


def under_way() -> QuerySet[DeskBasket]:
    """Return the baskets that hold something and are not paid, the newest first."""
    return DeskBasket.objects.filter(basket__lines__isnull=False).distinct()


def drop(*, desk: DeskBasket) -> None:
    """Throw a basket away; an order that was placed from it stays as it is."""
    desk.basket.delete()


def hand_over(*, gone: User, stays: User) -> None:
    """Let what is filled for one account be for another of the same person."""
    DeskBasket.objects.filter(customer=gone).update(customer=stays)


def forget_old(*, at: datetime) -> int:
    """Drop the baskets that nobody went on with, or that are paid; return how many."""
    waiting = Q(basket__orders__status=OrderStatus.AWAITING_PAYMENT)
    old = DeskBasket.objects.filter(begun_at__lt=at - FORGOTTEN_AFTER).exclude(waiting)
    found = list(old.values_list("basket", flat=True))
    Basket.objects.filter(pk__in=found).delete()
    return len(found)
