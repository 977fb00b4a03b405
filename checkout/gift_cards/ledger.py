"""The only writer of gift cards and their events. Each verb does its thing once per reference.

A card is locked before its last event is read; after discounts and before stock, where an order is
placed or settled.
"""

import datetime as dt
import uuid
from collections.abc import Iterator
from typing import Any, Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, OuterRef, Subquery
from django.utils import timezone

from accounts.models import User
from checkout.gift_cards import codes
from checkout.models import GiftCard, GiftCardEvent
from checkout.models import GiftCardEventKind as Kind
from money.money import Money

# A claim lapses three years after the end of the year: §§ 195, 199 of the German civil code.
YEARS: Final = 3
# What comes back to a card can be spent at least so long.
AFTER_REFUND: Final = dt.timedelta(days=365)


class GiftCardRefused(Exception):
    """Nothing was done with the card; the message says why."""


class NotEnoughOnIt(GiftCardRefused):
    """Less is on the card than was to be taken."""

    def __init__(self, card: GiftCard, free_minor: int) -> None:
        super().__init__(f"{card} has {Money(free_minor, card.currency)} left.")


class IsOver(GiftCardRefused):
    """The last day of the card is past."""

    def __init__(self, card: GiftCard) -> None:
        super().__init__(f"{card} could be used until {card.expires_on:%-d %B %Y}.")


class StillHeld(GiftCardRefused):
    """An order that is not paid holds money of the card."""

    def __init__(self, card: GiftCard) -> None:
        super().__init__(f"An unpaid order holds money of {card}. Cancel it first.")


class NotLater(GiftCardRefused):
    """A last day was named that would not extend the card."""

    def __init__(self, card: GiftCard) -> None:
        super().__init__(f"Name a day after {card.expires_on:%-d %B %Y}: cards are not shortened.")


def last_day_of(issued_on: dt.date) -> dt.date:
    """Return until when a card that is issued on a day can be spent."""
    return dt.date(issued_on.year + YEARS, 12, 31)


def issue(
    *,
    amount_minor: int,
    reference: str,
    reason: str,
    by: User | None,
    at: dt.datetime,
    name: str = "",
    email: str = "",
    message: str = "",
) -> GiftCard:
    """Issue a card once; its code is `codes.code_of`.

    :param amount_minor: minor units of the shop's currency, more than nothing.
    :param reference: what it is issued for, such as one piece of an order's line.
    """
    known = _issued_for(reference)
    if known is not None:
        return known
    public_id = uuid.uuid4()
    code = codes.read(codes.code_of(public_id))
    try:
        with transaction.atomic():
            card = GiftCard.objects.create(
                public_id=public_id,
                code_hash=codes.hash_of(code),
                last_four=code[-4:],
                currency=settings.SHOP_CURRENCY,
                value_minor=amount_minor,
                recipient_name=name,
                recipient_email=email,
                message=message,
                expires_on=last_day_of(timezone.localdate(at)),
                issued_at=at,
            )
            change = (amount_minor, 0)
            _write(card, Kind.ISSUE, *change, reference=reference, reason=reason, by=by, at=at)
    except IntegrityError:
        # Somebody who was told the same did it in this very moment.
        known = _issued_for(reference)
        if known is None:
            raise
        return known
    return card


def _issued_for(reference: str) -> GiftCard | None:
    event = GiftCardEvent.objects.filter(reference=reference).select_related("card").first()
    return event.card if event else None


def hold(*, card_id: int, amount_minor: int, reference: str, reason: str, at: dt.datetime) -> None:
    """Set money aside for an order that is not paid.

    :raises NotEnoughOnIt: if less is free.
    :raises IsOver: if the card's last day is past.
    """
    with transaction.atomic():
        card = GiftCard.objects.select_for_update().get(pk=card_id)
        if card.is_over(on=timezone.localdate(at)):
            raise IsOver(card)
        change = (-amount_minor, amount_minor)
        _append(card_id, Kind.HOLD, *change, reference=reference, reason=reason, by=None, at=at)


def release(
    *, card_id: int, amount_minor: int, reference: str, reason: str, at: dt.datetime
) -> None:
    """Free what was held, because the order came to nothing."""
    change = (amount_minor, -amount_minor)
    _append(card_id, Kind.RELEASE, *change, reference=reference, reason=reason, by=None, at=at)


def spend(*, card_id: int, amount_minor: int, reference: str, reason: str, at: dt.datetime) -> None:
    """Take what was held for good, because the order is paid."""
    change = (0, -amount_minor)
    _append(card_id, Kind.SPEND, *change, reference=reference, reason=reason, by=None, at=at)


@transaction.atomic
def pay_back(
    *,
    card_id: int,
    amount_minor: int,
    reference: str,
    reason: str,
    by: User | None,
    at: dt.datetime,
) -> None:
    """Put money back onto a card that an order was paid with; it can be spent for a year."""
    _append(card_id, Kind.REFUND, amount_minor, 0, reference=reference, reason=reason, by=by, at=at)
    until = timezone.localdate(at) + AFTER_REFUND
    GiftCard.objects.filter(pk=card_id, expires_on__lt=until).update(expires_on=until)


@transaction.atomic
def void(*, card_id: int, reference: str, reason: str, by: User | None, at: dt.datetime) -> None:
    """Take all that is left from a card.

    :raises StillHeld: if an unpaid order holds some of it.
    :raises NotEnoughOnIt: if nothing is left.
    """
    card = GiftCard.objects.select_for_update().get(pk=card_id)
    if GiftCardEvent.objects.filter(reference=reference).exists():
        return
    free, held = _last(card)
    if held:
        raise StillHeld(card)
    if not free:
        raise NotEnoughOnIt(card, 0)
    _append(card_id, Kind.VOID, -free, 0, reference=reference, reason=reason, by=by, at=at)


@transaction.atomic
def take_back(
    *,
    card_id: int,
    most_minor: int,
    reference: str,
    reason: str,
    by: User | None,
    at: dt.datetime,
) -> int:
    """Void so much of what is free on a card as goes back to its buyer; return how much that is."""
    card = GiftCard.objects.select_for_update().get(pk=card_id)
    known = GiftCardEvent.objects.filter(reference=reference).first()
    if known is not None:
        return -known.free_minor
    taken = min(_last(card)[0], most_minor)
    if taken:
        change = (-taken, 0)
        _append(card_id, Kind.VOID, *change, reference=reference, reason=reason, by=by, at=at)
    return taken


def give_back(*, card_id: int, reference: str, reason: str, at: dt.datetime) -> None:
    """Put back what `take_back` took under a reference; nothing if it took nothing."""
    taken = GiftCardEvent.objects.filter(card=card_id, reference=reference).first()
    if taken is not None:
        change, again = (-taken.free_minor, 0), f"{reference}:again"
        _append(card_id, Kind.VOID, *change, reference=again, reason=reason, by=None, at=at)


@transaction.atomic
def extend(*, card_id: int, until: dt.date, reason: str, by: User, at: dt.datetime) -> None:
    """Let a card be spent longer.

    :raises NotLater: if that is no later day than now.
    """
    card = GiftCard.objects.select_for_update().get(pk=card_id)
    if until <= card.expires_on:
        raise NotLater(card)
    GiftCard.objects.filter(pk=card_id).update(expires_on=until)
    reference = f"{card.public_id}:until:{until}"
    words = f"Until {until:%-d %B %Y}: {reason}"[:200]
    _append(card_id, Kind.EXTEND, 0, 0, reference=reference, reason=words, by=by, at=at)


def expire_due(*, at: dt.datetime, limit: int = 500) -> int:
    """Take what is left from cards whose last day is past; return how many had something."""
    over = GiftCard.objects.filter(expires_on__lt=timezone.localdate(at)).with_something_left()
    found = list(over.order_by("pk").values_list("pk", flat=True)[:limit])
    return sum(_expire(card_id, at) for card_id in found)


@transaction.atomic
def _expire(card_id: int, at: dt.datetime) -> bool:
    card = GiftCard.objects.select_for_update().get(pk=card_id)
    free, _ = _last(card)
    if not free or not card.is_over(on=timezone.localdate(at)):
        return False
    reference = f"{card.public_id}:over:{card.events.count()}"
    words = "Its last day is past"
    _append(card_id, Kind.EXPIRE, -free, 0, reference=reference, reason=words, by=None, at=at)
    return True


def contradictions() -> Iterator[str]:
    """Yield, in words, the cards whose last event says something else than their sum."""
    last = GiftCardEvent.objects.filter(card=OuterRef("pk")).order_by("-position")
    cards: Any = GiftCard.objects.with_balance().annotate(
        free_after=Subquery(last.values("free_after_minor")[:1]),
        held_after=Subquery(last.values("held_after_minor")[:1]),
    )
    wrong = cards.exclude(free_minor=F("free_after"), held_minor=F("held_after"))
    for card in wrong.order_by("pk"):
        yield (
            f"{card}: {card.free_minor} free and {card.held_minor} held in sum, "
            f"{card.free_after} and {card.held_after} said"
        )


def _append(
    card_id: int,
    kind: Kind,
    free_minor: int,
    held_minor: int,
    *,
    reference: str,
    reason: str,
    by: User | None,
    at: dt.datetime,
) -> None:
    with transaction.atomic():
        card = GiftCard.objects.select_for_update().get(pk=card_id)
        if GiftCardEvent.objects.filter(reference=reference).exists():
            return
        change = (free_minor, held_minor)
        _write(card, kind, *change, reference=reference, reason=reason, by=by, at=at)


def _write(
    card: GiftCard,
    kind: Kind,
    free_minor: int,
    held_minor: int,
    *,
    reference: str,
    reason: str,
    by: User | None,
    at: dt.datetime,
) -> None:
    """Write the next event of a card that nobody else can reach: it is locked, or new."""
    free, held = _last(card)
    if free + free_minor < 0 or held + held_minor < 0:
        raise NotEnoughOnIt(card, free)
    GiftCardEvent.objects.create(
        card=card,
        position=card.events.count() + 1,
        kind=kind,
        free_minor=free_minor,
        held_minor=held_minor,
        free_after_minor=free + free_minor,
        held_after_minor=held + held_minor,
        reference=reference,
        reason=reason[:200],
        actor=by,
        happened_at=at,
    )


def _last(card: GiftCard) -> tuple[int, int]:
    """Return what is free and what is held, by the card's last event."""
    last = card.events.order_by("-position").first()
    return (last.free_after_minor, last.held_after_minor) if last else (0, 0)
