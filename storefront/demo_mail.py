"""The demo's outbox: mails that were written to files instead of being sent.

Only routed on the demo settings, where every mail belongs to made-up people.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from csp.constants import SELF
from csp.decorators import csp_update

SHOWN = 100
# Django's file backend ends each mail with this line.
_END = b"\n" + b"-" * 79 + b"\n"
_HEAD = re.compile(r"<head[^>]*>", re.IGNORECASE)
# A mail is shown as a mail program would: no script, no form, no picture but our own.
HTML_POLICY = (
    "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; base-uri 'none';"
    " form-action 'none'; frame-ancestors 'self';"
    " sandbox allow-popups allow-top-navigation-by-user-activation"
)


@dataclass(frozen=True)
class DemoMail:
    """One mail from a file, ready to be shown."""

    key: str
    subject: str
    sender: str
    to: str
    sent_at: dt.datetime | None
    text: str
    html: str
    is_open: bool = False

    @property
    def url(self) -> str:
        return reverse("demo_mail_message", args=[self.key])

    @property
    def html_url(self) -> str:
        return reverse("demo_mail_html", args=[self.key]) if self.html else ""


@require_safe
@never_cache
@csp_update({"frame-src": [SELF]})
def outbox(request: HttpRequest, key: str = "") -> HttpResponse:
    """List the mails, the newest first, and show one of them."""
    mails = list(_mails())
    shown = _find(mails, key) if key else None
    rows = [_row(mail, is_open=mail is shown) for mail in mails]
    return render(request, "storefront/demo_mail.html", {"mails": rows, "mail": shown})


@require_safe
@never_cache
def message_html(_request: HttpRequest, key: str) -> HttpResponse:
    """Answer with the HTML part of a mail, locked up in a policy of its own."""
    shown = _find(list(_mails()), key)
    # Links leave the frame: the shop's own pages refuse to run inside a sandbox.
    html = _HEAD.sub(lambda match: f'{match[0]}<base target="_top">', shown.html, count=1)
    response = HttpResponse(html)
    response["Content-Security-Policy"] = HTML_POLICY
    return response


def _find(mails: list[DemoMail], key: str) -> DemoMail:
    """The mail of that key among those that are there; a key never becomes a path."""
    for mail in mails:
        if mail.key == key:
            return mail
    message = "No such mail."
    raise Http404(message)


def _row(mail: DemoMail, *, is_open: bool) -> DemoMail:
    return DemoMail(**{**vars(mail), "is_open": is_open})


def _mails() -> Iterator[DemoMail]:
    """The newest mails; one file may hold several, in the order they were written."""
    folder = Path(getattr(settings, "EMAIL_FILE_PATH", ""))
    newest_first = sorted(folder.glob("*.log"), key=lambda file: file.stat().st_mtime, reverse=True)
    for file in newest_first[:SHOWN]:
        raw_mails = [raw for raw in file.read_bytes().split(_END) if raw.strip()]
        for number, raw in reversed(list(enumerate(raw_mails))):
            parsed = message_from_bytes(raw, policy=policy.default)
            yield _read(parsed, key=f"{file.stem}-{number}")


def _read(parsed: EmailMessage, *, key: str) -> DemoMail:
    return DemoMail(
        key=key,
        subject=str(parsed["Subject"] or ""),
        sender=str(parsed["From"] or ""),
        to=str(parsed["To"] or ""),
        sent_at=_moment(parsed["Date"]),
        text=_part(parsed, "plain"),
        html=_part(parsed, "html"),
    )


def _moment(date: object) -> dt.datetime | None:
    """Read a mail's date; one without a zone (-0000) is in UTC."""
    if not date:
        return None
    moment = parsedate_to_datetime(str(date))
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def _part(parsed: EmailMessage, kind: str) -> str:
    part = parsed.get_body(preferencelist=(kind,))
    return str(part.get_content()) if part is not None else ""
