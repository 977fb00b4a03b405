"""What staff do with a return until its goods are looked at: answer, take in, inspect."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.db import transaction

from accounts.models import User
from catalog import stock
from catalog.models import MovementKind
from checkout import emails, order_status
from checkout.batches import returning
from checkout.models import ItemToSend, Return, ReturnLine, ReturnStatus
from checkout.models.returning import LONGEST_ANSWER
from checkout.returns import status
from checkout.returns.asking import locked

NONE_NAMED: Final[Mapping[int, int]] = {}
NOT_SPLIT: Final[Mapping[int, Mapping[int, int]]] = {}


class AnswerMissing(Exception):
    """A return is not rejected without a word to its buyer."""

    def __init__(self) -> None:
        super().__init__("Say why: the buyer gets it by mail.")


class NotSoManyCame(Exception):
    """More pieces were found good than the return has."""

    def __init__(self, name: str, most: int) -> None:
        super().__init__(f"Of {name}, {most} came back at most. Nothing was changed.")


class MoreInBatches(Exception):
    """The batches together hold more than can be sold again."""

    def __init__(self, name: str, most: int) -> None:
        super().__init__(
            f"Of {name}, {most} can be sold again, and the batches name more. Nothing was changed."
        )


def approve(*, return_id: int, answer: str, label: bytes | None, by: User, at: datetime) -> Return:
    """Let goods come back; the buyer gets a mail, with the way to the label if there is one.

    :raises status.ReturnRefused: if it was decided about before.
    """
    return _answer(return_id, ReturnStatus.APPROVED, answer, label, by=by, at=at)


def reject(*, return_id: int, answer: str, by: User, at: datetime) -> Return:
    """Refuse to take goods back, and say why.

    :raises AnswerMissing: if nothing is said.
    :raises status.ReturnRefused: if it was decided about before.
    """
    if not answer.strip():
        raise AnswerMissing
    return _answer(return_id, ReturnStatus.REJECTED, answer, None, by=by, at=at)


def put_label(*, return_id: int, label: bytes, by: User, at: datetime) -> Return:
    """Add or replace the label of goods that have not come yet; no mail goes out.

    :raises status.ReturnRefused: if they have come, or may not come.
    """
    with transaction.atomic():
        row = locked(return_id)
        status.demand(row, ReturnStatus.RECEIVED)
        row.label = label
        row.save(update_fields=["label"])
        order_status.record(
            row.order, kind="RETURN_LABEL", message="Return label added", at=at, by=by
        )
    return row


def receive(*, return_id: int, by: User, at: datetime) -> Return:
    """Note that the goods have come.

    :raises status.ReturnRefused: if they may not come, or have come before.
    """
    with transaction.atomic():
        row = locked(return_id)
        status.move(
            row,
            ReturnStatus.RECEIVED,
            message="Returned goods have come",
            at=at,
            by=by,
            received_at=at,
        )
    return row


def inspect(
    *,
    return_id: int,
    sellable: Mapping[int, int],
    batches: Mapping[int, int] = NONE_NAMED,
    split: Mapping[int, Mapping[int, int]] = NOT_SPLIT,
    by: User,
    at: datetime,
) -> Return:
    """Say how many pieces of each line can be sold again; those are back on the shelf at once.

    :param sellable: how many of which line; of a line that is not named, none.
    :param batches: the batch of each article's pieces, by the id of the item that was sent; 0
        where their number is not known. If none is named, it is the one of which most went out.
    :param split: pieces of further batches, by the batch's id, by the id of the item; the rest of
        an item's pieces is of the batch above.
    :raises MoreInBatches: if those are more than can be sold again.
    :raises pieces.NotOfThisArticle: if a batch is another article's.
    :raises NotSoManyCame: if more than the return has.
    :raises status.ReturnRefused: if nothing has come, or it was inspected before.
    """
    with transaction.atomic():
        row = locked(return_id)
        lines = list(row.lines.select_related("line"))
        for each in lines:
            good = sellable.get(each.line_id, 0)
            if not 0 <= good <= each.quantity:
                raise NotSoManyCame(each.name, each.quantity)
            each.sellable = good
        status.move(
            row,
            ReturnStatus.INSPECTED,
            message=f"Inspected: {_found(lines)}",
            at=at,
            by=by,
            inspected_at=at,
            inspected_by=by,
        )
        ReturnLine.objects.bulk_update(lines, ["sellable"])
        _shelve(row, lines, batches, split, by=by, at=at)
    return row


def _answer(
    return_id: int,
    to: ReturnStatus,
    answer: str,
    label: bytes | None,
    *,
    by: User,
    at: datetime,
) -> Return:
    words = answer.replace("\0", "").strip()[:LONGEST_ANSWER]
    is_approved = to == ReturnStatus.APPROVED
    with transaction.atomic():
        row = locked(return_id)
        status.move(
            row,
            to,
            message="Return approved" if is_approved else "Return rejected",
            at=at,
            by=by,
            answer=words,
            label=label,
            decided_at=at,
            decided_by=by,
        )
        event = emails.RETURN_APPROVED if is_approved else emails.RETURN_REJECTED
        emails.queue(row.order, event, at=at, key=str(row.pk), **{"return": row.pk})
    return row


def _shelve(
    row: Return,
    lines: list[ReturnLine],
    batches: Mapping[int, int],
    split: Mapping[int, Mapping[int, int]],
    *,
    by: User,
    at: datetime,
) -> None:
    """Book what can be sold again onto the shelf, a kit as its parts."""
    good = {each.line_id: each.sellable for each in lines if each.sellable}
    items = [item for item in returning.items_of(row) if item.line_id in good]
    gone = returning.gone_out(items)
    stock.lock(sorted({item.offer_id for item in items}))
    for item in items:
        pieces = returning.pieces_of(item, good[item.line_id])
        rest_of = batches.get(item.pk, returning.most_of(gone[item.pk]))
        for batch_id, count in _by_batch(item, pieces, rest_of, split.get(item.pk, {})).items():
            stock.adjust(
                offer_id=item.offer_id,
                change=count,
                kind=MovementKind.RETURNED,
                reason=f"{row.order.number}: return inspected",
                by=by,
                at=at,
                batch_id=batch_id or None,
                reference=f"return:{row.pk}:{item.pk}:{batch_id}",
            )


def _by_batch(
    item: ItemToSend, pieces: int, rest_of: int, named: Mapping[int, int]
) -> Counter[int]:
    """Return how many pieces are of which batch; what is not named is of one."""
    rest = pieces - sum(named.values())
    if rest < 0:
        raise MoreInBatches(item.name, pieces)
    found = Counter(named)
    found[rest_of] += rest
    return +found


def _found(lines: list[ReturnLine]) -> str:
    return ", ".join(
        f"{each.sellable} of {each.quantity} × {each.name} can be sold again" for each in lines
    )
