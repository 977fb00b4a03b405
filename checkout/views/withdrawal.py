"""Withdraw from a contract in two steps: the statement, then one button. Guests too.

Article 11a of directive 2011/83/EU: the function is labelled “Withdraw from a contract”, the
second step “Confirm withdrawal”, and a receipt with content and time goes out at once.
"""

import re
import secrets
from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods
from allauth.account.adapter import get_adapter

from accounts import tries
from accounts.even_time import even_time
from accounts.models import User
from checkout import withdrawing
from checkout.forms import WithdrawalForm
from checkout.models import Order
from checkout.order_links import TooManyGuesses, order_behind
from checkout.order_search import read_number
from checkout.views.leaving import SeeOther
from checkout.views.order import private, too_many
from checkout.whole_numbers import PIECES, whole
from checkout.withdrawing import NothingToWithdraw, Part

STATED_ALLOWED: Final = 10
STATED_COUNTED_SECONDS: Final = 3600
OWN_ORDERS_SHOWN: Final = 20
_REFERENCE: Final = re.compile(r"[A-Za-z0-9_-]{20,43}")


@sensitive_post_parameters()
@sensitive_variables()
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest) -> HttpResponse:
    """Take a statement by order number and address.

    Neither the answer nor the time that it takes tells whether there is such an order.
    """
    form = WithdrawalForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        context = {"form": form, "own_orders": _own_orders(request)}
        status = 422 if form.is_bound else 200
        return private(render(request, "checkout/withdraw.html", context, status=status))
    if "confirm" not in request.POST:
        context = {"stated": form.cleaned_data, "reference": _new_reference()}
        return private(render(request, "checkout/withdraw_confirm.html", context))
    if _is_tired_of(request):
        return too_many(request)
    with even_time():
        _receive(form.cleaned_data, reference=_reference_of(request))
    return private(SeeOther(reverse("checkout:withdrawal_received")))


@require_http_methods(["GET", "HEAD"])
def received(request: HttpRequest) -> HttpResponse:
    """Say that a statement has arrived, the same for everybody."""
    return private(render(request, "checkout/withdrawal_received.html"))


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_order(request: HttpRequest, token: str) -> HttpResponse:
    """Take a statement about an order behind its link, piece by piece."""
    at = timezone.now()
    try:
        order = order_behind(request, token, at=at)
    except TooManyGuesses:
        return too_many(request)
    sent: Mapping[str, Any] = request.POST if request.method == "POST" else {}
    parts = _parts(order, sent) if sent else withdrawing.whole(order)
    context: dict[str, Any] = {"order": order, "rows": _rows(order, parts)}
    context["can_withdraw"] = withdrawing.can_withdraw(order)
    if request.method != "POST":
        return private(render(request, "checkout/withdraw_order.html", context))
    try:
        if "confirm" in sent:
            if _is_tired_of(request):
                return too_many(request)
            withdrawing.withdraw(
                order_id=order.pk,
                parts=parts,
                reference=_reference_of(request),
                at=at,
                on=timezone.localdate(at),
            )
            return private(SeeOther(reverse("checkout:withdrawal_received")))
        stated = withdrawing.statement(order, parts, on=timezone.localdate(at))
    except NothingToWithdraw as refusal:
        context["problem"] = str(refusal)
        return private(render(request, "checkout/withdraw_order.html", context, status=422))
    context |= {"lines": stated, "reference": _new_reference()}
    return private(render(request, "checkout/withdraw_confirm.html", context))


def _own_orders(request: HttpRequest) -> list[Order]:
    if not isinstance(request.user, User):
        return []
    found = Order.objects.visible_to(request.user).filter(paid_at__isnull=False)
    return [order for order in found[:OWN_ORDERS_SHOWN] if withdrawing.can_withdraw(order)]


def _receive(stated: Mapping[str, str], *, reference: str) -> None:
    """Write the statement down if the order is the address's; nobody is told which it was."""
    at = timezone.now()
    number = read_number(stated["number"])
    order = Order.objects.filter(number=number, email__iexact=stated["email"]).first()
    if order is None or not withdrawing.can_withdraw(order):
        return
    withdrawing.withdraw(
        order_id=order.pk,
        parts=withdrawing.whole(order),
        reference=reference,
        at=at,
        on=timezone.localdate(at),
    )


def _parts(order: Order, sent: Mapping[str, Any]) -> dict[int, Part]:
    found = {}
    for line in order.lines.all():
        pieces = whole(str(sent.get(f"pieces-{line.pk}", "")), digits=PIECES)
        is_opened = bool(sent.get(f"opened-{line.pk}"))
        found[line.pk] = Part(pieces or 0, is_opened)
    return found


def _rows(order: Order, parts: Mapping[int, Part]) -> list[dict[str, Any]]:
    return [{"line": line, "part": parts[line.pk]} for line in order.lines.all()]


def _new_reference() -> str:
    return secrets.token_urlsafe(24)


def _reference_of(request: HttpRequest) -> str:
    """Return what the form carries, so that the same form twice is one statement."""
    sent = request.POST.get("reference", "")
    return sent if _REFERENCE.fullmatch(sent) else _new_reference()


def _is_tired_of(request: HttpRequest) -> bool:
    key = f"withdrawals-sent:{get_adapter(request).get_client_ip(request)}"
    return tries.count(key, seconds=STATED_COUNTED_SECONDS) > STATED_ALLOWED
