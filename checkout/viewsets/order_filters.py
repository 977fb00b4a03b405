"""How staff narrow the list of orders."""

from typing import Any

from django import forms
from django.db.models import Q
from wagtail.admin.filters import WagtailFilterSet
from django_filters import BooleanFilter, ChoiceFilter, DateFromToRangeFilter, MultipleChoiceFilter
from django_filters.widgets import SuffixedMultiWidget

from checkout.countries import NAMES
from checkout.models import Order, OrderStatus
from checkout.models.order import OrderQuerySet

CONTENTS = [
    ("GOODS", "Goods alone"),
    ("SESSIONS", "Sessions alone"),
    ("BOTH", "Goods and sessions"),
]
TO_DO = [("PACK", "To pack"), ("REVIEW", "Needs review")]


class DaysWidget(SuffixedMultiWidget):
    """Two of the browser's own date fields: Wagtail's start by a script inside the page."""

    template_name = "wagtailadmin/widgets/range_input.html"
    suffixes = ("from", "to")

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        days = [
            forms.DateInput(attrs={"type": "date", "aria-label": label}, format="%Y-%m-%d")
            for label in ("From", "To")
        ]
        super().__init__(days, attrs)

    def decompress(self, value: Any) -> list[Any]:
        return [value.start, value.stop] if value else [None, None]


class OrderFilterSet(WagtailFilterSet):
    to_do = ChoiceFilter(label="What to do", choices=TO_DO, method="filter_to_do")
    status = MultipleChoiceFilter(
        label="Status", choices=OrderStatus.choices, widget=forms.CheckboxSelectMultiple
    )
    placed_at = DateFromToRangeFilter(label="Placed", widget=DaysWidget)
    contents = ChoiceFilter(label="Contents", choices=CONTENTS, method="filter_contents")
    delivery_country = ChoiceFilter(
        label="Delivered to", choices=sorted(NAMES.items(), key=lambda pair: pair[1])
    )
    has_refund = BooleanFilter(label="Has a refund", method="filter_refund")

    class Meta:
        model = Order
        fields = ("to_do", "status", "placed_at", "contents", "delivery_country", "has_refund")

    def filter_to_do(self, orders: OrderQuerySet, _name: str, value: str) -> OrderQuerySet:
        return orders.to_pack() if value == "PACK" else orders.needing_review()

    def filter_contents(self, orders: OrderQuerySet, _name: str, value: str) -> OrderQuerySet:
        has_packages = Q(packages_minor__gt=0)
        if value == "SESSIONS":
            return orders.filter(needs_delivery=False)
        return orders.filter(
            has_packages if value == "BOTH" else ~has_packages, needs_delivery=True
        )

    def filter_refund(self, orders: OrderQuerySet, _name: str, value: bool) -> OrderQuerySet:
        return orders.filter(refunds__isnull=not value).distinct()
