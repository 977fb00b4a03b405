"""The only writer of recalls: find who got pieces of a batch, draft what is written, send it.

Rows are locked in the order recall, stock.
"""

import time
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet, Sum

from accounts.models import User
from accounts.person import NOBODYS_NAME
from catalog import stock
from catalog.batches import keeping
from catalog.models import Batch
from checkout.models import Order, ParcelBatch, Recall, RecallNotice, ShipmentStatus
from outbox import mail

GOODS_RECALLED = "goods_recalled"


class DrillIsNotSent(ValueError):
    """Nobody is written to because of a drill."""

    def __init__(self) -> None:
        super().__init__("This is a drill: nothing is sent. Start a recall to write to buyers.")


class SentBefore(ValueError):
    """The mails have been handed to the outbox; they are neither changed nor sent again."""

    def __init__(self) -> None:
        super().__init__("The mails of this recall were sent already.")


class NothingToTrace(ValueError):
    """Pieces without a number cannot be told apart."""

    def __init__(self) -> None:
        super().__init__("These pieces have no batch number: nobody can say who got them.")


REFUSALS = (DrillIsNotSent, NothingToTrace, SentBefore, stock.ReasonMissing)


def who_got(batch: Batch) -> dict[int, int]:
    """Return how many pieces of a batch have left for each order, by its id."""
    gone = ParcelBatch.objects.filter(
        batch=batch, line__shipment__status=ShipmentStatus.HANDED_OVER
    )
    sums = gone.order_by().values("line__shipment__order").annotate(pieces=Sum("quantity"))
    return dict(sums.values_list("line__shipment__order", "pieces"))


def waiting_parcels(batch: Batch) -> Sequence[ParcelBatch]:
    """Return what of a batch lies in parcels that have not left."""
    rows: QuerySet[ParcelBatch] = batch.parcels.filter(line__shipment__status=ShipmentStatus.PACKED)
    return list(rows.select_related("line__shipment__order").order_by("pk"))


@transaction.atomic
def start(*, batch_id: int, reason: str, is_drill: bool, by: User | None, at: datetime) -> Recall:
    """Find everybody who got pieces of a batch, and draft the mail to them.

    Unless it is a drill, the batch is neither sold nor packed from now on.

    :raises NothingToTrace: if the batch is that of the pieces without a number.
    :raises stock.ReasonMissing: if no reason is given.
    """
    if not reason.strip():
        raise stock.ReasonMissing
    batch = Batch.objects.select_related("offer__page").get(pk=batch_id)
    if not batch.code:
        raise NothingToTrace
    if not is_drill:
        keeping.stop(batch_id=batch_id, reason=reason, by=by, at=at)
    began = time.perf_counter()
    found = who_got(batch)
    took_ms = round((time.perf_counter() - began) * 1000)
    recall = Recall.objects.create(
        batch=batch,
        is_drill=is_drill,
        reason=reason.strip(),
        subject=_subject(batch),
        text=_text(batch, reason.strip()),
        found_orders=len(found),
        found_pieces=sum(found.values()),
        took_ms=took_ms,
        started_at=at,
        started_by=by,
    )
    _write_notices(recall, found)
    return recall


@transaction.atomic
def word(*, recall_id: int, subject: str, text: str) -> Recall:
    """Change what is written, as long as it was not sent.

    :raises SentBefore: if it was.
    """
    recall = _locked(recall_id)
    recall.subject, recall.text = subject, text
    recall.save(update_fields=["subject", "text"])
    return recall


@transaction.atomic
def send(*, recall_id: int, by: User | None, at: datetime) -> int:
    """Hand a mail to each buyer to the outbox; return to how many orders.

    Parcels that have left since the recall was started are found, too. Whoever has asked to be
    forgotten cannot be reached any more.

    :raises DrillIsNotSent: if it is a drill.
    :raises SentBefore: if it was sent.
    """
    recall = _locked(recall_id)
    if recall.is_drill:
        raise DrillIsNotSent
    found = who_got(recall.batch)
    recall.notices.all().delete()
    _write_notices(recall, found)
    recall.found_orders, recall.found_pieces = len(found), sum(found.values())
    recall.sent_at, recall.sent_by = at, by
    recall.save()
    notices = recall.notices.exclude(order__name=NOBODYS_NAME).select_related("order")
    return sum(_queue(notice, at=at) for notice in notices)


def _locked(recall_id: int) -> Recall:
    recall = Recall.objects.select_for_update().get(pk=recall_id)
    if recall.sent_at is not None:
        raise SentBefore
    return recall


def _write_notices(recall: Recall, found: Mapping[int, int]) -> None:
    RecallNotice.objects.bulk_create(
        RecallNotice(recall=recall, order_id=order_id, quantity=quantity)
        for order_id, quantity in sorted(found.items())
    )


def _queue(notice: RecallNotice, *, at: datetime) -> bool:
    order: Order = notice.order
    return mail.queue(
        effect_key=f"recall:{notice.recall_id}:{order.reference}",
        event=GOODS_RECALLED,
        to=order.email,
        reference=order.reference,
        context={"notice": notice.pk},
        at=at,
    )


def _name(batch: Batch) -> str:
    title = batch.offer.page.title if batch.offer.page else batch.offer.sku
    return f"{title}, {batch.offer.label}"


def _subject(batch: Batch) -> str:
    return f"Please do not use: {_name(batch)}, batch {batch.code}"[:120]


def _text(batch: Batch, reason: str) -> str:
    return (
        f"we are calling back batch {batch.code} of {_name(batch)}. The number stands on the"
        f" bottom of the pack.\n\n"
        f"The reason: {reason}\n\n"
        "Please stop using it and keep it away from others. You need not send it back: answer"
        " this mail, and we pay you back or send you another one, as you like.\n\n"
        "If your scalp has reacted, write or call us, and see a doctor if it does not settle."
    )
