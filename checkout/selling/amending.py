"""Change what a paid order that has not been sent holds: a second order goes along, goods come off.

What is added is an order of its own, paid and invoiced like any other; it costs no delivery and
goes to where the first one goes. What is taken out is called off and paid back. Nothing is netted.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.db import transaction

from accounts.models import User
from checkout import calling_off, order_status, refunds, to_send
from checkout.models import Basket, DeliveryMethod, DeskBasket, Order, OrderStatus
from checkout.placement import PlacementRefused
from checkout.selling import desk
from money.money import Money

# Why what is taken out cannot be, after all.
REFUSALS: Final = (
    calling_off.AmountChanged,
    calling_off.NothingToCallOff,
    refunds.PaymentDisputed,
    refunds.RefundRefused,
    to_send.TooMany,
)


class AmendmentRefused(PlacementRefused):
    """The order has left, or was never paid."""

    def __init__(self, order: Order) -> None:
        super().__init__(
            f"Order {order.number} is {order.get_status_display().lower()} and nothing of it is"
            " still to be packed: make a new order. What was sent comes back as a return."
        )


def may_amend(order: Order) -> bool:
    """Tell whether something of a paid order has still to be packed."""
    return order.status == OrderStatus.PAID and order.pieces_to_pack > 0


@transaction.atomic
def begin(*, order_id: int, by: User, at: datetime) -> DeskBasket:
    """Begin to amend an order, or go on with it: there is one basket for each order.

    An order that goes along with another one leads to that one.

    :raises AmendmentRefused: if nothing of it is still to be packed.
    """
    order = Order.objects.select_for_update().get(pk=order_id)
    if order.amends_id:
        order = Order.objects.select_for_update().get(pk=order.amends_id)
    if not may_amend(order):
        raise AmendmentRefused(order)
    begun = DeskBasket.objects.filter(amends=order).first()
    if begun is None:
        begun = desk.begin_like(order=order, by=by, at=at)
        begun.amends = order
        begun.save(update_fields=["amends"])
        method = DeliveryMethod.objects.filter(code=order.delivery_method_code).first()
        Basket.objects.filter(pk=begun.basket_id).update(delivery_method=method)
    return begun


def units_of(begun: DeskBasket) -> dict[int, int]:
    """Return how many of which line are to be taken out, by the line's id."""
    return {int(line_id): int(units) for line_id, units in begun.take_out.items()}


def choose(*, begun: DeskBasket, units: Mapping[int, int]) -> None:
    """Note what is to be taken out of the order once the basket is placed.

    :raises calling_off.NothingToCallOff: if the order has not so many that lie in no parcel.
    """
    wanted = {line_id: count for line_id, count in units.items() if count > 0}
    if begun.amends and wanted:
        calling_off.amount(begun.amends, wanted)
    begun.take_out = wanted
    begun.save(update_fields=["take_out"])


def amount_out(begun: DeskBasket) -> Money | None:
    """Return what comes back for what is taken out; none if nothing is, or it has been packed."""
    units = units_of(begun)
    if begun.amends is None or not units:
        return None
    try:
        return calling_off.amount(begun.amends, units)
    except calling_off.NothingToCallOff:
        return None


def lock(begun: DeskBasket) -> Order | None:
    """Lock the order that a basket amends; the caller's transaction places the basket.

    :raises AmendmentRefused: if nothing of it is still to be packed.
    """
    if begun.amends_id is None:
        return None
    order: Order = Order.objects.select_for_update().get(pk=begun.amends_id)
    if not may_amend(order):
        raise AmendmentRefused(order)
    return order


def take_out(
    *,
    begun: DeskBasket,
    added: Order,
    agreed_minor: int | None,
    by: User,
    at: datetime,
    most_minor: int | None = None,
) -> None:
    """Call off and pay back what is taken out, and say on both orders what was done.

    The caller's transaction has locked the order and placed what is added; done once.

    :param agreed_minor: what was shown to come back, minor units; none if nothing is taken out.
    :param most_minor: how much may have gone back for the amended order then; none for no limit.
    :raises checkout.refund_ways.AboveLimit: if that is more.
    :raises calling_off.AmountChanged, calling_off.NothingToCallOff: if it is not so any more.
    :raises checkout.refunds.PaymentDisputed: if the buyer's bank holds the money.
    """
    amended = added.amends
    if amended is None or added.events.filter(kind="AMENDS").exists():
        return
    message = f"Amended: order {added.number} over {Money(added.total_minor, added.currency)} added"
    if units := units_of(begun):
        calling_off.call_off(
            order_id=amended.pk,
            units=units,
            agreed_minor=agreed_minor or 0,
            reason=f"Amended with order {added.number}",
            by=by,
            at=at,
            most_minor=most_minor,
        )
        message += f", {Money(agreed_minor or 0, amended.currency)} paid back"
        begun.take_out = {}
        begun.save(update_fields=["take_out"])
    order_status.record(amended, kind="AMENDED", message=message, at=at, by=by)
    words = f"Goes along with order {amended.number}"
    order_status.record(added, kind="AMENDS", message=words, at=at, by=by)
