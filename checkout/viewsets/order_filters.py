"""How staff narrow the list of orders."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q
from wagtail.admin.filters import WagtailFilterSet
from django_filters import BooleanFilter, ChoiceFilter, DateFromToRangeFilter, MultipleChoiceFilter
from django_filters.widgets import SuffixedMultiWidget

from checkout import disputes
from checkout.countries import NAMES
from checkout.models import (
    DeliveryMethod,
    Dispute,
    Fulfilment,
    Order,
    OrderStatus,
    OrderTag,
    Payment,
    PaymentStatus,
    PaymentWay,
    Refund,
    Return,
)
from checkout.models.order import OrderQuerySet

CONTENTS = [
    ("GOODS", "Goods alone"),
    ("SESSIONS", "Sessions or gift cards alone"),
    ("BOTH", "Goods and more"),
]
MOST_TAGS_OFFERED = 200
TO_DO = [
    ("PACK", "To pack"),
    ("HAND_OVER", "To hand over"),
    ("REVIEW", "Needs review"),
    ("DISPUTE", "Disputed, not decided"),
    ("RETURN", "Return to look at"),
]


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


def _methods() -> list[tuple[str, str]]:
    return [(method.code, str(method)) for method in DeliveryMethod.objects.select_related("zone")]


def _waiting_returns() -> Any:
    return Return.objects.waiting().filter(order=OuterRef("pk"))


def _tags() -> list[tuple[str, str]]:
    names = OrderTag.objects.order_by("name").values_list("name", flat=True).distinct()
    return [(name, name) for name in names[:MOST_TAGS_OFFERED]]


class OrderFilterSet(WagtailFilterSet):
    to_do = ChoiceFilter(label="What to do", choices=TO_DO, method="filter_to_do")
    status = MultipleChoiceFilter(
        label="Status", choices=OrderStatus.choices, widget=forms.CheckboxSelectMultiple
    )
    fulfilment = MultipleChoiceFilter(
        label="Sent", choices=Fulfilment.choices, widget=forms.CheckboxSelectMultiple
    )
    placed_at = DateFromToRangeFilter(label="Placed", widget=DaysWidget)
    contents = ChoiceFilter(label="Contents", choices=CONTENTS, method="filter_contents")
    delivery_country = ChoiceFilter(
        label="Delivered to", choices=sorted(NAMES.items(), key=lambda pair: pair[1])
    )
    delivery_method_code = ChoiceFilter(label="Delivery method", choices=_methods)
    way = ChoiceFilter(label="Paid by", choices=PaymentWay.choices, method="filter_way")
    tag = ChoiceFilter(label="Tag", choices=_tags, method="filter_tag")
    is_disputed = BooleanFilter(label="Disputed", method="filter_disputed")
    has_refund = BooleanFilter(label="Has a refund", method="filter_refund")

    class Meta:
        model = Order
        fields = (
            "to_do",
            "status",
            "fulfilment",
            "placed_at",
            "contents",
            "delivery_country",
            "delivery_method_code",
            "way",
            "tag",
            "is_disputed",
            "has_refund",
        )

    def filter_to_do(self, orders: OrderQuerySet, _name: str, value: str) -> OrderQuerySet:
        narrowed: dict[str, Callable[[], OrderQuerySet]] = {
            "PACK": orders.to_pack,
            "HAND_OVER": orders.to_hand_over,
            "REVIEW": orders.needing_review,
            "DISPUTE": partial(disputes.disputed, orders),
            "RETURN": partial(orders.filter, Exists(_waiting_returns())),
        }
        return narrowed[value]()

    def filter_way(self, orders: OrderQuerySet, _name: str, value: str) -> OrderQuerySet:
        paid = Payment.objects.filter(status=PaymentStatus.SUCCEEDED, way=value)
        return orders.filter(Exists(paid.filter(order=OuterRef("pk"))))

    def filter_tag(self, orders: OrderQuerySet, _name: str, value: str) -> OrderQuerySet:
        return orders.filter(Exists(OrderTag.objects.filter(order=OuterRef("pk"), name=value)))

    def filter_disputed(self, orders: OrderQuerySet, _name: str, value: bool) -> OrderQuerySet:
        disputed = Exists(Dispute.objects.filter(order=OuterRef("pk")))
        return orders.filter(disputed if value else ~disputed)

    def filter_contents(self, orders: OrderQuerySet, _name: str, value: str) -> OrderQuerySet:
        has_packages = Q(packages_minor__gt=0)
        if value == "SESSIONS":
            return orders.filter(needs_delivery=False)
        return orders.filter(
            has_packages if value == "BOTH" else ~has_packages, needs_delivery=True
        )

    def filter_refund(self, orders: OrderQuerySet, _name: str, value: bool) -> OrderQuerySet:
        refunded = Exists(Refund.objects.filter(order=OuterRef("pk")))
        return orders.filter(refunded if value else ~refunded)
