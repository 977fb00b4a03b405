"""Registers the catalogue's screens."""

from collections.abc import Iterator
from typing import Any

from wagtail import hooks
from wagtail.permissions import register_permission_policy

from catalog.models import ImportRun, Offer, PlannedPrice, PriceRound, Stock
from catalog.permissions import SeenLikePolicy, WithoutPolicy
from catalog.viewsets import CatalogueGroup
from catalog.viewsets.products import DuplicateButton, OurOrderButton

# What was ever sold or counted stays: offers are ended by a date, stock changes by verbs alone.
register_permission_policy(Offer, WithoutPolicy(Offer, refused={"delete"}))
# What was imported stays on record: it is taken back by a verb.
register_permission_policy(ImportRun, WithoutPolicy(ImportRun, refused={"change", "delete"}))
register_permission_policy(Stock, WithoutPolicy(Stock, refused={"add", "delete"}))
# Written by verbs alone; whoever may see offers sees what becomes of their prices.
for model in (PlannedPrice, PriceRound):
    register_permission_policy(model, SeenLikePolicy(model, like=Offer))


@hooks.register("register_admin_viewset")
def register_catalogue() -> CatalogueGroup:
    return CatalogueGroup()


@hooks.register("register_page_header_buttons")
@hooks.register("register_page_listing_more_buttons")
def offer_ways_on(page: Any, **_shown: Any) -> Iterator[DuplicateButton | OurOrderButton]:
    """A product can be duplicated with its offers, a category put in order."""
    yield DuplicateButton(page=page, priority=21)
    yield OurOrderButton(page=page, priority=5)
