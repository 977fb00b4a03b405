"""Batches: what is soon too short to sell, what is stopped, and where the pieces went."""

import datetime as dt
from typing import Any, ClassVar

from django import forms
from django.contrib.auth.models import Permission
from django.db.models import F, QuerySet
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, NumberColumn, TitleColumn
from wagtail.admin.views.generic import IndexView, InspectView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import HeaderButton
from django_filters import ChoiceFilter

from accounts.models import User
from catalog import stock
from catalog.batches import keeping
from catalog.batches.forms import StopForm
from catalog.batches.soon import soon_unsold
from catalog.models import Batch
from catalog.viewsets.batches.asked import AskedAsStock
from cms.columns import WhenColumn
from cms.verb_view import VerbView

SHOWN_MOVES = 100
SOON_STATE, SHORT, STOPPED, HERE = "SOON", "SHORT", "STOPPED", "HERE"


def in_state(batches: Any, state: str, day: dt.date) -> Any:
    """Keep the batches in one of the states of the filter."""
    if state == SOON_STATE:
        return batches.filter(pk__in=soon_unsold(day))
    if state == SHORT:
        return batches.here().filter(sold_until_on__lt=day)
    return batches.filter(stopped_at__isnull=False) if state == STOPPED else batches.here()


class BatchFilterSet(WagtailFilterSet):
    state = ChoiceFilter(
        label="State",
        method="filter_state",
        choices=[
            (HERE, "here"),
            (SOON_STATE, "soon too short to sell"),
            (SHORT, "too short to sell, or expired"),
            (STOPPED, "stopped"),
        ],
        widget=forms.RadioSelect,
    )

    class Meta:
        model = Batch
        fields = ("state",)

    def filter_state(self, batches: Any, _name: str, value: str) -> Any:
        return in_state(batches, value, timezone.localdate())


class StateColumn(Column):
    """How a batch stands today."""

    def get_value(self, instance: Batch) -> str:
        return instance.state_on(timezone.localdate()) if instance.on_hand else "gone"


class BatchIndexView(AskedAsStock, IndexView):
    default_ordering = F("sold_until_on").asc(nulls_last=True)
    template_name = "catalog/admin/desk_index.html"

    def get_base_queryset(self) -> QuerySet[Batch]:
        batches: QuerySet[Batch] = super().get_base_queryset()
        return batches.select_related("offer__page")

    def order_queryset(self, queryset: Any) -> Any:
        if self.ordering in (None, "", self.default_ordering):
            return queryset.order_by(F("sold_until_on").asc(nulls_last=True), "pk")
        return super().order_queryset(queryset)


class BatchInspectView(AskedAsStock, InspectView):
    """One batch with everything that came to it and left it."""

    verbs: ClassVar[dict[str, str]] = {}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        moves = self.object.moves.select_related("by", "movement")
        return {
            **super().get_context_data(**kwargs),
            "moves": list(moves[:SHOWN_MOVES]),
            "state": self.object.state_on(timezone.localdate()),
            "stock_url": reverse("stock:inspect", args=[self.object.offer.stock.pk]),
        }

    @property
    def header_buttons(self) -> list[HeaderButton]:
        if not self.user_has_permission("change"):
            return []
        wanted = "let_go_on" if self.object.stopped_at else "stop"
        label = "Let it be sold again" if self.object.stopped_at else "Stop it"
        url = reverse(self.verbs[wanted], args=[self.object.pk])
        return [HeaderButton(label, url=url, icon_name="warning")]


class StopView(AskedAsStock, VerbView):
    model = Batch
    form_class = StopForm
    page_title = "Stop this batch"
    done_message = "It is not sold and not packed any more. Parcels with pieces of it stay here."
    refusals = (stock.ReasonMissing,)

    def act(self, data: dict[str, Any], *, by: User, at: dt.datetime) -> None:
        keeping.stop(batch_id=self.object.pk, by=by, at=at, **data)


class LetGoOnView(AskedAsStock, VerbView):
    model = Batch
    form_class = forms.Form
    page_title = "Let it be sold again"
    done_message = "It is sold again, as long as it is good for."
    refusals = ()

    def act(self, data: dict[str, Any], *, by: User, at: dt.datetime) -> None:  # noqa: ARG002
        keeping.let_go_on(batch_id=self.object.pk, at=at)


class BatchViewSet(ModelViewSet):
    model = Batch
    name = "batch"
    icon = "date"
    menu_label = "Batches"
    # Nothing is ever edited by hand, but a viewset asks for the fields of its forms.
    form_fields = ("code",)
    copy_view_enabled = False
    add_to_reference_index = False
    inspect_view_enabled = True
    index_view_class = BatchIndexView
    inspect_view_class = BatchInspectView
    inspect_template_name = "catalog/admin/batch_inspect.html"
    filterset_class = BatchFilterSet
    search_fields = ("code", "offer__sku", "offer__page__title")
    inspect_view_fields = (
        "offer",
        "expires_on",
        "use_months",
        "sold_until_on",
        "arrived_on",
        "on_hand",
        "packed",
    )
    verbs = (("stop", StopView), ("let_go_on", LetGoOnView))

    @cached_property
    def list_display(self) -> tuple[Any, ...]:
        return (
            TitleColumn(
                "name",
                label="Batch",
                get_url=lambda batch: reverse("batch:inspect", args=[batch.pk]),
            ),
            Column("offer", label="Offer", sort_key="offer__sku"),
            WhenColumn("expires_on", label="Best before", sort_key="expires_on"),
            WhenColumn("sold_until_on", label="Sold until", sort_key="sold_until_on"),
            NumberColumn("on_hand", label="On hand", sort_key="on_hand"),
            NumberColumn("packed", label="In parcels", sort_key="packed"),
            StateColumn("state", label="State"),
        )

    def get_inspect_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        named = {name: self.get_url_name(name) for name, _ in self.verbs}
        wanted: dict[str, Any] = super().get_inspect_view_kwargs(verbs=named, **kwargs)
        return wanted

    def get_urlpatterns(self) -> list[URLPattern]:
        screens = {
            "index_url_name": self.get_url_name("index"),
            "inspect_url_name": self.get_url_name("inspect"),
        }
        return [
            *super().get_urlpatterns(),
            *(
                path(f"{name}/<int:pk>/", self.construct_view(view, **screens), name=name)
                for name, view in self.verbs
            ),
        ]

    def get_permissions_to_register(self) -> QuerySet[Permission]:
        return Permission.objects.none()
