"""Buying a gift card, and saying anew for whom it is until it is mailed."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from catalog.gift_card_form import GiftCardForm
from catalog.models import GiftCardPage
from catalog.offer_views import offer_views
from checkout import basket_cookie, baskets
from checkout.gift_cards import sold
from checkout.gift_cards.address_form import CardAddressForm
from checkout.models import BasketCard, Order, OrderCard
from checkout.order_links import TooManyGuesses, order_behind
from checkout.shown import SKU
from checkout.views.basket import private as uncached
from checkout.views.leaving import SeeOther
from checkout.views.order import private, too_many


@uncached
@sensitive_post_parameters()
@sensitive_variables()
@require_POST
def basket_gift_card(request: HttpRequest) -> HttpResponse:
    """Put a gift card into the basket, or show the form again with what was typed."""
    at = timezone.now()
    page = _page_selling(request.POST.get("sku", ""))
    offers = offer_views(page.offers_now())
    form = GiftCardForm(request.POST, offers=offers, on=timezone.localdate(at))
    if form.is_valid():
        said = dict(form.cleaned_data)
        try:
            changed = baskets.add_card(
                basket=baskets.find(request),
                user=request.user if isinstance(request.user, User) else None,
                sku=said.pop("sku"),
                wish=BasketCard(**said),
                at=at,
            )
        except baskets.REFUSALS as refusal:
            form.add_error(None, str(refusal))
        else:
            response = SeeOther(f"{reverse('checkout:basket')}?added={form.cleaned_data['sku']}")
            basket_cookie.remember(response, basket=changed, count=baskets.count(changed))
            return response
    context = {"page": page, "offers": offers, "form": form}
    return render(request, "checkout/gift_card_form.html", context, status=422)


def _page_selling(sku: str) -> GiftCardPage:
    """Return the page that sells a gift card, or else the first one that sells any."""
    pages = GiftCardPage.objects.live().order_by("path")
    found = pages.filter(offers__sku=sku).first() if SKU.fullmatch(sku) else None
    page: GiftCardPage | None = found or pages.first()
    if page is None:
        raise Http404("No gift cards are sold.")
    return page


@sensitive_post_parameters()
@sensitive_variables()
@require_http_methods(["GET", "HEAD", "POST"])
def order_card(request: HttpRequest, token: str, sold_id: int) -> HttpResponse:
    """Ask the giver anew where a card is mailed to."""
    try:
        order = order_behind(request, token, at=timezone.now())
    except TooManyGuesses:
        return too_many(request)
    card = _sold_with(order, sold_id)
    address = reverse("checkout:order", args=[token])
    if card.card is None or not card.is_to_mail:
        messages.info(request, str(sold.AlreadyMailed()))
        return private(SeeOther(address))
    known = {"name": card.card.recipient_name, "email": card.card.recipient_email}
    form = CardAddressForm(request.POST or None, initial=known)
    if not form.is_valid():
        context = {"order": order, "sold": card, "form": form, "back_url": address}
        status = 422 if form.is_bound else 200
        return private(render(request, "checkout/order_card.html", context, status=status))
    try:
        said = form.cleaned_data
        sold.correct(
            order_id=order.pk,
            sold_id=card.pk,
            name=said["name"],
            email=said["email"],
            at=timezone.now(),
        )
    except sold.AlreadyMailed as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, f"The card will be mailed to {said['email']}.")
    return private(SeeOther(address))


def _sold_with(order: Order, sold_id: int) -> OrderCard:
    found: OrderCard | None = (
        OrderCard.objects.filter(line__order=order, pk=sold_id)
        .select_related("card", "line")
        .first()
    )
    if found is None:
        raise Http404("This order has no such card.")
    return found
