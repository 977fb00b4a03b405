"""The mail to somebody who got pieces of a batch that is called back."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.urls import reverse

from checkout.batches.recalling import GOODS_RECALLED
from checkout.models import RecallNotice
from outbox import mail


def render(context: Mapping[str, Any]) -> mail.RenderedMail:
    """Write the mail as it was reviewed."""
    notices = RecallNotice.objects.select_related("recall__batch__offer__page", "order")
    return write(notices.get(pk=context["notice"]))


def write(notice: RecallNotice) -> mail.RenderedMail:
    """Write what one buyer reads, for the review as well."""
    order = notice.order
    return mail.render(
        event=GOODS_RECALLED,
        subject=notice.recall.subject,
        context={
            "order": order,
            "notice": notice,
            "batch": notice.recall.batch,
            "text": notice.recall.text,
            "order_url": settings.SITE_URL + reverse("checkout:order", args=[order.access_token]),
        },
    )


def register() -> None:
    """Tell the outbox who writes it."""
    mail.register_renderer(GOODS_RECALLED, render)
