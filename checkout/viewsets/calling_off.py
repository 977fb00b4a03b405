"""The screen on which goods are paid back instead of sent: how many, then the amount, then yes."""

from typing import Any, cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from wagtail.admin import messages
from wagtail.log_actions import log

from accounts.models import User
from checkout import calling_off, refund_ways, refunds, to_send
from checkout.models import Order
from checkout.viewsets import large_refunds
from checkout.viewsets.packing import BenchScreen
from checkout.whole_numbers import PIECES, wholes
from money.money import Money

LONGEST_REASON = 100


class CallOffView(BenchScreen):
    """Lines of which something lies in no parcel, with a number for each."""

    permission_required = "refund"
    page_title = "Call off and pay back"
    template_name = "checkout/admin/call_off.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.order = get_object_or_404(Order, pk=kwargs["pk"])

    def get_page_subtitle(self) -> str:
        return self.order.number

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        typed = self._units()
        lines = [(line, typed.get(line.line.pk, 0)) for line in calling_off.open_lines(self.order)]
        return {
            **super().get_context_data(**kwargs),
            "order": self.order,
            "lines": lines,
            "reason": self._reason(),
        }

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponseBase:
        units, reason = self._units(), self._reason()
        try:
            amount = calling_off.amount(self.order, units)
        except calling_off.NothingToCallOff as refusal:
            messages.error(request, str(refusal))
            return self.render_to_response(self.get_context_data())
        agreed = request.POST.get("agreed_minor", "")
        if not reason:
            messages.error(
                request, "Say why: the buyer is not told, but may ask for all that is kept."
            )
        if not reason or not agreed.isdecimal() or len(agreed) > 12:
            return self.render_to_response(self.get_context_data(amount=amount))
        typed = {_field(line_id): count for line_id, count in units.items() if count}
        here = f"{request.path}?{urlencode(typed)}"
        held_up = large_refunds.held_up(request, self.order, int(agreed), back_to=here)
        try:
            return held_up or self._call_off(units, int(agreed), reason, amount)
        except refund_ways.AboveLimit as refusal:
            return large_refunds.overtaken(request, self.order, int(agreed), refusal, back_to=here)

    def _call_off(
        self, units: dict[int, int], agreed_minor: int, reason: str, amount: Money
    ) -> HttpResponseBase:
        by = cast(User, self.request.user)
        try:
            refund = calling_off.call_off(
                order_id=self.order.pk,
                units=units,
                agreed_minor=agreed_minor,
                reason=reason,
                by=by,
                at=timezone.now(),
                most_minor=large_refunds.most_minor(self.request, self.order),
            )
        except (
            calling_off.AmountChanged,
            calling_off.NothingToCallOff,
            refunds.PaymentDisputed,
            refunds.RefundRefused,
            to_send.TooMany,
        ) as refusal:
            messages.error(self.request, str(refusal))
            return self.render_to_response(self.get_context_data(amount=amount))
        log(instance=self.order, action="checkout.call_off", user=by)
        back = (
            f"{Money(agreed_minor, self.order.currency)} is on its way"
            if refund
            else "nothing goes back"
        )
        messages.success(self.request, f"Called off; {back}.")
        return redirect("orders:inspect", self.order.pk)

    def _reason(self) -> str:
        return self.request.POST.get("reason", "").replace("\0", "").strip()[:LONGEST_REASON]

    def _units(self) -> dict[int, int]:
        sent = self.request.POST if self.request.method == "POST" else self.request.GET
        lines = [each.line.pk for each in calling_off.open_lines(self.order)]
        typed = {line_id: sent.get(_field(line_id), "") for line_id in lines}
        return wholes(typed, digits=PIECES)


def _field(line_id: int) -> str:
    return f"line-{line_id}"
