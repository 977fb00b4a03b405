"""Prices to come, running and over; one that is not over can be called off."""

import datetime as dt
from typing import Any, ClassVar

from django import forms
from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from wagtail.admin.ui.tables import Column, StatusTagColumn, TitleColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import ListingButton

from accounts.models import User
from catalog import planned_prices, prices
from catalog.models import PlannedPrice
from catalog.viewsets.price_rounds import AskedAsOffer
from cms.columns import WhenColumn, when
from cms.verb_view import VerbView


def _ends(plan: PlannedPrice) -> str:
    return when(plan.ends_at) if plan.ends_at else "for good"


class PlannedPriceIndexView(AskedAsOffer, IndexView):
    template_name = "catalog/admin/desk_index.html"
    cancel_url_name = "planned_price:cancel"
    any_permission_required: ClassVar = ["view", "change"]

    def get_base_queryset(self) -> QuerySet[PlannedPrice]:
        return PlannedPrice.objects.select_related("offer__page", "planned_by")

    def get_add_url(self) -> None:
        return None

    def get_edit_url(self, instance: PlannedPrice) -> None:  # noqa: ARG002
        return None

    def get_list_buttons(self, instance: PlannedPrice) -> list[Any]:
        if not instance.is_open or not self.user_has_permission("change"):
            return []
        label = "End now" if instance.started_id else "Call off"
        url = reverse(self.cancel_url_name, args=[instance.pk])
        return [ListingButton(label, url=url, classname="button-secondary")]

    @cached_property
    def columns(self) -> list[Any]:
        title = self._get_title_column_class(TitleColumn)(
            "offer.sku",
            label="Offer",
            sort_key="offer__sku",
            get_url=lambda plan: reverse("offer:inspect", args=[plan.offer_id]),
            get_title_id=lambda plan: f"offer_of_{plan.pk}",
        )
        return [
            title,
            Column("offer.page", label="Page"),
            Column("price", label="Price"),
            WhenColumn("starts_at", label="From", sort_key="starts_at"),
            Column("ends_at", label="Until", accessor=_ends, sort_key="ends_at"),
            StatusTagColumn(
                "get_status_display",
                label="Status",
                sort_key="status",
                primary=lambda plan: plan.is_open,
            ),
            Column("outcome", label="Why it ended so"),
            Column("reason", label="Why"),
        ]


class CancelView(AskedAsOffer, VerbView):
    model = PlannedPrice
    form_class = forms.Form
    page_title = "Call off or end now"
    done_message = "The planned price is over."
    refusals = (planned_prices.NothingToCancel, prices.Backdated)

    def act(self, data: dict[str, Any], *, by: User, at: dt.datetime) -> None:  # noqa: ARG002
        planned_prices.cancel(plan_id=self.object.pk, by=by, at=at)

    def get_success_url(self) -> str:
        return reverse(self.index_url_name)


class PlannedPriceViewSet(ModelViewSet):
    model = PlannedPrice
    name = "planned_price"
    icon = "calendar-alt"
    menu_label = "Planned prices"
    # Nothing is typed here, but a viewset asks for the fields of its forms.
    form_fields = ("reason",)
    copy_view_enabled = False
    add_to_reference_index = False
    index_view_class = PlannedPriceIndexView
    list_filter = ("status",)
    ordering = ("-starts_at",)

    def get_urlpatterns(self) -> list[URLPattern]:
        cancel = self.construct_view(CancelView, index_url_name=self.get_url_name("index"))
        return [*super().get_urlpatterns(), path("cancel/<int:pk>/", cancel, name="cancel")]

    def get_permissions_to_register(self) -> QuerySet[Permission]:
        return Permission.objects.none()
