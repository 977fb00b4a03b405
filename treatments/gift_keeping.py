"""Whom gifts name, for how long, and how they forget them."""

import datetime as dt
from collections.abc import Collection
from typing import Final

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from outbox.personal_data import NOBODYS_ADDRESS, forget_recipients
from treatments.gift_mailing import recipient_reference
from treatments.models import Gift, GiftStatus

# Whoever did not accept a gift has no business with the shop, and is not kept in its books.
KEPT: Final = dt.timedelta(days=90)


def forget(*, user: User, emails: Collection[str], instead: str) -> None:
    """Take the names and words of somebody off every gift they gave or were given."""
    Gift.objects.filter(giver=user).update(giver_name="", message="", sealed_why="")
    received = Gift.objects.filter(recipient_email__in=emails)
    received.update(recipient_name="", recipient_email=instead, message="", sealed_why="")


def hand_over(*, gone: User, stays: User) -> None:
    """Let what one account gave be what another one of the same person gave."""
    Gift.objects.filter(giver=gone).update(giver=stays)


@transaction.atomic
def forget_old(*, at: dt.datetime) -> int:
    """Take the recipients off gifts that came back long ago, and their mails; return how many."""
    ended = ~Q(status__in=[GiftStatus.WAITING, GiftStatus.ACCEPTED]) & Q(ended_at__lt=at - KEPT)
    old = Gift.objects.filter(ended).exclude(recipient_email=NOBODYS_ADDRESS)
    ids = list(old.values_list("pk", flat=True))
    forget_recipients([recipient_reference(gift_id) for gift_id in ids])
    return Gift.objects.filter(pk__in=ids).update(
        recipient_name="", recipient_email=NOBODYS_ADDRESS, message=""
    )
