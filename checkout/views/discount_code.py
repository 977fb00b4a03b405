"""Codes in the basket, of discounts and gift cards: entered, taken out, and not guessed."""

from typing import Final

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST
from allauth.account.adapter import get_adapter

from accounts import tries
from checkout import baskets
from checkout.discounts import codes
from checkout.discounts.finding import UnknownCode
from checkout.gift_cards import spending, typed
from checkout.models import Basket
from checkout.pricing import price_basket
from checkout.views.basket import page_of, private
from checkout.views.leaving import SeeOther

# From one network address; a generated code is one of 10^15.
MISSES_ALLOWED: Final = 20
MISSES_COUNTED_SECONDS: Final = 3_600
TRIED_TOO_OFTEN: Final = "Too many codes were tried from here. Please wait an hour."
_TYPED_LENGTH: Final = 40


@private
@require_POST
def basket_code(request: HttpRequest) -> HttpResponse:
    """Enter a code, or take out what a button named ``remove`` or ``remove_gift_card`` says."""
    found = baskets.find(request)
    if found is None:
        return SeeOther(reverse("checkout:basket"))
    misses = f"discount-codes-missed:{get_adapter(request).get_client_ip(request)}"
    if cache.get(misses, 0) >= MISSES_ALLOWED:
        return _refused(request, found, TRIED_TOO_OFTEN, status=429)
    try:
        _change(request, found)
    except UnknownCode as refusal:
        tries.count(misses, seconds=MISSES_COUNTED_SECONDS)
        return _refused(request, found, str(refusal))
    except typed.REFUSALS as refusal:
        return _refused(request, found, str(refusal))
    except baskets.NotInBasket:
        pass  # It was merged into an account's meanwhile; its page says what is in it.
    return SeeOther(reverse("checkout:basket"))


def _change(request: HttpRequest, found: Basket) -> None:
    at = timezone.now()
    if "remove" in request.POST:
        codes.take_out(basket=found, code=codes.read(request.POST["remove"]), at=at)
    elif "remove_gift_card" in request.POST:
        spending.take_out(basket=found, at=at)
    else:
        typed.enter(basket=found, text=request.POST.get("code", ""), at=at)


def _refused(
    request: HttpRequest, found: Basket, problem: str, *, status: int = 422
) -> HttpResponse:
    """Show the unchanged basket, what was typed, and why it does not count."""
    shown = request.POST.get("code", "")[:_TYPED_LENGTH].encode(errors="replace").decode()
    priced = price_basket(found, at=timezone.now())
    return page_of(request, priced, status=status, code_problem=problem, code_typed=shown)
