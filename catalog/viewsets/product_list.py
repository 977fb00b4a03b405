"""The list of products: one row for each page, with what its offers come to."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Exists, F, Max, Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, NumberColumn
from wagtail.admin.ui.tables.pages import (
    BulkActionsColumn,
    PageStatusColumn,
    PageTitleColumn,
    ParentPageColumn,
)
from wagtail.admin.views.pages.listing import IndexView
from django_filters import ChoiceFilter, ModelChoiceFilter

from catalog.markets import Market
from catalog.models import CategoryPage, Offer, ProductPage
from cms.inert_export import InertExport
from money.money import Money


class ProductFilterSet(WagtailFilterSet):
    category = ModelChoiceFilter(
        label="Category", queryset=CategoryPage.objects.all(), method="filter_category"
    )
    state = ChoiceFilter(
        label="State",
        choices=[
            ("LIVE", "Public"),
            ("DRAFT", "Not public"),
            ("SOLD_OUT", "Nothing in stock"),
            ("WITHOUT_OFFER", "Without an offer"),
        ],
        method="filter_state",
        widget=forms.RadioSelect,
        empty_label="Any",
    )
    missing = ChoiceFilter(
        label="Facts missing for",
        choices=Market.choices,
        method="filter_missing",
        widget=forms.RadioSelect,
        empty_label="Any",
    )

    class Meta:
        model = ProductPage
        fields = ("category", "state", "missing")

    def filter_category(self, pages: Any, _name: str, value: CategoryPage) -> Any:
        return pages.filter(path__startswith=value.path)

    def filter_state(self, pages: Any, _name: str, value: str) -> Any:
        in_stock = Offer.objects.in_stock().filter(page__isnull=False).values("page")
        sold_on = Offer.objects.filter(page__isnull=False).values("page")
        wanted = {
            "LIVE": Q(live=True),
            "DRAFT": Q(live=False),
            "SOLD_OUT": Q(pk__in=sold_on) & ~Q(pk__in=in_stock),
            "WITHOUT_OFFER": ~Q(pk__in=sold_on),
        }[value]
        return pages.filter(wanted)

    def filter_missing(self, pages: Any, _name: str, value: str) -> Any:
        return pages.filter(sold_in__contains=value).exclude(ready_markets__contains=value)


def prices_of(page: Any) -> str:
    """Say what the sizes of a product cost: one price, or from the lowest to the highest."""
    if page.price_low is None:
        return "no offer"
    ends = [
        str(Money(price, settings.SHOP_CURRENCY)) for price in (page.price_low, page.price_high)
    ]
    return " – ".join(dict.fromkeys(ends))


def stock_of(page: Any) -> str:
    """Say how many can be sold now, all sizes together; a kit has no stock of its own."""
    return "as its parts allow" if page.has_kit and not page.in_stock else str(page.in_stock)


def missing_of(page: ProductPage) -> list[str]:
    """Name what each market still asks for before the product may be sold there."""
    return [
        f"{market.label}: {', '.join(fact.label for fact in facts)}"
        for market, facts in page.missing_facts().items()
    ]


class MissingColumn(Column):
    cell_template_name = "catalog/admin/_missing_cell.html"


class AvailableColumn(Column):
    cell_template_name = "catalog/admin/_stock_cell.html"


# What an export says of a product, in the order of its columns.
EXPORTED: dict[str, Callable[[Any], Any]] = {
    "Title": lambda page: page.title,
    "Address": lambda page: page.slug,
    "Public": lambda page: page.live,
    "Offers": lambda page: page.offer_count,
    "Price": prices_of,
    "In stock": stock_of,
    "Missing facts": lambda page: "; ".join(missing_of(page)),
    "Sold in 30 days": lambda page: page.sold_30,
    "Sold in 90 days": lambda page: page.sold_90,
}


def _of_offers(expression: Any) -> Subquery:
    """Read something about all offers of a page."""
    offers = Offer.objects.filter(page=OuterRef("pk")).order_by().values("page")
    return Subquery(offers.annotate(answer=expression).values("answer"))


class ProductIndexView(InertExport, IndexView):
    """Every product the person may explore, in the order of the shop."""

    template_name = "catalog/admin/product_index.html"
    page_title = "Products"
    default_ordering = "path"
    is_searchable = True
    exported = EXPORTED

    def annotate_queryset(self, pages: Any) -> Any:
        promised = F("stock__reserved") + F("stock__back_ordered")
        free = F("stock__on_hand") - F("stock__withheld") - promised
        with_facts = pages.annotate(
            price_low=_of_offers(Min("price_minor")),
            price_high=_of_offers(Max("price_minor")),
            offer_count=Coalesce(_of_offers(Sum(1)), 0),
            in_stock=Coalesce(_of_offers(Sum(free, filter=Q(is_kit=False))), 0),
            has_kit=Exists(Offer.objects.filter(page=OuterRef("pk"), is_kit=True)),
            sold_30=Coalesce(_of_offers(Sum("sales__sold_30")), 0),
            sold_90=Coalesce(_of_offers(Sum("sales__sold_90")), 0),
        )
        return super().annotate_queryset(with_facts)

    def search_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not self.is_searching:
            return queryset
        for word in self.search_query.split():
            skus = Offer.objects.filter(Q(sku__icontains=word) | Q(barcode=word)).values("page")
            queryset = queryset.filter(Q(title__icontains=word) | Q(pk__in=skus))
        return queryset

    def get_valid_orderings(self) -> list[str]:
        return [*super().get_valid_orderings(), "path"]


COLUMNS = (
    BulkActionsColumn("bulk_actions"),
    PageTitleColumn("title", label="Product", sort_key="title", classname="title"),
    ParentPageColumn("parent", label="Category"),
    Column("price", label="Price", accessor=prices_of, sort_key="price_low"),
    AvailableColumn("in_stock", label="In stock", accessor=stock_of, sort_key="in_stock"),
    MissingColumn("missing", label="Missing facts", accessor=missing_of),
    NumberColumn("sold_30", label="Sold, 30 days", sort_key="sold_30"),
    NumberColumn("sold_90", label="Sold, 90 days", sort_key="sold_90"),
    PageStatusColumn("status", label="Status", sort_key="live"),
)
