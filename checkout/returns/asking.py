"""Ask to send goods back, and call that off again; an accepted withdrawal asks by itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from accounts.models import User
from checkout import emails, order_status
from checkout.models import (
    Order,
    Return,
    ReturnLine,
    ReturnPhoto,
    ReturnReason,
    ReturnStatus,
    ReturnWish,
    Withdrawal,
)
from checkout.models.returning import LONGEST_WORDS
from checkout.returns import exchangeable, status
from checkout.returns.returnable import returnable
from cms.card_numbers import holds_card_number


class NothingToReturn(Exception):
    """No piece was named, or more than can be sent back."""

    def __init__(self) -> None:
        super().__init__(
            "Choose what you send back: at least one piece, and no more than you have."
        )


class WordsRefused(Exception):
    """The words are too long, or hold the number of a payment card."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a buyer asks for.

    :ivar pieces: how many of which line.
    :ivar wanted: for an exchange, the offer that is wanted for a line's pieces.
    :ivar photos: as `checkout.returns.files` has written them.
    """

    pieces: Mapping[int, int]
    reason: ReturnReason
    words: str = ""
    wish: ReturnWish = ReturnWish.REFUND
    wanted: Mapping[int, int] = field(default_factory=dict)
    photos: Sequence[bytes] = ()


def ask(*, order_id: int, asked: Asked, reference: str, at: datetime) -> Return:
    """Write down what somebody wants to send back; the same form twice is one return.

    :param reference: what the form carries.
    :raises NothingToReturn: if no piece is named, or more than can be sent back.
    :raises WordsRefused: if the words cannot be kept.
    :raises exchangeable.NotForThis: if something is wanted that it cannot be exchanged for.
    """
    words = _checked(asked.words)
    with transaction.atomic():
        order = Order.objects.select_for_update().get(pk=order_id)
        known = Return.objects.filter(reference=reference).first()
        if known is not None:
            return known
        pieces = _named(order, asked.pieces)
        wanted = _wanted(order, pieces, asked, at)
        row = Return.objects.create(
            order=order,
            reference=reference,
            reason=asked.reason,
            words=words,
            wish=asked.wish,
            asked_at=at,
        )
        _write(row, pieces, wanted)
        ReturnPhoto.objects.bulk_create(
            ReturnPhoto(return_of=row, position=position, data=data)
            for position, data in enumerate(asked.photos, start=1)
        )
        _tell(row, f"The buyer wants to send back {_said(row)}", at=at)
        emails.queue(order, emails.RETURN_ASKED, at=at, key=reference, **{"return": row.pk})
    return row


def open_for(withdrawal: Withdrawal, *, by: User, at: datetime) -> Return | None:
    """Open a return for what an accepted withdrawal names and the buyer has; it is approved.

    Returns nothing if none of it has left us. The caller has locked the order.
    """
    order = withdrawal.order
    room = {each.line.pk: each.pieces for each in returnable(order, withdrawal_id=withdrawal.pk)}
    pieces = {
        named.line_id: min(named.quantity, room.get(named.line_id, 0))
        for named in withdrawal.lines.all()
    }
    pieces = {line_id: count for line_id, count in pieces.items() if count}
    if not pieces:
        return None
    row = Return.objects.create(
        order=order,
        reference=f"withdrawal:{withdrawal.pk}",
        status=ReturnStatus.APPROVED,
        reason=ReturnReason.WITHDRAWN,
        wish=ReturnWish.REFUND,
        withdrawal=withdrawal,
        asked_at=at,
        decided_at=at,
        decided_by=by,
    )
    _write(row, pieces, {})
    _tell(row, f"To come back after the withdrawal: {_said(row)}", at=at, by=by)
    return row


def call_off(*, return_id: int, by: User | None, at: datetime) -> Return:
    """End a return whose goods have not come, because its buyer keeps them after all.

    :raises status.ReturnRefused: if they have come, or it has ended.
    """
    with transaction.atomic():
        row = locked(return_id)
        status.move(row, ReturnStatus.CALLED_OFF, message="Return called off", at=at, by=by)
    return row


def locked(return_id: int) -> Return:
    """Return a return whose order nobody else can change before the transaction ends."""
    order_id = Return.objects.values_list("order_id", flat=True).get(pk=return_id)
    Order.objects.select_for_update().get(pk=order_id)
    return Return.objects.select_related("order").get(pk=return_id)


def _named(order: Order, pieces: Mapping[int, int]) -> dict[int, int]:
    room = {each.line.pk: each.pieces for each in returnable(order)}
    named = {line_id: count for line_id, count in pieces.items() if count}
    fits = all(0 < count <= room.get(line_id, 0) for line_id, count in named.items())
    if not named or not fits:
        raise NothingToReturn
    return named


def _wanted(order: Order, pieces: Mapping[int, int], asked: Asked, at: datetime) -> dict[int, int]:
    if asked.wish != ReturnWish.EXCHANGE:
        return {}
    lines = {line.pk: line for line in order.lines.all()}
    return {
        line_id: exchangeable.demand(lines[line_id], asked.wanted.get(line_id, 0), at=at).pk
        for line_id in pieces
    }


def _write(row: Return, pieces: Mapping[int, int], wanted: Mapping[int, int]) -> None:
    ReturnLine.objects.bulk_create(
        ReturnLine(return_of=row, line_id=line_id, quantity=count, wanted_id=wanted.get(line_id))
        for line_id, count in pieces.items()
    )


def _checked(words: str) -> str:
    kept = words.replace("\0", "").replace("\r\n", "\n").strip()
    if len(kept) > LONGEST_WORDS:
        raise WordsRefused(f"Write {LONGEST_WORDS} characters at most.")
    if holds_card_number(kept):
        raise WordsRefused("This looks like the number of a card, which must not be kept here.")
    return kept


def _said(row: Return) -> str:
    return ", ".join(f"{each.quantity} × {each.name}" for each in row.lines.select_related("line"))


def _tell(row: Return, message: str, *, at: datetime, by: User | None = None) -> None:
    order_status.record(
        row.order, kind="RETURN_ASKED", message=message, at=at, by=by, details={"return": row.pk}
    )
