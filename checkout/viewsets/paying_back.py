"""The screen on which money goes back: what for, then the amount line by line, then yes."""

from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from wagtail.admin import messages
from wagtail.log_actions import log

from accounts.models import User
from catalog import stock
from checkout import paying_back, refund_ways, refunds, to_send
from checkout.models import Order
from checkout.payable import Payable, PayableLine, payable
from checkout.paying_back import Quote, Wish
from checkout.viewsets import large_refunds
from checkout.viewsets.packing import BenchScreen
from checkout.whole_numbers import AMOUNT, PIECES, whole, wholes
from money.money import Money, NotAnAmount

LONGEST_REASON = 100
_REFUSALS = (
    paying_back.AmountChanged,
    paying_back.LiesInReturn,
    paying_back.NothingToPayBack,
    paying_back.TooMuch,
    refunds.PaymentDisputed,
    refunds.RefundRefused,
    stock.NoStockOfItsOwn,
    to_send.TooMany,
)


class PayBackView(BenchScreen):
    """What of an order can be paid back; a wish in the address shows its amount.

    The first step reads, so its address can be gone back to, after a sign-in too. The second step
    posts the same wish with the amount that was shown.
    """

    permission_required = "refund"
    page_title = "Pay back"
    template_name = "checkout/admin/pay_back.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.order = get_object_or_404(Order, pk=kwargs["pk"])

    def get_page_subtitle(self) -> str:
        return self.order.number

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        orders = {"url": reverse("orders:index"), "label": "Orders"}
        order = {"url": reverse("orders:inspect", args=[self.order.pk]), "label": self.order.number}
        here = {"url": "", "label": self.get_page_title()}
        return [*self.breadcrumbs_items, orders, order, here]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = payable(self.order)
        sent = self.request.POST if self.request.method == "POST" else self.request.GET
        typed = {name: str(sent[name])[:40] for name in fields(found) if sent.get(name)}
        quote = self._quote(found, typed) if typed else None
        context = {
            **super().get_context_data(**kwargs),
            "order": self.order,
            "found": found,
            "rows": [_row(each, typed) for each in found.lines],
            "typed": typed,
            "quote": quote,
            "delivery_left": Money(found.delivery.gross_minor, self.order.currency),
            "reason": _reason(sent),
            "is_disputed": self.order.disputes.holding_money().exists(),
        }
        return context | (self._who_may(quote) if quote else {})

    def _who_may(self, quote: Quote) -> dict[str, Any]:
        minor = quote.amount.minor
        return {
            "may_confirm": large_refunds.may_pay_back(self.request, self.order, minor),
            "must_sign_in": large_refunds.must_sign_in(self.request, self.order, minor),
            "limit": large_refunds.limit(),
            "sign_in_url": large_refunds.sign_in_for(self.request.get_full_path()),
        }

    def _quote(self, found: Payable, typed: Mapping[str, str]) -> Quote | None:
        try:
            return paying_back.quote(self.order, wish_of(found, typed, self.order.currency))
        except (*_REFUSALS, NotAnAmount) as refusal:
            messages.error(self.request, str(refusal))
            return None

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponseBase:
        found = payable(self.order)
        typed = {name: request.POST[name][:40] for name in fields(found) if request.POST.get(name)}
        agreed = whole(request.POST.get("agreed_minor", ""), digits=AMOUNT)
        reason = _reason(request.POST)
        if not reason:
            messages.error(
                request, "Say why: the buyer is not told, but may ask for all that is kept."
            )
        if not reason or agreed is None:
            return self.render_to_response(self.get_context_data())
        here = f"{request.path}?{urlencode(typed)}"
        held_up = large_refunds.held_up(request, self.order, agreed, back_to=here)
        try:
            return held_up or self._pay_back(found, typed, agreed, reason)
        except refund_ways.AboveLimit as refusal:
            return large_refunds.overtaken(request, self.order, agreed, refusal, back_to=here)

    def _pay_back(
        self, found: Payable, typed: Mapping[str, str], agreed_minor: int, reason: str
    ) -> HttpResponseBase:
        by = cast(User, self.request.user)
        try:
            refund = paying_back.pay_back(
                order_id=self.order.pk,
                wish=wish_of(found, typed, self.order.currency),
                agreed_minor=agreed_minor,
                reason=reason,
                by=by,
                at=timezone.now(),
                most_minor=large_refunds.most_minor(self.request, self.order),
            )
        except (*_REFUSALS, NotAnAmount) as refusal:
            messages.error(self.request, str(refusal))
            return self.render_to_response(self.get_context_data())
        log(instance=self.order, action="checkout.pay_back", user=by)
        back = Money(refund.amount_minor, refund.currency)
        messages.success(self.request, f"{back} is on its way.")
        return redirect("orders:inspect", self.order.pk)


def fields(found: Payable) -> list[str]:
    """Return the names of all fields that a wish is typed into."""
    by_line = [
        f"{kind}-{each.line.pk}" for each in found.lines for kind in ("unsent", "gone", "shelf")
    ]
    return [*by_line, "delivery", "delivery_part", "amount"]


def wish_of(found: Payable, typed: Mapping[str, str], currency: str) -> Wish:
    """Read what was typed.

    :raises NotAnAmount: if an amount is none.
    """
    delivery = {
        "all": found.delivery.gross_minor,
        "part": _amount(typed.get("delivery_part", ""), currency),
    }
    return Wish(
        unsent=_pieces(found, typed, "unsent"),
        gone=_pieces(found, typed, "gone"),
        shelved=frozenset(
            each.line.pk for each in found.lines if typed.get(f"shelf-{each.line.pk}")
        ),
        delivery_minor=delivery.get(typed.get("delivery", ""), 0),
        free_minor=_amount(typed.get("amount", ""), currency),
    )


def _pieces(found: Payable, typed: Mapping[str, str], kind: str) -> dict[int, int]:
    texts = {each.line.pk: typed.get(f"{kind}-{each.line.pk}", "") for each in found.lines}
    return wholes(texts, digits=PIECES)


def _amount(text: str, currency: str) -> int:
    return Money.parse(text, currency).minor if text.strip() else 0


def _reason(sent: Mapping[str, Any]) -> str:
    return str(sent.get("reason", "")).replace("\0", "").strip()[:LONGEST_REASON]


def _row(each: PayableLine, typed: Mapping[str, str]) -> dict[str, Any]:
    """Return one line with what was typed for it."""
    pk = each.line.pk
    return {
        "each": each,
        "unsent": typed.get(f"unsent-{pk}", "0"),
        "gone": typed.get(f"gone-{pk}", "0"),
        "is_shelved": f"shelf-{pk}" in typed,
    }
