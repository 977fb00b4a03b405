"""One change to a pass, and the words that staff wrote beside it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from treatments.models.passes import HASH_LENGTH, SessionPass


class LedgerKind(models.TextChoices):
    GRANT = "GRANT", "granted"
    HOLD = "HOLD", "set aside"
    RELEASE = "RELEASE", "no longer set aside"
    REDEEM = "REDEEM", "redeemed"
    RESTORE = "RESTORE", "put back"
    EXTEND = "EXTEND", "extended"
    PAUSE = "PAUSE", "paused"
    RESUME = "RESUME", "pause ended"
    TRANSFER_OUT = "TRANSFER_OUT", "passed on"
    TRANSFER_IN = "TRANSFER_IN", "received"
    REFUND = "REFUND", "refunded"
    EXPIRE = "EXPIRE", "expired"
    ADJUST = "ADJUST", "put right by staff"
    PROTOCOL = "PROTOCOL", "moved to another protocol"
    FREEZE = "FREEZE", "frozen"
    THAW = "THAW", "no longer frozen"


K = LedgerKind
_STILL = Q(sessions=0, held=0)
_ADDS, _TAKES = Q(sessions__gt=0, held=0), Q(sessions__lt=0, held=0)
_HAS_NO_DAYS = Q(days=0, from_on__isnull=True, until_on__isnull=True)

# What an entry of each kind may change; the database refuses anything else.
_MOVES = (
    Q(kind__in=[K.GRANT, K.RESTORE, K.TRANSFER_IN]) & _ADDS & _HAS_NO_DAYS
    | Q(kind__in=[K.TRANSFER_OUT, K.REFUND]) & _TAKES & _HAS_NO_DAYS
    | Q(kind__in=[K.REDEEM, K.EXPIRE], sessions__lt=0, held__lte=0) & _HAS_NO_DAYS
    | Q(kind=K.HOLD, sessions=0, held__gt=0) & _HAS_NO_DAYS
    | Q(kind=K.RELEASE, sessions=0, held__lt=0) & _HAS_NO_DAYS
    | Q(kind=K.ADJUST, held=0) & ~Q(sessions=0) & _HAS_NO_DAYS
    | Q(kind=K.EXTEND, days__gt=0, from_on__isnull=True, until_on__isnull=True) & _STILL
    | Q(kind=K.PAUSE, days=0, from_on__isnull=False, until_on__isnull=False)
    & Q(until_on__gt=F("from_on"))
    & _STILL
    | Q(kind=K.RESUME, days=0, from_on__isnull=True, until_on__isnull=False) & _STILL
    | Q(kind=K.PROTOCOL, protocol__isnull=False) & _STILL & _HAS_NO_DAYS
    | Q(kind=K.FREEZE) & _STILL & _HAS_NO_DAYS
    | Q(kind=K.THAW, days__gte=0, from_on__isnull=True, until_on__isnull=True) & _STILL
)
_NAMES_ANOTHER = [K.RESTORE, K.RELEASE, K.RESUME, K.THAW]


class LedgerEntry(models.Model):
    """One change to a pass, linked to the one before by its hash; never updated, never deleted.

    The ledger is the only one that writes entries, and triggers in the database refuse any other
    change.
    """

    session_pass = models.ForeignKey(SessionPass, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=12, choices=LedgerKind)
    sessions = models.SmallIntegerField(help_text="Sessions added, or taken when negative.")
    held = models.SmallIntegerField(
        default=0, db_default=0, help_text="Sessions set aside, or free again when negative."
    )
    days = models.SmallIntegerField(default=0, db_default=0, help_text="Days added.")
    from_on = models.DateField(null=True, help_text="The first day of a pause.")
    until_on = models.DateField(null=True, help_text="The first day after a pause.")
    about = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        db_index=False,
        related_name="answers",
        help_text="The entry that this one answers, such as the session it puts back.",
    )
    practitioner = models.ForeignKey(
        "treatments.Practitioner",
        on_delete=models.PROTECT,
        null=True,
        db_index=False,
        related_name="+",
    )
    protocol = models.ForeignKey(
        "treatments.Protocol",
        on_delete=models.PROTECT,
        null=True,
        db_index=False,
        related_name="+",
        help_text="The protocol that holds for the pass from here on.",
    )
    is_override = models.BooleanField(
        default=False, db_default=False, help_text="A clinician allowed it sooner than usual."
    )
    # Empty on entries from before running balances were kept.
    balance_after = models.SmallIntegerField(null=True)
    held_after = models.SmallIntegerField(null=True)
    reference = models.CharField(max_length=120, unique=True)
    reason = models.CharField(max_length=200, help_text="What happened; customers read it.")
    note_digest = models.CharField(
        max_length=HASH_LENGTH,
        default="",
        db_default="",
        help_text="The hash of what staff wrote beside it, which is kept apart.",
    )
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
            models.CheckConstraint(condition=_MOVES, name="ledger_entry_moves_as_its_kind_may"),
            models.CheckConstraint(
                condition=Q(balance_after__isnull=True, held_after__isnull=True)
                | Q(balance_after__isnull=False, held_after__isnull=False)
                & Q(held_after__gte=0, balance_after__gte=F("held_after")),
                name="ledger_entry_leaves_no_less_than_is_held",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=_NAMES_ANOTHER) | Q(about__isnull=False),
                name="ledger_entry_names_what_it_answers",
            ),
            models.CheckConstraint(
                condition=Q(is_override=False) | (Q(kind=K.REDEEM) & ~Q(note_digest="")),
                name="ledger_entry_override_has_a_reason",
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


class LedgerNote(models.Model):
    """What staff wrote beside an entry, sealed; the entry's hash covers it through a digest.

    It stands apart so that it can be forgotten without breaking the chain.
    """

    entry = models.OneToOneField(LedgerEntry, on_delete=models.PROTECT, related_name="note")
    salt = models.CharField(max_length=32, editable=False)
    sealed = models.TextField(editable=False)

    class Meta:
        verbose_name = "note beside a ledger entry"
        verbose_name_plural = "notes beside ledger entries"

    def __str__(self) -> str:
        return f"Note beside entry {self.entry_id}"
