"""Batches of an article: begun, given their pieces' number, stopped and let go on."""

import datetime as dt
from collections.abc import Iterator

from django.db import transaction
from django.db.models import F, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import User
from catalog import stock
from catalog.batches import pieces, turning
from catalog.batches.last_days import sold_until, use_months_of
from catalog.models import Batch, BatchMove, Stock
from catalog.subqueries import one_of


class OtherLastDay(ValueError):
    """The batch is known already, with another last day."""

    def __init__(self, batch: Batch) -> None:
        day = f"{batch.expires_on:%d.%m.%Y}" if batch.expires_on else "no last day"
        super().__init__(f"Batch {batch.code} is known with {day}; look at the box again.")


class NotSoManyUnnumbered(ValueError):
    """More pieces were to get a number than there are without one."""

    def __init__(self, left: int) -> None:
        super().__init__(f"Only {left} pieces have no number and lie in no parcel.")


@transaction.atomic
def open_batch(*, offer_id: int, code: str, expires_on: dt.date | None, at: dt.datetime) -> Batch:
    """Return the batch of this number, begun if it is new; an article's first begins them all.

    What an article had before is kept as pieces without a number.

    :raises OtherLastDay: if the batch is known with another last day.
    :raises stock.NoStockOfItsOwn: if the offer is a kit.
    """
    row, on = stock.locked(offer_id), timezone.localdate(at)
    _keep_in_batches(row, at=at)
    use_months = use_months_of(row.offer)
    batch, _ = Batch.objects.get_or_create(
        offer_id=offer_id,
        code=code,
        defaults={
            "expires_on": expires_on,
            "use_months": use_months,
            "sold_until_on": sold_until(expires_on, use_months=use_months),
            "arrived_on": on,
        },
    )
    if batch.expires_on != expires_on:
        raise OtherLastDay(batch)
    return batch


@transaction.atomic
def name_pieces(
    *,
    offer_id: int,
    code: str,
    expires_on: dt.date | None,
    quantity: int,
    by: User | None,
    at: dt.datetime,
) -> Batch:
    """Give pieces that are here without a number the number and last day on their box.

    :raises NotSoManyUnnumbered: if there are not so many, or some lie in parcels.
    :raises OtherLastDay: if the batch is known with another last day.
    :raises stock.NotSoMany: if the quantity is below one.
    """
    if quantity < 1:
        raise stock.NotSoMany(quantity)
    on = timezone.localdate(at)
    batch = open_batch(offer_id=offer_id, code=code, expires_on=expires_on, at=at)
    without = Batch.objects.filter(offer_id=offer_id, code=pieces.UNNUMBERED)
    if not without.filter(on_hand__gte=F("packed") + quantity).update(
        on_hand=F("on_hand") - quantity
    ):
        raise NotSoManyUnnumbered(sum(each.free for each in without))
    Batch.objects.filter(pk=batch.pk).update(on_hand=F("on_hand") + quantity)
    moved = {without.get().pk: -quantity, batch.pk: quantity}
    pieces.note(moved, movement=None, by=by, at=at)
    turning.say_anew([offer_id], on=on)
    batch.refresh_from_db()
    return batch


@transaction.atomic
def stop(*, batch_id: int, reason: str, by: User | None, at: dt.datetime) -> Batch:
    """Keep a batch from being sold and packed; stopped again, it stays as it is.

    :raises stock.ReasonMissing: if no reason is given.
    """
    if not reason.strip():
        raise stock.ReasonMissing
    batch = _locked(batch_id)
    if batch.stopped_at is None:
        batch.stopped_at, batch.stopped_by, batch.stop_reason = at, by, reason.strip()
        batch.save(update_fields=["stopped_at", "stopped_by", "stop_reason"])
        turning.say_anew([batch.offer_id], on=timezone.localdate(at))
    return batch


@transaction.atomic
def let_go_on(*, batch_id: int, at: dt.datetime) -> Batch:
    """Let a stopped batch be sold again; who and why stands in the log of the screen."""
    batch = _locked(batch_id)
    batch.stopped_at, batch.stopped_by, batch.stop_reason = None, None, ""
    batch.save(update_fields=["stopped_at", "stopped_by", "stop_reason"])
    turning.say_anew([batch.offer_id], on=timezone.localdate(at))
    return batch


def contradictions() -> Iterator[str]:
    """Yield, in words, every batch and every stock that the rows of batches contradict."""
    moved = Coalesce(one_of(BatchMove.objects.all(), "batch", Sum("quantity"), outer="pk"), 0)
    wrong = Batch.objects.annotate(moved=moved).exclude(moved=F("on_hand"))
    for batch in wrong.select_related("offer"):
        yield f"Batch {batch}: {batch.on_hand} on hand, moves {batch.moved}"  # type: ignore[attr-defined]
    has = Coalesce(one_of(Batch.objects.all(), "offer", Sum("on_hand")), 0)
    kept = Stock.objects.filter(in_batches__isnull=False).annotate(has=has)
    for row in kept.exclude(has=F("in_batches")).select_related("offer"):
        yield f"Stock of {row.offer}: {row.in_batches} in batches, batches have {row.has}"


def _keep_in_batches(row: Stock, *, at: dt.datetime) -> None:
    if row.in_batches is not None:
        return
    Stock.objects.filter(pk=row.pk).update(in_batches=F("on_hand"))
    row.refresh_from_db()
    if row.on_hand:
        without = pieces.unnumbered(row, on=timezone.localdate(at))
        Batch.objects.filter(pk=without.pk).update(on_hand=row.on_hand)
        pieces.note({without.pk: row.on_hand}, movement=None, by=None, at=at)


def _locked(batch_id: int) -> Batch:
    """Lock the stock that a batch is part of, then read it."""
    offer_id = Batch.objects.values_list("offer_id", flat=True).get(pk=batch_id)
    stock.lock([offer_id])
    return Batch.objects.get(pk=batch_id)
