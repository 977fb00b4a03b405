"""The mail that brings a gift card's code; the code is worked out when it is written."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from checkout.gift_cards import codes
from checkout.models import GiftCard, OrderCard
from outbox import mail
from outbox.models import OutboundMail

ARRIVED: Final = "gift_card_arrived"


class NoAddress(Exception):
    """It is not known where to mail the card to."""

    def __init__(self) -> None:
        super().__init__("This card has no e-mail address: show or print its code.")


def queue(card: GiftCard, *, at: dt.datetime) -> None:
    """Mail a card to its recipient, once more if it was mailed before.

    :raises NoAddress: if nobody is named.
    """
    if not card.recipient_email:
        raise NoAddress
    reference = reference_of(card)
    mail.queue(
        effect_key=f"{reference}:{OutboundMail.objects.about(reference).count() + 1}",
        event=ARRIVED,
        to=card.recipient_email,
        reference=reference,
        context={"gift_card": card.pk},
        at=at,
    )


def reference_of(card: GiftCard) -> str:
    """Return the name under which mails about a card are filed."""
    return f"gift-card:{card.public_id}"


def render(context: Mapping[str, Any]) -> mail.RenderedMail:
    """Write the mail."""
    card = GiftCard.objects.select_related("sold_as").get(pk=context["gift_card"])
    sold: OrderCard | None = getattr(card, "sold_as", None)
    giver = sold.giver_name if sold and sold.recipient_email else ""
    subject = f"{giver} has a gift card for you" if giver else "A gift card for you"
    return mail.render(
        event=ARRIVED,
        subject=f"{subject}: {card.value}",
        context={"card": card, "giver": giver, "code": codes.code_of(card.public_id)},
    )


def register() -> None:
    """Tell the outbox who writes it."""
    mail.register_renderer(ARRIVED, render)
