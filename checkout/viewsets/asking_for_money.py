"""How staff have an order paid: one call each, and what came of it in words."""

from typing import cast

from django.http import HttpRequest
from django.utils import timezone
from wagtail.admin import messages
from wagtail.log_actions import log

from accounts.models import User
from checkout import payments, placement
from checkout.models import Order, PaymentWay
from checkout.selling import placing, taking


def take_money(request: HttpRequest, order: Order, way: PaymentWay, reference: str) -> None:
    """Make the one call that takes money, and say what came of it."""
    by = cast(User, request.user)
    try:
        taking.take(order_id=order.pk, way=way, reference=reference, by=by, at=timezone.now())
    except taking.TakingRefused as refusal:
        messages.error(request, f"Order {order.number} is placed and kept. {refusal}")
    else:
        log(instance=order, action="checkout.take_money", user=by)
        messages.success(request, f"Order {order.number} is paid.")


def settle_with_card(request: HttpRequest, order: Order) -> None:
    """Make the one call that settles what a gift card pays as a whole, and say what came of it."""
    try:
        payments.open_payment(order_id=order.pk, at=timezone.now())
    except placement.PlacementRefused as refusal:
        messages.error(request, f"Order {order.number} is placed and kept. {refusal}")
    else:
        messages.success(request, f"Order {order.number} is paid with the gift card.")


def send_link(request: HttpRequest, order: Order) -> None:
    """Make the one call that mails the link, and say what came of it."""
    by = cast(User, request.user)
    try:
        placing.send_link(order_id=order.pk, by=by, at=timezone.now())
    except (placement.AlreadyPlaced, placing.NoMoreLinks) as refusal:
        messages.error(request, str(refusal))
    else:
        log(instance=order, action="checkout.send_link", user=by)
        messages.success(request, f"The link to pay is on its way to {order.email}.")
