"""An order behind its link: where it stands, paying it, withdrawing it, the same once more."""

from typing import Any

from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from checkout import (
    basket_cookie,
    baskets,
    order_status,
    ordering_again,
    payments,
    settlement,
    stripe_gateway,
)
from checkout.models import Order, OrderStatus, PaymentStatus
from checkout.order_links import TooManyGuesses, order_behind
from checkout.order_page import order_context
from checkout.placement import AlreadyPlaced, SuitabilityMissing
from checkout.priced import Notice
from checkout.views.leaving import SeeOther, leave_for

ASK_AGAIN_SECONDS = 2

_NOTICES = {
    "suitability": Notice(
        "warning",
        "Your suitability check has run out, or our questions have changed. Nothing was charged:"
        " please take the check once more, then pay.",
    ),
    "payment-unavailable": Notice(
        "warning",
        "Our payment service did not answer. Your order is kept and nothing was charged:"
        " please try again in a minute.",
    ),
    "payment-rejected": Notice(
        "error",
        "Our payment service does not accept this order as it is; nothing was charged. Check the"
        " e-mail address by ordering once more from your basket, or write to us.",
    ),
    "cancel-unavailable": Notice(
        "warning", "Our payment service did not answer, so nothing was changed. Please try again."
    ),
    "cancel-refused": Notice("info", "This order can no longer be cancelled here."),
}


@require_safe
def order(request: HttpRequest, token: str) -> HttpResponse:
    """Show an order to whoever holds its link."""
    try:
        found = order_behind(request, token, at=timezone.now())
    except TooManyGuesses:
        return too_many(request)
    return _page(request, order_context(found, at=timezone.now()))


@require_safe
def landing(request: HttpRequest, token: str) -> HttpResponse:
    """Where Stripe sends the buyer: settle what Stripe knows, then say how it stands."""
    try:
        found = order_behind(request, token, at=timezone.now())
    except TooManyGuesses:
        return too_many(request)
    session_id = request.GET.get("session_id", "")[:255].replace("\0", "")
    is_heard_of = not session_id or _hears_of(found, session_id)
    context = order_context(found, at=timezone.now(), is_landing=True)
    if not is_heard_of and context["state"] == "awaiting_payment":
        # Who comes from the payment page has most likely paid, and must not be asked to.
        context |= {"state": "unheard", "can_pay": False, "can_cancel": False}
    response = _page(request, context)
    basket_cookie.show_count(response, count=baskets.count(baskets.find(request)))
    return response


@require_POST
def order_pay(request: HttpRequest, token: str) -> HttpResponse:
    """Lead to the order's payment page."""
    try:
        found = order_behind(request, token, at=timezone.now())
        return leave_for(payments.open_payment(order_id=found.pk, at=timezone.now()))
    except TooManyGuesses:
        return too_many(request)
    except AlreadyPlaced:
        return _see(token)
    except SuitabilityMissing:
        return _see(token, notice="suitability")
    except payments.PaymentRejected:
        return _see(token, notice="payment-rejected")
    except payments.PaymentNotOpened:
        return _see(token, notice="payment-unavailable")


@require_POST
def order_cancel(request: HttpRequest, token: str) -> HttpResponse:
    """Withdraw an unpaid order."""
    try:
        found = order_behind(request, token, at=timezone.now())
        payments.close(
            order_id=found.pk,
            to=OrderStatus.CANCELLED,
            at=timezone.now(),
            message="Cancelled by the buyer",
        )
    except TooManyGuesses:
        return too_many(request)
    except order_status.TransitionRefused:
        return _see(token, notice="cancel-refused")
    except (
        stripe_gateway.PaymentServiceUnavailable,
        stripe_gateway.PaymentServiceRefused,
    ):
        return _see(token, notice="cancel-unavailable")
    return _see(token)


@require_POST
def order_again(request: HttpRequest, token: str) -> HttpResponse:
    """Put what the order held into the basket once more."""
    try:
        found = order_behind(request, token, at=timezone.now())
    except TooManyGuesses:
        return too_many(request)
    again = ordering_again.order_again(
        order=found,
        basket=baskets.find(request),
        user=request.user if isinstance(request.user, User) else None,
        at=timezone.now(),
    )
    for notice in again.notices:
        messages.warning(request, notice)
    response = private(SeeOther(reverse("checkout:basket")))
    if again.basket is not None:
        count = baskets.count(again.basket)
        basket_cookie.remember(response, basket=again.basket, count=count)
    return response


def _hears_of(found: Order, session_id: str) -> bool:
    """Ask Stripe how an order's payment went; tell whether that is known now.

    The buyer does not wait for the webhook, which does the same later if Stripe is away. A page
    reloaded on and on asks nothing.
    """
    settled = [PaymentStatus.SUCCEEDED, PaymentStatus.MISMATCHED]
    unsettled = found.payments.filter(session_id=session_id).exclude(status__in=settled)
    if not unsettled.exists():
        return True
    if not cache.add(f"landing:{session_id}", 1, ASK_AGAIN_SECONDS):
        return False
    try:
        settlement.settle(session_id, at=timezone.now())
    except (
        stripe_gateway.PaymentServiceUnavailable,
        stripe_gateway.PaymentServiceRefused,
        settlement.UnknownSession,
    ):
        return False
    found.refresh_from_db()
    return True


def _page(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    notice = _NOTICES.get(request.GET.get("notice", ""))
    context["notices"] = [notice] if notice else []
    return private(render(request, "checkout/order.html", context))


def _see(token: str, *, notice: str = "") -> HttpResponse:
    address = reverse("checkout:order", args=[token])
    return private(SeeOther(f"{address}?notice={notice}" if notice else address))


def too_many(request: HttpRequest) -> HttpResponse:
    response = private(render(request, "429.html", status=429))
    response["Retry-After"] = "300"
    return response


def private(response: HttpResponse) -> HttpResponse:
    """Keep a page out of every cache and its address out of every referrer."""
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response
