"""What a reminder of sessions says, and where it leads."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.urls import reverse

from outbox import mail
from treatments.models import SessionPass
from treatments.reminding import SESSIONS_WAIT
from treatments.visits import views_of


def render(context: Mapping[str, Any]) -> mail.RenderedMail:
    """Write the mail that a context of ids stands for, as the pass stands by now."""
    row = SessionPass.objects.select_related("owner", "treatment").get(pk=context["pass"])
    (view,) = views_of([row])
    left = view.standing.available
    sessions = "1 session is" if left == 1 else f"{left} sessions are"
    return mail.render(
        event=SESSIONS_WAIT,
        subject=f"{sessions} waiting for you until {row.expires_on:%-d %B %Y}",
        context={
            "row": row,
            "left": left,
            "sessions": sessions,
            "name": row.owner.get_short_name() if row.owner else "",
            "honoured_until": view.standing.last_usable_on,
            "possible_on": view.possible_on,
            "pass_url": settings.SITE_URL + reverse("my:pass", args=[row.public_id]),
        },
    )


def register() -> None:
    """Tell the outbox who writes the reminders."""
    mail.register_renderer(SESSIONS_WAIT, render)
