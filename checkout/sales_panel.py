"""What was sold of late, on the admin's first page."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.ui.components import Component

from checkout import sales_report
from cms.charts import bar_chart
from money.money import Money

SHOWN = dt.timedelta(days=13)


class SalesPanel(Component):
    """Today, and the fourteen days that end today, with the way to the report of the same days."""

    name = "sales"
    template_name = "checkout/admin/sales_panel.html"
    order = 120

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:  # noqa: ARG002
        today = timezone.localdate()
        rows = sales_report.by_day(from_on=today - SHOWN, until_on=today)
        days = f"from_on={today - SHOWN:%Y-%m-%d}&until_on={today:%Y-%m-%d}&by=day"
        return {
            "today": _told(rows[-1][1]),
            "chart": bar_chart("Sold in 14 days", "Sold", rows, tell=_told),
            "url": f"{reverse('sales_report')}?{days}",
        }


def _told(minor: int) -> str:
    return str(Money(minor, settings.SHOP_CURRENCY))
