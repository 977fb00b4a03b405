"""Work out what rows of a sheet make of offers, their prices and their stock."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import User
from catalog.imports import facts, page_writer
from catalog.imports.cells import WrongNumber, count, moment, percent
from catalog.imports.plans import Plan, PlannedOffer, PlannedPage
from catalog.imports.sheets import Row
from catalog.models import Offer, Stock
from catalog.prices import NewPrice
from catalog.stock_in_bulk import Rules
from money.money import Money, NotAnAmount

FIELDS: dict[str, str] = {
    "label": "label",
    "content": "content_amount",
    "unit": "content_unit",
    "weight_grams": "weight_grams",
    "barcode": "barcode",
    "vat_rate": "vat_rate_bp",
    "tax_code": "tax_code",
    "on_sale_from": "active_from",
    "on_sale_until": "active_until",
    "position": "sort_order",
}
_COLUMN_OF = {name: column for column, name in FIELDS.items()}
_RULES = ("low_from", "back_order_limit", "back_order_days")
_STOCK = ("stock", "stock_was", *_RULES)
# More than a shop ever has; keeps every sum within the database's integers.
MOST = 1_000_000
MOST_DAYS = 3_000
DEAREST = 10**12


def read(offer: Offer, column: str) -> str:
    """Say what an offer holds, as the sheet's cell would."""
    value = getattr(offer, FIELDS[column])
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    if column == "vat_rate":
        return f"{(Decimal(value) / 100).normalize():f}"
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def write(offer: Offer, column: str, text: str) -> None:
    """Put what a cell says into an offer that is not stored yet.

    :raises ValidationError: if the text does not fit.
    """
    wanted = "" if text == facts.NOTHING else text
    kind = Offer._meta.get_field(FIELDS[column])
    convert = _CONVERT.get(column)
    value = convert(wanted) if convert else facts.clean_value(kind, wanted)
    setattr(offer, FIELDS[column], value)


@dataclass
class OfferPlanner:
    """Plans one offer after the other; what it must know of the shop is read in batches."""

    plan: Plan
    by: User
    at: dt.datetime
    pages: Mapping[str, PlannedPage]
    _seen: dict[str, int] = field(default_factory=dict)
    _may: dict[str, bool] = field(default_factory=dict)

    def plan_rows(self, rows: Sequence[Row]) -> None:
        """Plan the offers of rows, each named by its SKU."""
        known = _existing([row.cells["sku"] for row in rows if "sku" in row.cells])
        for row in rows:
            sku = row.cells.get("sku")
            if sku is None:
                self._check_nothing_sold(row)
            elif sku in self._seen:
                self.plan.complain(row.number, "sku", f"Row {self._seen[sku]} has it already.")
            else:
                self._seen[sku] = row.number
                self._plan(row, sku, known.get(sku))

    def _check_nothing_sold(self, row: Row) -> None:
        for column in (*FIELDS, "price", "reduction", *_STOCK):
            if column in row.cells:
                self.plan.complain(row.number, "sku", f"Without a SKU there can be no {column}.")
                return

    def _plan(self, row: Row, sku: str, offer: Offer | None) -> None:
        slug = row.cells.get("product", "")
        planned_page = self.pages.get(slug)
        if slug and planned_page is None:
            return  # What is wrong with the product is said already.
        if offer is None:
            planned = self._new(row, sku, planned_page)
        else:
            planned = self._known(row, offer, planned_page)
        if planned is None:
            return
        self._set_fields(planned, row)
        self._set_price(planned, row)
        self._set_stock(planned, row)
        if planned.is_new or planned.after or planned.price or planned.move or planned.rules:
            self.plan.offers.append(planned)

    def _new(self, row: Row, sku: str, page: PlannedPage | None) -> PlannedOffer | None:
        if page is None:
            self.plan.complain(
                row.number, "sku", "There is no such offer; a new one needs a product."
            )
            return None
        missing = [column for column in ("label", "price") if column not in row.cells]
        for column in missing:
            self.plan.complain(row.number, column, "A new offer needs this.")
        if missing or not self._allowed(row, "sku", "catalog.add_offer"):
            return None
        planned = PlannedOffer(row.number, Offer(sku=sku), is_new=True, planned_page=page)
        planned.shown["sku"] = ("", sku)
        return planned

    def _known(self, row: Row, offer: Offer, page: PlannedPage | None) -> PlannedOffer | None:
        planned = PlannedOffer(row.number, offer, is_new=False, planned_page=page)
        if page is None or (not page.is_new and offer.page_id == page.page.pk):
            return planned
        if offer.page_id is not None:
            self.plan.complain(row.number, "product", "This SKU is sold on another page.")
            return None
        # It stood on no page, as after an undone import: it goes on sale again.
        planned.before["product"], planned.after["product"] = "", row.cells["product"]
        ended = offer.active_until is not None and offer.active_until <= self.at
        if ended and "on_sale_until" not in row.cells:
            planned.before["on_sale_until"] = read(offer, "on_sale_until")
            planned.after["on_sale_until"] = ""
            offer.active_until = None
        return planned

    def _set_fields(self, planned: PlannedOffer, row: Row) -> None:
        offer = planned.offer
        for column in FIELDS:
            text = row.cells.get(column)
            old = read(offer, column)
            if text is None or text == old:
                continue
            try:
                write(offer, column, text)
            except ValidationError as error:
                self.plan.complain(row.number, column, " ".join(error.messages)[:300])
                continue
            new = read(offer, column)
            if new != old:
                planned.before[column], planned.after[column] = old, new
        if planned.after and not planned.is_new:
            if not self._allowed(row, "sku", "catalog.change_offer"):
                return
            planned.shown.update(
                {name: (planned.before[name], planned.after[name]) for name in planned.after}
            )
        if planned.after or planned.is_new:
            self._check_whole(planned)

    def _check_whole(self, planned: PlannedOffer) -> None:
        offer = planned.offer
        try:
            offer.clean_fields(exclude=["page", "treatment", "price_minor"])
            offer.clean()
        except ValidationError as error:
            for name, messages in error.message_dict.items():
                column = _COLUMN_OF.get(name, name)
                self.plan.complain(planned.row, column, " ".join(messages)[:300])
        starts, ends = offer.active_from, offer.active_until
        if starts is not None and ends is not None and ends <= starts:
            self.plan.complain(planned.row, "on_sale_until", "It ends before it begins.")

    def _set_price(self, planned: PlannedOffer, row: Row) -> None:
        try:
            new = _price(row, planned)
        except (ValidationError, NotAnAmount) as error:
            message = error.messages[0] if isinstance(error, ValidationError) else str(error)
            self.plan.complain(row.number, "price", message)
            return
        offer = planned.offer
        if planned.is_new:
            offer.price_minor = new[0]
            return
        planned.price_before = offer.price_minor, offer.lowest_before_minor is not None
        if new == planned.price_before or not self._allowed(row, "price", "catalog.change_offer"):
            return
        if new[1] and new[0] >= offer.price_minor:
            self.plan.complain(
                row.number, "reduction", f"This is no reduction: the price is {offer.price} now."
            )
            return
        planned.price = NewPrice(offer.pk, *new)
        planned.shown["price"] = str(offer.price), str(Money(new[0], offer.currency))

    def _set_stock(self, planned: PlannedOffer, row: Row) -> None:
        if not row.cells.keys() & set(_STOCK):
            return
        stock = Stock() if planned.is_new else getattr(planned.offer, "stock", None)
        if stock is None:
            self.plan.complain(row.number, "stock", "This offer has no stock of its own.")
            return
        try:
            move, rules = _move(row, stock), _rules(row, planned.offer, stock)
        except WrongNumber as error:
            self.plan.complain(row.number, error.column, str(error))
            return
        if (move or rules) and not self._allowed(row, "stock", "catalog.change_stock"):
            return
        planned.move, planned.rules = move, rules
        planned.rules_before = rules_of(planned.offer, stock)
        if move and not planned.is_new:
            planned.shown["stock"] = str(stock.on_hand), str(stock.on_hand + move)

    def _allowed(self, row: Row, column: str, permission: str) -> bool:
        if permission not in self._may:
            self._may[permission] = self.by.has_perm(permission)
        if not self._may[permission]:
            self.plan.complain(row.number, column, "You may not change this.")
        return self._may[permission]


def _existing(skus: Sequence[str]) -> dict[str, Offer]:
    found: dict[str, Offer] = {}
    for some in page_writer.in_batches(skus):
        for offer in Offer.objects.filter(sku__in=some).with_stock():
            found[offer.sku] = offer
    return found


def _price(row: Row, planned: PlannedOffer) -> tuple[int, bool]:
    """Return the price and whether it is announced as reduced, as the row would have them."""
    offer = planned.offer
    is_reduced = not planned.is_new and offer.lowest_before_minor is not None
    price_minor = 0 if planned.is_new else offer.price_minor
    if "price" in row.cells:
        price_minor = Money.parse(row.cells["price"], settings.SHOP_CURRENCY).minor
        if not 0 <= price_minor <= DEAREST:
            raise ValidationError("This is no price.")
        is_reduced = is_reduced and not planned.is_new and price_minor == offer.price_minor
    if "reduction" in row.cells:
        is_reduced = facts.truth(row.cells["reduction"])
        if is_reduced and planned.is_new:
            raise ValidationError("A first price is no reduction.")
    return price_minor, is_reduced


def _move(row: Row, stock: Stock) -> int:
    if "stock" not in row.cells:
        return 0
    before = count(row, "stock_was", MOST) if "stock_was" in row.cells else stock.on_hand
    change = count(row, "stock", MOST) - before
    if stock.on_hand + change < stock.reserved:
        raise WrongNumber(
            "stock", f"Only {stock.on_hand - stock.reserved} can go: the others are promised."
        )
    return change


def _rules(row: Row, offer: Offer, stock: Stock) -> Rules | None:
    if not row.cells.keys() & set(_RULES):
        return None
    now = rules_of(offer, stock)
    most = {"back_order_days": MOST_DAYS}
    wanted = {
        name: count(row, name, most.get(name, MOST)) if name in row.cells else getattr(stock, name)
        for name in _RULES
    }
    rules = Rules(offer.pk, **wanted)
    if rules.back_order_limit < stock.back_ordered:
        raise WrongNumber("back_order_limit", f"{stock.back_ordered} are promised already.")
    return None if rules == now else rules


def rules_of(offer: Offer, stock: Stock) -> Rules:
    """Return the rules that hold for an offer's stock."""
    return Rules(offer.pk, stock.low_from, stock.back_order_limit, stock.back_order_days)


_CONVERT: dict[str, Callable[[str], Any]] = {
    "vat_rate": percent,
    "on_sale_from": moment,
    "on_sale_until": moment,
}
