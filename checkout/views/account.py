"""The orders that are one's own."""

import re
from typing import Any, Final, cast

from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import User
from checkout.models import Order
from checkout.order_page import order_context
from checkout.order_rows import order_rows

PER_PAGE: Final = 20

_NUMBER: Final = re.compile(r"G-[0-9A-Z]{4}-[0-9A-Z]{4}")


@never_cache
@require_safe
@login_required
def my_orders(request: HttpRequest) -> HttpResponse:
    """List the orders that are one's own."""
    orders = Order.objects.visible_to(cast(User, request.user)).prefetch_related("lines")
    page: Page[Any] = Paginator(orders, PER_PAGE).get_page(request.GET.get("page"))
    page.object_list = order_rows(page.object_list)
    return render(request, "checkout/my_orders.html", {"orders": page})


@never_cache
@require_safe
@login_required
def my_order(request: HttpRequest, number: str) -> HttpResponse:
    """Show one order of one's own; somebody else's is as good as none."""
    orders = Order.objects.visible_to(cast(User, request.user)).prefetch_related("lines")
    found = orders.filter(number=number).first() if _NUMBER.fullmatch(number) else None
    if found is None:
        raise Http404("No order is found here.")
    context = order_context(found, at=timezone.now(), is_own=True)
    return render(request, "checkout/my_order.html", context)
