"""What readers left with the guide: comments, questions asked in private, the newsletter."""

from collections.abc import Mapping
from typing import Any, Final

from accounts.person import Person, Room
from blog import newsletter, newsletter_privacy
from blog.comments import leaving
from blog.models import Comment, PrivateQuestion, ReplySubscription, Subscriber

# What was told in confidence is read by clinical roles alone; a file that lies on somebody's
# machine is not the place for it.
_ASK_US: Final = "kept encrypted; the clinic tells you on request, and deletes it after 90 days"


def _hand_out(person: Person) -> Mapping[str, Any]:
    comments = Comment.objects.filter(email__in=person.emails, is_from_staff=False)
    questions = PrivateQuestion.objects.filter(email__in=person.emails)
    wishes = ReplySubscription.objects.filter(comment__email__in=person.emails)
    subscribers = Subscriber.objects.filter(email__in=person.emails)
    return {
        "comments": [
            {
                "below": comment.article.title,
                "name": comment.name,
                "email": comment.email,
                "words": comment.text,
                "status": comment.get_status_display(),
                "posted_at": comment.posted_at,
            }
            for comment in comments.select_related("article").order_by("pk")
        ],
        "wishes_to_be_told_of_replies": list(
            wishes.order_by("pk").values("comment__text", "asked_at", "confirmed_at", "ended_at")
        ),
        "private_questions": [
            {
                "name": question.name,
                "email": question.email,
                "words": _ASK_US,
                "agreed_to": question.consent_text,
                "status": question.get_status_display(),
                "asked_at": question.asked_at,
                "answered_at": question.answered_at,
            }
            for question in questions.order_by("pk")
        ],
        "newsletter": [newsletter_privacy.export(each) for each in subscribers],
    }


def _forget(person: Person) -> None:
    leaving.take_back_all(emails=person.emails)
    PrivateQuestion.objects.filter(email__in=person.emails).delete()
    for subscriber in Subscriber.objects.filter(email__in=person.emails):
        newsletter.erase(subscriber_id=subscriber.pk)


ROOM: Final = Room(
    title="Comments, questions and newsletter",
    holds=frozenset(
        f"blog.{model}"
        for model in (
            "Comment", "IssueDelivery", "MailTrouble", "NewsletterConsent", "PrivateQuestion",
            "ReplySubscription", "Subscriber",
        )
    ),
    hand_out=_hand_out,
    forget=_forget,
)  # fmt: skip
