"""Of which batch the pieces are that come back to the shelf."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from catalog.models import Batch, Stock
from checkout.models import ItemToSend, ParcelBatch, Return, ShipmentStatus

MOST_BATCHES = 40


@dataclass(frozen=True, slots=True)
class BatchChoice:
    """An article that comes back and is kept in batches.

    :ivar batches: what can be chosen, with how many pieces of it went out with the order.
    :ivar default_id: the batch of which most went out; 0 if nobody knows.
    :ivar pieces: how many of it come back.
    """

    item: ItemToSend
    batches: list[tuple[Batch, int]]
    default_id: int
    pieces: int


def items_of(row: Return) -> list[ItemToSend]:
    """Return the articles of a return in the order in which their stock is locked."""
    items = ItemToSend.objects.filter(line__return_lines__return_of=row)
    return list(items.select_related("line", "part").order_by("offer_id", "pk"))


def pieces_of(item: ItemToSend, units: int) -> int:
    """Return how many pieces of an article so many units of its line are, for a kit whole kits."""
    return units * (item.part.quantity if item.part else 1)


def gone_out(items: Iterable[ItemToSend]) -> dict[int, Counter[int]]:
    """Return how many pieces of which batch left us, by the item's id."""
    rows = ParcelBatch.objects.filter(
        line__item__in=[item.pk for item in items],
        line__shipment__status=ShipmentStatus.HANDED_OVER,
    ).order_by("pk")
    found: dict[int, Counter[int]] = defaultdict(Counter)
    for item_id, batch_id, quantity in rows.values_list("line__item", "batch", "quantity"):
        found[item_id][batch_id] += quantity
    return found


def most_of(gone: Counter[int]) -> int:
    """Return the batch of which most went out; 0 if nobody knows."""
    return gone.most_common(1)[0][0] if gone else 0


def only_of(gone: Counter[int]) -> int | None:
    """Return the batch that went out; none if there were several, or nobody knows."""
    return next(iter(gone)) if len(gone) == 1 else None


def choices(row: Return) -> list[BatchChoice]:
    """Return what to ask for when a return is inspected: articles without batches are left out."""
    items = items_of(row)
    kept = set(
        Stock.objects.filter(
            offer__in=[item.offer_id for item in items], in_batches__isnull=False
        ).values_list("offer", flat=True)
    )
    gone = gone_out(items)
    units = dict(row.lines.values_list("line", "quantity"))
    return [
        BatchChoice(
            item,
            _offered(item, gone[item.pk]),
            most_of(gone[item.pk]),
            pieces_of(item, units[item.line_id]),
        )
        for item in items
        if item.offer_id in kept
    ]


def _offered(item: ItemToSend, gone: Counter[int]) -> list[tuple[Batch, int]]:
    """Return the batches that went out, then the article's others, the newest first."""
    named = Batch.objects.filter(offer=item.offer_id).exclude(code="").order_by("-arrived_on")
    sent = list(named.filter(pk__in=list(gone)))
    others = named.exclude(pk__in=list(gone))[:MOST_BATCHES]
    return [(batch, gone[batch.pk]) for batch in (*sent, *others)]
