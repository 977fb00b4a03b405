"""The first page of the account, and the page of one pass."""

import datetime as dt
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from checkout.models import Order
from checkout.order_rows import order_rows
from checkout.pass_cards import pass_cards
from checkout.pass_values import pass_value
from storefront.account import codes, wallet_keys
from storefront.account.days_after import days_after
from storefront.account.gift_words import (
    gift_lines,
    gifts_waiting,
    received_gift,
    sessions_to_give,
)
from storefront.account.pass_words import entry_lines
from storefront.account.personal import customer, personal
from treatments import appointments
from treatments.models import SessionPass
from treatments.own_pauses import own_pauses
from treatments.spacing import clinic_day

NEWEST = 3


@personal
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show what waits, the sessions that are left and the newest orders."""
    user, at = customer(request), timezone.now()
    owned = SessionPass.objects.owned_by(user)
    newest = Order.objects.visible_to(user).prefetch_related("lines")[:NEWEST]
    context = {
        "waiting": gifts_waiting(user, at=at),
        "passes": pass_cards(owned, at=at),
        "appointments": list(appointments.of_user(user).open().order_by("starts_at", "pk")),
        "days_after": days_after(owned, at=at),
        "orders": order_rows(newest),
    }
    return render(request, "storefront/account/home.html", context)


@personal
@require_safe
def one_pass(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Show one pass of one's own with every entry; somebody else's is as good as none."""
    row = own_pass(request, public_id)
    at = timezone.now()
    only = SessionPass.objects.filter(pk=row.pk)
    (card,) = pass_cards(only, at=at)
    ledger = list(row.entries.order_by("pk"))
    booked = appointments.of_user(customer(request)).open()
    context = {
        "pass": card,
        "entries": entry_lines(row),
        "worth": pass_value(row, on=clinic_day(at)),
        "days_after": days_after(only, at=at),
        "appointments": list(booked.filter(session_pass=row).order_by("starts_at", "pk")),
        "pauses": own_pauses(row, ledger, at=at),
        "gifts": gift_lines(row),
        "received": received_gift(row, ledger, on=clinic_day(at)),
        "can_give": sessions_to_give(row, ledger, on=clinic_day(at)) > 0,
        "wallets": {"apple": wallet_keys.has_apple(), "google": wallet_keys.has_google()},
        "token": uuid4().hex,
        "today": clinic_day(at),
        "tomorrow": clinic_day(at) + dt.timedelta(days=1),
    }
    return render(request, "storefront/account/pass.html", context)


@personal
@require_safe
def pass_code(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Draw the code of one's own pass."""
    drawn = codes.drawn(own_pass(request, public_id).public_id)
    return HttpResponse(drawn, content_type="image/svg+xml")


def own_pass(request: HttpRequest, public_id: UUID) -> SessionPass:
    """Return a pass of whoever is signed in.

    :raises Http404: if there is none, or it is somebody else's.
    """
    found = SessionPass.objects.owned_by(customer(request)).filter(public_id=public_id).first()
    if found is None:
        raise Http404("No pass is found here.")
    return found
