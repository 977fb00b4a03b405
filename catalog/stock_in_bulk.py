"""The verbs of `catalog.stock` for many offers at once; all of them happen, or none."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from accounts.models import User
from catalog import shown_stock, stock
from catalog.models import MovementKind, Offer, Stock, StockMovement

# How many rows of many go to the database in one statement.
BATCH = 500


@dataclass(frozen=True, slots=True)
class Move:
    """So many more of one offer, or fewer when negative; at most one for each offer."""

    offer_id: int
    change: int
    kind: MovementKind = MovementKind.COUNTED


@dataclass(frozen=True, slots=True)
class Rules:
    """When one offer's page warns, and how many may be sold before they arrive."""

    offer_id: int
    low_from: int
    back_order_limit: int
    back_order_days: int


class NotEnoughOnHand(stock.NotEnoughOnHand):
    """Of one of the offers more would go than is there and promised to nobody."""

    def __init__(self, offer_id: int, available: int) -> None:
        self.offer_id = offer_id
        super().__init__(available)


@transaction.atomic
def move_many(*, moves: Sequence[Move], reason: str, by: User | None, at: dt.datetime) -> int:
    """Do `receive` or `adjust` for many offers, and return for how many.

    :raises NotEnoughOnHand: if promised goods would go.
    :raises stock.NotSoMany: if a change is zero or goes against its kind.
    :raises stock.ReasonMissing: if no reason is given.
    """
    if not reason.strip():
        raise stock.ReasonMissing
    for move in moves:
        _check(move)
    wanted = {move.offer_id: move for move in moves}
    rows = _locked(sorted(wanted))
    owing = [row for row in rows if row.back_ordered or row.in_batches is not None]
    plain = [row for row in rows if not row.back_ordered and row.in_batches is None]
    said = shown_stock.faces([row.offer_id for row in plain])
    for row in plain:
        change = wanted[row.offer_id].change
        if row.on_hand + change < row.reserved:
            raise NotEnoughOnHand(row.offer_id, row.on_hand - row.reserved)
        row.on_hand += change
    _store(plain, ["on_hand"])
    movements = [_movement(row, wanted[row.offer_id], reason, by, at) for row in plain]
    StockMovement.objects.bulk_create(movements, batch_size=BATCH)
    shown_stock.tell(said)
    for row in owing:
        # Who waits for goods gets theirs in turn, and which pieces of which batch move, only the
        # verb for one offer knows.
        _move_one(wanted[row.offer_id], reason, by, at)
    return len(rows)


@transaction.atomic
def configure_many(*, rules: Sequence[Rules]) -> int:
    """Do `configure` for many offers, and return for how many.

    :raises stock.LimitBelowPromises: if more of one are on back-order already.
    """
    wanted = {each.offer_id: each for each in rules}
    rows = _locked(sorted(wanted))
    said = shown_stock.faces(list(wanted))
    for row in rows:
        rule = wanted[row.offer_id]
        if row.back_ordered > rule.back_order_limit:
            raise stock.LimitBelowPromises(row.back_ordered)
        row.low_from = rule.low_from
        row.back_order_limit = rule.back_order_limit
        row.back_order_days = rule.back_order_days
    _store(rows, ["low_from", "back_order_limit", "back_order_days"])
    shown_stock.tell(said)
    return len(rows)


def _check(move: Move) -> None:
    only_up = move.kind in {MovementKind.RETURNED, MovementKind.RECEIVED}
    only_down = move.kind == MovementKind.DAMAGED
    wrong_way = (only_up and move.change < 0) or (only_down and move.change > 0)
    if move.change == 0 or wrong_way or move.kind == MovementKind.SOLD:
        raise stock.NotSoMany(move.change)


def _locked(offer_ids: Sequence[int]) -> list[Stock]:
    """Lock stock rows in the one order in which all verbs lock them.

    :raises Stock.DoesNotExist: if an offer has none.
    :raises stock.NoStockOfItsOwn: if an offer is a kit.
    """
    rows: list[Stock] = []
    for start in range(0, len(offer_ids), BATCH):
        some = Stock.objects.filter(offer_id__in=offer_ids[start : start + BATCH])
        rows += some.order_by("offer_id").select_for_update()
    if len(rows) < len(offer_ids):
        raise Stock.DoesNotExist
    # Asked under the lock: an offer becomes a kit only while nobody else moves its stock.
    kits = set(Offer.objects.filter(is_kit=True).values_list("pk", flat=True))
    for row in rows:
        if row.offer_id in kits:
            raise stock.NoStockOfItsOwn(row.offer)
    return rows


def _store(rows: Sequence[Stock], fields: Sequence[str]) -> None:
    Stock.objects.bulk_create(
        rows,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=fields,
    )


def _movement(
    row: Stock, move: Move, reason: str, by: User | None, at: dt.datetime
) -> StockMovement:
    return StockMovement(
        stock=row,
        kind=move.kind,
        quantity=move.change,
        reason=reason.strip(),
        by=by,
        happened_at=at,
    )


def _move_one(move: Move, reason: str, by: User | None, at: dt.datetime) -> None:
    if move.kind == MovementKind.RECEIVED:
        stock.receive(offer_id=move.offer_id, quantity=move.change, reason=reason, by=by, at=at)
    else:
        stock.adjust(
            offer_id=move.offer_id, change=move.change, kind=move.kind, reason=reason, by=by, at=at
        )
