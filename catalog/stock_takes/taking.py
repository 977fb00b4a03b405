"""The only writer of stock takes: begin one, count, approve its differences or give it up.

A count keeps beside it what stood there at its moment, read under the lock of the stock. So what
comes or goes before and after is no difference, and nobody has to stop selling.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from django.db import transaction
from django.db.models import Max

from accounts.models import User
from catalog import stock
from catalog.batches import pieces
from catalog.models import (
    Batch,
    MovementKind,
    Stock,
    StockCount,
    StockMovement,
    StockTake,
    StockTakeLine,
    StockTakeStatus,
)

S = StockTakeStatus


class NothingToCount(ValueError):
    """A stock take names at least one article."""

    def __init__(self) -> None:
        super().__init__("Choose at least one article.")


class NothingCounted(ValueError):
    """There is nothing to approve or to save."""

    def __init__(self) -> None:
        super().__init__("Nothing was counted yet.")


class TakeEnded(ValueError):
    """What is approved or given up stays as it is."""

    def __init__(self, take: StockTake) -> None:
        super().__init__(f"{take.name} is {take.get_status_display()}.")


class NotOnTheList(ValueError):
    """A line was named that the stock take does not have."""

    def __init__(self) -> None:
        super().__init__("This article is not on the list.")


class CountedSince(ValueError):
    """Somebody counted after the differences were looked at."""

    def __init__(self) -> None:
        super().__init__("Somebody has counted since you looked. Look again before you approve.")


class CorrectedSince(ValueError):
    """Somebody put stock right after it was counted: the difference would be booked twice."""

    def __init__(self, counts: Sequence[StockCount]) -> None:
        skus = ", ".join(sorted({each.line.offer.sku for each in counts}))
        super().__init__(
            f"Nothing was approved. Somebody has corrected the stock of {skus} since it was counted"
            " here. Count again what is marked below, then approve."
        )


REFUSALS = (
    CorrectedSince,
    CountedSince,
    NotOnTheList,
    NothingCounted,
    NothingToCount,
    TakeEnded,
    pieces.NotInBatch,
    stock.NotEnoughOnHand,
    stock.ReasonMissing,
)


@transaction.atomic
def begin(*, name: str, offer_ids: Collection[int], by: User | None, at: dt.datetime) -> StockTake:
    """Begin to count some articles, each batch of them apart.

    :raises NothingToCount: if no article with a stock of its own is named.
    """
    rows = Stock.objects.filter(offer_id__in=offer_ids, offer__is_kit=False).order_by("offer_id")
    articles = list(rows)
    if not articles:
        raise NothingToCount
    take = StockTake.objects.create(name=name, started_at=at, started_by=by)
    StockTakeLine.objects.bulk_create(line for row in articles for line in _lines(take, row))
    return take


@transaction.atomic
def count(*, take_id: int, counted: Mapping[int, int], by: User | None, at: dt.datetime) -> int:
    """Write down what somebody counted, by line; return how many counts.

    :raises TakeEnded: if it is approved or given up.
    :raises NotOnTheList: if a line is another stock take's.
    :raises NothingCounted: if no line is named.
    """
    take = _locked(take_id)
    lines = take.lines.in_bulk(list(counted))
    if len(lines) < len(counted):
        raise NotOnTheList
    if not lines:
        raise NothingCounted
    stands = _standing(list(lines.values()))
    StockCount.objects.bulk_create(
        StockCount(line=line, counted=counted[pk], stood=stands[pk], counted_at=at, counted_by=by)
        for pk, line in sorted(lines.items())
    )
    return len(lines)


@transaction.atomic
def approve(*, take_id: int, seen: str, reason: str, by: User | None, at: dt.datetime) -> int:
    """Book the differences as movements, and end the stock take; return how many.

    :param seen: the fingerprint of the counts as they were looked at.
    :raises TakeEnded: if it is approved or given up.
    :raises CountedSince: if somebody counted since.
    :raises CorrectedSince: if the stock of a line that differs was put right since its count.
    :raises NothingCounted: if nobody has counted anything.
    :raises stock.ReasonMissing: if no reason is given.
    :raises stock.NotEnoughOnHand: if goods that are promised would go.
    :raises pieces.NotInBatch: if pieces in parcels would go.
    """
    if not reason.strip():
        raise stock.ReasonMissing
    take = _locked(take_id)
    holding = newest(take)
    if not holding:
        raise NothingCounted
    if fingerprint(holding) != seen:
        raise CountedSince
    stock.lock(each.line.offer_id for each in holding)
    if twice := corrected_since(holding):
        raise CorrectedSince(twice)
    moved = sum(
        _book(each, reason=f"{take.name}: {reason.strip()}"[:200], by=by, at=at)
        for each in sorted(holding, key=lambda each: (each.line.offer_id, each.difference < 0))
    )
    take.status, take.reason = S.APPROVED, reason.strip()
    take.ended_at, take.ended_by = at, by
    take.save()
    return moved


@transaction.atomic
def give_up(*, take_id: int, by: User | None, at: dt.datetime) -> StockTake:
    """End a stock take without a movement.

    :raises TakeEnded: if it has ended.
    """
    take = _locked(take_id)
    take.status, take.ended_at, take.ended_by = S.CANCELLED, at, by
    take.save()
    return take


def newest(take: StockTake) -> list[StockCount]:
    """Return the count that holds for each line that was counted."""
    counts = StockCount.objects.filter(line__take=take).select_related("line", "counted_by")
    return list({each.line_id: each for each in counts.order_by("pk")}.values())


def fingerprint(counts: Sequence[StockCount]) -> str:
    """Return a text that is another one as soon as somebody counts again."""
    return ",".join(str(pk) for pk in sorted(each.pk for each in counts))


def corrected_since(counts: Iterable[StockCount]) -> list[StockCount]:
    """Return those whose difference somebody else may have booked since, in one query.

    Any correction of the article counts, of whichever batch: what names no batch is taken from
    the oldest.
    """
    differing = [each for each in counts if each.difference]
    corrections = StockMovement.objects.filter(
        kind=MovementKind.COUNTED, stock__offer_id__in={each.line.offer_id for each in differing}
    )
    newest = dict(corrections.values_list("stock__offer_id").annotate(Max("happened_at")))
    return [
        each
        for each in differing
        if (corrected := newest.get(each.line.offer_id)) and corrected > each.counted_at
    ]


def _lines(take: StockTake, row: Stock) -> Iterator[StockTakeLine]:
    if row.in_batches is None:
        yield StockTakeLine(take=take, offer_id=row.offer_id)
        return
    for batch in Batch.objects.filter(offer_id=row.offer_id).here().first_to_expire():
        yield StockTakeLine(take=take, offer_id=row.offer_id, batch=batch)


def _standing(lines: Sequence[StockTakeLine]) -> dict[int, int]:
    """Return what stands on lines now, by their ids; their stock stays locked."""
    offer_ids = sorted({line.offer_id for line in lines})
    stock.lock(offer_ids)
    rows = Stock.objects.filter(offer_id__in=offer_ids)
    articles = dict(rows.values_list("offer_id", "on_hand"))
    batches = Batch.objects.in_bulk([line.batch_id for line in lines if line.batch_id])
    return {
        line.pk: batches[line.batch_id].on_hand if line.batch_id else articles[line.offer_id]
        for line in lines
    }


def _book(count: StockCount, *, reason: str, by: User | None, at: dt.datetime) -> bool:
    if not count.difference:
        return False
    stock.adjust(
        offer_id=count.line.offer_id,
        change=count.difference,
        kind=MovementKind.COUNTED,
        reason=reason,
        reference=f"count:{count.pk}",
        batch_id=count.line.batch_id,
        by=by,
        at=at,
    )
    return True


def _locked(take_id: int) -> StockTake:
    take = StockTake.objects.select_for_update().get(pk=take_id)
    if not take.is_open:
        raise TakeEnded(take)
    return take
