"""Registers the catalogue's screens."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.models import Page
from wagtail.permissions import register_permission_policy

from catalog.models import (
    Batch,
    ImportRun,
    Offer,
    PlannedPrice,
    PriceRound,
    ProductPage,
    ResponsiblePerson,
    Stock,
    StockTake,
)
from catalog.page_forms import has_every_fact
from catalog.permissions import SeenLikePolicy, WithoutPolicy, may_value_stock
from catalog.summary import LowStockItem, ShortBatchesItem, SoldOutItem
from catalog.viewsets import CatalogueGroup
from catalog.viewsets.products import DuplicateButton, OurOrderButton
from catalog.viewsets.stock_value import StockValueReport
from cms.own_edits import OwnEdit

# What was ever sold or counted stays: offers are ended by a date, stock changes by verbs alone.
register_permission_policy(Offer, WithoutPolicy(Offer, refused={"delete"}))
# What was imported stays on record: it is taken back by a verb.
register_permission_policy(ImportRun, WithoutPolicy(ImportRun, refused={"change", "delete"}))
# Products rest on who answers for them.
register_permission_policy(ResponsiblePerson, WithoutPolicy(ResponsiblePerson, refused={"delete"}))
register_permission_policy(Stock, WithoutPolicy(Stock, refused={"add", "delete"}))
# Batches are written by verbs alone; whoever may see stock sees what it is made of.
register_permission_policy(Batch, SeenLikePolicy(Batch, like=Stock))
register_permission_policy(StockTake, SeenLikePolicy(StockTake, like=Stock))
# Written by verbs alone; whoever may see offers sees what becomes of their prices.
for model in (PlannedPrice, PriceRound):
    register_permission_policy(model, SeenLikePolicy(model, like=Offer))


@hooks.register("register_admin_viewset")
def register_catalogue() -> CatalogueGroup:
    return CatalogueGroup()


@hooks.register("register_actions")
def keep_prices_and_counts(actions: Any) -> None:
    """An edit of an offer moves no price, and one of its stock no count."""
    for model in (Offer, Stock):
        actions.register(model, OwnEdit)


@hooks.register("construct_homepage_summary_items")
def add_stock_counts(request: HttpRequest, items: list[Any]) -> None:
    items.extend([LowStockItem(request), SoldOutItem(request), ShortBatchesItem(request)])


class StockValueMenuItem(MenuItem):
    """A report for those who may know what the stock is worth."""

    def is_shown(self, request: HttpRequest) -> bool:
        return may_value_stock(request.user)


@hooks.register("register_admin_urls")
def register_reports() -> list[URLPattern]:
    """Reports on stock."""
    return [path("reports/stock-value/", StockValueReport.as_view(), name="stock_value")]


@hooks.register("register_reports_menu_item")
def stock_value_report() -> MenuItem:
    return StockValueMenuItem(
        "Stock value", reverse("stock_value"), icon_name="table", name="stock-value", order=75
    )


@hooks.register("register_page_header_buttons")
@hooks.register("register_page_listing_more_buttons")
def offer_ways_on(page: Any, **_shown: Any) -> Iterator[DuplicateButton | OurOrderButton]:
    """A product can be duplicated with its offers, a category put in order."""
    yield DuplicateButton(page=page, priority=21)
    yield OurOrderButton(page=page, priority=5)


@hooks.register("before_bulk_action")
def publish_only_what_is_ready(
    request: HttpRequest, action_type: str, objects: list[Any], action: Any
) -> HttpResponse | None:
    """Refuse to publish many pages at once while one of them lacks a fact, as the editor does."""
    pages = [each for each in objects if isinstance(each, Page)]
    if action_type != "publish" or not pages:
        return None
    wanted = Q(pk__in=[page.pk for page in pages])
    if action.cleaned_form.cleaned_data.get("include_descendants"):
        for page in pages:
            wanted |= Q(path__startswith=page.path, live=False)
    unready = [
        page.title for page in ProductPage.objects.filter(wanted) if not has_every_fact(page)
    ]
    if not unready:
        return None
    messages.error(request, f"Nothing was published. Facts are missing on: {', '.join(unready)}.")
    return redirect(action.next_url)
