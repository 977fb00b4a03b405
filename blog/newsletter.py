"""Sign up, confirm, choose, leave and come back: every verb of a subscription.

A form is answered alike whether or not its address is known: what differs is the mail. Only a
link in a mail to the address changes a subscription that exists.
"""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Q

from blog import newsletter_consent, newsletter_status
from blog.models import ConsentKind, NewsletterConsent, Subscriber, SubscriberStatus, Topic
from blog.newsletter_growth import Growth, growth
from outbox import mail

__all__ = [
    "Growth",
    "change_topics",
    "confirm",
    "erase",
    "find",
    "forget_unconfirmed",
    "growth",
    "leave",
    "readmit",
    "return_by_link",
    "sign_up",
]

CONFIRM = "newsletter_confirm"
WELCOME = "newsletter_welcome"
ALREADY = "newsletter_already"
# However often a form is posted, an address gets one mail in so long.
MAIL_AGAIN_AFTER = dt.timedelta(minutes=15)
# Somebody who does not confirm is forgotten once the link has grown old.
FORGOTTEN_AFTER = dt.timedelta(days=8)
FORGOTTEN_AT_ONCE = 500


@dataclass(frozen=True)
class Asked:
    """What a person left on a sign-up form."""

    email: str
    source: str


class ConsentIsOutdated(ValueError):
    """The words that were agreed to are not those that hold now."""

    def __init__(self) -> None:
        super().__init__("What you agree to has changed. Please read it and send the form again.")


def normal(email: str) -> str:
    """Write an address so that one person has one."""
    return email.strip().lower()


def find(key: str) -> Subscriber | None:
    """Return who is behind a key, unless they were erased."""
    return Subscriber.objects.filter(key=key).first()


def sign_up(asked: Asked, *, consent_version: str, at: dt.datetime) -> None:
    """Send a mail that says how to go on; who is not known yet is noted as waiting.

    :raises ConsentIsOutdated: if the form showed other words than those of today.
    """
    if consent_version != newsletter_consent.VERSION:
        raise ConsentIsOutdated
    with transaction.atomic():
        subscriber = _find_or_add(asked, at=at)
        if subscriber.status == SubscriberStatus.SUPPRESSED:
            return
        if not _may_be_mailed(subscriber, at=at):
            return
        is_known = subscriber.status == SubscriberStatus.CONFIRMED
        if not is_known:
            record(
                subscriber,
                ConsentKind.ASKED,
                means="sign-up form",
                source=asked.source,
                text=newsletter_consent.text(),
                at=at,
            )
        _mail(subscriber, ALREADY if is_known else CONFIRM, key=f"{at:%Y%m%d%H%M%S}", at=at)


def confirm(*, key: str, at: dt.datetime) -> Subscriber | None:
    """Subscribe whoever followed the link in their mail; following it twice does it once.

    :returns: the subscriber; none if there is nobody to subscribe.
    """
    with transaction.atomic():
        subscriber = find(key)
        if subscriber is None or subscriber.status == SubscriberStatus.SUPPRESSED:
            return None
        if _join(subscriber, means="link in the mail", source=subscriber.source, at=at):
            _mail(subscriber, WELCOME, key=f"{at:%Y%m%d%H%M%S}", at=at)
    return subscriber


def return_by_link(*, key: str, source: str, at: dt.datetime) -> Subscriber | None:
    """Subscribe somebody again who left, by the signed link of a mail to them."""
    with transaction.atomic():
        subscriber = find(key)
        if subscriber is None or subscriber.status != SubscriberStatus.UNSUBSCRIBED:
            return subscriber
        _join(subscriber, means="signed link, after leaving", source=source, at=at)
    return subscriber


def leave(*, key: str, means: str, at: dt.datetime, reason: str = "") -> Subscriber | None:
    """End a subscription; ending it again changes nothing, and a suppressed one stays so."""
    with transaction.atomic():
        subscriber = find(key)
        if subscriber is None:
            return None
        was = newsletter_status.move_subscriber(
            subscriber,
            SubscriberStatus.UNSUBSCRIBED,
            only_from={SubscriberStatus.PENDING, SubscriberStatus.CONFIRMED},
            left_at=at,
            reason=reason[:200],
        )
        if was is not None:
            lost = -1 if was == SubscriberStatus.CONFIRMED else 0
            record(subscriber, ConsentKind.WITHDRAWN, means=means, change=lost, at=at)
            mail.call_off(reference=subscriber.reference)
    return subscriber


def change_topics(*, key: str, topic_ids: Collection[int], at: dt.datetime) -> Subscriber | None:
    """Note which topics somebody wants to read about; none means all of them."""
    with transaction.atomic():
        subscriber = find(key)
        if subscriber is None or subscriber.status != SubscriberStatus.CONFIRMED:
            return subscriber
        chosen = list(Topic.objects.filter(pk__in=topic_ids))
        subscriber.topics.set(chosen)
        names = [topic.name for topic in chosen]
        record(subscriber, ConsentKind.TOPICS, means="preferences page", topics=names, at=at)
    return subscriber


def readmit(*, subscriber_id: int, at: dt.datetime) -> Subscriber:
    """Let a suppressed address sign up again, because staff know better; nothing is sent."""
    with transaction.atomic():
        subscriber = Subscriber.objects.get(pk=subscriber_id)
        if subscriber.status != SubscriberStatus.SUPPRESSED:
            return subscriber
        newsletter_status.move_subscriber(subscriber, SubscriberStatus.UNSUBSCRIBED, reason="")
        record(subscriber, ConsentKind.READMITTED, means="staff", at=at)
    return subscriber


def erase(*, subscriber_id: int) -> None:
    """Forget an address and every mail about it; consents stay, and are about nobody."""
    with transaction.atomic():
        subscriber = Subscriber.objects.get(pk=subscriber_id)
        mail.forget(reference=subscriber.reference)
        subscriber.delete()


def forget_unconfirmed(*, at: dt.datetime) -> int:
    """Forget some of those who never confirmed; return how many."""
    waiting = Q(mailed_at__isnull=True) | Q(mailed_at__lt=at - FORGOTTEN_AFTER)
    old = Subscriber.objects.filter(
        waiting, status=SubscriberStatus.PENDING, asked_at__lt=at - FORGOTTEN_AFTER
    )
    ids = list(old.values_list("pk", flat=True)[:FORGOTTEN_AT_ONCE])
    for subscriber_id in ids:
        erase(subscriber_id=subscriber_id)
    return len(ids)


def record(
    subscriber: Subscriber,
    kind: ConsentKind,
    *,
    means: str,
    at: dt.datetime,
    source: str = "",
    text: str = "",
    topics: Sequence[str] = (),
    change: int = 0,
) -> None:
    """Add one entry to what was agreed to and taken back."""
    NewsletterConsent.objects.create(
        subscriber_key=subscriber.key,
        kind=kind,
        text=text,
        text_version=newsletter_consent.VERSION if text else "",
        source=source[:200],
        means=means,
        topics=list(topics),
        change=change,
        happened_at=at,
    )


def _find_or_add(asked: Asked, *, at: dt.datetime) -> Subscriber:
    email = normal(asked.email)
    found = Subscriber.objects.filter(email=email).first()
    if found is not None:
        return found
    try:
        with transaction.atomic():
            return Subscriber.objects.create(email=email, source=asked.source[:200], asked_at=at)
    except IntegrityError:
        return Subscriber.objects.get(email=email)


def _may_be_mailed(subscriber: Subscriber, *, at: dt.datetime) -> bool:
    """Take the right to send a mail now; of two that ask at once one gets it."""
    long_ago = Q(mailed_at__isnull=True) | Q(mailed_at__lte=at - MAIL_AGAIN_AFTER)
    return bool(Subscriber.objects.filter(long_ago, pk=subscriber.pk).update(mailed_at=at))


def _join(subscriber: Subscriber, *, means: str, source: str, at: dt.datetime) -> bool:
    was = newsletter_status.move_subscriber(
        subscriber, SubscriberStatus.CONFIRMED, confirmed_at=at, left_at=None, reason=""
    )
    if was is None:
        return False
    record(
        subscriber,
        ConsentKind.CONFIRMED,
        means=means,
        source=source,
        text=newsletter_consent.text(),
        change=1,
        at=at,
    )
    return True


def _mail(subscriber: Subscriber, event: str, *, key: str, at: dt.datetime) -> None:
    mail.queue(
        effect_key=f"{subscriber.reference}:{event}:{key}",
        event=event,
        to=subscriber.email,
        reference=subscriber.reference,
        context={"event": event, "subscriber": subscriber.pk},
        at=at,
    )
