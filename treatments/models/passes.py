"""Prepaid sessions: a pass, and the entries that make up its balance."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q, Sum
from django.db.models.functions import Coalesce

from accounts.models import User
from treatments.validity import ValidityRule, describe_validity

HASH_LENGTH = 64
FIRST_PREVIOUS_HASH = "0" * HASH_LENGTH


class SessionPassQuerySet(models.QuerySet["SessionPass"]):
    def with_balance(self) -> "SessionPassQuerySet":
        """Add ``balance``, the sessions left, to every pass."""
        return self.annotate(balance=Coalesce(Sum("entries__sessions"), 0))

    def owned_by(self, user: User) -> "SessionPassQuerySet":
        return self.filter(owner=user)

    def unclaimed(self) -> "SessionPassQuerySet":
        """Those that a guest bought and no account has taken over yet."""
        return self.filter(owner__isnull=True)


class SessionPass(models.Model):
    """Sessions of one treatment that somebody has paid for; what is left is a sum of entries."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="session_passes",
    )
    holder_email = models.EmailField("holder's e-mail address", db_index=True)
    treatment = models.ForeignKey(
        "treatments.Treatment", on_delete=models.PROTECT, related_name="passes"
    )
    grant_reference = models.CharField(
        max_length=120, unique=True, help_text="What it was granted for; never twice."
    )
    validity_rule = models.CharField(max_length=20, choices=ValidityRule.choices)
    validity_days = models.PositiveSmallIntegerField()
    starts_on = models.DateField(null=True, blank=True)
    expires_on = models.DateField(
        "last day", null=True, blank=True, help_text="The last day on which it may be used."
    )
    created_at = models.DateTimeField()
    claimed_at = models.DateTimeField(
        null=True, blank=True, help_text="When the guest's account took it over."
    )

    objects = SessionPassQuerySet.as_manager()

    class Meta:
        verbose_name = "pass"
        verbose_name_plural = "passes"
        ordering: ClassVar = ["-created_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(validity_rule__in=ValidityRule.values),
                name="session_pass_validity_rule_is_known",
            ),
            models.CheckConstraint(
                condition=Q(validity_days__gte=1, validity_days__lte=3660),
                name="session_pass_is_valid_one_day_to_ten_years",
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True, expires_on__isnull=True)
                | Q(starts_on__isnull=False, expires_on__gte=models.F("starts_on")),
                name="session_pass_starts_before_it_expires",
            ),
            models.CheckConstraint(
                condition=Q(validity_rule=ValidityRule.FROM_FIRST_USE) | Q(starts_on__isnull=False),
                name="session_pass_from_purchase_has_started",
            ),
            models.CheckConstraint(
                condition=~Q(grant_reference=""), name="session_pass_names_its_grant"
            ),
        ]

    def __str__(self) -> str:
        return f"Pass {str(self.public_id)[:8]}"

    @property
    def validity_text(self) -> str:
        """Until when it may be used, or how long once it has begun."""
        if self.expires_on is None:
            return describe_validity(rule=self.validity_rule, days=self.validity_days)
        return f"valid until {self.expires_on:%-d %B %Y}"


class LedgerKind(models.TextChoices):
    GRANT = "GRANT", "granted"


class LedgerEntry(models.Model):
    """One change to a pass, linked to the one before by its hash; never updated, never deleted.

    The ledger module is the only one that writes entries, and triggers in the database refuse
    any other change.
    """

    session_pass = models.ForeignKey(SessionPass, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=12, choices=LedgerKind)
    sessions = models.SmallIntegerField(help_text="Sessions added, or taken when negative.")
    reference = models.CharField(max_length=120, unique=True)
    reason = models.CharField(max_length=200)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who did it; nobody when the shop itself did.",
    )
    happened_at = models.DateTimeField()
    previous_hash = models.CharField(max_length=HASH_LENGTH, editable=False)
    entry_hash = models.CharField(max_length=HASH_LENGTH, unique=True, editable=False)

    class Meta:
        verbose_name_plural = "ledger entries"
        ordering: ClassVar = ["session_pass", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=LedgerKind.values), name="ledger_entry_kind_is_known"
            ),
            models.CheckConstraint(condition=~Q(sessions=0), name="ledger_entry_changes_something"),
            models.CheckConstraint(
                condition=~Q(kind=LedgerKind.GRANT) | Q(sessions__gt=0),
                name="ledger_entry_grant_adds_sessions",
            ),
            models.CheckConstraint(
                condition=~Q(reference="") & ~Q(reason=""),
                name="ledger_entry_says_what_for",
            ),
            # Two entries that follow the same one would be two truths about one pass.
            models.UniqueConstraint(
                fields=["session_pass", "previous_hash"], name="ledger_entry_chain_never_forks"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference}: {self.sessions:+d}"
