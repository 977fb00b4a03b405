"""The mails to whoever gave sessions; none says why a gift came back."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from django.conf import settings
from django.urls import reverse

from checkout import gift_instead
from outbox import mail
from treatments.gift_mailing import ACCEPTED, CAME_BACK, EXCHANGED, GIVEN
from treatments.models import Gift

_SUBJECTS: Final[Mapping[str, str]] = {
    GIVEN: "Your gift is ready: {}",
    ACCEPTED: "Your gift was accepted: {}",
    CAME_BACK: "Your sessions came back to you: {}",
    EXCHANGED: "Your gift became something else: {}",
}


def render(context: Mapping[str, Any], *, event: str) -> mail.RenderedMail:
    """Write one of the mails."""
    rows = Gift.objects.select_related("hold", "session_pass__treatment", "giver")
    gift = rows.get(pk=context["gift"])
    treatment = gift.session_pass.treatment
    return mail.render(
        event=event,
        subject=_SUBJECTS[event].format(f"{gift.sessions_text} of {treatment.name}"),
        context={
            "gift": gift,
            "giver": gift.giver_name or gift.giver.get_short_name(),
            "treatment": treatment,
            "left_over": gift_instead.left_over(gift) if event == EXCHANGED else None,
            "is_at_once": gift.mail_at <= gift.given_at,
            "pass_url": settings.SITE_URL + reverse("my:pass", args=[gift.session_pass.public_id]),
        },
    )


def register() -> None:
    """Tell the outbox who writes them."""
    for event, renderer in _RENDERERS.items():
        mail.register_renderer(event, renderer)


# Made once: the outbox refuses another renderer of the same event.
_RENDERERS: Final = {event: partial(render, event=event) for event in _SUBJECTS}
