"""What the buttons on parcels do: one call each, and its refusals in words."""

from typing import Any, cast

from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.log_actions import log

from accounts.models import User
from checkout import shipments
from checkout.models import Order, Shipment
from checkout.viewsets.order_buttons import OrderButtonView


class ShipmentButtonView(OrderButtonView):
    """A button on one parcel of an order; a parcel of another order is as good as none."""

    permission_required = "pack"
    done_message = ""
    log_action = ""

    def press(self, request: HttpRequest, order: Order, shipment_id: int = 0) -> None:
        shipment = get_object_or_404(Shipment, pk=shipment_id, order=order)
        try:
            self.act(request, shipment)
        except shipments.REFUSALS as refusal:
            messages.error(request, str(refusal))
        else:
            self.say_done(request, order, self.done_message.format(shipment))

    def act(self, request: HttpRequest, shipment: Shipment) -> None:
        """Make the one call."""
        raise NotImplementedError


LONGEST_WHY = 200


class HandOverView(ShipmentButtonView):
    """A parcel leaves; one whose payment is disputed only if somebody who may says why."""

    done_message = "Parcel {} has left."
    log_action = "checkout.hand_over"

    def act(self, request: HttpRequest, shipment: Shipment) -> None:
        by = cast(User, request.user)
        despite = ""
        if by.has_perm("checkout.send_disputed"):
            despite = request.POST.get("despite", "").replace("\0", "")[:LONGEST_WHY]
        shipments.hand_over(shipment_id=shipment.pk, by=by, at=timezone.now(), despite=despite)


class ArriveView(ShipmentButtonView):
    """A parcel has arrived."""

    done_message = "Parcel {} has arrived."
    log_action = "checkout.arrive"

    def act(self, request: HttpRequest, shipment: Shipment) -> None:
        by = cast(User, request.user)
        shipments.arrive(shipment_id=shipment.pk, by=by, at=timezone.now())


class UnpackView(ShipmentButtonView):
    """A parcel that has not left is unpacked."""

    done_message = "Parcel {} is unpacked."
    log_action = "checkout.unpack"

    def act(self, request: HttpRequest, shipment: Shipment) -> None:
        by = cast(User, request.user)
        shipments.cancel(shipment_id=shipment.pk, by=by, at=timezone.now())


class TrackingForm(forms.Form):
    carrier = forms.CharField(max_length=80, required=False)
    number = forms.CharField(max_length=60, required=False)
    url = forms.URLField(max_length=300, required=False, assume_scheme="https")


class FollowView(ShipmentButtonView):
    """How a parcel is followed is written down, or put right."""

    done_message = "Tracking of parcel {} is saved."
    log_action = "checkout.follow"

    def press(self, request: HttpRequest, order: Order, shipment_id: int = 0) -> None:
        self.form = TrackingForm(request.POST)
        if not self.form.is_valid():
            messages.error(request, "Nothing was saved: look at number and link.")
            return
        super().press(request, order, shipment_id)

    def act(self, request: HttpRequest, shipment: Shipment) -> None:
        by = cast(User, request.user)
        shipments.follow(
            shipment_id=shipment.pk, by=by, at=timezone.now(), **self.form.cleaned_data
        )


class CollectView(PermissionCheckedMixin, View):
    """Somebody shows a code and gets what waits for them."""

    http_method_names: tuple[str, ...] = ("post",)
    model = Order
    permission_required = "pack"

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponseBase:
        code = request.POST.get("code", "").strip()[:6]
        by = cast(User, request.user)
        try:
            shipment = shipments.collect(code=code, by=by, at=timezone.now())
        except shipments.REFUSALS as refusal:
            messages.error(request, str(refusal))
            return redirect("orders:parcels")
        log(instance=shipment.order, action="checkout.hand_over", user=by)
        words = f"Parcel {shipment} of {shipment.order.name} is collected."
        messages.success(request, words)
        return redirect("orders:parcels")
