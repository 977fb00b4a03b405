"""Send goods of an order back, behind its link: ask, see how it stands, fetch the label."""

import re
import secrets
from collections.abc import Mapping
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from allauth.account.adapter import get_adapter

from accounts import tries
from checkout.models import Order, Return, ReturnReason, ReturnWish
from checkout.order_links import TooManyGuesses, order_behind
from checkout.returns import asking, exchangeable, files, status
from checkout.returns.asking import Asked
from checkout.returns.returnable import ReturnableLine, returnable
from checkout.views.leaving import SeeOther
from checkout.views.order import private, too_many

ASKED_ALLOWED: Final = 10
ASKED_COUNTED_SECONDS: Final = 3600
_REFERENCE: Final = re.compile(r"[A-Za-z0-9_-]{20,43}")
_NUMBER: Final = re.compile(r"[0-9]{1,9}")
_REFUSALS: Final = (
    asking.NothingToReturn,
    asking.WordsRefused,
    exchangeable.NotForThis,
    files.FileRefused,
)
# Why a contract is withdrawn from is nobody's to choose here.
REASONS: Final = [choice for choice in ReturnReason.choices if choice[0] != ReturnReason.WITHDRAWN]


@sensitive_post_parameters("words")
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, token: str) -> HttpResponse:
    """Take what somebody wants to send back, why, and what they would like for it."""
    try:
        order = order_behind(request, token, at=timezone.now())
    except TooManyGuesses:
        return too_many(request)
    lines = returnable(order)
    if request.method != "POST" or not lines:
        return _form(request, order, lines)
    if _is_tired_of(request):
        return too_many(request)
    try:
        row = asking.ask(
            order_id=order.pk,
            asked=_asked(request, lines),
            reference=_reference_of(request),
            at=timezone.now(),
        )
    except _REFUSALS as refusal:
        return _form(request, order, lines, problem=str(refusal))
    return private(SeeOther(reverse("checkout:return", args=[token, row.pk])))


@require_safe
def shown(request: HttpRequest, token: str, return_id: int) -> HttpResponse:
    """Say how a return stands, and what its buyer can do."""
    try:
        row = _return_behind(request, token, return_id)
    except TooManyGuesses:
        return too_many(request)
    return private(render(request, "checkout/return.html", {"return": row, "order": row.order}))


@require_safe
def label(request: HttpRequest, token: str, return_id: int) -> HttpResponse:
    """Hand out the label of goods that are to come back."""
    try:
        row = _return_behind(request, token, return_id)
    except TooManyGuesses:
        return too_many(request)
    if row.label is None:
        raise Http404("There is no label.")
    return private(as_file(bytes(row.label), "application/pdf", f"return-{row.order.number}.pdf"))


@require_POST
def call_off(request: HttpRequest, token: str, return_id: int) -> HttpResponse:
    """End a return whose goods were not sent."""
    try:
        row = _return_behind(request, token, return_id)
        asking.call_off(return_id=row.pk, by=None, at=timezone.now())
    except TooManyGuesses:
        return too_many(request)
    except status.ReturnRefused:
        pass  # It has come meanwhile, or was called off in another tab: the page says so.
    return private(SeeOther(reverse("checkout:return", args=[token, return_id])))


def as_file(content: bytes, content_type: str, name: str) -> HttpResponse:
    """Hand a file out to be saved, never to be shown or guessed at by a browser."""
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _return_behind(request: HttpRequest, token: str, return_id: int) -> Return:
    order = order_behind(request, token, at=timezone.now())
    rows = Return.objects.select_related("order", "replacement", "refund")
    row = rows.prefetch_related("lines__line").filter(pk=return_id, order=order).first()
    if row is None:
        raise Http404("No return is found here.")
    return row


def _form(
    request: HttpRequest, order: Order, lines: list[ReturnableLine], *, problem: str = ""
) -> HttpResponse:
    sent: Mapping[str, Any] = request.POST
    at = timezone.now()
    context = {
        "order": order,
        "rows": [
            {
                "each": each,
                "typed": sent.get(f"pieces-{each.line.pk}", "0"),
                "choices": exchangeable.choices(each.line, at=at),
                "wanted": sent.get(f"wanted-{each.line.pk}", ""),
            }
            for each in lines
        ],
        "reasons": REASONS,
        "wishes": ReturnWish.choices,
        "sent": sent,
        "most_photos": files.MOST_PHOTOS,
        "problem": problem,
        "reference": _reference_of(request),
    }
    code = 422 if problem else 200
    return private(render(request, "checkout/ask_return.html", context, status=code))


def _asked(request: HttpRequest, lines: list[ReturnableLine]) -> Asked:
    """Read what was sent.

    :raises files.FileRefused: if a photo is none.
    """
    sent = request.POST
    reason = sent.get("reason", "")
    wish = sent.get("wish", "")
    return Asked(
        pieces={each.line.pk: _number(sent.get(f"pieces-{each.line.pk}", "")) for each in lines},
        reason=ReturnReason(reason) if reason in dict(REASONS) else ReturnReason.OTHER,
        words=sent.get("words", ""),
        wish=ReturnWish(wish) if wish in ReturnWish.values else ReturnWish.REFUND,
        wanted={each.line.pk: _number(sent.get(f"wanted-{each.line.pk}", "")) for each in lines},
        photos=files.photos(file for file in request.FILES.getlist("photos") if file.size),
    )


def _number(text: str) -> int:
    return int(text) if _NUMBER.fullmatch(text) else 0


def _reference_of(request: HttpRequest) -> str:
    """Return what the form carries, so that the same form twice is one return."""
    sent = request.POST.get("reference", "")
    return sent if _REFERENCE.fullmatch(sent) else secrets.token_urlsafe(24)


def _is_tired_of(request: HttpRequest) -> bool:
    key = f"returns-asked:{get_adapter(request).get_client_ip(request)}"
    return tries.count(key, seconds=ASKED_COUNTED_SECONDS) > ASKED_ALLOWED
