"""Sessions that somebody gives to somebody else, and what has become of them."""

import datetime as dt
from collections.abc import Collection
from typing import ClassVar, Final

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.person import Person
from treatments.models.ledger_entry import LedgerEntry
from treatments.models.passes import SessionPass
from treatments.models.suitability import SuitabilityCheck, new_token

NAME_LENGTH = 80
MESSAGE_LENGTH = 500


class GiftStatus(models.TextChoices):
    WAITING = "WAITING", "waiting"
    ACCEPTED = "ACCEPTED", "accepted"
    DECLINED = "DECLINED", "not taken"
    TAKEN_BACK = "TAKEN_BACK", "taken back"
    EXPIRED = "EXPIRED", "not taken in time"
    CANCELLED = "CANCELLED", "called off"
    RETURNED = "RETURNED", "given back"
    EXCHANGED = "EXCHANGED", "taken as something else"


# Those whose sessions are, or once were, a pass of the recipient's own.
_WITH_PASS: Final = (GiftStatus.ACCEPTED, GiftStatus.RETURNED)


class GiftQuerySet(models.QuerySet["Gift"]):
    def waiting(self) -> "GiftQuerySet":
        """Those that can still be accepted or taken back."""
        return self.filter(status=GiftStatus.WAITING)

    def waiting_with(self, users: Collection[int], emails: Collection[str]) -> "GiftQuerySet":
        """Those that wait and that some people gave, or that are for one of their addresses."""
        return self.waiting().filter(Q(giver__in=users) | Q(recipient_email__in=emails))

    def waiting_for(self, person: Person, *, on: dt.date) -> "GiftQuerySet":
        """Those that somebody was written to about and can accept on a day."""
        mailed = self.waiting().filter(mailed_at__isnull=False, ends_on__gte=on)
        return mailed.filter(recipient_email__in=person.emails).exclude(giver=person.user)


class Gift(models.Model):
    """Sessions set aside on the giver's pass until they are accepted or free again.

    `treatments.gifts` writes it. What the recipient answers about their health stands in the
    check alone, which nothing that the giver sees leads to.
    """

    token = models.CharField(max_length=43, unique=True, default=new_token, editable=False)
    session_pass = models.ForeignKey(
        SessionPass, on_delete=models.PROTECT, related_name="gifts", verbose_name="from pass"
    )
    hold = models.OneToOneField(LedgerEntry, on_delete=models.PROTECT, related_name="gift")
    giver = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="gifts_given"
    )
    giver_name = models.CharField(max_length=NAME_LENGTH, help_text="As the recipient reads it.")
    recipient_name = models.CharField(max_length=NAME_LENGTH)
    recipient_email = models.EmailField("recipient's e-mail address", db_index=True)
    message = models.TextField(max_length=MESSAGE_LENGTH, blank=True)
    given_at = models.DateTimeField("given")
    mail_at = models.DateTimeField("to be mailed")
    mailed_at = models.DateTimeField("mailed", null=True, blank=True)
    ends_on = models.DateField("last day", help_text="The last day on which it can be accepted.")
    status = models.CharField(max_length=10, choices=GiftStatus, default=GiftStatus.WAITING)
    ended_at = models.DateTimeField("ended", null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Nobody when the shop itself did, or somebody without an account.",
    )
    sealed_why = models.TextField(
        blank=True,
        default="",
        db_default="",
        editable=False,
        help_text="Why staff called it off, encrypted; empty once forgotten.",
    )
    suitability_check = models.OneToOneField(
        SuitabilityCheck, on_delete=models.SET_NULL, null=True, blank=True, related_name="gift"
    )
    received_pass = models.OneToOneField(
        SessionPass, on_delete=models.PROTECT, null=True, blank=True, related_name="received_as"
    )
    worth_minor = models.BigIntegerField(
        "worth",
        default=0,
        db_default=0,
        help_text="What its sessions counted for when something else was taken, in minor units.",
    )

    objects = GiftQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-given_at", "-pk"]
        indexes: ClassVar = [
            models.Index(
                fields=["ends_on"], condition=Q(status="WAITING"), name="gift_waiting_by_last_day"
            ),
            models.Index(
                fields=["mail_at"],
                condition=Q(status="WAITING", mailed_at__isnull=True),
                name="gift_to_be_mailed",
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status__in=GiftStatus.values), name="gift_status_is_known"
            ),
            models.CheckConstraint(
                condition=Q(status=GiftStatus.WAITING, ended_at__isnull=True)
                | ~Q(status=GiftStatus.WAITING) & Q(ended_at__isnull=False),
                name="gift_ended_knows_when",
            ),
            models.CheckConstraint(
                condition=Q(status__in=_WITH_PASS, received_pass__isnull=False)
                | ~Q(status__in=_WITH_PASS) & Q(received_pass__isnull=True),
                name="gift_accepted_is_a_pass",
            ),
            models.CheckConstraint(
                condition=Q(status=GiftStatus.EXCHANGED, worth_minor__gt=0)
                | ~Q(status=GiftStatus.EXCHANGED) & Q(worth_minor=0),
                name="gift_exchanged_has_a_worth",
            ),
        ]

    def __str__(self) -> str:
        return f"Gift {self.pk}"

    @property
    def sessions(self) -> int:
        """How many sessions it holds."""
        return self.hold.held

    @property
    def sessions_text(self) -> str:
        """Say how many sessions it holds: "1 session"."""
        return "1 session" if self.sessions == 1 else f"{self.sessions} sessions"

    @property
    def is_waiting(self) -> bool:
        return self.status == GiftStatus.WAITING
