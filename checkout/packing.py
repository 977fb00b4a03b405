"""The packing bench: what is to be packed next, and what a scanned code counts."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import F, Q, QuerySet

from catalog import stock_leaving
from catalog.batches import allotting
from catalog.models import Batch
from checkout.models import DeliveryMethod, ItemToSend, Order
from checkout.models.order import OrderQuerySet


@dataclass(frozen=True, slots=True)
class BenchRow:
    """One article on the bench: how many go into this parcel, of how many that are left.

    :ivar is_awaited: it is on back-order and not here yet.
    :ivar batches: those it may be taken from, the first to expire first; empty for an article
        that is kept without.
    :ivar chosen: the batch that the packer has named; none: the first of them.
    :ivar is_short: all of them expire before they could be used up: a person has to choose.
    """

    item: ItemToSend
    counted: int
    is_awaited: bool
    batches: Sequence[Batch] = ()
    chosen: int | None = None
    is_short: bool = False

    @property
    def left(self) -> int:
        return self.item.to_pack

    @property
    def is_complete(self) -> bool:
        return self.counted == self.left

    @property
    def field_name(self) -> str:
        return field_name(self.item.pk)

    @property
    def batch_field_name(self) -> str:
        return batch_field_name(self.item.pk)

    @property
    def codes(self) -> str:
        """What may be scanned for it, as its row on the screen carries it."""
        return " ".join(sorted(_codes(self.item)))

    @property
    def batch_codes(self) -> dict[str, int]:
        """The numbers on boxes that may be scanned for it, each with its batch."""
        return {batch.code.casefold(): batch.pk for batch in self.batches if batch.code}


@dataclass(frozen=True, slots=True)
class Scan:
    """What came of one scan: counts and named batches after it, and a sentence that says so."""

    counts: Mapping[int, int]
    words: str
    batches: Mapping[int, int] = field(default_factory=dict)
    is_wrong: bool = False


@dataclass(frozen=True, slots=True)
class Bench:
    """One order on the bench.

    :ivar token: names this parcel, so that a form sent twice packs once.
    """

    order: Order
    rows: list[BenchRow]
    token: str = field(default_factory=lambda: secrets.token_hex(16))

    @property
    def is_complete(self) -> bool:
        """Whether everything that is here is counted."""
        return all(row.is_complete for row in self.rows if not row.is_awaited)

    @property
    def is_pickup(self) -> bool:
        return self.order.delivery_method_kind == DeliveryMethod.Kind.PICKUP


def field_name(item_id: int) -> str:
    """Return the name of the form's field that counts an item."""
    return f"item-{item_id}"


def batch_field_name(item_id: int) -> str:
    """Return the name of the form's field that names an item's batch."""
    return f"batch-{item_id}"


def queue() -> OrderQuerySet:
    """Return the orders to pack: the oldest promise first, those without one by their placing."""
    orders: OrderQuerySet = Order.objects.to_pack()
    return orders.order_by(F("arrives_until_on").asc(nulls_last=True), "placed_at", "pk")


def next_after(order: Order) -> Order | None:
    """Return the order to pack after one, what goes along with it first; nothing if none waits."""
    first = order.amends_id or order.pk
    others = queue().exclude(pk=order.pk)
    found: Order | None = others.filter(Q(pk=first) | Q(amends=first)).first() or others.first()
    return found


def bench(
    order: Order,
    counts: Mapping[int, int] | None = None,
    token: str = "",
    *,
    batches: Mapping[int, int] | None = None,
    on: date,
) -> Bench:
    """Return an order as its packing screen shows it on a day."""
    counted, named = counts or {}, batches or {}
    awaited = stock_leaving.awaited(reference=order.reference)
    items = [item for item in _items(order) if item.to_pack]
    found = allotting.to_choose_from({item.offer_id for item in items}, on=on)
    rows = [
        BenchRow(
            item,
            counted.get(item.pk, 0),
            item.offer_id in awaited,
            found.get(item.offer_id, ()),
            named.get(item.pk),
            is_short=all(each.state_on(on) != "sold" for each in found.get(item.offer_id, ())),
        )
        for item in items
    ]
    return Bench(order, rows, token) if token else Bench(order, rows)


def everything(order: Order) -> dict[int, int]:
    """Return all that is here and lies in no parcel, by item."""
    awaited = stock_leaving.awaited(reference=order.reference)
    here = [item for item in _items(order) if item.offer_id not in awaited]
    return {item.pk: item.to_pack for item in here if item.to_pack}


def scan(rows: list[BenchRow], code: str) -> Scan:
    """Count the article that a scanner, or somebody who types, names by barcode or SKU.

    The number of a batch counts its article too, and says that the pieces are taken from it.
    """
    counts = {row.item.pk: row.counted for row in rows}
    batches = {row.item.pk: row.chosen for row in rows if row.chosen}
    typed = code.casefold()
    meant = [row for row in rows if typed in _codes(row.item) or typed in row.batch_codes]
    if not meant:
        return Scan(counts, f"{code} is not in this order.", batches, is_wrong=True)
    row = next((row for row in meant if not row.is_complete), None)
    if row is None:
        name, left = meant[0].item.name, sum(row.left for row in meant)
        words = f"Enough: {left} of {name} belong into the parcel."
        return Scan(counts, words, batches, is_wrong=True)
    if row.is_awaited:
        words = f"{row.item.name} waits for goods; is it the right one?"
        return Scan(counts, words, batches, is_wrong=True)
    counts[row.item.pk] += 1
    if typed in row.batch_codes:
        batches[row.item.pk] = row.batch_codes[typed]
    return Scan(counts, f"{counts[row.item.pk]} of {row.left} × {row.item.name}", batches)


def _codes(item: ItemToSend) -> set[str]:
    codes = {item.sku.casefold(), item.offer.sku.casefold(), item.offer.barcode.casefold()}
    return codes - {""}


def _items(order: Order) -> QuerySet[ItemToSend]:
    found: QuerySet[ItemToSend] = order.items_to_send.select_related("line", "part", "offer")
    return found
