"""Withdrawals in the admin: what waits until when, and the buttons that decide."""

from typing import Any, cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn, TitleColumn
from wagtail.admin.views.generic import IndexView
from wagtail.log_actions import log

from accounts.models import User
from checkout import withdrawing
from checkout.models import Order, Return, Withdrawal
from checkout.payable import payable
from checkout.viewsets.order_buttons import OrderButtonView
from checkout.viewsets.stripe import ReadOnlyViewSet


def state(withdrawal: Withdrawal) -> str:
    """Say what has become of a withdrawal."""
    decision = getattr(withdrawal, "decision", None)
    if decision is None:
        return "To decide"
    return "Accepted" if decision.is_accepted else "Declined"


def is_open(withdrawal: Withdrawal) -> bool:
    return state(withdrawal) == "To decide"


def contents(withdrawal: Withdrawal) -> str:
    """Say what it is from, as stated."""
    return ", ".join(
        f"{row.quantity} × {row.name}{' (opened)' if row.is_opened else ''}"
        for row in withdrawal.lines.all()
    )


class WithdrawalIndexView(IndexView):
    """The newest first; each leads to its order, where it is decided."""

    def get_base_queryset(self) -> Any:
        rows = super().get_base_queryset().select_related("order", "decision")
        return rows.prefetch_related("lines__line")


class WithdrawalViewSet(ReadOnlyViewSet):
    model = Withdrawal
    name = "withdrawals"
    icon = "rotate"
    menu_label = "Withdrawals"
    form_fields = ("refund_due_on",)
    index_view_class = WithdrawalIndexView
    list_display = (
        TitleColumn(
            "order",
            label="Order",
            accessor="order.number",
            get_url=lambda row: reverse("orders:inspect", args=[row.order_id]),
        ),
        DateColumn("stated_at", label="Stated", sort_key="stated_at"),
        Column("contents", label="From", accessor=contents),
        StatusTagColumn("state", label="State", accessor=state, primary=is_open),
        Column("refund_due_on", label="Pay back by", sort_key="refund_due_on"),
    )
    search_fields = ("order__number", "order__email")
    inspect_view_enabled = False


class DecideWithdrawalView(OrderButtonView):
    """Accept a withdrawal, and go on to pay back what it names; or decline it."""

    permission_required = "refund"

    def post(self, request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponseBase:
        order = get_object_or_404(Order, pk=pk)
        row = get_object_or_404(order.withdrawals, pk=kwargs["withdrawal_id"])
        is_accepted = request.POST.get("decide") == "accept"
        by = cast(User, request.user)
        try:
            withdrawing.decide(
                withdrawal_id=row.pk,
                is_accepted=is_accepted,
                by=by,
                at=timezone.now(),
            )
        except withdrawing.DecidedAlready as refusal:
            messages.error(request, str(refusal))
            return redirect(self.inspect_url_name, order.pk)
        log(instance=order, action="checkout.decide_withdrawal", user=by)
        if is_accepted:
            return _accepted(request, order, row)
        messages.success(request, "Declined: write to the buyer why.")
        return redirect(self.inspect_url_name, order.pk)


def _accepted(request: HttpRequest, order: Order, row: Withdrawal) -> HttpResponseBase:
    """Lead to the return of what the buyer has, or to paying back what was never sent."""
    opened = Return.objects.filter(withdrawal=row).first()
    wish = _wish(order, row, is_coming_back=opened is not None)
    if opened is not None:
        words = "Accepted: what the buyer has comes back as a return, and is paid back from there."
        messages.success(request, words)
        if not any(int(count) for name, count in wish.items() if name.startswith("unsent-")):
            return redirect("returns:inspect", opened.pk)
    else:
        messages.success(request, "Accepted: look at the amount, and pay it back.")
    return redirect(f"{reverse('orders:pay_back', args=[order.pk])}?{urlencode(wish)}")


def _wish(order: Order, row: Withdrawal, *, is_coming_back: bool) -> dict[str, str]:
    """Return a withdrawal's goods as the screen of paying back reads them.

    :param is_coming_back: whether what has left us is paid back once it is here.
    """
    left = {each.line.pk: each for each in payable(order).lines}
    typed: dict[str, str] = {}
    is_whole = True
    for named in row.lines.all():
        each = left.get(named.line_id)
        if each is None:
            continue
        unsent = min(named.quantity, each.unsent)
        gone = 0 if is_coming_back else min(named.quantity - unsent, each.gone)
        typed |= {f"unsent-{each.line.pk}": str(unsent), f"gone-{each.line.pk}": str(gone)}
        is_whole = is_whole and unsent + gone == each.left.pieces
    is_whole = is_whole and len(typed) == 2 * len(left)
    return typed | {"delivery": "all" if typed and is_whole else "none"}
