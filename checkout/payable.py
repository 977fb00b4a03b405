"""What of an order can still be paid back: pieces by where they are, and money."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from catalog.models import OfferKind
from checkout import calling_off, refund_lines
from checkout.models import (
    ItemToSend,
    Order,
    OrderLine,
    OrderStatus,
    RefundLine,
    RefundStatus,
    ReturnLine,
)
from checkout.order_page import passes_of
from checkout.refund_split import LineMoney


@dataclass(frozen=True, slots=True)
class PayableLine:
    """A line of which something can be paid back by the piece.

    :ivar left: its money and pieces that have not been paid back.
    :ivar unsent: how many lie in no parcel; of a kit, whole kits.
    :ivar gone: how many have left us and were not paid back.
    :ivar shelvable: how many of those were not put back on the shelf, by a refund or a return.
    :ivar items: its articles as they were sent; none for an order that never was to be sent.
    """

    line: OrderLine
    left: LineMoney
    unsent: int
    gone: int
    shelvable: int
    items: list[ItemToSend]

    @property
    def name(self) -> str:
        """Name and label together, as in "Barrier Balm, 75 ml"."""
        return ", ".join(filter(None, [self.line.name, self.line.label]))


@dataclass(frozen=True, slots=True)
class Payable:
    """All that can still be paid back of an order, its sessions apart.

    :ivar by_terms: whether sessions of the order come back by their terms instead.
    """

    lines: list[PayableLine]
    delivery: LineMoney
    by_terms: bool

    @property
    def most_minor(self) -> int:
        """How much is left of goods and delivery."""
        return sum(each.left.gross_minor for each in self.lines) + self.delivery.gross_minor


def payable(order: Order) -> Payable:
    """Return what can be paid back of an order now; ten queries."""
    lefts = {left.line_id: left for left in refund_lines.left_of(order)}
    by_terms = bool(order.packages_minor) and passes_of(order).exists()
    lines = order.lines.exclude(kind=OfferKind.PACKAGE) if by_terms else order.lines.all()
    items: dict[int, list[ItemToSend]] = {}
    for item in order.items_to_send.select_related("line", "part"):
        items.setdefault(item.line_id, []).append(item)
    rows: dict[int, list[RefundLine]] = {}
    for row in RefundLine.objects.filter(refund__order=order, line__isnull=False).select_related(
        "refund"
    ):
        rows.setdefault(row.line_id or 0, []).append(row)
    unsent: dict[int, int] = {}
    if order.status == OrderStatus.PAID:
        unsent = {each.line.pk: each.units for each in calling_off.open_lines(order)}
    shelved = _shelved(order, rows)
    return Payable(
        lines=[
            _line(
                line,
                lefts[line.pk],
                unsent,
                _Sent(items.get(line.pk, []), rows.get(line.pk, []), shelved[line.pk]),
            )
            for line in lines
        ],
        delivery=lefts[None],
        by_terms=by_terms,
    )


@dataclass(frozen=True, slots=True)
class _Sent:
    """A line's articles, what was paid back of it, and how many pieces are on the shelf again."""

    items: list[ItemToSend]
    rows: list[RefundLine]
    shelved: int


def _shelved(order: Order, rows: Mapping[int, Iterable[RefundLine]]) -> Counter[int]:
    """Count the pieces by line that are back on the shelf, with a refund or out of a return."""
    counted = Counter({pk: sum(row.restocked for row in some) for pk, some in rows.items()})
    returned = ReturnLine.objects.filter(return_of__order=order, sellable__gt=0)
    for line_id, pieces in returned.values_list("line", "sellable"):
        counted[line_id] += pieces
    return counted


def _line(line: OrderLine, left: LineMoney, unsent: dict[int, int], sent: _Sent) -> PayableLine:
    items, rows = sent.items, sent.rows
    waiting = min(unsent.get(line.pk, 0), left.pieces)
    if not items:
        return PayableLine(line, left, unsent=0, gone=left.pieces, shelvable=0, items=[])
    left_us = min(item.handed_over // _in_one(item) for item in items)
    back = sum(
        row.quantity - row.called_off for row in rows if row.refund.status != RefundStatus.FAILED
    )
    gone = max(0, min(left_us - back, left.pieces - waiting))
    shelvable = min(gone, max(0, left_us - sent.shelved))
    return PayableLine(line, left, waiting, gone, shelvable=shelvable, items=items)


def _in_one(item: ItemToSend) -> int:
    return item.part.quantity if item.part else 1
