"""The only writer of which batches lie in which parcel."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db.models import F, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from catalog import stock_leaving
from catalog.batches import allotting
from catalog.models import Batch
from catalog.subqueries import one_of
from checkout.models import Order, ParcelBatch, Shipment, ShipmentLine, ShipmentStatus

S = ShipmentStatus


def fill(order: Order, shipment: Shipment, *, named: Mapping[int, int], at: datetime) -> None:
    """Put pieces of batches into a parcel whose lines are written; articles without stay out.

    :param named: the batch that the packer has chosen for an item, by its id.
    :raises allotting.TooFewThatMayGo: if what is here is stopped or too short.
    :raises allotting.MayNotLeave: if a chosen batch may not go.
    :raises allotting.NotOfThisArticle: if it is another article's.
    """
    lines = list(shipment.lines.select_related("item").order_by("item_id"))
    gone = stock_leaving.gone_long_ago(reference=order.reference)
    wanted: Counter[int] = Counter()
    chosen = {}
    for line in lines:
        if line.item.offer_id not in gone:
            wanted[line.item.offer_id] += line.quantity
            if line.item_id in named:
                chosen[line.item.offer_id] = named[line.item_id]
    found = allotting.allot(wanted=wanted, named=chosen, on=timezone.localdate(at))
    ParcelBatch.objects.bulk_create(row for line in lines for row in _rows(line, found))


def in_parcel(shipment: Shipment) -> dict[int, Counter[int]]:
    """Return how many pieces of which batch lie in a parcel, by article."""
    found: dict[int, Counter[int]] = defaultdict(Counter)
    rows = ParcelBatch.objects.filter(line__shipment=shipment)
    for offer_id, batch_id, quantity in rows.values_list(
        "line__item__offer_id", "batch_id", "quantity"
    ):
        found[offer_id][batch_id] += quantity
    return found


def to_leave(shipment: Shipment, *, at: datetime) -> dict[int, Counter[int]]:
    """Return what `in_parcel` does, for a parcel that is handed over now.

    :raises allotting.MayNotLeave: if a batch was stopped meanwhile, or has expired.
    """
    found = in_parcel(shipment)
    ids = sorted({batch_id for taken in found.values() for batch_id in taken})
    if ids:
        allotting.demand_may_leave(ids, on=timezone.localdate(at))
    return found


def empty(shipment: Shipment) -> None:
    """Let the pieces of a parcel that is unpacked be free again."""
    packed: Counter[int] = Counter()
    for taken in in_parcel(shipment).values():
        packed.update(taken)
    if packed:
        allotting.put_back(packed)


def contradictions() -> Iterator[str]:
    """Yield, in words, every batch that its parcels contradict."""
    waiting = ParcelBatch.objects.filter(line__shipment__status=S.PACKED)
    lying = Coalesce(one_of(waiting, "batch", Sum("quantity"), outer="pk"), 0)
    wrong: Any = Batch.objects.annotate(lying=lying).exclude(packed=F("lying"))
    for batch in wrong.select_related("offer"):
        yield f"Batch {batch}: {batch.packed} packed, parcels say {batch.lying}"


def _rows(line: ShipmentLine, found: Mapping[int, Counter[int]]) -> Iterator[ParcelBatch]:
    """Give a line its share of the article's pieces; two lines may want one article."""
    left, missing = found.get(line.item.offer_id, Counter()), line.quantity
    for batch_id in list(left):
        count = min(left[batch_id], missing)
        left[batch_id] -= count
        missing -= count
        if count:
            yield ParcelBatch(line=line, batch_id=batch_id, quantity=count)
