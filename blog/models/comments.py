"""What readers say below articles, what they report, and who is told of replies.

Rows here are written by the verbs of `blog.comments` alone.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from claims.models import CheckedWords


class CommentStatus(models.TextChoices):
    WAITING = "WAITING", "waiting"
    APPROVED = "APPROVED", "public"
    REJECTED = "REJECTED", "rejected"
    SPAM = "SPAM", "spam"


class CommentQuerySet(models.QuerySet["Comment"]):
    def shown(self) -> "CommentQuerySet":
        """Those that everybody may read; an answer goes with what it answers."""
        is_shown = Q(parent__isnull=True) | Q(parent__status=CommentStatus.APPROVED)
        return self.filter(is_shown, status=CommentStatus.APPROVED)

    def reportable(self) -> "CommentQuerySet":
        """Readers' words that everybody may read, and complain of."""
        return self.shown().filter(is_from_staff=False)

    def shown_on(self, article_id: int) -> "CommentQuerySet":
        """The newest talk first, answers below what they answer."""
        talk = Coalesce("parent_id", "pk")
        return (
            self.shown()
            .filter(article=article_id)
            .order_by("-thread_at", talk.desc(), "posted_at", "pk")
        )

    def waiting(self) -> "CommentQuerySet":
        return self.filter(status=CommentStatus.WAITING)

    def reported(self) -> "CommentQuerySet":
        """Public ones that somebody complained of and nobody has looked at since."""
        return self.filter(open_reports__gt=0)

    def by_person(self, email: str) -> "CommentQuerySet":
        """All that came under one address, the newest first."""
        return self.filter(email=email.lower()).order_by("-posted_at", "-pk")


class Comment(CheckedWords):
    """A reader's words below an article, or staff's answer to them; public once approved."""

    words_left_out: ClassVar = {
        "name": "who speaks",
        "submission_key": "a code",
        "fingerprint": "a digest",
        "network": "a digest",
    }

    article = models.ForeignKey(
        "blog.ArticlePage", on_delete=models.CASCADE, related_name="comments"
    )
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="replies"
    )
    thread_at = models.DateTimeField(help_text="When the talk began that this belongs to.")
    name = models.CharField(max_length=80)
    email = models.EmailField("e-mail address", blank=True, help_text="Never shown to readers.")
    text = models.TextField(max_length=5_000)
    status = models.CharField(max_length=8, choices=CommentStatus, default=CommentStatus.WAITING)
    is_from_staff = models.BooleanField("by the clinic", default=False)
    staff_author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    posted_at = models.DateTimeField("posted")
    decided_at = models.DateTimeField("decided", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    submission_key = models.CharField(
        max_length=43, unique=True, null=True, blank=True, help_text="One form, one comment."
    )
    fingerprint = models.CharField(max_length=32, blank=True, help_text="Equal for equal words.")
    network = models.CharField(
        max_length=32,
        blank=True,
        help_text="Equal for one network on one day; no address can be read from it.",
    )
    spam_score = models.FloatField(default=0.0)
    spam_reasons = models.JSONField(default=list, blank=True)
    learned_as = models.CharField(max_length=8, blank=True, choices=CommentStatus)
    open_reports = models.PositiveSmallIntegerField("reports", default=0)

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = "comment"
        ordering: ClassVar = ["-posted_at", "-pk"]
        permissions: ClassVar = [
            ("moderate_comment", "Can approve, reject and answer comments"),
        ]
        indexes: ClassVar = [
            models.Index(
                F("article"), F("thread_at").desc(),
                name="comment_shown_on_article",
                condition=Q(status=CommentStatus.APPROVED),
            ),
            models.Index(fields=["status", "-posted_at", "-id"], name="comment_queue"),
            models.Index(fields=["-posted_at", "-id"], name="comment_newest"),
            models.Index(fields=["email", "-posted_at"], name="comment_of_person"),
            models.Index(fields=["fingerprint", "posted_at"], name="comment_same_words"),
            models.Index(
                fields=["-posted_at"], name="comment_reported", condition=Q(open_reports__gt=0)
            ),
        ]  # fmt: skip
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status__in=CommentStatus.values), name="comment_status_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(text="") & ~Q(name=""), name="comment_says_something"
            ),
            models.CheckConstraint(
                condition=Q(is_from_staff=True) | ~Q(email=""), name="comment_of_reader_has_email"
            ),
        ]

    def __str__(self) -> str:
        return f"Comment {self.pk}"

    @classmethod
    def read_by_customers(cls) -> models.QuerySet["Comment"]:
        """Only what the clinic answered: a reader's words are no claim of the shop."""
        return cls.objects.shown().filter(is_from_staff=True)

    def clean(self) -> None:
        if self.is_from_staff:
            super().clean()

    @property
    def tag(self) -> str:
        """The name of what changes when this comment appears or goes."""
        return comments_of(self.article_id)

    @property
    def anchor(self) -> str:
        return f"comment-{self.pk}"


def comments_of(article_id: int) -> str:
    """Name the comments that readers see below an article, for what is kept of its page."""
    return f"comments:{article_id}"


class ReportReason(models.TextChoices):
    UNKIND = "UNKIND", "It is unkind or insulting"
    ADVERT = "ADVERT", "It advertises something"
    HEALTH = "HEALTH", "It gives advice that may harm"
    PRIVATE = "PRIVATE", "It tells something private about somebody"
    OTHER = "OTHER", "Something else"


class CommentReport(models.Model):
    """A reader's complaint about a public comment."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="reports")
    reason = models.CharField(max_length=8, choices=ReportReason)
    note = models.TextField(max_length=500, blank=True)
    reported_at = models.DateTimeField()
    is_open = models.BooleanField(default=True)

    class Meta:
        verbose_name = "report of a comment"
        ordering: ClassVar = ["-reported_at", "-pk"]

    def __str__(self) -> str:
        return f"Report {self.pk} of comment {self.comment_id}"


class ReplySubscription(models.Model):
    """Somebody's wish to be told of replies to their comment; void until the address is proved."""

    comment = models.OneToOneField(
        Comment, on_delete=models.CASCADE, related_name="reply_subscription"
    )
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "wish to be told of replies"
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True) | Q(confirmed_at__gte=F("asked_at")),
                name="reply_subscription_is_confirmed_after_asking",
            ),
        ]

    def __str__(self) -> str:
        return f"Replies to comment {self.comment_id}"
