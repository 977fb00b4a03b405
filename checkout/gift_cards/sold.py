"""Gift cards that are bought: frozen with the order, issued when it is paid, mailed on their day.

The only writer of `OrderCard`. Whoever calls a verb here has locked the order; cards are locked
after it.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from catalog.models import OfferKind
from checkout import order_status
from checkout.gift_cards import ledger, mails
from checkout.models import BasketCard, Dispute, GiftCard, Order, OrderCard, OrderLine, Refund
from checkout.models.payment import DISPUTE_ENDS

# Mails for a later day go out when people are up.
MAILED_AT: Final = dt.time(8)
AT_ONCE: Final = 200
_TAKEN_BACK: Final = "Paid back to whoever bought it"


class AlreadyMailed(ledger.GiftCardRefused):
    """Its code is with whoever it was mailed to."""

    def __init__(self) -> None:
        super().__init__(
            "This card has been mailed, or can no longer be. If it went to a wrong address, write"
            " to us at once."
        )


def freeze(line: OrderLine, wishes: Sequence[BasketCard]) -> Iterator[OrderCard]:
    """Yield what an order keeps of a line's cards, one for each piece, to be stored."""
    for piece in range(1, line.quantity + 1):
        wish = wishes[piece - 1] if piece <= len(wishes) else BasketCard()
        yield OrderCard(
            line=line,
            piece=piece,
            recipient_name=wish.recipient_name,
            recipient_email=wish.recipient_email.lower(),
            giver_name=wish.giver_name,
            message=wish.message,
            mail_on=wish.mail_on,
        )


def issue(order: Order, *, at: dt.datetime) -> None:
    """Issue the cards of a paid order, each once, and mail those whose day has come."""
    if not order.packages_minor:
        return
    waiting = OrderCard.objects.filter(line__order=order, card=None).select_related("line")
    for sold in waiting:
        sold.card = ledger.issue(
            amount_minor=sold.line.unit_price_minor,
            reference=f"{order.reference}:line:{sold.line.position}:card:{sold.piece}",
            reason=f"Sold: order {order.number}",
            by=None,
            at=at,
            name=sold.recipient_name,
            email=sold.recipient_email or order.email,
            message=sold.message,
        )
        sold.mail_at = mail_moment(sold.mail_on, at=at)
        sold.save(update_fields=["card", "mail_at"])
        _mail_if_due(sold, at=at)


def mail_moment(mail_on: dt.date | None, *, at: dt.datetime) -> dt.datetime:
    """Return when a card is mailed: at once, or in the morning of a later day of the shop's."""
    if mail_on is None or mail_on <= timezone.localdate(at):
        return at
    return timezone.make_aware(dt.datetime.combine(mail_on, MAILED_AT))


def mail_due(*, at: dt.datetime) -> int:
    """Queue the mail of every card whose moment has come; return how many."""
    due = OrderCard.objects.filter(mailed_at=None, mail_at__lte=at)
    found = due.order_by("mail_at", "pk").values_list("pk", "line__order")[:AT_ONCE]
    return sum(_mail_one(pk, order_id, at=at) for pk, order_id in list(found))


@transaction.atomic
def _mail_one(pk: int, order_id: int, *, at: dt.datetime) -> bool:
    Order.objects.select_for_update().get(pk=order_id)
    return _mail_if_due(OrderCard.objects.select_related("card").get(pk=pk), at=at)


def _mail_if_due(sold: OrderCard, *, at: dt.datetime) -> bool:
    if sold.card is None or sold.mailed_at is not None or not sold.mail_at or sold.mail_at > at:
        return False
    if not _has_something(sold):
        _call_off_mail(sold)
        return False
    if is_frozen(sold.card):  # It is looked at again once the bank has decided.
        sold.mail_at = at + dt.timedelta(days=1)
        sold.save(update_fields=["mail_at"])
        return False
    if not sold.card.recipient_email:  # Whoever it was for wants to be known here no longer.
        sold.card.recipient_email = sold.line.order.email
        sold.card.save(update_fields=["recipient_email"])
    mails.queue(sold.card, at=at)
    sold.mailed_at = at
    sold.save(update_fields=["mailed_at"])
    return True


@transaction.atomic
def mail_by_hand(card: GiftCard, *, at: dt.datetime) -> None:
    """Mail a card whatever its day, bought or not; on its day it is not mailed once more.

    :raises mails.NoAddress: if nobody is named.
    """
    mails.queue(card, at=at)
    OrderCard.objects.filter(card=card, mailed_at=None).update(mailed_at=at)


@transaction.atomic
def correct(*, order_id: int, sold_id: int, name: str, email: str, at: dt.datetime) -> GiftCard:
    """Say anew for whom a bought card is, until it is mailed.

    :raises OrderCard.DoesNotExist: if the order has no such card.
    :raises AlreadyMailed: if it was mailed, or has nothing left to be mailed for.
    """
    order = Order.objects.select_for_update().get(pk=order_id)
    sold = OrderCard.objects.select_related("card").get(pk=sold_id, line__order=order)
    if sold.card is None or not sold.is_to_mail:
        raise AlreadyMailed
    sold.card.recipient_name, sold.card.recipient_email = name, email.lower()
    sold.card.save(update_fields=["recipient_name", "recipient_email"])
    message = f"Where {sold.card} is mailed to was corrected"
    order_status.record(order, kind="CARD_CORRECTED", message=message, at=at)
    return sold.card


def is_frozen(card: GiftCard) -> bool:
    """Tell whether a bank disputes what a card was bought with, or has taken it back."""
    about = Dispute.objects.filter(order__lines__cards__card=card)
    return about.filter(Q(status="lost") | ~Q(status__in=DISPUTE_ENDS)).exists()


def has_paid(line: OrderLine) -> bool:
    """Tell whether anything was paid with the cards of a line, or is held to be."""
    used = GiftCard.objects.filter(sold_as__line=line, uses__released_at=None, uses__isnull=False)
    return used.exists()


# --- Money back ---------------------------------------------------------------------------


def take_back(refund: Refund, *, at: dt.datetime) -> int:
    """Take off an order's cards what a refund pays back of them; return what could not be taken.

    Cards that were not mailed come first, then those with the most left.
    """
    missing = 0
    rows = refund.lines.filter(line__kind=OfferKind.GIFT_CARD, gross_minor__gt=0)
    for row in rows.order_by("line"):
        issued = list(OrderCard.objects.filter(line=row.line_id, card__isnull=False))
        if issued:  # Before it is paid there is nothing to take anything off.
            missing += row.gross_minor - _take(issued, row.gross_minor, refund, at=at)
    return missing


def _take(
    issued: Iterable[OrderCard], wanted_minor: int, refund: Refund, *, at: dt.datetime
) -> int:
    cards: Any = GiftCard.objects.filter(sold_as__in=[each.pk for each in issued]).with_balance()
    free = {card.pk: card.free_minor for card in cards}
    taken = 0
    for sold in sorted(issued, key=lambda each: (each.mailed_at is not None, -free[each.card_id])):
        taken += ledger.take_back(
            card_id=sold.card_id,  # type: ignore[arg-type]
            most_minor=wanted_minor - taken,
            reference=f"{refund.idempotency_key}:{sold.card_id}",
            reason=_TAKEN_BACK,
            by=refund.by,
            at=at,
        )
        if not _has_something(sold):
            _call_off_mail(sold)
    return taken


def _has_something(sold: OrderCard) -> bool:
    return GiftCard.objects.filter(sold_as=sold).with_something_left().exists()


def _call_off_mail(sold: OrderCard) -> None:
    if sold.is_to_mail:
        sold.mail_at = None
        sold.save(update_fields=["mail_at"])


def give_back(refund: Refund, *, at: dt.datetime) -> None:
    """Put back onto the cards what a refund took off them that came to nothing after all."""
    for sold in OrderCard.objects.filter(line__order=refund.order_id, card__isnull=False):
        ledger.give_back(
            card_id=sold.card_id,  # type: ignore[arg-type]
            reference=f"{refund.idempotency_key}:{sold.card_id}",
            reason="The refund failed",
            at=at,
        )
        if sold.mail_at is None and sold.mailed_at is None:
            OrderCard.objects.filter(pk=sold.pk).update(mail_at=mail_moment(sold.mail_on, at=at))
