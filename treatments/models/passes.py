"""Prepaid sessions: what somebody has paid for."""

import uuid
from collections.abc import Collection
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

    def with_sessions_left(self) -> "SessionPassQuerySet":
        """Those whose entries leave anything, with their ``balance``."""
        left: SessionPassQuerySet = self.with_balance().filter(balance__gt=0)  # type: ignore[misc]
        return left

    def of_holder(self, *, owner_id: int | None, email: str) -> "SessionPassQuerySet":
        """Those of one person, whether bought with an account or as a guest."""
        owners = () if owner_id is None else (owner_id,)
        return self.of_holders(owner_ids=owners, emails=(email,))

    def mailed_at(self, email: str) -> "SessionPassQuerySet":
        """Those about which mails go to an address."""
        return self.filter(
            Q(owner__email__iexact=email) | Q(owner=None, holder_email__iexact=email)
        )

    def of_holders(
        self, *, owner_ids: Collection[int], emails: Collection[str]
    ) -> "SessionPassQuerySet":
        """Those of several people."""
        return self.filter(Q(holder_email__in=emails) | Q(owner_id__in=owner_ids))

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
    package_name = models.CharField(
        "sold as", max_length=300, blank=True, default="", db_default=""
    )
    vat_rate_bp = models.PositiveIntegerField(null=True, editable=False)
    paid_minor = models.BigIntegerField(default=0, db_default=0, editable=False)
    paid_sessions = models.PositiveSmallIntegerField(
        default=0,
        db_default=0,
        editable=False,
        help_text="Sessions that were sold for that money; a pass that was passed on has fewer.",
    )
    pause_days = models.PositiveSmallIntegerField(
        default=0,
        db_default=0,
        editable=False,
        help_text="Days for which its holder may pause it, as promised with the sale.",
    )
    holder_phone = models.CharField(
        max_length=20, blank=True, default="", db_default="", help_text="Digits alone."
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
        permissions: ClassVar = [
            ("redeem_sessionpass", "Can redeem sessions at the desk"),
            ("override_sessionpass", "Can allow a session sooner than the protocol does"),
            ("adjust_sessionpass", "Can adjust and extend passes"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["expires_on"], name="session_pass_by_last_day"),
            models.Index(fields=["-created_at", "-id"], name="session_pass_newest"),
        ]
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
    def mails_go_to(self) -> str:
        """The address that its owner has today; of a guest's pass, the one it was bought with."""
        return self.owner.email if self.owner else self.holder_email

    @property
    def validity_text(self) -> str:
        """Until when it may be used, or how long once it has begun."""
        if self.expires_on is None:
            return describe_validity(rule=self.validity_rule, days=self.validity_days)
        return f"valid until {self.expires_on:%-d %B %Y}"
