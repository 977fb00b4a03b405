"""Something else for a gift, behind the same link: chosen and sent for, without an account."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from checkout import gift_instead, shipping
from checkout.gift_instead_form import InsteadForm
from checkout.views.gift import address_of, behind_link, user_of
from checkout.views.leaving import SeeOther
from treatments.models import Gift


@require_http_methods(["GET", "HEAD", "POST"])
@behind_link
def instead(request: HttpRequest, found: Gift) -> HttpResponse:
    """Let the recipient take a kit or a consultation for what the sessions are worth."""
    at = timezone.now()
    order = gift_instead.order_of(found)
    if order is not None:
        return SeeOther(reverse("checkout:order", args=[order.access_token]))
    choices = gift_instead.choices(found, at=at) if found.is_waiting else []
    if not choices:
        messages.info(request, str(gift_instead.NotOffered()))
        return SeeOther(address_of(found))
    form = InsteadForm(
        request.POST if request.method == "POST" else None,
        choices=choices,
        zones=shipping.zones(),
        initial={"name": found.recipient_name},
    )
    if form.is_valid():
        try:
            order = gift_instead.take(
                gift_id=found.pk, wish=form.wish(), by=user_of(request), at=at
            )
        except gift_instead.REFUSALS as refusal:
            form.add_error(None, str(refusal))
        else:
            return SeeOther(reverse("checkout:order", args=[order.access_token]))
    context = {"gift": found, "giver": found.giver_name or "Somebody", "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "checkout/gift_instead.html", context, status=status)
