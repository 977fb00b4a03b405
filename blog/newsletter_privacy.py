"""What a subscriber may ask for: everything that is known of them, in a form to take along."""

from typing import Any

from blog.models import NewsletterConsent, Subscriber


def export(subscriber: Subscriber) -> dict[str, Any]:
    """Return all that is stored of a subscriber (GDPR, articles 15 and 20)."""
    consents = NewsletterConsent.objects.filter(subscriber_key=subscriber.key)
    deliveries = subscriber.deliveries.select_related("issue").order_by("pk")
    return {
        "email": subscriber.email,
        "status": subscriber.get_status_display(),
        "signed_up_on": subscriber.source,
        "asked_at": subscriber.asked_at,
        "confirmed_at": subscriber.confirmed_at,
        "left_at": subscriber.left_at,
        "reason": subscriber.reason,
        "topics": [topic.name for topic in subscriber.topics.all()],
        "consents": list(
            consents.values(
                "kind", "text", "text_version", "source", "means", "topics", "happened_at"
            )
        ),
        "mails_that_came_back": list(subscriber.troubles.values("kind", "note", "happened_at")),
        "issues": [
            {
                "subject": each.issue.subject,
                "status": each.get_status_display(),
                "sent_at": each.sent_at,
            }
            for each in deliveries
        ],
    }
