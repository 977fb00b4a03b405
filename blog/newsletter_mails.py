"""What the mails around a subscription say; issues are composed in `newsletter_content`."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.urls import reverse

from blog import newsletter_consent, newsletter_content, newsletter_links
from blog.models import NewsletterIssue, Subscriber
from blog.newsletter import ALREADY, CONFIRM, WELCOME
from blog.newsletter_issues import TEST
from outbox import mail

SUBJECTS: Mapping[str, str] = {
    CONFIRM: "Please confirm your newsletter",
    WELCOME: "Welcome: you get our newsletter",
    ALREADY: "You get our newsletter already",
}


def render(context: Mapping[str, Any]) -> mail.RenderedMail:
    """Write the mail that a context of ids stands for."""
    subscriber = Subscriber.objects.get(pk=context["subscriber"])
    event = context["event"]
    return mail.render(
        event=event,
        subject=SUBJECTS[event],
        context={
            "confirm_url": newsletter_links.confirm_url(subscriber.key),
            "leave_url": newsletter_links.unsubscribe_url(subscriber.key),
            "choose_url": newsletter_links.preferences_url(subscriber.key),
            "archive_url": settings.SITE_URL + reverse("blog:newsletter_archive"),
            "consent_text": newsletter_consent.text(),
        },
    )


def render_test(context: Mapping[str, Any]) -> mail.RenderedMail:
    """Write an issue as it stands, for the one who wrote it."""
    issue = NewsletterIssue.objects.get(pk=context["issue"])
    composed = newsletter_content.compose(issue, is_test=True)
    return newsletter_content.to_nobody(replace(composed, subject=f"[Test] {composed.subject}"))


def register() -> None:
    """Tell the outbox who writes these mails."""
    mail.register_renderer(TEST, render_test)
    for event in SUBJECTS:
        mail.register_renderer(event, render)
