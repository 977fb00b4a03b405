"""The few words that lie in the parcel of a present: what is kept of them, and who changes them."""

import unicodedata
from datetime import datetime
from typing import Final

from django.db import transaction

from accounts.models import User
from checkout import order_status
from checkout.models import Order
from checkout.models.order import LONGEST_GIFT_NOTE
from cms.card_numbers import holds_card_number

MOST_LINES: Final = 12
# Pictures among letters, and what is no letter at all: left out, for no font of ours draws them.
_NOT_DRAWN: Final = ("So", "Sk", "Cc", "Cf", "Cs", "Co", "Cn")
_CHOOSES_A_PICTURE: Final = "\ufe0e\ufe0f"
# Latin, Greek and Cyrillic, as in `paper_fonts`.
_LETTERS: Final = (range(0x0530), range(0x1E00, 0x2000))


class GiftNoteRefused(Exception):
    """The words cannot be printed or kept, or come too late."""


def clean(text: str) -> str:
    """Return the words as they are printed: our letters alone, no line without end.

    :raises GiftNoteRefused: if they are too long, in letters that we cannot print, or name the
        number of a payment card.
    """
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").split("\n")
    drawn = ("".join(each for each in line if _is_drawn(each)).rstrip() for line in lines)
    kept = "\n".join(drawn).strip()
    if len(kept) > LONGEST_GIFT_NOTE or kept.count("\n") >= MOST_LINES:
        raise GiftNoteRefused(
            f"The card has room for {LONGEST_GIFT_NOTE} characters in {MOST_LINES} lines."
        )
    if any(each.isalpha() and not _has_font(each) for each in kept):
        raise GiftNoteRefused("We can print Latin, Greek and Cyrillic letters.")
    if holds_card_number(kept):
        raise GiftNoteRefused("This looks like the number of a payment card. Please leave it out.")
    return kept


@transaction.atomic
def write(*, order_id: int, text: str, by: User, at: datetime) -> Order:
    """Change the words of an order; the timeline says that they changed, not what they say.

    :raises GiftNoteRefused: if they cannot be kept, or nothing is left to be packed.
    """
    kept = clean(text)
    order = Order.objects.select_for_update().get(pk=order_id)
    if not may_write(order):
        raise GiftNoteRefused("Nothing of this order is still to be packed.")
    if kept != order.gift_note:
        order.gift_note = kept
        order.save(update_fields=["gift_note"])
        message = "Gift note written" if kept else "Gift note taken out"
        order_status.record(order, kind="GIFT_NOTE", message=message, at=at, by=by)
    return order


def may_write(order: Order) -> bool:
    """Tell whether there is a parcel still to be packed that the words could lie in."""
    return order.pieces_to_pack > 0


def _is_drawn(letter: str) -> bool:
    return unicodedata.category(letter) not in _NOT_DRAWN and letter not in _CHOOSES_A_PICTURE


def _has_font(letter: str) -> bool:
    return any(ord(letter) in some for some in _LETTERS)
