"""Paid orders as rows, without the way through the checkout."""

import datetime as dt

from django.db import transaction

from catalog import stock
from catalog.models import Offer
from checkout import shipments, to_send
from checkout.models import Order, Shipment
from tests.checkout.factories import OrderFactory, OrderLineFactory


def sold(offer: Offer, quantity: int, *, at: dt.datetime, email: str = "ada@example.com") -> Order:
    """Let somebody have paid for so many pieces."""
    order: Order = OrderFactory.create(paid=True, email=email)
    OrderLineFactory.create(order=order, offer=offer, quantity=quantity)
    with transaction.atomic():
        stock.reserve(items=[(offer.pk, quantity)], reference=order.reference, expires_at=at, at=at)
    stock.sell(reference=order.reference)
    to_send.open_for(order)
    return order


def packed(order: Order, count: int, *, at: dt.datetime, batch: int | None = None) -> Shipment:
    """Pack so many pieces of an order's only article."""
    item = order.items_to_send.get()
    return shipments.pack(
        order_id=order.pk,
        pieces={item.pk: count},
        batches={item.pk: batch} if batch else {},
        reference=f"sold:{order.pk}:{Shipment.objects.count()}",
        by=None,
        at=at,
    )
