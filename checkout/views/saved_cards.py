"""The way to the cards that a customer has saved at Stripe."""

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User
from checkout import stripe_customers, stripe_gateway
from checkout.views.leaving import SeeOther, leave_for

_AWAY = "Stripe does not answer right now. Your cards are safe there; please try again in a while."


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def saved_cards(request: HttpRequest) -> HttpResponse:
    """Say where cards are kept; a POST leads to Stripe's page of one's own."""
    if request.method != "POST":
        return render(request, "checkout/saved_cards.html")
    here = reverse("checkout:saved_cards")
    try:
        url = stripe_customers.portal_url(
            user=cast(User, request.user),
            return_to=settings.SITE_URL + here,
            at=timezone.now(),
        )
    except (stripe_gateway.PaymentServiceUnavailable, stripe_gateway.PaymentServiceRefused):
        messages.error(request, _AWAY)
        return SeeOther(here)
    return leave_for(url)
