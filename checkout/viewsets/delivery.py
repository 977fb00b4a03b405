"""Where the shop delivers, how and for how much: edited by staff."""

from typing import Any

from django import forms
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column, NumberColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSet

from checkout.countries import NAMES, country_name
from checkout.models import DeliveryMethod, DeliveryRate, DeliveryZone
from cms.deleting import ProtectedDeleteView
from money.money import Money


class ZoneForm(WagtailAdminModelForm):
    """A zone of countries that the shop knows and that no other zone has."""

    def clean_countries(self) -> str:
        codes = DeliveryZone(countries=self.cleaned_data["countries"]).country_codes()
        unknown = [code for code in codes if code not in NAMES]
        if unknown:
            known = ", ".join(NAMES)
            raise forms.ValidationError(f"Not known: {', '.join(unknown)}. Known are {known}.")
        others = DeliveryZone.objects.exclude(pk=self.instance.pk)
        taken = {code: zone.name for zone in others for code in zone.country_codes()}
        for code in codes:
            if code in taken:
                raise forms.ValidationError(f"{country_name(code)} belongs to {taken[code]}.")
        return ", ".join(dict.fromkeys(codes))


class ZoneViewSet(ModelViewSet):
    model = DeliveryZone
    name = "delivery-zones"
    icon = "globe"
    menu_label = "Delivery zones"
    list_display = ("name", "countries", NumberColumn("sort_order", label="Order"))
    search_fields = ("name", "countries")
    copy_view_enabled = False
    delete_view_class = ProtectedDeleteView
    edit_handler = ObjectList(
        [FieldPanel("name"), FieldPanel("countries"), FieldPanel("sort_order")],
        base_form_class=ZoneForm,
    )


def free_from(method: DeliveryMethod) -> str:
    return "" if method.free_from_minor is None else str(Money(method.free_from_minor))


def days(method: DeliveryMethod) -> str:
    if method.min_days == method.max_days:
        return str(method.min_days)
    return f"{method.min_days} to {method.max_days}"


class MethodIndexView(IndexView):
    def get_base_queryset(self) -> Any:
        return super().get_base_queryset().select_related("zone")


class MethodViewSet(ModelViewSet):
    model = DeliveryMethod
    name = "delivery-methods"
    icon = "resubmit"
    menu_label = "Delivery methods"
    index_view_class = MethodIndexView
    list_display = (
        "name",
        Column("zone", label="Zone", sort_key="zone__name"),
        Column("get_kind_display", label="Kind"),
        Column("cut_off", label="Order by", sort_key="cut_off"),
        Column("days", label="Working days", accessor=days),
        Column("free_from", label="Free from", accessor=free_from),
        BooleanColumn("is_active", label="Offered"),
    )
    list_filter = ("zone", "kind", "is_active")
    search_fields = ("name", "code", "carrier")
    copy_view_enabled = False
    panels = (
        FieldPanel("zone"),
        FieldRowPanel([FieldPanel("name"), FieldPanel("code")]),
        FieldRowPanel([FieldPanel("kind"), FieldPanel("carrier")]),
        FieldRowPanel([FieldPanel("cut_off"), FieldPanel("handling_days")]),
        FieldRowPanel([FieldPanel("min_days"), FieldPanel("max_days")]),
        FieldRowPanel([FieldPanel("leaves_on"), FieldPanel("arrives_on")]),
        FieldRowPanel([FieldPanel("free_from_minor"), FieldPanel("sort_order")]),
        FieldPanel("is_active"),
    )


def rate_price(rate: DeliveryRate) -> Money:
    return Money(rate.price_minor)


def rate_from(rate: DeliveryRate) -> Money:
    return Money(rate.from_value_minor)


def rate_weight(rate: DeliveryRate) -> str:
    return "any" if rate.up_to_grams is None else f"{rate.up_to_grams} g"


class RateIndexView(IndexView):
    def get_base_queryset(self) -> Any:
        return super().get_base_queryset().select_related("method__zone")


class RateViewSet(ModelViewSet):
    model = DeliveryRate
    name = "delivery-rates"
    icon = "tag"
    menu_label = "Delivery rates"
    index_view_class = RateIndexView
    list_display = (
        Column("method", label="Method", sort_key="method__name"),
        Column("up_to_grams", label="Up to", accessor=rate_weight, sort_key="up_to_grams"),
        Column("from_value", label="From a value of", accessor=rate_from),
        Column("price", label="Price", accessor=rate_price, sort_key="price_minor"),
    )
    list_filter = ("method",)
    copy_view_enabled = False
    panels = (
        FieldPanel("method"),
        FieldRowPanel([FieldPanel("up_to_grams"), FieldPanel("from_value_minor")]),
        FieldPanel("price_minor"),
    )
