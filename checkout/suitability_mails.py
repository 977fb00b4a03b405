"""The mail that a consultation was answered: that it was, and where to read how."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.urls import reverse

from outbox import mail
from treatments.consultations import ANSWERED
from treatments.models import SuitabilityCheck


def render(context: Mapping[str, Any]) -> mail.RenderedMail:
    """Write the mail; neither the treatment nor the answer is in it."""
    check = SuitabilityCheck.objects.select_related("gift").get(pk=context["check"])
    gift = getattr(check, "gift", None)
    if gift is not None:
        address = reverse("checkout:gift", args=[gift.token])
    else:
        address = reverse("checkout:suitability_outcome", args=[check.token])
    return mail.render(
        event=ANSWERED,
        subject="The clinic has answered you",
        context={"outcome_url": settings.SITE_URL + address},
    )


def register() -> None:
    """Tell the outbox who writes it."""
    mail.register_renderer(ANSWERED, render)
