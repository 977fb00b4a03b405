"""A change of many stock levels: what it would do to each, then all of it or nothing."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from accounts.models import User
from catalog import stock, stock_in_bulk
from catalog.models import MovementKind, Stock
from catalog.stock_in_bulk import Move


class StockMoved(ValueError):
    """Something else moved between the preview and the change itself."""

    def __init__(self) -> None:
        super().__init__("The stock has moved since you looked. Look again before you apply.")


class NothingMoves(ValueError):
    """Not one of the chosen stock levels would change."""

    def __init__(self) -> None:
        super().__init__("Nothing would change.")


@dataclass(frozen=True, slots=True)
class StockRow:
    """One stock level before and after.

    :ivar typed: the number that stands in its field.
    :ivar refusal: why it stays as it is.
    """

    stock: Stock
    typed: int | None
    change: int = 0
    refusal: str = ""

    @property
    def after(self) -> int:
        return self.stock.on_hand + self.change


def preview(kind: MovementKind, numbers: Mapping[int, int | None]) -> list[StockRow]:
    """Return what each number does: counted is the new level, anything else how many move."""
    rows = Stock.objects.filter(offer_id__in=numbers).select_related("offer__page")
    return [_row(kind, row, numbers[row.offer_id]) for row in rows.order_by("offer__sku")]


def fingerprint(rows: Sequence[StockRow]) -> str:
    """Return a text that is another one as soon as a row would come out otherwise."""
    return ",".join(
        f"{row.stock.offer_id}:{row.stock.on_hand}:{row.change}"
        for row in rows
        if row.change and not row.refusal
    )


@transaction.atomic
def carry_out(
    *,
    kind: MovementKind,
    numbers: Mapping[int, int | None],
    seen: str,
    reason: str,
    by: User | None,
    at: dt.datetime,
) -> int:
    """Move every stock level as previewed, or none; return how many moved.

    Doing it twice does it once: the levels have moved by then, so it is refused.

    :raises StockMoved: if the preview would look otherwise by now.
    :raises NothingMoves: if no level would change.
    :raises NotEnoughOnHand: if promised goods would go.
    :raises ReasonMissing: if no reason is given.
    """
    list(Stock.objects.filter(offer_id__in=numbers).order_by("offer_id").select_for_update())
    rows = preview(kind, numbers)
    if fingerprint(rows) != seen:
        raise StockMoved
    moves = [
        Move(row.stock.offer_id, row.change, kind) for row in rows if row.change and not row.refusal
    ]
    if not moves:
        raise NothingMoves
    return stock_in_bulk.move_many(moves=moves, reason=reason, by=by, at=at)


def _row(kind: MovementKind, row: Stock, typed: int | None) -> StockRow:
    if typed is None:
        return StockRow(row, typed)
    change = typed - row.on_hand if kind == MovementKind.COUNTED else typed
    change = -change if kind == MovementKind.DAMAGED else change
    refusal = ""
    if row.on_hand + change < row.reserved:
        refusal = str(stock.NotEnoughOnHand(row.on_hand - row.reserved))
    return StockRow(row, typed, change, refusal)
