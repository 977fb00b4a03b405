"""The only writer of notes and tags on orders; the timeline says who wrote or tagged, and when."""

import re
from datetime import datetime
from typing import Final

from django.db import transaction

from accounts.models import User
from checkout import order_status
from checkout.models import Order, OrderNote, OrderTag
from cms.card_numbers import holds_card_number

LONGEST_NOTE: Final = 2000
LONGEST_TAG: Final = 40
MOST_TAGS: Final = 20

# Parcels bear twenty digits in one run (GS1's SSCC) and more; no card does.
_PARCEL: Final = re.compile(r"(?<!\d)\d{20,}(?!\d)")


class NoteRefused(Exception):
    """The note is empty, too long, or holds the number of a card."""


class TagRefused(Exception):
    """The tag is empty or too long, or the order has too many."""


@transaction.atomic
def write(*, order_id: int, text: str, by: User | None, at: datetime) -> OrderNote:
    """Leave a note for colleagues; the timeline says that there is one, not what it says.

    :param by: nobody for what the shop itself leaves.
    :raises NoteRefused: if it is empty, too long, or names the number of a payment card.
    """
    # Browsers send a line break as two characters and count it as one.
    text = text.replace("\0", "").replace("\r\n", "\n").strip()
    if not text:
        raise NoteRefused("Write something first.")
    if len(text) > LONGEST_NOTE:
        raise NoteRefused(f"A note has at most {LONGEST_NOTE} characters.")
    if by is not None and holds_card_number(_PARCEL.sub("", text)):
        raise NoteRefused("This looks like the number of a card, which must not be kept here.")
    order = Order.objects.get(pk=order_id)
    note = OrderNote.objects.create(order=order, text=text, by=by, written_at=at)
    order_status.record(order, kind="NOTE", message="Note written", at=at, by=by)
    return note


@transaction.atomic
def tag(*, order_id: int, name: str, by: User | None, at: datetime) -> bool:
    """Tag an order; tell whether it did not bear the tag before.

    :raises TagRefused: if the tag is empty or too long, or there are too many.
    """
    name = clean_tag(name)
    order = Order.objects.select_for_update().get(pk=order_id)
    before = _tags(order)
    if name in before:
        return False
    if len(before) >= MOST_TAGS:
        raise TagRefused(f"An order has at most {MOST_TAGS} tags.")
    OrderTag.objects.create(order=order, name=name)
    _note_tags(order, before, by=by, at=at)
    return True


@transaction.atomic
def untag(*, order_id: int, name: str, by: User, at: datetime) -> bool:
    """Take a tag off an order; tell whether it bore it."""
    order = Order.objects.select_for_update().get(pk=order_id)
    before = _tags(order)
    if name not in before:
        return False
    OrderTag.objects.filter(order=order, name=name).delete()
    _note_tags(order, before, by=by, at=at)
    return True


def clean_tag(name: str) -> str:
    """Write a tag in one way: small letters, single spaces.

    :raises TagRefused: if nothing is left of it, or too much.
    """
    cleaned = " ".join(name.replace("\0", "").casefold().split())
    if not cleaned or len(cleaned) > LONGEST_TAG:
        raise TagRefused(f"A tag has 1 to {LONGEST_TAG} characters.")
    return cleaned


def _tags(order: Order) -> list[str]:
    return list(OrderTag.objects.filter(order=order).values_list("name", flat=True))


def _note_tags(order: Order, before: list[str], *, by: User | None, at: datetime) -> None:
    after = _tags(order)
    words = f"Tags: {', '.join(before) or 'none'} → {', '.join(after) or 'none'}"
    order_status.record(
        order, kind="TAGS", message=words, at=at, by=by, details={"before": before, "after": after}
    )
