"""Issues of the newsletter: what is written, and to whom it has gone."""

import datetime as dt
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.text import slugify
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.models import Orderable, PreviewableMixin

from blog import newsletter_content
from blog.models.newsletter import Subscriber
from blog.models.topics import Topic
from claims.models import CheckedWords
from cms.rich_text import PARAGRAPH_FEATURES, CleanRichTextField

# What staff write; verbs alone write the rest.
WRITTEN = ("subject", "preheader", "intro", "closing")


class IssueStatus(models.TextChoices):
    DRAFT = "DRAFT", "draft"
    SCHEDULED = "SCHEDULED", "scheduled"
    SENDING = "SENDING", "being sent"
    PAUSED = "PAUSED", "paused"
    SENT = "SENT", "sent"
    CANCELLED = "CANCELLED", "stopped"


class NewsletterIssueQuerySet(models.QuerySet["NewsletterIssue"]):
    def public(self) -> "NewsletterIssueQuerySet":
        """Those that at least one reader may have got, the newest first."""
        return self.filter(started_at__isnull=False).order_by("-started_at", "-pk")


class NewsletterIssue(CheckedWords, PreviewableMixin, ClusterableModel):
    """A mail to all subscribers, made of articles; written while it is a draft, then fixed.

    `newsletter_issues` moves it along, `newsletter_sending` sends it.
    """

    subject = models.CharField(max_length=120)
    slug = models.SlugField(max_length=120, unique=True, editable=False)
    preheader = models.CharField(
        max_length=150,
        blank=True,
        help_text="What an inbox shows beside the subject; about 90 letters are seen.",
    )
    intro = CleanRichTextField(
        "introduction", blank=True, features=PARAGRAPH_FEATURES, max_length=3000
    )
    closing = CleanRichTextField(
        blank=True, features=PARAGRAPH_FEATURES, max_length=2000, help_text="Optional."
    )
    topics = ParentalManyToManyField(
        Topic,
        blank=True,
        related_name="+",
        verbose_name="for readers of",
        help_text="Who chose other topics does not get it. Without any it goes to everybody.",
    )
    status = models.CharField(
        max_length=9, choices=IssueStatus, default=IssueStatus.DRAFT, editable=False
    )
    send_at = models.DateTimeField("to be sent", null=True, blank=True, editable=False)
    started_at = models.DateTimeField("sending began", null=True, blank=True, editable=False)
    finished_at = models.DateTimeField("done", null=True, blank=True, editable=False)
    enlisted_up_to = models.BigIntegerField(default=0, editable=False)
    enlisted_at = models.DateTimeField(null=True, blank=True, editable=False)
    sent_text = models.TextField(blank=True, editable=False)
    sent_html = models.TextField(blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = NewsletterIssueQuerySet.as_manager()

    panels: ClassVar = [
        MultiFieldPanel([FieldPanel("subject"), FieldPanel("preheader")], "In the inbox"),
        FieldPanel("intro"),
        InlinePanel("articles", label="Article", heading="Articles, in this order", max_num=12),
        FieldPanel("closing"),
        FieldPanel("topics", widget=forms.CheckboxSelectMultiple),
    ]

    words_left_out: ClassVar = {
        "sent_text": "what was sent, made of the other fields",
        "sent_html": "what was sent, made of the other fields",
    }

    class Meta:
        verbose_name = "issue"
        ordering: ClassVar = ["-created_at", "-pk"]
        permissions: ClassVar = [("send_newsletterissue", "Can send an issue")]
        indexes: ClassVar = [
            models.Index(fields=["status", "send_at"], name="blog_issue_due"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status__in=IssueStatus.values), name="issue_status_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(status=IssueStatus.SCHEDULED) | Q(send_at__isnull=False),
                name="issue_scheduled_knows_when",
            ),
            models.CheckConstraint(
                condition=Q(status__in=[IssueStatus.DRAFT, IssueStatus.SCHEDULED])
                | Q(started_at__isnull=False),
                name="issue_under_way_has_begun",
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    def clean(self) -> None:
        """:raises ValidationError: if the subject would break a mail's head."""
        super().clean()
        if any(ord(letter) < ord(" ") for letter in self.subject):
            raise ValidationError({"subject": "A subject is one line of visible letters."})

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the issue under an address made of its first subject.

        Saved again, only what is written in a form is stored: how far it has come is not for
        somebody to overwrite who opened the form before.
        """
        if not self.slug:
            self.slug = _free_slug(self.subject)
        if self.pk:
            kwargs.setdefault("update_fields", WRITTEN)
        super().save(*args, **kwargs)

    @property
    def is_draft(self) -> bool:
        return self.status == IssueStatus.DRAFT

    @property
    def preview_modes(self) -> list[tuple[str, str]]:
        return [("mail", "Mail"), ("text", "Without pictures or colours")]

    @property
    def web_url(self) -> str:
        """Where everybody can read it once it has been sent."""
        return f"{settings.SITE_URL}{reverse('blog:newsletter_issue', args=[self.slug])}"

    def serve_preview(self, _request: HttpRequest, mode_name: str) -> HttpResponse:
        """Show the mail as a subscriber will see it, locked up in a policy of its own."""
        mail = newsletter_content.compose(self)
        if mode_name == "text":
            return HttpResponse(mail.text, content_type="text/plain; charset=utf-8")
        answer = HttpResponse(mail.html)
        answer["Content-Security-Policy"] = newsletter_content.MAIL_POLICY
        return answer


def _free_slug(subject: str) -> str:
    stem = slugify(subject)[:100] or "issue"
    taken = set(
        NewsletterIssue.objects.filter(slug__startswith=stem).values_list("slug", flat=True)
    )
    number = 2
    slug = stem
    while slug in taken:
        slug, number = f"{stem}-{number}", number + 1
    return slug


class IssueArticle(CheckedWords, Orderable):
    """An article that an issue shows."""

    issue = ParentalKey(NewsletterIssue, on_delete=models.CASCADE, related_name="articles")
    article = models.ForeignKey("blog.ArticlePage", on_delete=models.CASCADE, related_name="+")
    teaser = models.TextField(
        max_length=400, blank=True, help_text="Without it the article's own introduction stands."
    )

    panels: ClassVar = [FieldPanel("article"), FieldPanel("teaser")]

    class Meta(Orderable.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["issue", "article"], name="issue_shows_an_article_once"
            ),
        ]

    def __str__(self) -> str:
        return f"Article {self.article_id} of issue {self.issue_id}"


class DeliveryStatus(models.TextChoices):
    QUEUED = "QUEUED", "waiting"
    SENDING = "SENDING", "being sent"
    SENT = "SENT", "sent"
    SKIPPED = "SKIPPED", "left meanwhile"
    FAILED = "FAILED", "failed"


class IssueDeliveryQuerySet(models.QuerySet["IssueDelivery"]):
    def due(self, at: dt.datetime) -> "IssueDeliveryQuerySet":
        """Those to send now, those included whose sender died half-way."""
        return self.filter(
            Q(status=DeliveryStatus.QUEUED, next_try_at__lte=at)
            | Q(status=DeliveryStatus.SENDING, lease_until__lte=at)
        )

    def open(self) -> "IssueDeliveryQuerySet":
        """Those of which nobody knows yet how they end."""
        return self.filter(status__in=[DeliveryStatus.QUEUED, DeliveryStatus.SENDING])


class IssueDelivery(models.Model):
    """One issue to one subscriber, at most once: the database holds that."""

    issue = models.ForeignKey(NewsletterIssue, on_delete=models.CASCADE, related_name="deliveries")
    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="deliveries")
    status = models.CharField(max_length=7, choices=DeliveryStatus, default=DeliveryStatus.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=120, blank=True, help_text="Its kind, never an address.")

    objects = IssueDeliveryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "issue deliveries"
        ordering: ClassVar = ["pk"]
        indexes: ClassVar = [
            models.Index(fields=["issue", "status", "next_try_at"], name="blog_delivery_due"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["issue", "subscriber"], name="issue_goes_to_a_subscriber_once"
            ),
            models.CheckConstraint(
                condition=Q(status__in=DeliveryStatus.values), name="delivery_status_is_known"
            ),
            models.CheckConstraint(
                condition=Q(status=DeliveryStatus.SENT, sent_at__isnull=False)
                | (~Q(status=DeliveryStatus.SENT) & Q(sent_at__isnull=True)),
                name="delivery_sent_knows_when",
            ),
            models.CheckConstraint(
                condition=Q(status=DeliveryStatus.SENDING, lease_until__isnull=False)
                | (~Q(status=DeliveryStatus.SENDING) & Q(lease_until__isnull=True)),
                name="delivery_leased_only_while_sending",
            ),
        ]

    def __str__(self) -> str:
        return f"Issue {self.issue_id} to subscriber {self.subscriber_id}"


class SendingPace(models.Model):
    """How many mails have left in the present minute: one row, moved by conditional updates."""

    minute = models.DateTimeField()
    used = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.used} in {self.minute:%Y-%m-%d %H:%M}"
