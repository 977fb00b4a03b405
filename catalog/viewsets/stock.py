"""Stock: nothing to type over, only goods to receive and corrections with a reason."""

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from wagtail.admin.ui.tables import Column, NumberColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import HeaderButton

from accounts.models import User
from catalog import stock
from catalog.batches import keeping, pieces
from catalog.batches.forms import NamePiecesForm
from catalog.forms import AdjustForm, ReceiveForm, StockForm
from catalog.models import Batch, MovementKind, Stock
from catalog.viewsets.batches.receiving import ReceiveGoodsView
from cms.verb_view import VerbsInspectView, VerbView

SHOWN_MOVEMENTS = 100


class StockIndexView(IndexView):
    @property
    def header_buttons(self) -> list[HeaderButton]:
        buttons: list[HeaderButton] = list(super().header_buttons)
        if self.user_has_permission("change"):
            url = reverse("stock:incoming")
            buttons.append(HeaderButton("Incoming goods", url=url, icon_name="download"))
        return buttons

    def get_base_queryset(self) -> QuerySet[Stock]:
        rows: QuerySet[Stock] = super().get_base_queryset()
        # A kit is counted by its parts.
        return rows.filter(offer__is_kit=False).select_related("offer__page")


class StockInspectView(VerbsInspectView):
    """One stock with its newest movements and what is kept for buyers."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        moves = self.object.movements.select_related("by")
        context["movements"] = list(moves[:SHOWN_MOVEMENTS])
        context["held"] = list(self.object.offer.reservations.held().order_by("expires_at"))
        batches = Batch.objects.filter(offer_id=self.object.offer_id).here().first_to_expire()
        today = timezone.localdate()
        context["batches"] = [
            (each, each.state_on(today), reverse("batch:inspect", args=[each.pk]))
            for each in batches.select_related("offer")
        ]
        context["offer_url"] = reverse("offer:inspect", args=[self.object.offer_id])
        return context


class ReceiveView(VerbView):
    model = Stock
    form_class = ReceiveForm
    page_title = "Receive"
    done_message = "The goods are in."
    refusals = (stock.NoStockOfItsOwn, stock.NotSoMany, stock.ReasonMissing)

    def act(self, data: dict[str, Any], *, by: User, at: dt.datetime) -> None:
        stock.receive(offer_id=self.object.offer_id, by=by, at=at, **data)


class AdjustView(VerbView):
    model = Stock
    form_class = AdjustForm
    page_title = "Adjust"
    done_message = "The stock is corrected."
    refusals = (
        stock.NoStockOfItsOwn,
        stock.NotEnoughOnHand,
        stock.NotSoMany,
        stock.ReasonMissing,
        pieces.NotInBatch,
    )

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "stock": self.object}

    def act(self, data: dict[str, Any], *, by: User, at: dt.datetime) -> None:
        batch = data.get("batch")
        stock.adjust(
            offer_id=self.object.offer_id,
            change=data["change"],
            kind=MovementKind(data["kind"]),
            reason=data["reason"],
            batch_id=batch.pk if batch else None,
            by=by,
            at=at,
        )


class NamePiecesView(VerbView):
    model = Stock
    form_class = NamePiecesForm
    page_title = "Write down a batch"
    done_message = "The pieces have their number."
    refusals = (
        keeping.NotSoManyUnnumbered,
        keeping.OtherLastDay,
        stock.NoStockOfItsOwn,
        stock.NotSoMany,
    )

    def act(self, data: dict[str, Any], *, by: User, at: dt.datetime) -> None:
        keeping.name_pieces(offer_id=self.object.offer_id, by=by, at=at, **data)


class ConfigureView(VerbView):
    model = Stock
    form_class = StockForm
    page_title = "Warnings and back-orders"
    done_message = "The settings are stored."
    refusals = (stock.LimitBelowPromises, stock.NoStockOfItsOwn)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": self.object}

    def act(self, data: dict[str, Any], *, by: User, at: dt.datetime) -> None:  # noqa: ARG002
        stock.configure(offer_id=self.object.offer_id, **data)


class StockViewSet(ModelViewSet):
    model = Stock
    icon = "clipboard-list"
    menu_label = "Stock"
    # Nothing is ever edited by hand, but a viewset asks for the fields of its forms.
    form_fields = ("low_from",)
    copy_view_enabled = False
    add_to_reference_index = False
    inspect_view_enabled = True
    index_view_class = StockIndexView
    inspect_view_class = StockInspectView
    inspect_template_name = "catalog/admin/stock_inspect.html"
    inspect_view_fields = (
        "offer",
        "on_hand",
        "reserved",
        "withheld",
        "back_ordered",
        "available",
        "low_from",
        "back_order_limit",
        "back_order_days",
    )
    list_display = (
        Column("offer", label="Offer", sort_key="offer__sku"),
        Column("page_title", label="Page"),
        NumberColumn("on_hand", label="On hand", sort_key="on_hand"),
        NumberColumn("reserved", label="Kept for buyers", sort_key="reserved"),
        NumberColumn("withheld", label="Withheld", sort_key="withheld"),
        NumberColumn("available", label="Can be sold"),
        NumberColumn("back_ordered", label="On back-order", sort_key="back_ordered"),
    )
    search_fields = ("offer__sku", "offer__label", "offer__page__title")
    verbs = (
        ("receive", ReceiveView),
        ("adjust", AdjustView),
        ("name_pieces", NamePiecesView),
        ("configure", ConfigureView),
    )

    def get_inspect_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        named = {view.page_title: self.get_url_name(name) for name, view in self.verbs}
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
            path("incoming/", ReceiveGoodsView.as_view(), name="incoming"),
        ]
