"""Whether somebody wants mails after a session, and under which link their calendar reads along."""

import datetime as dt
import re
import secrets
from collections.abc import Collection
from typing import Final

from django.core import signing
from django.db import transaction

from accounts.models import User
from outbox import mail
from treatments.models import AftercareStop, CalendarLink, SessionPass

_SIGNER: Final = signing.Signer(salt="treatments.aftercare_stop")
# What a token looks like; anything else is not worth asking the database for.
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{32}")
_RANDOM_BYTES: Final = 24


class UnknownLink(Exception):
    """The link leads to nothing: it was made up, or ended."""


def reference_of(row: SessionPass) -> str:
    """Return what the mails about a pass's days of aftercare are about."""
    return f"aftercare:{row.public_id}"


def stop_mails(*, email: str, at: dt.datetime) -> None:
    """Send an address no more mails, those included that are on their way; twice is once."""
    with transaction.atomic():
        AftercareStop.objects.get_or_create(email=email.lower(), defaults={"stopped_at": at})
        passes = SessionPass.objects.mailed_at(email).order_by("pk")
        for row in passes.select_for_update(of=["self"]):
            mail.call_off(reference=reference_of(row))


def want_mails(*, email: str) -> None:
    """Send an address mails again, after sessions to come and in days that are not over."""
    AftercareStop.objects.filter(email=email.lower()).delete()


def carry_stop_along(*, from_email: str, to_email: str, at: dt.datetime) -> None:
    """Let somebody whose mails go to another address from now on get none there either."""
    if stopped_among([from_email]):
        stop_mails(email=to_email, at=at)


def stopped_among(emails: Collection[str]) -> set[str]:
    """Return those of some addresses that want no mails; in lower case."""
    wanted = {email.lower() for email in emails}
    return set(AftercareStop.objects.filter(email__in=wanted).values_list("email", flat=True))


def stop_token(row: SessionPass) -> str:
    """Return the signed word that stands in mails' links, which nobody can make up."""
    return _SIGNER.sign(str(row.public_id))


def pass_behind(token: str) -> SessionPass:
    """Return the pass whose mails a link stops.

    :raises UnknownLink: if the link was made up.
    """
    try:
        public_id = _SIGNER.unsign(token)
    except signing.BadSignature as refusal:
        raise UnknownLink from refusal
    found = SessionPass.objects.filter(public_id=public_id).first()
    if found is None:
        raise UnknownLink
    return found


def make_calendar_link(*, owner: User, at: dt.datetime) -> CalendarLink:
    """Give somebody a link of 192 random bits; an earlier one leads nowhere from then on."""
    link, _ = CalendarLink.objects.update_or_create(
        owner=owner, defaults={"token": secrets.token_urlsafe(_RANDOM_BYTES), "made_at": at}
    )
    return link


def end_calendar_link(*, owner: User) -> None:
    """Let somebody's link lead nowhere."""
    CalendarLink.objects.filter(owner=owner).delete()


def hand_over_calendar_link(*, gone: User, stays: User) -> None:
    """Let one account's link tell of another's days, unless that one has a link of its own."""
    if CalendarLink.objects.filter(owner=stays).exists():
        end_calendar_link(owner=gone)
    else:
        CalendarLink.objects.filter(owner=gone).update(owner=stays)


def owner_behind(token: str) -> User:
    """Return whose days a calendar's link tells of.

    :raises UnknownLink: if there is no such link.
    """
    if _TOKEN.fullmatch(token):
        link = CalendarLink.objects.filter(token=token, owner__is_active=True)
        found = link.select_related("owner").first()
        if found is not None:
            return found.owner
    raise UnknownLink
