"""Offers: made with a first price, edited in everything but the price, priced with a reason."""

import datetime as dt
from typing import Any

from django.urls import URLPattern, path, reverse
from django.utils import timezone
from wagtail.admin.views.generic import CreateView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.log_actions import log

from accounts.models import User
from catalog import planned_prices, prices
from catalog.availability import availability
from catalog.bulk_forms import EarlierPricesForm
from catalog.forms import NewOfferForm, OfferForm, PriceForm
from catalog.models import Offer
from catalog.price_law import ContradictsHistory
from catalog.viewsets.bulk_prices import BulkPricesView
from catalog.viewsets.bulk_stock import BulkStockView
from catalog.viewsets.offer_list import EXPORTED, OfferFilterSet, OfferIndexView
from catalog.viewsets.offer_parts import PartsView
from cms.verb_view import VerbsInspectView, VerbView


class NewOfferView(CreateView):
    def save_instance(self) -> Offer:
        """Store the offer with the first price of its history."""
        by = self.request.user
        offer = prices.create_first(offer=self.form.save(commit=False), by=by, at=timezone.now())
        log(instance=offer, action="wagtail.create", user=by)
        return offer


class OfferInspectView(VerbsInspectView):
    """One offer with its stock, every price it had and every price it is to have."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        history = self.object.prices.select_related("set_by").order_by("-valid_from")
        context["history"] = list(history)
        plans = self.object.planned_prices.open()
        context["plans"] = [
            {"plan": plan, "url": reverse("planned_price:cancel", args=[plan.pk])} for plan in plans
        ]
        context["parts"] = list(self.object.parts.select_related("part__page", "part__stock"))
        context["kits"] = [each.kit for each in self.object.part_of.select_related("kit__page")]
        context["may_change"] = self.user_has_permission("change")
        context["availability"] = availability(self.object)
        stock = getattr(self.object, "stock", None)
        context["stock"] = stock
        context["stock_url"] = reverse("stock:inspect", args=[stock.pk]) if stock else ""
        return context


class ChangePriceView(VerbView):
    """A price from now on, or planned for later, for good or until a moment."""

    model = Offer
    form_class = PriceForm
    page_title = "Change price"
    done_message = "The price is changed, or planned: see below."
    refusals = (
        planned_prices.EndsTooSoon,
        planned_prices.Overlaps,
        planned_prices.TooLate,
        prices.Backdated,
        prices.NegativePrice,
        prices.NotAReduction,
        prices.ReasonMissing,
        prices.SamePrice,
    )

    def get_initial(self) -> dict[str, Any]:
        return {"price_minor": self.object.price_minor}

    def act(self, data: dict[str, Any], *, by: User, at: dt.datetime) -> None:
        if data["starts_at"] or data["ends_at"]:
            planned_prices.plan_or_begin(offer_id=self.object.pk, by=by, at=at, **data)
            return
        prices.change(
            offer_id=self.object.pk,
            price_minor=data["price_minor"],
            is_reduction=data["is_reduction"],
            reason=data["reason"],
            by=by,
            at=at,
        )


class EarlierPricesView(VerbView):
    """Prices from before the history begins; they can only lower what a reduction shows."""

    model = Offer
    form_class = EarlierPricesForm
    page_title = "Add earlier prices"
    done_message = "The earlier prices stand in the history."
    refusals = (ContradictsHistory, prices.NegativePrice, prices.ReasonMissing)

    def act(self, data: dict[str, Any], *, by: User, at: dt.datetime) -> None:
        prices.backfill(
            offer_id=self.object.pk, earlier=data["lines"], reason=data["reason"], by=by, at=at
        )


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
    filterset_class = OfferFilterSet
    list_per_page = 50
    # Names the search field; `offer_list.searched` does the search.
    search_fields = ("sku",)
    list_export = tuple(EXPORTED)
    ordering = ("page", "sort_order", "sku")

    def get_form_class(self, for_update: bool = False) -> type[OfferForm]:
        return OfferForm if for_update else NewOfferForm

    verbs = (
        ("change_price", "price", ChangePriceView),
        ("earlier_prices", "earlier", EarlierPricesView),
        ("parts", "parts", PartsView),
    )
    bulk = (
        ("bulk_prices", "prices", BulkPricesView),
        ("bulk_stock", "stock", BulkStockView),
    )

    def get_inspect_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        named = {view.page_title: self.get_url_name(name) for name, _, view in self.verbs}
        wanted: dict[str, Any] = super().get_inspect_view_kwargs(verbs=named, **kwargs)
        return wanted

    def get_urlpatterns(self) -> list[URLPattern]:
        index = {"index_url_name": self.get_url_name("index")}
        screens = {**index, "inspect_url_name": self.get_url_name("inspect")}
        return [
            *super().get_urlpatterns(),
            *(
                path(f"{part}/<int:pk>/", self.construct_view(view, **screens), name=name)
                for name, part, view in self.verbs
            ),
            *(
                path(f"{part}/", self.construct_view(view, **index), name=name)
                for name, part, view in self.bulk
            ),
        ]
