"""Mails to one person: which were sent, and how they are forgotten."""

from collections.abc import Collection, Mapping
from typing import Any, Final

from django.db.models import QuerySet

from outbox.models import MailStatus, OutboundMail

# Whom a mail went to who is forgotten, and has no account that could be named.
NOBODYS_ADDRESS: Final = "forgotten@deleted.invalid"
HOLDS: Final = frozenset({"outbox.OutboundMail"})


def hand_out(emails: Collection[str]) -> list[Mapping[str, Any]]:
    """List the mails to some addresses; what they said is written anew from what they are about."""
    mails = OutboundMail.objects.filter(to__in=emails).order_by("queued_at", "pk")
    return [
        {
            "to": mail.to,
            "kind": mail.event.replace("_", " "),
            "about": mail.subject_reference,
            "status": mail.get_status_display(),
            "queued_at": mail.queued_at,
            "sent_at": mail.sent_at,
        }
        for mail in mails
    ]


def forget(emails: Collection[str], *, instead: str) -> None:
    """Take some addresses out of every mail, and send none of those that still wait.

    The rows stay, because each says that its mail was sent and must not be sent twice.
    """
    _forget(OutboundMail.objects.filter(to__in=emails), instead=instead)


def forget_recipients(references: Collection[str]) -> None:
    """Do the same with every mail about some subjects, whoever it went to."""
    about = OutboundMail.objects.filter(subject_reference__in=references)
    _forget(about, instead=NOBODYS_ADDRESS)


def forget_recipients_naming(*, event: str, name: str, ids: Collection[int]) -> None:
    """Do the same with every mail of an event that names one of some ids.

    :param name: which id of their context.
    """
    named = OutboundMail.objects.filter(**{f"context__{name}__in": list(ids)})
    _forget(named.filter(event=event), instead=NOBODYS_ADDRESS)


def _forget(mails: QuerySet[OutboundMail], *, instead: str) -> None:
    waiting = mails.filter(status=MailStatus.QUEUED)
    OutboundMail.objects.filter(resend_of__in=waiting).update(resend_of=None)
    waiting.delete()
    mails.update(to=instead, error="")


def forget_gone_out(*, event: str) -> int:
    """Drop mails of one kind that were sent or given up; return how many."""
    ended = OutboundMail.objects.filter(
        event=event, status__in=[MailStatus.SENT, MailStatus.FAILED]
    )
    return ended.delete()[0]
