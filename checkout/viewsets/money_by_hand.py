"""Buttons on an order for money that goes through the hands of staff, and for the link to pay."""

from typing import cast

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from wagtail.admin import messages
from wagtail.log_actions import log

from accounts.models import User
from checkout.models import Order, PaymentWay
from checkout.models.payment import BY_HAND
from checkout.selling import handing_back, taking
from checkout.viewsets.asking_for_money import send_link, take_money
from checkout.viewsets.order_buttons import OrderButtonView
from checkout.viewsets.selling import LONGEST_WORDS


class TakeMoneyView(OrderButtonView):
    """Write down that the order was paid in cash or at the terminal."""

    permission_required = "sell"

    def press(self, request: HttpRequest, order: Order) -> None:
        way = request.POST.get("way", "")
        if way not in BY_HAND:
            messages.error(request, "Say how it was paid.")
            return
        take_money(request, order, PaymentWay(way), _reference(request))


class SendLinkView(OrderButtonView):
    """Mail the link to pay once more."""

    permission_required = "sell"

    def press(self, request: HttpRequest, order: Order) -> None:
        send_link(request, order)


class HandBackView(OrderButtonView):
    """Write down that the money of a refund was handed back."""

    permission_required = "sell"

    def press(self, request: HttpRequest, order: Order, refund_id: int = 0) -> None:
        refund = get_object_or_404(order.refunds, pk=refund_id)
        by = cast(User, request.user)
        try:
            handing_back.hand_back(
                refund_id=refund.pk, reference=_reference(request), by=by, at=timezone.now()
            )
        except (
            taking.ReferenceMissing,
            handing_back.NotByHand,
            handing_back.AlreadyBack,
        ) as refusal:
            messages.error(request, str(refusal))
        else:
            log(instance=order, action="checkout.hand_back", user=by)
            messages.success(request, "The money is noted as handed back; the buyer gets a mail.")


def _reference(request: HttpRequest) -> str:
    return request.POST.get("reference", "").replace("\0", "")[:LONGEST_WORDS]
