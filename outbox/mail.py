"""Queue mails with the change they report, send them afterwards, send them again.

The promise is *at least once*: a mail goes out twice only when the process dies between the
mail server's "accepted" and our note of it, and both copies then carry the same Message-ID.
"""

import datetime as dt
import logging
import time
import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.db import IntegrityError, transaction
from django.db.models import F
from django.template.loader import render_to_string
from wagtail.log_actions import log
from css_inline import CSSInliner

from outbox.models import MailStatus, OutboundMail

logger = logging.getLogger(__name__)

LEASE = dt.timedelta(seconds=60)
RETRY_DELAYS = (
    dt.timedelta(minutes=1),
    dt.timedelta(minutes=5),
    dt.timedelta(minutes=30),
    dt.timedelta(hours=2),
    dt.timedelta(hours=6),
)
MAX_ATTEMPTS = len(RETRY_DELAYS) + 1
# A batch ends well before a lease does, whatever the mail server's mood.
BATCH_SECONDS = 30.0


@dataclass(frozen=True)
class Attachment:
    """A file that goes along; ``content_type`` may hold parameters, such as a calendar's method."""

    name: str
    content: bytes
    content_type: str


@dataclass(frozen=True)
class RenderedMail:
    """What a person reads; ``html`` may link to css classes of ``emails/email.css``."""

    subject: str
    text: str
    html: str
    attachments: tuple[Attachment, ...] = ()


Renderer = Callable[[Mapping[str, Any]], RenderedMail]
_renderers: dict[str, Renderer] = {}
Surroundings = Callable[[], Mapping[str, Any]]
_surroundings: list[Surroundings] = []


class NoRenderer(LookupError):
    """Nobody has said what a mail of this event reads like."""

    def __init__(self, event: str) -> None:
        super().__init__(f"No renderer is registered for “{event}”.")


class RendererTaken(ValueError):
    """Another function already renders this event."""

    def __init__(self, event: str) -> None:
        super().__init__(f"“{event}” already has a renderer.")


class AlreadyOnItsWay(ValueError):
    """A mail that has not gone out yet is not sent a second time."""

    def __init__(self) -> None:
        super().__init__("This mail is still on its way; wait until it is sent or has failed.")


def register_renderer(event: str, renderer: Renderer) -> None:
    """Say which function turns the context of an event into a mail; called in ``ready()``.

    :raises RendererTaken: if another function does that already.
    """
    if _renderers.setdefault(event, renderer) is not renderer:
        raise RendererTaken(event)


def surround_with(surroundings: Surroundings) -> None:
    """Say what every mail shows around its own words, such as the clinic's address."""
    _surroundings[:] = [surroundings]


def render(*, event: str, subject: str, context: Mapping[str, Any]) -> RenderedMail:
    """Render ``emails/<event>.txt`` and ``.html``, with ``shop_url`` and ``subject`` at hand."""
    names: dict[str, Any] = {"shop_url": settings.SITE_URL, "subject": subject}
    for surroundings in _surroundings:
        names |= surroundings()
    names |= context
    return RenderedMail(
        subject=subject,
        text=render_to_string(f"emails/{event}.txt", names),
        html=render_to_string(f"emails/{event}.html", names),
    )


def queue(
    *,
    effect_key: str,
    event: str,
    to: str,
    reference: str,
    context: Mapping[str, Any],
    at: dt.datetime,
) -> bool:
    """Write a mail into the caller's transaction; False if the key was queued before.

    ``context`` holds ids only: everything personal is read when the mail is rendered.
    """
    try:
        with transaction.atomic():
            _new_mail(
                effect_key=effect_key,
                event=event,
                to=to,
                reference=reference,
                context=context,
                at=at,
            ).save(force_insert=True)
    except IntegrityError:
        if OutboundMail.objects.filter(effect_key=effect_key).exists():
            return False
        raise
    return True


def resend(*, mail_id: int, by: AbstractBaseUser, at: dt.datetime) -> OutboundMail:
    """Queue the same mail once more, with a key and a Message-ID of its own.

    :raises AlreadyOnItsWay: if it, or the last copy made of it, is still to be sent.
    """
    original = OutboundMail.objects.get(pk=mail_id)
    copies = list(original.resends.order_by("pk"))
    is_waiting = {mail.status for mail in [original, *copies]} & {
        MailStatus.QUEUED,
        MailStatus.SENDING,
    }
    if is_waiting:
        raise AlreadyOnItsWay
    copy = _new_mail(
        # Two people who press the button at once make the same key, and one mail.
        effect_key=f"resend:{original.pk}:{len(copies) + 1}",
        event=original.event,
        to=original.to,
        reference=original.subject_reference,
        context=original.context,
        at=at,
    )
    copy.resend_of = original
    try:
        with transaction.atomic():
            copy.save(force_insert=True)
            log(instance=copy, action="outbox.resend", user=by)
    except IntegrityError as refusal:
        raise AlreadyOnItsWay from refusal
    return copy


def send_due(*, at: dt.datetime, limit: int = 50) -> int:
    """Send what is due and return how many mails the server accepted.

    Several workers may run it at once: each mail is claimed by a conditional update first.
    """
    started = time.monotonic()
    sent = 0
    due = OutboundMail.objects.due(at).order_by("next_try_at", "pk")
    for mail_id in list(due.values_list("pk", flat=True)[:limit]):
        elapsed = time.monotonic() - started
        if elapsed > BATCH_SECONDS:
            break
        mail = _claim(mail_id, at=at + dt.timedelta(seconds=elapsed))
        if mail is not None:
            sent += _send_claimed(mail, at=at)
    return sent


def call_off(*, reference: str) -> int:
    """Drop the mails about a subject that have not gone out yet; return how many."""
    waiting = OutboundMail.objects.filter(subject_reference=reference, status=MailStatus.QUEUED)
    return waiting.delete()[0]


def call_off_naming(*, event: str, name: str, ids: Collection[int]) -> int:
    """Drop those of an event that name one of some ids and wait; return how many.

    :param name: which id of their context.
    """
    named = OutboundMail.objects.filter(**{f"context__{name}__in": list(ids)})
    return named.filter(event=event, status=MailStatus.QUEUED).delete()[0]


def forget(*, reference: str) -> int:
    """Drop every mail about a subject, sent or not, because its person is erased."""
    about = OutboundMail.objects.filter(subject_reference=reference)
    about.update(resend_of=None)
    return about.delete()[0]


def _new_mail(
    *,
    effect_key: str,
    event: str,
    to: str,
    reference: str,
    context: Mapping[str, Any],
    at: dt.datetime,
) -> OutboundMail:
    return OutboundMail(
        effect_key=effect_key,
        event=event,
        to=to.strip(),
        subject_reference=reference,
        context=dict(context),
        message_id=message_id(uuid.uuid4().hex),
        next_try_at=at,
        queued_at=at,
    )


def _claim(mail_id: int, *, at: dt.datetime) -> OutboundMail | None:
    """Take the lease of a due mail; nothing if another worker was faster or it tried enough."""
    with transaction.atomic(durable=True):
        claimable = OutboundMail.objects.due(at).filter(pk=mail_id)
        claimed = claimable.filter(attempts__lt=MAX_ATTEMPTS).update(
            status=MailStatus.SENDING, lease_until=at + LEASE, attempts=F("attempts") + 1
        )
        if not claimed:
            # The worker died over it every time: somebody has to look at it.
            claimable.update(
                status=MailStatus.FAILED,
                lease_until=None,
                error="The worker stopped while sending it, on every try.",
            )
            return None
        return OutboundMail.objects.get(pk=mail_id)


def _send_claimed(mail: OutboundMail, *, at: dt.datetime) -> bool:
    try:
        _deliver(mail)
    except Exception as problem:  # noqa: BLE001 - one broken mail must not hold up the others.
        # The text of a mail server's refusal may name the recipient: it stays out of the log.
        logger.warning(
            "Mail %s (%s) was not sent, try %s: %s",
            mail.pk,
            mail.event,
            mail.attempts,
            type(problem).__name__,
        )
        _note_failure(mail, problem, at=at)
        return False
    _note(mail, status=MailStatus.SENT, sent_at=at, error="")
    return True


def _deliver(mail: OutboundMail) -> None:
    renderer = _renderers.get(mail.event)
    if renderer is None:
        raise NoRenderer(mail.event)
    rendered = renderer(mail.context)
    deliver(
        replace(rendered, html=inline_css(rendered.html)),
        to=mail.to,
        headers={"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"},
    )


def deliver(
    rendered: RenderedMail,
    *,
    to: str,
    headers: Mapping[str, str],
    connection: BaseEmailBackend | None = None,
) -> None:
    """Hand one mail to the mail server, its styles inlined already, and raise what it raises.

    For those alone who keep a row for it: a mail without one may be lost or doubled.
    """
    message = EmailMultiAlternatives(
        subject=" ".join(rendered.subject.split()),
        body=rendered.text,
        to=[to],
        headers=dict(headers),
        connection=connection,
    )
    message.attach_alternative(rendered.html, "text/html")
    for each in rendered.attachments:
        message.attach(each.name, each.content, each.content_type)
    message.send()


def message_id(name: str) -> str:
    """Return a Message-ID of the shop's own domain; one name gives one id."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{name}@{domain}>"


def inline_css(html: str) -> str:
    """Write the rules of ``emails/email.css`` onto the elements, as mail programs need them."""
    inliner = CSSInliner(
        keep_at_rules=True,
        load_remote_stylesheets=False,
        extra_css=render_to_string("emails/email.css"),
    )
    return str(inliner.inline(html))


def _note_failure(mail: OutboundMail, problem: Exception, *, at: dt.datetime) -> None:
    error = f"{type(problem).__name__}: {problem}"[:1000]
    if mail.attempts >= MAX_ATTEMPTS:
        _note(mail, status=MailStatus.FAILED, error=error)
        return
    delay = RETRY_DELAYS[mail.attempts - 1]
    _note(mail, status=MailStatus.QUEUED, next_try_at=at + delay, error=error)


def _note(mail: OutboundMail, **changes: Any) -> None:
    """Write down how it went, unless the lease ran out and the mail is somebody else's."""
    ours = OutboundMail.objects.filter(
        pk=mail.pk, status=MailStatus.SENDING, lease_until=mail.lease_until
    )
    if not ours.update(lease_until=None, **changes):
        logger.warning("Mail %s (%s) took longer than its lease.", mail.pk, mail.event)
