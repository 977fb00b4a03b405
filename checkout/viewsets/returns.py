"""Returns in the admin: what waits, one return with all that belongs to it, and its buttons."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.generic import View
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn, TitleColumn
from wagtail.admin.views.generic import IndexView, InspectView
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from django_filters import BooleanFilter, ChoiceFilter

from checkout.batches import returning
from checkout.models import Return, ReturnStatus
from checkout.models.returning import RETURNS_WAITING, ReturnQuerySet
from checkout.payable import payable
from checkout.returns import exchangeable, settling
from checkout.views.order import private
from checkout.views.returning import as_file
from checkout.viewsets import large_refunds
from checkout.viewsets.return_buttons import (
    REFUSALS,
    AnswerView,
    CallOffView,
    CloseView,
    ExchangeView,
    InspectPiecesView,
    PayBackReturnView,
    PutLabelView,
    ReceiveView,
)
from checkout.viewsets.stripe import ReadOnlyViewSet
from checkout.whole_numbers import AMOUNT
from money.money import Money


def waits(row: Return) -> bool:
    return row.status in RETURNS_WAITING


def contents(row: Return) -> str:
    """Say what comes back."""
    return ", ".join(f"{each.quantity} × {each.name}" for each in row.lines.all())


class ReturnFilterSet(WagtailFilterSet):
    waiting = BooleanFilter(label="Waits for us", method="filter_waiting")
    status = ChoiceFilter(label="State", choices=ReturnStatus.choices)

    class Meta:
        model = Return
        fields = ("waiting", "status", "reason", "wish")

    def filter_waiting(self, rows: ReturnQuerySet, _name: str, value: bool) -> ReturnQuerySet:
        return rows.waiting() if value else rows.exclude(status__in=RETURNS_WAITING)


class ReturnIndexView(IndexView):
    """The newest first; what waits stands out."""

    def get_base_queryset(self) -> Any:
        rows = super().get_base_queryset().select_related("order").defer("label")
        return rows.prefetch_related("lines__line")


class ReturnInspectView(InspectView):
    """One return: what was asked, what was found, and what can be done next."""

    page_title = "Return"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        row, user = self.object, self.request.user
        context |= {
            "return": row,
            "order": row.order,
            "lines": list(row.lines.select_related("line__order", "wanted")),
            "photos": list(row.photos.defer("data")),
            "can_handle": user.has_perm("checkout.handle_return"),
            "can_refund": user.has_perm("checkout.refund_order"),
        }
        if row.status == ReturnStatus.RECEIVED:
            context["batch_choices"] = returning.choices(row)
        if row.status == ReturnStatus.INSPECTED and context["can_refund"]:
            context |= self._settling(row, context["lines"])
        return context

    def _settling(self, row: Return, lines: list[Any]) -> dict[str, Any]:
        """Return the amount that would go back now, and what could be sent instead."""
        at, delivery = timezone.now(), payable(row.order).delivery.gross_minor
        with_delivery = bool(self.request.GET.get("delivery"))
        context: dict[str, Any] = {
            "exchanges": [(each, exchangeable.choices(each.line, at=at)) for each in lines],
            "delivery_left": Money(delivery, row.order.currency),
            "with_delivery": with_delivery,
            "withheld": self.request.GET.get("withheld", "")[:AMOUNT],
        }
        context["can_exchange"] = all(choices for _, choices in context["exchanges"])
        try:
            withheld_minor = _amount(context["withheld"], row.order.currency)
            quote = settling.quote(row, with_delivery=with_delivery, withheld_minor=withheld_minor)
        except REFUSALS as refusal:
            return context | {"problem": str(refusal)}
        minor = quote.amount.minor
        return context | {
            "quote": quote,
            "withheld_minor": withheld_minor,
            "may_confirm": large_refunds.may_pay_back(self.request, row.order, minor),
            "must_sign_in": large_refunds.must_sign_in(self.request, row.order, minor),
            "limit": large_refunds.limit(),
            "sign_in_url": large_refunds.sign_in_for(self.request.get_full_path()),
        }


class FileView(PermissionCheckedMixin, View):
    """A file of a return: saved, never shown by a browser in our name."""

    model = Return
    permission_required = "view"

    def get(self, _request: HttpRequest, pk: int, position: int = 0) -> HttpResponse:
        row = get_object_or_404(Return.objects.select_related("order"), pk=pk)
        if not position:
            if row.label is None:
                raise Http404("There is no label.")
            name = f"return-{row.order.number}.pdf"
            return private(as_file(bytes(row.label), "application/pdf", name))
        photo = get_object_or_404(row.photos, position=position)
        name = f"return-{row.order.number}-{position}.jpg"
        return private(as_file(bytes(photo.data), "image/jpeg", name))


class ReturnViewSet(ReadOnlyViewSet):
    model = Return
    name = "returns"
    icon = "resubmit"
    menu_label = "Returns"
    form_fields = ("reason",)
    index_view_class = ReturnIndexView
    inspect_view_class = ReturnInspectView
    inspect_view_fields = ("status",)
    inspect_template_name = "checkout/admin/return_inspect.html"
    filterset_class = ReturnFilterSet
    list_display = (
        TitleColumn(
            "order",
            label="Order",
            accessor="order.number",
            get_url=lambda row: reverse("returns:inspect", args=[row.pk]),
        ),
        DateColumn("asked_at", label="Asked", sort_key="asked_at"),
        Column("contents", label="What", accessor=contents),
        Column("reason", label="Why", accessor="get_reason_display"),
        Column("wish", label="Wish", accessor="get_wish_display"),
        StatusTagColumn("state", label="State", accessor="get_status_display", primary=waits),
    )
    search_fields = ("order__number", "order__email", "order__name")

    def get_urlpatterns(self) -> list[URLPattern]:
        acts: Mapping[str, Callable[..., Any]] = {
            "answer": AnswerView.as_view(),
            "put_label": PutLabelView.as_view(),
            "receive": ReceiveView.as_view(),
            "inspect_pieces": InspectPiecesView.as_view(),
            "call_off": CallOffView.as_view(),
            "pay_back": PayBackReturnView.as_view(),
            "exchange": ExchangeView.as_view(),
            "close": CloseView.as_view(),
        }
        return [
            *super().get_urlpatterns(),
            *(
                path(f"inspect/<int:pk>/{name.replace('_', '-')}/", view, name=name)
                for name, view in acts.items()
            ),
            path("inspect/<int:pk>/label.pdf", FileView.as_view(), name="label"),
            path("inspect/<int:pk>/photos/<int:position>.jpg", FileView.as_view(), name="photo"),
        ]

    def get_permissions_to_register(self) -> QuerySet[Permission]:
        found: QuerySet[Permission] = super(ReadOnlyViewSet, self).get_permissions_to_register()
        return found.filter(codename__in=("view_return", "handle_return"))


def _amount(text: str, currency: str) -> int:
    return Money.parse(text, currency).minor if text.strip() else 0
