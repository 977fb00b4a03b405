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
from checkout.models.returning import RETURNS_NOT_SETTLED
from checkout.order_page import passes_of
from checkout.refund_split import LineMoney


@dataclass(frozen=True, slots=True)
class PayableLine:
    """A line of which something can be paid back by the piece.

    :ivar left: its money and pieces that have not been paid back.
    :ivar unsent: how many lie in no parcel; of a kit, whole kits.
    :ivar gone: how many have left us and were not paid back.
    :ivar in_returns: how many of those lie in a return that is not settled.
    :ivar shelvable: how many of those were not put back on the shelf, by a refund or a return.
    :ivar items: its articles as they were sent; none for an order that never was to be sent.
    """

    line: OrderLine
    left: LineMoney
    unsent: int
    gone: int
    in_returns: int
    shelvable: int
    items: list[ItemToSend]

    @property
    def name(self) -> str:
        """Name and label together, as in "Barrier Balm, 75 ml"."""
        return ", ".join(filter(None, [self.line.name, self.line.label]))

    @property
    def free(self) -> int:
        """How many have left us and lie in no return: those are paid back by themselves."""
        return self.gone - self.in_returns


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


def payable(order: Order, *, settling: int = 0) -> Payable:
    """Return what can be paid back of an order now; eleven queries.

    :param settling: a return whose pieces do not count as lying in one, as it is being settled.
    """
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
    shelved, in_returns = _shelved(order, rows), _in_returns(order, settling)
    return Payable(
        lines=[
            _line(
                line,
                lefts[line.pk],
                unsent,
                _Sent(
                    items.get(line.pk, []),
                    rows.get(line.pk, []),
                    shelved[line.pk],
                    in_returns[line.pk],
                ),
            )
            for line in lines
        ],
        delivery=lefts[None],
        by_terms=by_terms,
    )


@dataclass(frozen=True, slots=True)
class _Sent:
    """A line's articles, what was paid back of it, and where the pieces that left us are."""

    items: list[ItemToSend]
    rows: list[RefundLine]
    shelved: int
    in_returns: int


def _in_returns(order: Order, settling: int) -> Counter[int]:
    """Count the pieces by line that lie in a return which still has to be settled."""
    rows = ReturnLine.objects.filter(
        return_of__order=order, return_of__status__in=RETURNS_NOT_SETTLED
    )
    counted: Counter[int] = Counter()
    for line_id, quantity in rows.exclude(return_of=settling).values_list("line", "quantity"):
        counted[line_id] += quantity
    return counted


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
        return PayableLine(
            line, left, unsent=0, gone=left.pieces, in_returns=0, shelvable=0, items=[]
        )
    left_us = min(item.handed_over // _in_one(item) for item in items)
    back = sum(
        row.quantity - row.called_off for row in rows if row.refund.status != RefundStatus.FAILED
    )
    gone = max(0, min(left_us - back, left.pieces - waiting))
    shelvable = min(gone, max(0, left_us - sent.shelved))
    in_returns = min(gone, sent.in_returns)
    return PayableLine(line, left, waiting, gone, in_returns, shelvable=shelvable, items=items)


def _in_one(item: ItemToSend) -> int:
    return item.part.quantity if item.part else 1
