"""How many pieces of an order can be sent back: those that have left, less all that is settled."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Q

from catalog.models import OfferKind
from checkout.models import (
    Order,
    OrderLine,
    RefundStatus,
    ReturnLine,
    ReturnStatus,
    WithdrawalLine,
)
from checkout.order_page import may_have_left
from checkout.payable import payable

# Such a return's pieces are on their way, or were settled without a refund.
_TAKEN = (
    ReturnStatus.ASKED,
    ReturnStatus.APPROVED,
    ReturnStatus.RECEIVED,
    ReturnStatus.INSPECTED,
    ReturnStatus.EXCHANGED,
    ReturnStatus.CLOSED,
)


@dataclass(frozen=True, slots=True)
class ReturnableLine:
    """A line of which so many pieces can be sent back."""

    line: OrderLine
    pieces: int

    @property
    def name(self) -> str:
        """Name and label together, as in "Barrier Balm, 75 ml"."""
        return ", ".join(filter(None, [self.line.name, self.line.label]))


def returnable(order: Order, *, withdrawal_id: int = 0) -> list[ReturnableLine]:
    """Return the lines of which something can be sent back; about a dozen queries.

    Counted against what was paid back or called off, lies in another return, or was withdrawn
    from and not decided about. Sessions come back by their terms, and what replaced goods by the
    order that was paid.

    :param withdrawal_id: a withdrawal that does not count, because it is what opens the return.
    """
    if not may_have_left(order):
        return []
    taken = _in_returns(order)
    taken.update(_withdrawn(order, withdrawal_id))
    found = [
        ReturnableLine(each.line, each.gone - taken[each.line.pk])
        for each in payable(order).lines
        if each.line.kind == OfferKind.PRODUCT
    ]
    return [each for each in found if each.pieces > 0]


def _in_returns(order: Order) -> Counter[int]:
    """Count the pieces by line; those of a refund that failed are still somebody's to settle."""
    lost = Q(return_of__refund__status=RefundStatus.FAILED)
    rows = ReturnLine.objects.filter(lost | Q(return_of__status__in=_TAKEN), return_of__order=order)
    counted: Counter[int] = Counter()
    for line_id, quantity in rows.values_list("line", "quantity"):
        counted[line_id] += quantity
    return counted


def _withdrawn(order: Order, but: int) -> Counter[int]:
    rows = WithdrawalLine.objects.filter(withdrawal__order=order, withdrawal__decision=None)
    counted: Counter[int] = Counter()
    for line_id, quantity in rows.exclude(withdrawal=but).values_list("line", "quantity"):
        counted[line_id] += quantity
    return counted
