"""Offers: made with a first price, edited in everything but the price, priced with a reason."""

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.generic import CreateView, IndexView, InspectView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import HeaderButton
from wagtail.log_actions import log

from accounts.models import User
from catalog import prices
from catalog.availability import availability
from catalog.forms import NewOfferForm, OfferForm, PriceForm
from catalog.models import Offer
from catalog.viewsets.verb_view import VerbView


class OfferIndexView(IndexView):
    def get_base_queryset(self) -> QuerySet[Offer]:
        offers: QuerySet[Offer] = super().get_base_queryset()
        return offers.select_related("page", "stock")


class NewOfferView(CreateView):
    def save_instance(self) -> Offer:
        """Store the offer with the first price of its history."""
        by = self.request.user
        offer = prices.create_first(offer=self.form.save(commit=False), by=by, at=timezone.now())
        log(instance=offer, action="wagtail.create", user=by)
        return offer


class OfferInspectView(InspectView):
    """One offer with its stock and every price it had."""

    price_url_name = ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        history = self.object.prices.select_related("set_by").order_by("-valid_from")
        context["history"] = list(history)
        context["availability"] = availability(self.object)
        stock = getattr(self.object, "stock", None)
        context["stock"] = stock
        context["stock_url"] = reverse("stock:inspect", args=[stock.pk]) if stock else ""
        return context

    @property
    def header_buttons(self) -> list[HeaderButton]:
        if not self.user_has_permission("change"):
            return []
        url = reverse(self.price_url_name, args=[self.object.pk])
        return [HeaderButton("Change price", url=url, icon_name="edit")]


class ChangePriceView(VerbView):
    model = Offer
    form_class = PriceForm
    page_title = "Change price"
    done_message = "The new price holds from now on."
    refusals = (
        prices.Backdated,
        prices.NegativePrice,
        prices.NotAReduction,
        prices.ReasonMissing,
        prices.SamePrice,
    )

    def get_initial(self) -> dict[str, Any]:
        return {"price_minor": self.object.price_minor}

    def act(self, data: dict[str, Any], *, by: User, at: dt.datetime) -> None:
        prices.change(offer_id=self.object.pk, by=by, at=at, **data)


class OfferViewSet(ModelViewSet):
    model = Offer
    icon = "tag"
    menu_label = "Offers"
    copy_view_enabled = False
    inspect_view_enabled = True
    index_view_class = OfferIndexView
    add_view_class = NewOfferView
    inspect_view_class = OfferInspectView
    inspect_template_name = "catalog/admin/offer_inspect.html"
    inspect_view_fields = (
        "sku",
        "page",
        "label",
        "kind",
        "price",
        "content_text",
        "weight_grams",
        "barcode",
        "active_from",
        "active_until",
        "treatment",
        "sessions",
        "validity_days",
        "validity_rule",
        "refund_terms_version",
    )
    list_display = (
        "sku",
        Column("page", label="Page"),
        Column("label", label="Label", sort_key="label"),
        Column("price", label="Price", sort_key="price_minor"),
        Column("stock_text", label="Can be sold"),
        DateColumn("active_until", label="Until", sort_key="active_until"),
    )
    list_filter = ("kind",)
    search_fields = ("sku", "label", "barcode", "page__title")
    ordering = ("page", "sort_order", "sku")

    def get_form_class(self, for_update: bool = False) -> type[OfferForm]:
        return OfferForm if for_update else NewOfferForm

    @property
    def change_price_view(self) -> Any:
        return self.construct_view(
            ChangePriceView,
            index_url_name=self.get_url_name("index"),
            inspect_url_name=self.get_url_name("inspect"),
        )

    def get_inspect_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        named = {"price_url_name": self.get_url_name("change_price"), **kwargs}
        wanted: dict[str, Any] = super().get_inspect_view_kwargs(**named)
        return wanted

    def get_urlpatterns(self) -> list[URLPattern]:
        price = path("price/<int:pk>/", self.change_price_view, name="change_price")
        return [*super().get_urlpatterns(), price]
