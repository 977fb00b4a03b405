"""The mails about a gift: which there are, to whom, and on which day."""

import datetime as dt
from typing import Final

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from outbox import mail
from outbox.models import OutboundMail
from treatments.models import Gift, GiftStatus
from treatments.spacing import clinic_day

# To the giver.
GIVEN: Final = "gift_given"
ACCEPTED: Final = "gift_accepted"
CAME_BACK: Final = "gift_came_back"
EXCHANGED: Final = "gift_exchanged"
# To the recipient.
ARRIVED: Final = "gift_arrived"
YOURS: Final = "gift_yours"

# A gift for a later day is mailed when people are up.
MAILED_AT: Final = dt.time(8)
AT_ONCE: Final = 200


class NotMailedYet(ValueError):
    """There is nothing to send again: its day is still to come, or it has ended."""

    def __init__(self) -> None:
        super().__init__("This gift has not been mailed yet, or has ended.")


def mail_moment(mail_on: dt.date, *, at: dt.datetime) -> dt.datetime:
    """Return when a gift is mailed: at once today, in the morning of a later day."""
    if mail_on <= clinic_day(at):
        return at
    return timezone.make_aware(dt.datetime.combine(mail_on, MAILED_AT))


def mail_due(*, at: dt.datetime) -> int:
    """Queue the mail of every gift whose moment has come; return how many."""
    due = Gift.objects.waiting().filter(mailed_at__isnull=True, mail_at__lte=at)
    ids = list(due.order_by("mail_at", "pk").values_list("pk", flat=True)[:AT_ONCE])
    return sum(_mail_one(gift_id, at=at) for gift_id in ids)


def mail_if_due(gift: Gift, *, at: dt.datetime) -> bool:
    """Queue the mail of a gift that the caller has made or locked, if its moment has come."""
    if not gift.is_waiting or gift.mailed_at is not None or gift.mail_at > at:
        return False
    tell_recipient(gift, ARRIVED, at=at)
    gift.mailed_at = at
    gift.save(update_fields=["mailed_at"])
    return True


def tell_giver(gift: Gift, event: str, *, at: dt.datetime) -> None:
    """Write to the giver's own address, once for each event."""
    _queue(gift, event, to=gift.giver.email, at=at)


def tell_recipient(gift: Gift, event: str, *, at: dt.datetime) -> None:
    """Write to the address that the giver named, once for each event."""
    _queue(gift, event, to=gift.recipient_email, at=at)


def recipient_reference(gift_id: int) -> str:
    """Return what the mails to the recipient of a gift are about."""
    return f"gift:{gift_id}:recipient"


def call_off(gift: Gift) -> None:
    """Drop what has not gone out to the recipient of a gift that has ended."""
    mail.call_off(reference=_reference(gift, ARRIVED))


def resend(*, gift_id: int, by: User, at: dt.datetime) -> OutboundMail:
    """Send the recipient the same mail once more.

    :raises NotMailedYet: if there is none, or the gift waits no more.
    :raises outbox.mail.AlreadyOnItsWay: if it is still to be sent.
    """
    gift = Gift.objects.get(pk=gift_id)
    sent = OutboundMail.objects.filter(effect_key=_key(gift, ARRIVED)).first()
    if sent is None or gift.status != GiftStatus.WAITING:
        raise NotMailedYet
    return mail.resend(mail_id=sent.pk, by=by, at=at)


@transaction.atomic
def _mail_one(gift_id: int, *, at: dt.datetime) -> bool:
    gift = Gift.objects.select_for_update(of=["self"]).get(pk=gift_id)
    return mail_if_due(gift, at=at)


def _queue(gift: Gift, event: str, *, to: str, at: dt.datetime) -> None:
    mail.queue(
        effect_key=_key(gift, event),
        event=event,
        to=to,
        reference=_reference(gift, event),
        context={"gift": gift.pk},
        at=at,
    )


def _key(gift: Gift, event: str) -> str:
    return f"gift:{gift.pk}:{event}"


def _reference(gift: Gift, event: str) -> str:
    if event in {ARRIVED, YOURS}:
        return recipient_reference(gift.pk)
    return f"gift:{gift.pk}:giver"
