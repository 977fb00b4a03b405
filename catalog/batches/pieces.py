"""The writer of what batches have: which pieces move when the stock of an article does.

Called by the writers of stock, which hold the lock of its row. Each change is one conditional
UPDATE besides, and the sums that the stock keeps are taken anew in the statement that moves it:
the database refuses a stock that is not what its batches have.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.db.models import F, Min, Sum
from django.db.models.functions import Coalesce

from accounts.models import User
from catalog.models import Batch, BatchMove, Stock, StockMovement
from catalog.subqueries import one_of

UNNUMBERED: Final = ""


class NotInBatch(ValueError):
    """More of a batch would go than it has outside of parcels."""

    def __init__(self, batch: Batch) -> None:
        super().__init__(f"Of batch {batch.name} only {batch.free} can go.")


class NotOfThisArticle(ValueError):
    """A batch was named that another article has."""

    def __init__(self) -> None:
        super().__init__("This batch is another article's.")


def move(stock: Stock, change: int, *, batch_id: int | None, on: dt.date) -> Counter[int]:
    """Let pieces come to batches or leave them; return how many for each.

    What comes without a batch comes to the pieces without a number. What goes without one leaves
    those first, then the batches in the order in which they expire.

    :raises NotInBatch: if the batch has not so many outside of parcels.
    :raises NotOfThisArticle: if it is another article's.
    """
    if stock.in_batches is None:
        return Counter()
    if batch_id is not None:
        return _shift(stock, {batch_id: change})
    if change > 0:
        return _shift(stock, {unnumbered(stock, on=on).pk: change})
    return _shift(stock, {pk: -count for pk, count in _oldest(stock, -change).items()})


def leave(stock: Stock, quantity: int, *, packed: Mapping[int, int]) -> Counter[int]:
    """Let the pieces of a parcel leave; return how many of each batch, as taken.

    :param packed: which batches they were packed from; for what was packed before the article
        was kept in batches, the oldest pieces are taken to have gone.
    """
    if stock.in_batches is None:
        return Counter()
    gone: Counter[int] = Counter()
    for batch_id, count in sorted(packed.items()):
        rows = Batch.objects.filter(pk=batch_id, offer_id=stock.offer_id, packed__gte=count)
        if not rows.update(on_hand=F("on_hand") - count, packed=F("packed") - count):
            raise NotInBatch(Batch.objects.get(pk=batch_id))
        gone[batch_id] -= count
    rest = quantity - sum(packed.values())
    if rest:
        gone.update(_shift(stock, {pk: -count for pk, count in _oldest(stock, rest).items()}))
    return gone


def note(
    moved: Mapping[int, int], *, movement: StockMovement | None, by: User | None, at: dt.datetime
) -> None:
    """Write down what moved, beside the movement of the stock."""
    BatchMove.objects.bulk_create(
        BatchMove(batch_id=batch_id, movement=movement, quantity=quantity, by=by, happened_at=at)
        for batch_id, quantity in sorted(moved.items())
        if quantity
    )


def sums(stock: Stock, *, on: dt.date) -> dict[str, Any]:
    """Return what a stock is to say of its batches, for the UPDATE that changes it."""
    if stock.in_batches is None:
        return {}
    return fresh_sums(on=on)


def fresh_sums(*, on: dt.date) -> dict[str, Any]:
    """Return the same for any rows of stock that are kept in batches."""
    here = Batch.objects.here()
    return {
        "in_batches": Coalesce(one_of(here, "offer", Sum("on_hand")), 0),
        "withheld": Coalesce(one_of(here.withheld_on(on), "offer", Sum("on_hand")), 0),
        "right_until_on": one_of(here.sold_on(on), "offer", Min("sold_until_on")),
    }


def unnumbered(stock: Stock, *, on: dt.date) -> Batch:
    """Return the pieces of an article whose number nobody knows."""
    batch, _ = Batch.objects.get_or_create(
        offer_id=stock.offer_id, code=UNNUMBERED, defaults={"arrived_on": on}
    )
    return batch


def _oldest(stock: Stock, quantity: int) -> Counter[int]:
    """Choose free pieces, those without a number first; too few are completed by no batch."""
    rows = Batch.objects.filter(offer_id=stock.offer_id, on_hand__gt=F("packed"))
    in_turn = sorted(rows.first_to_expire(), key=lambda batch: batch.code != UNNUMBERED)
    return take_in_turn(in_turn, quantity)


def take_in_turn(batches: Iterable[Batch], quantity: int) -> Counter[int]:
    """Take free pieces of one batch after the other until there are enough, or no more."""
    taken: Counter[int] = Counter()
    for batch in batches:
        if quantity <= 0:
            break
        taken[batch.pk] = min(batch.free, quantity)
        quantity -= taken[batch.pk]
    return taken


def _shift(stock: Stock, changes: Mapping[int, int]) -> Counter[int]:
    for batch_id, change in sorted(changes.items()):
        rows = Batch.objects.filter(pk=batch_id, offer_id=stock.offer_id)
        if not rows.filter(on_hand__gte=F("packed") - change).update(on_hand=F("on_hand") + change):
            batch = rows.first()
            raise NotInBatch(batch) if batch else NotOfThisArticle
    return Counter(changes)
