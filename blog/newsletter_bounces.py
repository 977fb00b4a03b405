"""What comes back: dead addresses are never written to again, complaints end a subscription."""

import datetime as dt

from django.db import IntegrityError, transaction

from blog import newsletter, newsletter_status
from blog.models import ConsentKind, MailTrouble, Subscriber, SubscriberStatus, TroubleKind
from outbox import mail

# So many mails that could not be delivered, within so long, and an address counts as dead.
SOFT_BOUNCES = 5
SOFT_WITHIN = dt.timedelta(days=60)


def note(
    *, email: str, kind: TroubleKind, event_key: str, at: dt.datetime, told: str = ""
) -> Subscriber | None:
    """Note what a mail provider told of an address; told twice, it counts once.

    :returns: the subscriber; none if the address is not one of ours.
    """
    subscriber = Subscriber.objects.filter(email=newsletter.normal(email)).first()
    if subscriber is None:
        return None
    with transaction.atomic():
        if _write(subscriber, kind, event_key, note=told, at=at):
            _act_on(subscriber, kind, at=at)
    subscriber.refresh_from_db()
    return subscriber


def note_hard(*, subscriber_id: int, event_key: str, note: str, at: dt.datetime) -> None:
    """Note that an address does not exist, as a mail server or staff found."""
    subscriber = Subscriber.objects.get(pk=subscriber_id)
    with transaction.atomic():
        if _write(subscriber, TroubleKind.HARD_BOUNCE, event_key, note=note, at=at):
            _suppress(subscriber, "The address does not exist.", means=note, at=at)


def _write(
    subscriber: Subscriber, kind: TroubleKind, event_key: str, *, note: str, at: dt.datetime
) -> bool:
    """Write one entry down; False if it was written before."""
    try:
        with transaction.atomic():
            MailTrouble.objects.create(
                subscriber=subscriber,
                kind=kind,
                event_key=event_key[:200],
                note=note[:200],
                happened_at=at,
            )
    except IntegrityError:
        return False
    return True


def _act_on(subscriber: Subscriber, kind: TroubleKind, *, at: dt.datetime) -> None:
    if kind == TroubleKind.COMPLAINT:
        newsletter.leave(
            key=subscriber.key, means="marked as spam", reason="Marked a mail as spam.", at=at
        )
    elif kind == TroubleKind.HARD_BOUNCE:
        _suppress(subscriber, "The address does not exist.", means="mail provider", at=at)
    elif _soft_bounces(subscriber, at=at) >= SOFT_BOUNCES:
        reason = f"{SOFT_BOUNCES} mails could not be delivered within two months."
        _suppress(subscriber, reason, means="mail provider", at=at)


def _soft_bounces(subscriber: Subscriber, *, at: dt.datetime) -> int:
    recent = subscriber.troubles.filter(happened_at__gt=at - SOFT_WITHIN)
    return recent.filter(kind=TroubleKind.SOFT_BOUNCE).count()


def _suppress(subscriber: Subscriber, reason: str, *, means: str, at: dt.datetime) -> None:
    was = newsletter_status.move_subscriber(
        subscriber, SubscriberStatus.SUPPRESSED, left_at=at, reason=reason
    )
    if was is None:
        return
    lost = -1 if was == SubscriberStatus.CONFIRMED else 0
    newsletter.record(subscriber, ConsentKind.SUPPRESSED, means=means[:60], change=lost, at=at)
    mail.call_off(reference=subscriber.reference)
