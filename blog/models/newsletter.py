"""Who gets the newsletter, what they agreed to, and what became of mails to them."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.crypto import get_random_string

from blog.models.topics import Topic

KEY_LENGTH = 22


def new_key() -> str:
    """Return 130 random bits that stand for a subscriber wherever the address must not."""
    return get_random_string(KEY_LENGTH)


class SubscriberStatus(models.TextChoices):
    PENDING = "PENDING", "not confirmed yet"
    CONFIRMED = "CONFIRMED", "subscribed"
    UNSUBSCRIBED = "UNSUBSCRIBED", "unsubscribed"
    SUPPRESSED = "SUPPRESSED", "never written to"


class SubscriberQuerySet(models.QuerySet["Subscriber"]):
    def confirmed(self) -> "SubscriberQuerySet":
        """Those whom an issue may go to."""
        return self.filter(status=SubscriberStatus.CONFIRMED)


class Subscriber(models.Model):
    """One address; `newsletter` and `newsletter_bounces` alone write it.

    Nothing is stored that could tell of a person's health: recipients are chosen by the topics
    that they themselves ticked, and by nothing else.
    """

    key = models.CharField(max_length=KEY_LENGTH, unique=True, default=new_key, editable=False)
    email = models.EmailField("e-mail address", unique=True)
    status = models.CharField(
        max_length=12, choices=SubscriberStatus, default=SubscriberStatus.PENDING
    )
    reason = models.CharField(
        max_length=200, blank=True, help_text="Why nothing is sent to this address any more."
    )
    topics = models.ManyToManyField(
        Topic, blank=True, related_name="+", help_text="None means all of them."
    )
    source = models.CharField("signed up on", max_length=200, blank=True)
    asked_at = models.DateTimeField("asked")
    mailed_at = models.DateTimeField("confirmation sent", null=True, blank=True)
    confirmed_at = models.DateTimeField("confirmed", null=True, blank=True)
    left_at = models.DateTimeField("left", null=True, blank=True)

    objects = SubscriberQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-asked_at", "-pk"]
        permissions: ClassVar = [("erase_subscriber", "Can erase a subscriber")]
        indexes: ClassVar = [
            models.Index(fields=["status", "id"], name="blog_subscriber_recipients"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status__in=SubscriberStatus.values),
                name="subscriber_status_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(status=SubscriberStatus.CONFIRMED) | Q(confirmed_at__isnull=False),
                name="subscriber_has_confirmed",
            ),
        ]

    def __str__(self) -> str:
        # Ends up in the admin's history, which outlives an erased address.
        return f"Subscriber {self.pk}"

    @property
    def reference(self) -> str:
        """What mails about this subscriber are kept under."""
        return f"subscriber:{self.key}"


class ConsentKind(models.TextChoices):
    ASKED = "ASKED", "signed up"
    CONFIRMED = "CONFIRMED", "confirmed"
    TOPICS = "TOPICS", "chose topics"
    WITHDRAWN = "WITHDRAWN", "unsubscribed"
    SUPPRESSED = "SUPPRESSED", "not written to any more"
    READMITTED = "READMITTED", "may sign up again"


class NewsletterConsent(models.Model):
    """One thing that was agreed to or taken back; the database refuses to change or delete it.

    It names a subscriber by key alone: once the subscriber is erased, it is about nobody, and the
    figures of the list still add up.
    """

    subscriber_key = models.CharField(max_length=KEY_LENGTH, db_index=True)
    kind = models.CharField(max_length=10, choices=ConsentKind)
    text = models.TextField("text shown", blank=True)
    text_version = models.CharField(max_length=20, blank=True)
    source = models.CharField("page", max_length=200, blank=True)
    means = models.CharField("how", max_length=60)
    topics = models.JSONField(default=list, help_text="Their names; none means all of them.")
    change = models.SmallIntegerField(
        default=0, help_text="By how many subscribers the list grew: 1, 0 or -1."
    )
    happened_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["happened_at", "pk"]
        indexes: ClassVar = [
            models.Index(fields=["happened_at"], name="blog_consent_happened_at"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=ConsentKind.values), name="consent_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(change__gte=-1, change__lte=1), name="consent_changes_by_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} at {self.happened_at:%Y-%m-%d %H:%M}"


class TroubleKind(models.TextChoices):
    HARD_BOUNCE = "HARD_BOUNCE", "address does not exist"
    SOFT_BOUNCE = "SOFT_BOUNCE", "could not be delivered for now"
    COMPLAINT = "COMPLAINT", "marked as spam"


class MailTrouble(models.Model):
    """What a mail provider, a mail server or staff told of a mail to a subscriber."""

    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="troubles")
    kind = models.CharField(max_length=11, choices=TroubleKind)
    event_key = models.CharField(max_length=200, unique=True, help_text="Never counted twice.")
    note = models.CharField(max_length=200, blank=True)
    happened_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-happened_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=TroubleKind.values), name="mail_trouble_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} at {self.happened_at:%Y-%m-%d %H:%M}"
