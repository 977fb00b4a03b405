"""Stripe's books beside ours, for managers: day by day, each difference with its button."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, ClassVar, Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.html import format_html
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.log_actions import log

from checkout import settlement, stripe_gateway
from checkout.bookkeeping import differences, stripe_days
from checkout.bookkeeping.stripe_days import Books, Day
from checkout.models import ReconciliationRun
from cms.days_report import Cell, Chosen, DaysReport, Table, Told
from cms.periods import DAYS
from money.money import Money

LOOK_BACK: Final = dt.timedelta(days=30)
RUNS: Final = 10
HEADINGS: Final = (
    "Paid here",
    "Paid at Stripe",
    "Back here",
    "Back at Stripe",
    "Difference",
    "Fees",
    "Others",
    "Paid out",
)
NOTE: Final = (
    "A payment counts on the day of Stripe's booking. Others are disputes, and what is not this "
    "shop's. Fees and payouts are of the whole account."
)


class StripeReport(DaysReport):
    """Says whether the two agree, then by how much and since when."""

    model = ReconciliationRun
    permission_required = "view"
    page_title = "Stripe"
    header_icon = "table"
    file_name = "stripe"
    template_name = "checkout/admin/stripe_report.html"
    ways: ClassVar[Mapping[str, str]] = {DAYS: "a day"}

    def tell(self, chosen: Chosen) -> Told:
        books = stripe_days.compare(from_on=chosen.from_on, until_on=chosen.until_on)
        self.differences = books.differences
        rows: list[list[Cell]] = [[on, *_cells(day)] for on, day in books.days.items()]
        return Told(
            _sentence(books),
            [
                Table("All of these days", HEADINGS, [_cells(books.total)]),
                Table("Day by day", ("Day", *HEADINGS), rows, note=NOTE),
            ],
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return context | {
            "differences": getattr(self, "differences", []),
            "may_settle": self.user_has_permission("repair"),
            "runs": list(ReconciliationRun.objects.all()[:RUNS]),
        }

    def _usual(self) -> dict[str, str]:
        today = timezone.localdate()
        return {"from_on": (today - LOOK_BACK).isoformat(), "until_on": today.isoformat()}


class SettleView(PermissionCheckedMixin, View):
    """Makes the one call that settles a difference, and goes back to the report."""

    http_method_names: tuple[str, ...] = ("post",)
    model = ReconciliationRun
    permission_required = "repair"

    def post(self, request: HttpRequest, what: str, key: str) -> HttpResponseBase:
        try:
            differences.settle(what=what, key=key, at=timezone.now())
        except differences.NothingToSettle as refusal:
            raise Http404(str(refusal)) from refusal
        except settlement.UnknownSession:
            messages.warning(request, "Stripe's session is not this shop's. Nothing was changed.")
        except stripe_gateway.PaymentServiceRefused as refusal:
            messages.warning(request, f"Stripe does not answer for it: {refusal}")
        except stripe_gateway.PaymentServiceUnavailable:
            messages.warning(request, "Stripe did not answer. Try again in a moment.")
        else:
            # What is settled may have no row of its own: the history is that of whoever asked.
            log(instance=request.user, action="checkout.settle", user=request.user)
            messages.success(request, "Asked Stripe once more. What still differs is below.")
        return redirect("stripe_report")


def _sentence(books: Books) -> str:
    count = len(books.differences)
    if not count:
        return format_html("<strong>{}</strong>", "Stripe and the shop agree.")
    return format_html(
        "Stripe and the shop differ about <strong>{} thing{}</strong>, on these days by"
        " <strong>{}</strong>.",
        f"{count:,}",
        "" if count == 1 else "s",
        _money(books.total.difference),
    )


def _cells(day: Day) -> list[Cell]:
    """Return a line as it is read, in the order of the headings."""
    return [
        _money(day.paid_here),
        _money(day.paid_there),
        _money(day.back_here),
        _money(day.back_there),
        _money(day.difference),
        _money(day.fees),
        _money(day.others),
        _money(day.paid_out),
    ]


def _money(minor: int) -> Money:
    return Money(minor, settings.SHOP_CURRENCY)
