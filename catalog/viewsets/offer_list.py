"""The list of offers: what each costs, whether it can be had, what is missing, how it sells."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import (
    BulkActionsCheckboxColumn,
    Column,
    NumberColumn,
    TitleColumn,
)
from wagtail.admin.views.generic import IndexView
from wagtail.admin.widgets.button import Button
from wagtail.permissions import policy_registry
from django_filters import ChoiceFilter, ModelChoiceFilter

from catalog.models import CategoryPage, Offer, OfferKind, PlannedPrice, Stock
from cms.inert_export import InertExport
from money.money import Money

_FREE = F("stock__withheld") + F("stock__reserved") + F("stock__back_ordered")
STATES = {
    "ON_SALE": "On sale now",
    "REDUCED": "Announced as reduced",
    "PLANNED": "With a planned price",
    "SOLD_OUT": "Sold out",
    "LOW": "Low in stock",
    "NOT_SOLD": "Not on sale",
    "UNSOLD": "Not sold in 90 days",
}


class OfferFilterSet(WagtailFilterSet):
    kind = ChoiceFilter(label="Kind", choices=OfferKind.choices)
    category = ModelChoiceFilter(
        label="Category", queryset=CategoryPage.objects.all(), method="filter_category"
    )
    state = ChoiceFilter(
        label="State",
        choices=list(STATES.items()),
        method="filter_state",
        widget=forms.RadioSelect,
        empty_label="Any",
    )

    class Meta:
        model = Offer
        fields = ("kind", "category", "state")

    def filter_category(
        self, offers: QuerySet[Offer], _name: str, value: CategoryPage
    ) -> QuerySet[Offer]:
        return offers.filter(page__path__startswith=value.path)

    def filter_state(self, offers: Any, _name: str, value: str) -> QuerySet[Offer]:
        return in_state(offers, value)


def in_state(offers: QuerySet[Offer], state: str) -> QuerySet[Offer]:
    """Keep the offers in one of `STATES`, as things stand now."""
    on_sale = Offer.objects.on_sale(timezone.now()).values("pk")
    plans = PlannedPrice.objects.open().filter(offer=OuterRef("pk"))
    wanted = {
        "ON_SALE": Q(pk__in=on_sale),
        "REDUCED": Q(lowest_before_minor__gt=F("price_minor")),
        "PLANNED": Q(Exists(plans)),
        "SOLD_OUT": Q(kind=OfferKind.PRODUCT, is_kit=False, stock__on_hand__lte=_FREE),
        "LOW": Q(
            stock__on_hand__gt=_FREE,
            stock__on_hand__lte=_FREE + F("stock__low_from"),
        ),
        "NOT_SOLD": ~Q(pk__in=on_sale),
        "UNSOLD": Q(sales=None) | Q(sales__sold_90=0),
    }[state]
    return offers.filter(wanted)


def searched(offers: QuerySet[Offer], words: str) -> QuerySet[Offer]:
    """Keep the offers in whose SKU, label, barcode or page every word stands."""
    for word in words.split():
        offers = offers.filter(
            Q(sku__icontains=word)
            | Q(label__icontains=word)
            | Q(barcode__icontains=word)
            | Q(page__title__icontains=word)
        )
    return offers


def offers_asked_for(request: HttpRequest) -> QuerySet[Offer]:
    """Return the offers ticked in a list, or all that its filters and search leave."""
    ids = [each for each in request.GET.getlist("id") if each.isascii() and each.isdigit()]
    if ids:
        return Offer.objects.filter(pk__in=[int(each) for each in ids if len(each) < 19])
    narrowed = OfferFilterSet(request.GET, queryset=Offer.objects.all(), request=request).qs
    return searched(narrowed, request.GET.get("q", ""))


class PriceColumn(Column):
    cell_template_name = "catalog/admin/_price_cell.html"


class StockColumn(Column):
    cell_template_name = "catalog/admin/_stock_cell.html"


class MissingColumn(Column):
    cell_template_name = "catalog/admin/_missing_cell.html"


def missing_of(offer: Offer) -> list[str]:
    """Name the facts without which the offer's page cannot sell, market by market."""
    product = getattr(offer.page, "productpage", None) if offer.page else None
    if product is None:
        return []
    return [
        f"{market.label}: {', '.join(fact.label for fact in facts)}"
        for market, facts in product.missing_facts().items()
        if facts
    ]


def sold(days: int) -> Any:
    """Return how many of an offer were sold in so many days, as a column reads it."""
    return lambda offer: getattr(getattr(offer, "sales", None), f"sold_{days}", 0)


COLUMNS = (
    BulkActionsCheckboxColumn("bulk_actions", obj_type="offer"),
    Column("page", label="Page", sort_key="page__title"),
    Column("label", label="Label", sort_key="label"),
    PriceColumn("price", label="Price", sort_key="price_minor"),
    StockColumn("stock_text", label="Can be sold", sort_key="stock__on_hand"),
    MissingColumn("missing", label="Missing facts", accessor=missing_of),
    NumberColumn("sold_30", label="Sold, 30 days", accessor=sold(30), sort_key="sales__sold_30"),
    NumberColumn("sold_90", label="Sold, 90 days", accessor=sold(90), sort_key="sales__sold_90"),
)

# What an export says of an offer, in the order of its columns.
EXPORTED: dict[str, Callable[[Offer], Any]] = {
    "SKU": lambda offer: offer.sku,
    "Page": lambda offer: offer.page.title if offer.page else "",
    "Label": lambda offer: offer.label,
    "Kind": lambda offer: offer.get_kind_display(),
    "Price": lambda offer: offer.price.decimal(),
    "Currency": lambda offer: offer.currency,
    "Lowest before the reduction": lambda offer: (
        ""
        if offer.lowest_before_minor is None
        else Money(offer.lowest_before_minor, offer.currency).decimal()
    ),
    "Can be sold": lambda offer: offer.stock_text,
    "Missing facts": lambda offer: "; ".join(missing_of(offer)),
    "Sold in 30 days": sold(30),
    "Sold in 90 days": sold(90),
    "Barcode": lambda offer: offer.barcode,
    "On sale from": lambda offer: offer.active_from,
    "On sale until": lambda offer: offer.active_until,
}


class OfferIndexView(InertExport, IndexView):
    """Narrowed by words and filters; what is ticked, or all of it, can be changed at once."""

    template_name = "catalog/admin/offer_index.html"
    prices_url_name = "offer:bulk_prices"
    stock_url_name = "offer:bulk_stock"
    is_searchable = True
    exported = EXPORTED

    def get_base_queryset(self) -> QuerySet[Offer]:
        offers: QuerySet[Offer] = super().get_base_queryset()
        return offers.select_related("page__productpage", "stock", "sales").prefetch_related(
            "planned_prices"
        )

    @cached_property
    def columns(self) -> list[Any]:
        title = self._get_title_column_class(TitleColumn)(
            "sku",
            label="SKU",
            sort_key="sku",
            get_url=self.get_inspect_url,
            get_title_id=lambda offer: f"offer_{offer.pk}_title",
        )
        return [COLUMNS[0], title, *COLUMNS[1:]]

    def search_queryset(self, queryset: Any) -> Any:
        return searched(queryset, self.search_query) if self.is_searching else queryset

    def bulk_urls(self) -> dict[str, str]:
        """Return the ways to change many at once that are open to this person."""
        ways = (
            ("Change prices", self.prices_url_name, Offer),
            ("Change stock", self.stock_url_name, Stock),
        )
        return {
            label: reverse(name)
            for label, name, model in ways
            if policy_registry.get_by_type(model).user_has_permission(self.request.user, "change")
        }

    def get_header_more_buttons(self) -> list[Button]:
        listed = self.request.GET.urlencode()
        buttons = [
            Button(f"{label} of all listed", url=f"{url}?{listed}", icon_name="edit", priority=5)
            for label, url in self.bulk_urls().items()
        ]
        return sorted([*super().get_header_more_buttons(), *buttons])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "bulk_urls": self.bulk_urls()}
