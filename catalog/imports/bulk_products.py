"""Write products with what is sold on them: pages, offers, first prices and stock."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction

from accounts.models import User
from catalog import prices, stock_in_bulk
from catalog.imports import indexing, page_writer
from catalog.imports.page_writer import NewPage
from catalog.models import CategoryPage, MovementKind, Offer, ProductPage


@dataclass(frozen=True, slots=True)
class NewProduct:
    """A product that is in no table yet: its page, where it shall stand, and its offers.

    :ivar on_hand: how many there are of each offer, in the order of the offers.
    """

    page: ProductPage
    parent: CategoryPage
    offers: Sequence[Offer]
    on_hand: Sequence[int] = field(default_factory=tuple)


def write_products(
    *, products: Sequence[NewProduct], by: User | None, at: dt.datetime, reason: str = "New product"
) -> list[ProductPage]:
    """Store products wholly or not at all, then write what they are found by.

    :raises page_writer.SlugTaken: if an address is in use, or named twice.
    :raises prices.NegativePrice: if a price is below zero.
    """
    with transaction.atomic():
        new = [NewPage(page_writer.without_relations(each.page), each.parent) for each in products]
        pages = page_writer.add_pages(new=new, by=by, at=at)
        _write_offers(products, by=by, at=at, reason=reason)
    indexing.index_pages([page.pk for page in pages])
    return pages


def _write_offers(
    products: Sequence[NewProduct], *, by: User | None, at: dt.datetime, reason: str
) -> None:
    offers = []
    for each in products:
        for offer in each.offers:
            # A foreign key to the table that all pages share takes no page of a kind.
            offer.page_id = each.page.pk
            offers.append(offer)
    prices.create_first_many(offers=offers, by=by, at=at, reason=reason)
    moves = [
        stock_in_bulk.Move(offer.pk, quantity, MovementKind.RECEIVED)
        for each in products
        for offer, quantity in zip(each.offers, each.on_hand, strict=False)
        if quantity
    ]
    if moves:
        stock_in_bulk.move_many(moves=moves, reason=reason, by=by, at=at)
