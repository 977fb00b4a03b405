"""Large refunds take a permission of their own, and somebody who has just said who they are."""

from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from wagtail.admin import messages

from accounts.recent import signed_in_lately
from checkout.models import Order, RefundSettings
from checkout.refund_ways import AboveLimit
from money.money import Money


def limit() -> Money:
    """Return the amount above which refunds of one order are large."""
    decided = RefundSettings.objects.order_by("pk").first() or RefundSettings()
    return Money(decided.large_above_minor, settings.SHOP_CURRENCY)


def is_large(order: Order, amount_minor: int) -> bool:
    """Tell whether an amount is large, together with what has gone back for the order already.

    :param amount_minor: minor units of the order's currency.
    """
    gone = order.refunded_minor + order.refund_reserved_minor
    most = limit()
    return order.currency != most.currency or gone + amount_minor > most.minor


def may_pay_back(request: HttpRequest, order: Order, amount_minor: int) -> bool:
    """Tell whether somebody's permissions reach to an amount."""
    return request.user.has_perm("checkout.refund_large") or not is_large(order, amount_minor)


def must_sign_in(request: HttpRequest, order: Order, amount_minor: int) -> bool:
    """Tell whether somebody has to confirm who they are before an amount goes back."""
    is_recent = signed_in_lately(request, at=timezone.now())
    return is_large(order, amount_minor) and not is_recent


def held_up(
    request: HttpRequest, order: Order, amount_minor: int, *, back_to: str
) -> HttpResponseRedirect | None:
    """Return where to go instead of paying back; none where nothing stands in the way.

    :param back_to: the address to return to, from where it is tried again.
    """
    if not may_pay_back(request, order, amount_minor):
        messages.error(request, str(AboveLimit(limit())))
        return HttpResponseRedirect(back_to)
    if not must_sign_in(request, order, amount_minor):
        return None
    return HttpResponseRedirect(sign_in_for(back_to))


def most_minor(request: HttpRequest, order: Order) -> int | None:
    """Return how much may have gone back for an order once somebody has paid back; none: no limit.

    The verbs hold it against what has gone by then: an order on a screen was read before.
    """
    is_recent = signed_in_lately(request, at=timezone.now())
    if request.user.has_perm("checkout.refund_large") and is_recent:
        return None
    most = limit()
    return most.minor if order.currency == most.currency else 0


def overtaken(
    request: HttpRequest, order: Order, amount_minor: int, refusal: AboveLimit, *, back_to: str
) -> HttpResponseRedirect:
    """Answer whoever's amount became large meanwhile, as if the screen had known it."""
    order.refresh_from_db()
    answer = held_up(request, order, amount_minor, back_to=back_to)
    if answer is None:
        messages.error(request, str(refusal))
    return answer or HttpResponseRedirect(back_to)


def sign_in_for(back_to: str) -> str:
    """Return the address at which somebody confirms who they are, to come back afterwards."""
    return reverse("account_reauthenticate", query={REDIRECT_FIELD_NAME: back_to})
