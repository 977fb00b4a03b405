"""The pages of a customer's address book."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from checkout import address_book
from checkout.address_form import AddressForm, facts_of
from checkout.countries import country_name
from checkout.views.leaving import SeeOther


@never_cache
@require_safe
@login_required
def addresses(request: HttpRequest) -> HttpResponse:
    """List one's own addresses, the usual one first."""
    shown = [
        {"row": row, "country": country_name(row.country)}
        for row in address_book.addresses_of(_customer(request))
    ]
    return render(request, "checkout/addresses.html", {"addresses": shown})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new_address(request: HttpRequest) -> HttpResponse:
    """Add an address."""
    user = _customer(request)
    initial = {"name": user.name, "country": "DE"}
    form = AddressForm(request.POST or None, label_suffix="", initial=initial)
    if request.method != "POST" or not form.is_valid():
        return _form(request, form)
    label, at = form.cleaned_data["label"], timezone.now()
    try:
        address_book.add(user=user, address=form.address, label=label, at=at)
    except address_book.BookFull as refusal:
        form.add_error(None, str(refusal))
        return _form(request, form)
    messages.success(request, "The address is kept. You can choose it at checkout.")
    return _back()


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def change_address(request: HttpRequest, address_id: int) -> HttpResponse:
    """Write one of one's own addresses anew."""
    user = _customer(request)
    row = get_object_or_404(address_book.addresses_of(user), pk=address_id)
    form = AddressForm(request.POST or None, label_suffix="", initial=facts_of(row))
    if request.method != "POST" or not form.is_valid():
        return _form(request, form, is_new=False)
    label = form.cleaned_data["label"]
    try:
        address_book.change(user=user, address_id=row.pk, address=form.address, label=label)
    except address_book.NoSuchAddress as refusal:
        raise Http404(str(refusal)) from refusal
    messages.success(request, "The address is changed. Orders that were placed keep theirs.")
    return _back()


@never_cache
@require_POST
@login_required
def remove_address(request: HttpRequest, address_id: int) -> HttpResponse:
    """Forget one of one's own addresses."""
    try:
        address_book.remove(user=_customer(request), address_id=address_id)
    except address_book.NoSuchAddress as refusal:
        raise Http404(str(refusal)) from refusal
    messages.success(request, "The address is removed.")
    return _back()


@never_cache
@require_POST
@login_required
def usual_address(request: HttpRequest, address_id: int) -> HttpResponse:
    """Let one of one's own addresses be the usual one."""
    try:
        address_book.make_default(user=_customer(request), address_id=address_id)
    except address_book.NoSuchAddress as refusal:
        raise Http404(str(refusal)) from refusal
    return _back()


def _form(request: HttpRequest, form: AddressForm, *, is_new: bool = True) -> HttpResponse:
    status = 422 if form.is_bound else 200
    context = {"form": form, "is_new": is_new}
    return render(request, "checkout/address_form.html", context, status=status)


def _back() -> HttpResponse:
    return SeeOther(reverse("checkout:addresses"))


def _customer(request: HttpRequest) -> User:
    return cast(User, request.user)
