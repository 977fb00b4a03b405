"""The mails to the recipient of a gift: that it is there, and that it is theirs."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.urls import reverse

from outbox import mail
from treatments.gift_mailing import ARRIVED, YOURS
from treatments.models import Gift


def render_arrived(context: Mapping[str, Any]) -> mail.RenderedMail:
    """Write the mail that brings a gift."""
    gift = _gift(context)
    subject = f"{gift.giver_name} has a gift for you: {gift.sessions_text} at the clinic"
    return mail.render(event=ARRIVED, subject=subject, context=_names(gift))


def render_yours(context: Mapping[str, Any]) -> mail.RenderedMail:
    """Write the mail that the sessions are the recipient's own by now."""
    gift = _gift(context)
    subject = f"{gift.sessions_text} of {gift.session_pass.treatment.name}: yours now"
    login = settings.SITE_URL + reverse("account_login")
    return mail.render(event=YOURS, subject=subject, context={**_names(gift), "login_url": login})


def register() -> None:
    """Tell the outbox who writes them."""
    mail.register_renderer(ARRIVED, render_arrived)
    mail.register_renderer(YOURS, render_yours)


def _gift(context: Mapping[str, Any]) -> Gift:
    rows = Gift.objects.select_related("hold", "session_pass__treatment", "received_pass")
    return rows.get(pk=context["gift"])


def _names(gift: Gift) -> dict[str, Any]:
    address = reverse("checkout:gift", args=[gift.token])
    return {
        "gift": gift,
        "giver": gift.giver_name,
        "treatment": gift.session_pass.treatment,
        "received": gift.received_pass,
        "gift_url": settings.SITE_URL + address,
    }
