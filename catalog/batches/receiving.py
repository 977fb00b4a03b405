"""The only writer of goods receipts: a supplier's delivery comes in, line by line or not at all."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from accounts.models import User
from catalog import stock
from catalog.batches import keeping
from catalog.models import Batch, GoodsReceipt, GoodsReceiptLine, Stock


@dataclass(frozen=True, slots=True)
class Arrived:
    """One line of a delivery.

    :ivar code: the number of its batch; empty for an article without, or where nobody knows it.
    :ivar cost_minor: what one piece cost us, without VAT; none if it is not known.
    """

    offer_id: int
    quantity: int
    code: str = ""
    expires_on: dt.date | None = None
    cost_minor: int | None = None


class NothingArrived(ValueError):
    """A delivery has at least one line."""

    def __init__(self) -> None:
        super().__init__("Scan or type at least one article.")


class ReceivedBefore(ValueError):
    """This delivery note was written down already."""

    def __init__(self, receipt: GoodsReceipt) -> None:
        super().__init__(
            f"{receipt.supplier}'s delivery {receipt.reference} was received before, on"
            f" {receipt.received_at:%d.%m.%Y}."
        )


class NoNumberForTheDate(ValueError):
    """A last day belongs to a batch, and a batch has a number."""

    def __init__(self) -> None:
        super().__init__("Give the batch number that stands beside the best-before date.")


class UnknownArticle(ValueError):
    """Something was named that has no stock, as packages have none."""

    def __init__(self) -> None:
        super().__init__("One of the articles has no stock of its own.")


REFUSALS = (
    NothingArrived,
    UnknownArticle,
    NoNumberForTheDate,
    ReceivedBefore,
    keeping.OtherLastDay,
    stock.NoStockOfItsOwn,
    stock.NotSoMany,
)


@transaction.atomic
def receive(
    *,
    supplier: str,
    reference: str,
    arrived: Sequence[Arrived],
    token: str,
    by: User | None,
    at: dt.datetime,
) -> GoodsReceipt:
    """Take a delivery in, all of it or nothing; the same token again is the same delivery.

    :raises NothingArrived: if it has no line.
    :raises UnknownArticle: if an article has no stock.
    :raises ReceivedBefore: if the supplier's delivery note is known.
    :raises NoNumberForTheDate: if a line has a last day and no batch number.
    :raises keeping.OtherLastDay: if a batch is known with another last day.
    :raises stock.NotSoMany: if a quantity is below one.
    :raises stock.NoStockOfItsOwn: if an article is a kit.
    """
    known = GoodsReceipt.objects.filter(token=token).first()
    if known is not None:
        return known
    if not arrived:
        raise NothingArrived
    before = GoodsReceipt.objects.filter(supplier=supplier, reference=reference).first()
    if before is not None:
        raise ReceivedBefore(before)
    wanted = {line.offer_id for line in arrived}
    if Stock.objects.filter(offer_id__in=wanted).count() < len(wanted):
        raise UnknownArticle
    stock.lock(sorted(wanted))
    receipt = GoodsReceipt.objects.create(
        supplier=supplier, reference=reference, token=token, received_at=at, received_by=by
    )
    batches = {place: _batch(line, at=at) for place, line in enumerate(arrived)}
    GoodsReceiptLine.objects.bulk_create(_lines(receipt, arrived, batches))
    for place, line in sorted(enumerate(arrived), key=lambda each: each[1].offer_id):
        batch = batches[place]
        stock.receive(
            offer_id=line.offer_id,
            quantity=line.quantity,
            reason=f"Delivery {receipt}"[:200],
            batch_id=batch.pk if batch else None,
            by=by,
            at=at,
        )
        if line.cost_minor is not None:
            Stock.objects.filter(offer_id=line.offer_id).update(cost_minor=line.cost_minor)
    return receipt


def _batch(line: Arrived, *, at: dt.datetime) -> Batch | None:
    if line.code:
        return keeping.open_batch(
            offer_id=line.offer_id, code=line.code, expires_on=line.expires_on, at=at
        )
    if line.expires_on is not None:
        raise NoNumberForTheDate
    return None


def _lines(
    receipt: GoodsReceipt, arrived: Sequence[Arrived], batches: Mapping[int, Batch | None]
) -> list[GoodsReceiptLine]:
    return [
        GoodsReceiptLine(
            receipt=receipt,
            position=place + 1,
            offer_id=line.offer_id,
            batch=batches[place],
            quantity=line.quantity,
            cost_minor=line.cost_minor,
        )
        for place, line in enumerate(arrived)
    ]
