"""The page between basket and payment: who buys, where goods go, what it comes to."""

import contextlib
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User
from catalog import stock
from checkout import address_book, baskets, clearance, payments, placement
from checkout.forms import CheckoutForm
from checkout.known_buyer import known_buyer
from checkout.models import Basket
from checkout.priced import Notice
from checkout.pricing import PricedBasket, price_basket
from checkout.shipping import DeliveryFacts
from checkout.sold_out import sold_out_text
from checkout.views.leaving import leave_for

NOTHING_TO_ORDER = (
    "Nothing was ordered, because your basket is empty. You may have ordered or emptied it in"
    " another tab, or your browser has deleted its cookies."
)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def checkout(request: HttpRequest) -> HttpResponse:
    """Ask for the buyer's details; a POST places the order and leads to its payment page."""
    basket, facts = baskets.find(request), DeliveryFacts()
    # Who is led on to pay sees no line of this.
    is_order = request.method == "POST"
    priced = price_basket(basket, at=timezone.now(), facts=facts, with_pictures=not is_order)
    if basket is None or (priced.is_empty and not is_order):
        return _see_basket(request) if is_order else redirect("checkout:basket")
    if not is_order:
        return _page(request, basket, priced, _empty_form(request, priced))
    known = known_buyer(request.user, country=priced.country, wanted="")
    form = CheckoutForm(request.POST, basket=priced, known=known)
    if not form.is_valid():
        priced = price_basket(basket, at=timezone.now(), facts=facts)
        return _page(request, basket, priced, form, status=422)
    _keep_address(request, form)
    return _place(request, basket, form, facts)


def _keep_address(request: HttpRequest, form: CheckoutForm) -> None:
    """Put the address into the buyer's book if they wish so, whatever becomes of the order."""
    if not form.cleaned_data.get("keep_address") or not isinstance(request.user, User):
        return
    # A full book is no reason to hold up somebody who pays.
    with contextlib.suppress(address_book.BookFull):
        address_book.add(
            user=request.user, address=form.details().address, label="", at=timezone.now()
        )


def _empty_form(request: HttpRequest, priced: PricedBasket) -> CheckoutForm:
    """Return the form with what need not be asked, or not once more."""
    wanted = request.GET.get("address", "")
    known = known_buyer(request.user, country=priced.country, wanted=wanted)
    initial = known.facts
    if priced.unpaid_order:
        initial = initial | {"gift_note": priced.unpaid_order.gift_note}
    return CheckoutForm(basket=priced, known=known, initial=initial)


def _place(
    request: HttpRequest, basket: Basket, form: CheckoutForm, facts: DeliveryFacts
) -> HttpResponse:
    try:
        placed = payments.check_out(
            basket=basket,
            checkout_token=form.cleaned_data["checkout_token"],
            agreed_total_minor=form.cleaned_data["agreed_total_minor"],
            agreed_gift_card_minor=form.cleaned_data["agreed_gift_card_minor"] or 0,
            details=form.details(),
            user=request.user if isinstance(request.user, User) else None,
            at=timezone.now(),
            facts=facts,
        )
    except placement.AlreadyPlaced as refusal:
        return _see_order(refusal.order)
    except payments.PaymentRejected as refusal:
        return _see_order(refusal.order, notice="payment-rejected")
    except payments.PaymentNotOpened as refusal:
        return _see_order(refusal.order, notice="payment-unavailable")
    except (placement.PlacementRefused, stock.SoldOut) as refusal:
        found = Basket.objects.filter(pk=basket.pk).first()
        priced = price_basket(found, at=timezone.now())
        if found is None or priced.is_empty:
            return _see_basket(request)
        form = CheckoutForm(request.POST, basket=priced, known=form.known)
        form.is_valid()
        sentence = (
            sold_out_text(priced, refusal) if isinstance(refusal, stock.SoldOut) else str(refusal)
        )
        return _page(request, found, priced, form, notice=sentence, status=409)
    return leave_for(placed.url)


def _page(
    request: HttpRequest,
    basket: Basket,
    priced: PricedBasket,
    form: CheckoutForm,
    *,
    notice: str = "",
    status: int = 200,
) -> HttpResponse:
    gate = clearance.gate_of_basket(basket, priced.asked_versions, at=timezone.now())
    context: dict[str, Any] = {
        "unchecked": gate.missing,
        "basket": priced,
        "form": form,
        "checkout_token": basket.checkout_token,
        "agreed_total_minor": priced.total.minor,
        "notices": [Notice("warning", notice)] if notice else [],
    }
    return render(request, "checkout/checkout.html", context, status=status)


def _see_basket(request: HttpRequest) -> HttpResponseRedirect:
    messages.warning(request, NOTHING_TO_ORDER)
    return redirect("checkout:basket")


def _see_order(order: Any, *, notice: str = "") -> HttpResponseRedirect:
    address = reverse("checkout:order", args=[order.access_token])
    response = HttpResponseRedirect(f"{address}?notice={notice}" if notice else address)
    response.status_code = 303
    return response
