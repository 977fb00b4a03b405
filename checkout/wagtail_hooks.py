"""What the shop adds to the admin."""

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.search import SearchArea
from wagtail.permissions import register_permission_policy

from checkout.models import (
    DeliveryMethod,
    DeliveryRate,
    DeliveryZone,
    DestinationVat,
    Discount,
    GiftCard,
    Holiday,
    InvoiceSeller,
    Order,
    Recall,
    ReconciliationRun,
    RefundSettings,
    Return,
    StripeEvent,
    Withdrawal,
)
from checkout.permissions import (
    ReadOnlyPolicy,
    may_compare,
    may_pack,
    may_read_reports,
    may_see_orders,
    may_sell,
)
from checkout.sales_panel import SalesPanel
from checkout.summary import (
    OrdersDisputedItem,
    OrdersInReviewItem,
    OrdersToPackItem,
    ReturnsWaitingItem,
)
from checkout.viewsets import ShopGroup
from checkout.viewsets.cash_book import CashBook
from checkout.viewsets.gift_cards_report import GiftCardsReport
from checkout.viewsets.refunds_report import RefundsReport
from checkout.viewsets.returning_report import ReturningReport
from checkout.viewsets.sales_report import SalesReport
from checkout.viewsets.stripe_report import SettleView, StripeReport
from checkout.viewsets.vat_report import VatReport
from cms.told_edits import ToldEdit

for model in (GiftCard, Order, Recall, StripeEvent, ReconciliationRun, Return, Withdrawal):
    register_permission_policy(model, ReadOnlyPolicy(model))


class OrderSearchArea(SearchArea):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_see_orders(request.user)


@hooks.register("register_admin_viewset")
def register_shop() -> ShopGroup:
    return ShopGroup()


class PackingMenuItem(MenuItem):
    """The way to the packing bench, for those who pack."""

    def is_shown(self, request: HttpRequest) -> bool:
        return may_pack(request.user)


@hooks.register("register_admin_menu_item")
def register_packing() -> PackingMenuItem:
    return PackingMenuItem(
        "Packing", reverse("orders:queue"), icon_name="download", name="packing", order=31
    )


@hooks.register("register_log_actions")
def register_acts(actions: Any) -> None:
    """How the history names what was done with an order, and with the books."""
    for name, label, message in (
        ("sell", "Order for a customer", "Ordered for a customer by staff"),
        ("take_money", "Take money", "Money was taken in cash or at the terminal"),
        ("send_link", "Link to pay", "The link to pay was mailed"),
        ("cancel", "Cancel", "The order was cancelled"),
        ("put_back", "Put back", "The order was put back after review"),
        ("give_back", "Give back", "Sessions were taken back and paid back"),
        ("decide_withdrawal", "Withdrawal", "A withdrawal was decided about"),
        ("note", "Note", "A note was written"),
        ("gift_note", "Gift note", "The gift note was written"),
        ("add_file", "Add a file", "A file was added"),
        ("drop_file", "Delete a file", "A file was deleted"),
        ("settle", "Ask Stripe", "Stripe was asked once more about a difference"),
        ("pack", "Pack", "A parcel was packed"),
        ("unpack", "Unpack", "A parcel was unpacked"),
        ("hand_over", "Hand over", "A parcel was handed over"),
        ("arrive", "Arrived", "A parcel arrived"),
        ("follow", "Tracking", "Tracking was written down"),
        ("tag", "Tag", "The order was tagged"),
        ("call_off", "Call off", "Goods were called off and paid back"),
        ("hand_back", "Hand back", "Money was handed back"),
        ("pay_back", "Pay back", "Money was paid back"),
        ("return", "Return", "A return was worked on"),
    ):
        actions.register_action(f"checkout.{name}", label, message)


@hooks.register("register_actions")
def tell_edits(actions: Any) -> None:
    """What decides over money says in the history what it was and what it is."""
    for model in (
        DeliveryZone,
        DeliveryMethod,
        DeliveryRate,
        DestinationVat,
        Discount,
        Holiday,
        InvoiceSeller,
        RefundSettings,
    ):
        actions.register(model, ToldEdit)


@hooks.register("register_admin_search_area")
def register_order_search() -> OrderSearchArea:
    return OrderSearchArea(
        "Orders", reverse("orders:index"), name="orders", icon_name="list-ul", order=50
    )


@hooks.register("construct_homepage_summary_items")
def add_order_counts(request: HttpRequest, items: list[Any]) -> None:
    items.extend(
        [
            OrdersToPackItem(request),
            OrdersInReviewItem(request),
            OrdersDisputedItem(request),
            ReturnsWaitingItem(request),
        ]
    )


@hooks.register("construct_homepage_panels")
def add_sales(request: HttpRequest, panels: list[Any]) -> None:
    """What was sold of late, for those who may know."""
    if may_read_reports(request.user):
        panels.append(SalesPanel())


@hooks.register("register_admin_urls")
def register_reports() -> list[URLPattern]:
    """Reports on orders."""
    return [
        path("reports/sales/", SalesReport.as_view(), name="sales_report"),
        path("reports/stripe/", StripeReport.as_view(), name="stripe_report"),
        path(
            "reports/stripe/settle/<str:what>/<str:key>/",
            SettleView.as_view(),
            name="stripe_settle",
        ),
        path("reports/vat/", VatReport.as_view(), name="vat_report"),
        path("reports/returning-customers/", ReturningReport.as_view(), name="returning_report"),
        path("reports/cash-book/", CashBook.as_view(), name="cash_book"),
        path("reports/refunds/", RefundsReport.as_view(), name="refunds_report"),
        path("reports/gift-cards/", GiftCardsReport.as_view(), name="gift_cards_report"),
    ]


class CashBookMenuItem(MenuItem):
    """The book of those who take cash."""

    def is_shown(self, request: HttpRequest) -> bool:
        return may_sell(request.user)


@hooks.register("register_reports_menu_item")
def cash_book() -> MenuItem:
    return CashBookMenuItem(
        "Cash book", reverse("cash_book"), icon_name="table", name="cash-book", order=73
    )


class SalesReportMenuItem(MenuItem):
    """A report for those who may know what is sold."""

    def is_shown(self, request: HttpRequest) -> bool:
        return may_read_reports(request.user)


@hooks.register("register_reports_menu_item")
def sales_report() -> MenuItem:
    return SalesReportMenuItem(
        "Sales", reverse("sales_report"), icon_name="table", name="sales", order=70
    )


@hooks.register("register_reports_menu_item")
def vat_report() -> MenuItem:
    return SalesReportMenuItem(
        "VAT", reverse("vat_report"), icon_name="table", name="vat", order=71
    )


@hooks.register("register_reports_menu_item")
def returning_report() -> MenuItem:
    return SalesReportMenuItem(
        "Returning customers",
        reverse("returning_report"),
        icon_name="group",
        name="returning-customers",
        order=72,
    )


class StripeReportMenuItem(MenuItem):
    """A report for those who may look at comparisons with Stripe."""

    def is_shown(self, request: HttpRequest) -> bool:
        return may_compare(request.user)


@hooks.register("register_reports_menu_item")
def stripe_report() -> MenuItem:
    return StripeReportMenuItem(
        "Stripe", reverse("stripe_report"), icon_name="history", name="stripe", order=73
    )


@hooks.register("register_reports_menu_item")
def refunds_report() -> MenuItem:
    return SalesReportMenuItem(
        "Refunds", reverse("refunds_report"), icon_name="resubmit", name="refunds", order=74
    )


@hooks.register("register_reports_menu_item")
def gift_cards_report() -> MenuItem:
    return SalesReportMenuItem(
        "Gift cards", reverse("gift_cards_report"), icon_name="tag", name="gift-cards", order=75
    )
