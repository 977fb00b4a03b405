"""The basket's page and drawer; every change is a POST that makes one call."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from checkout import basket_cookie, baskets, origins
from checkout.models import Basket
from checkout.priced import Notice, PricedBasket, PricedLine
from checkout.pricing import price_basket
from checkout.shown import name_to_put_back
from checkout.views.leaving import SeeOther

_TYPED_LENGTH = 20


@dataclass(frozen=True)
class Removed:
    """What was just taken out, for the button that puts it back."""

    sku: str
    name: str
    quantity: int


@dataclass(frozen=True)
class Attempt:
    """What could not be put in, as it was typed."""

    sku: str
    typed_quantity: str


View = Callable[[HttpRequest], HttpResponse]


def private(view: View) -> View:
    """Keep an answer out of every cache, the browser's for Back included."""

    @wraps(view)
    def answer(request: HttpRequest) -> HttpResponse:
        response = view(request)
        response["Cache-Control"] = "private, no-store"
        return response

    return answer


@private
@require_safe
def basket(request: HttpRequest) -> HttpResponse:
    """Show the basket."""
    priced = price_basket(baskets.find(request), at=timezone.now())
    added = _line(priced, request.GET.get("added", ""))
    return page_of(request, priced, added=added, removed=_removed(request, priced))


@private
@require_safe
def basket_drawer(request: HttpRequest) -> HttpResponse:
    """Show the basket as the fragment that the drawer holds."""
    return _drawer(request, price_basket(baskets.find(request), at=timezone.now()))


@private
@require_POST
def basket_add(request: HttpRequest) -> HttpResponse:
    """Put an offer into the basket."""
    sku, typed = request.POST.get("sku", ""), request.POST.get("quantity", "1")
    found = baskets.find(request)
    try:
        changed = baskets.add(
            basket=found,
            user=_user(request),
            sku=sku,
            quantity=baskets.read_quantity(typed),
            at=timezone.now(),
            added_from=origins.read(request.POST.get("from", "")),
        )
    except baskets.REFUSALS as refusal:
        return _refused(request, found, refusal, sku=sku, typed=typed)
    if not _wants_drawer(request):
        return _see(changed, added=sku)
    return _changed_drawer(request, changed, added=sku)


@private
@require_POST
def basket_change(request: HttpRequest) -> HttpResponse:
    """Set a line's quantity, or take it out with the button named ``remove``."""
    if "remove" in request.POST:
        return _remove(request)
    sku, typed = request.POST.get("sku", ""), request.POST.get("quantity", "")
    found = baskets.find(request)
    try:
        if found is None:
            raise baskets.NotInBasket
        changed = baskets.set_quantity(
            basket=found, sku=sku, quantity=baskets.read_quantity(typed), at=timezone.now()
        )
    except baskets.REFUSALS as refusal:
        return _refused(request, found, refusal, sku=sku, typed=typed)
    return _changed_drawer(request, changed) if _wants_drawer(request) else _see(changed)


@private
@require_POST
def basket_restore(request: HttpRequest) -> HttpResponse:
    """Put back what was just taken out."""
    sku, typed = request.POST.get("sku", ""), request.POST.get("quantity", "")
    found = baskets.find(request)
    try:
        changed = baskets.restore(
            basket=found,
            user=_user(request),
            sku=sku,
            quantity=baskets.read_quantity(typed),
            at=timezone.now(),
        )
    except baskets.REFUSALS as refusal:
        return _refused(request, found, refusal, sku=sku, typed=typed)
    return _changed_drawer(request, changed) if _wants_drawer(request) else _see(changed)


@private
@require_POST
def basket_delivery(request: HttpRequest) -> HttpResponse:
    """Choose where the goods go and how."""
    found = baskets.find(request)
    try:
        if found is None:
            raise baskets.NotInBasket
        changed = baskets.choose_delivery(
            basket=found,
            country=request.POST.get("country", ""),
            method_code=request.POST.get("method", ""),
            at=timezone.now(),
        )
    except baskets.REFUSALS as refusal:
        return _refused(request, found, refusal)
    return _see(changed)


def _remove(request: HttpRequest) -> HttpResponse:
    sku = request.POST.get("sku", "")
    found = baskets.find(request)
    try:
        if found is None:
            raise baskets.NotInBasket
        quantity = baskets.remove(basket=found, sku=sku, at=timezone.now())
    except baskets.NotInBasket:
        # A second click, or another tab was faster: what was wanted is the case.
        return _gone(request, found)
    except baskets.REFUSALS as refusal:
        return _refused(request, found, refusal)
    if _wants_drawer(request):
        name = name_to_put_back(sku)
        removed = Removed(sku, name, quantity) if name else None
        return _changed_drawer(request, found, removed=removed)
    return _see(found, removed=sku, quantity=quantity)


# --- Answers ------------------------------------------------------------------------------


def _refused(
    request: HttpRequest,
    found: Basket | None,
    refusal: Exception,
    *,
    sku: str = "",
    typed: str = "",
) -> HttpResponse:
    """Show the unchanged basket, why nothing changed, and what was typed."""
    typed = typed[:_TYPED_LENGTH].encode(errors="replace").decode()
    priced = price_basket(found, at=timezone.now())
    priced = replace(
        priced,
        goods=[_with_typed(line, sku, typed, refusal) for line in priced.goods],
        packages=[_with_typed(line, sku, typed, refusal) for line in priced.packages],
        notices=[Notice("error", str(refusal)), *priced.notices],
    )
    attempt = Attempt(sku, typed) if sku and _is_add(request) else None
    answer = _drawer if _wants_drawer(request) else page_of
    return answer(request, priced, attempt=attempt, status=422)


def _with_typed(line: PricedLine, sku: str, typed: str, refusal: Exception) -> PricedLine:
    if line.sku != sku:
        return line
    return replace(line, typed_quantity=typed, problem=str(refusal))


def _gone(request: HttpRequest, found: Basket | None) -> HttpResponse:
    if _wants_drawer(request):
        return _drawer(request, price_basket(found, at=timezone.now()))
    return SeeOther(reverse("checkout:basket"))


def _changed_drawer(
    request: HttpRequest, changed: Basket, *, added: str = "", removed: Removed | None = None
) -> HttpResponse:
    priced = price_basket(changed, at=timezone.now())
    response = _drawer(request, priced, added=_line(priced, added), removed=removed)
    basket_cookie.remember(response, basket=changed, count=priced.count)
    return response


def _see(changed: Basket, **news: object) -> HttpResponse:
    address = reverse("checkout:basket")
    response = SeeOther(f"{address}?{urlencode(news)}" if news else address)
    basket_cookie.remember(response, basket=changed, count=baskets.count(changed))
    return response


def page_of(
    request: HttpRequest, priced: PricedBasket, *, status: int = 200, **news: Any
) -> HttpResponse:
    """Show a basket's page with what has just happened to it."""
    response = render(request, "checkout/basket.html", _context(priced, news), status=status)
    _correct_count(request, response, priced)
    return response


def _drawer(
    request: HttpRequest, priced: PricedBasket, *, status: int = 200, **news: Any
) -> HttpResponse:
    context = _context(priced, news)
    response = render(request, "checkout/basket_drawer.html", context, status=status)
    _correct_count(request, response, priced)
    return response


def _context(priced: PricedBasket, news: dict[str, Any]) -> dict[str, Any]:
    return {"basket": priced, "added": None, "removed": None, "attempt": None, **news}


def _correct_count(request: HttpRequest, response: HttpResponse, priced: PricedBasket) -> None:
    """A basket that was paid for or expired elsewhere leaves the header's count behind."""
    if request.COOKIES.get(basket_cookie.COUNT_COOKIE, "0") != str(priced.count):
        basket_cookie.show_count(response, count=priced.count)


def _line(priced: PricedBasket, sku: str) -> PricedLine | None:
    return next((line for line in priced.lines if line.sku == sku), None)


def _removed(request: HttpRequest, priced: PricedBasket) -> Removed | None:
    """What the address says was taken out, unless it is back or makes no sense."""
    sku = request.GET.get("removed", "")
    if not sku or _line(priced, sku):
        return None
    try:
        quantity = baskets.read_quantity(request.GET.get("quantity", ""))
    except baskets.QuantityNotAllowed:
        return None
    name = name_to_put_back(sku)
    return Removed(sku, name, quantity) if name else None


def _user(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


def _is_add(request: HttpRequest) -> bool:
    return request.path == reverse("checkout:basket_add")


def _wants_drawer(request: HttpRequest) -> bool:
    """Whether a script asks for the drawer's content: from anywhere to add, else from within."""
    if request.headers.get("HX-Request") != "true":
        return False
    return _is_add(request) or "drawer" in request.headers.get("HX-Target", "")
