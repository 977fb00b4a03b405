"""What somebody agrees to who signs up, word for word; a change of words is a new version."""

from typing import Final

from django.conf import settings

VERSION: Final = "2026-11"
TEXT: Final = (
    "I want the newsletter of {shop} by e-mail, about once or twice a month: new articles and, now"
    " and then, news from the clinic. I can unsubscribe with one click in every mail. Nobody"
    " measures whether I open a mail or follow a link."
)


def text() -> str:
    """Return the words that stand beside every sign-up form."""
    return TEXT.format(shop=settings.WAGTAIL_SITE_NAME)
