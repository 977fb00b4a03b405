"""Gift cards: money that was paid in before anything was chosen, and what became of it."""

import datetime as dt
import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q, Sum
from django.db.models.functions import Coalesce

from checkout.models.order import Order
from checkout.models.payment import Payment
from money.money import Money


class GiftCardQuerySet(models.QuerySet["GiftCard"]):
    def with_balance(self) -> "GiftCardQuerySet":
        """Add ``free_minor``, what can be spent, and ``held_minor``, what unpaid orders hold."""
        return self.annotate(
            free_minor=Coalesce(Sum("events__free_minor"), 0),
            held_minor=Coalesce(Sum("events__held_minor"), 0),
        )

    def with_something_left(self) -> "GiftCardQuerySet":
        """Those of which something can be spent, with their balance."""
        left: GiftCardQuerySet = self.with_balance().filter(free_minor__gt=0)  # type: ignore[misc]
        return left


class GiftCard(models.Model):
    """A gift card; its code is never stored, and what is on it is a sum of events."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # What a code is found by: `checkout.gift_cards.codes`.
    code_hash = models.CharField(max_length=64, unique=True, editable=False)
    last_four = models.CharField("ends in", max_length=4, editable=False)
    currency = models.CharField(max_length=3, editable=False)
    value_minor = models.BigIntegerField(editable=False, help_text="What was on it at first.")
    recipient_name = models.CharField("for", max_length=150, blank=True)
    recipient_email = models.EmailField("e-mail address", max_length=254, blank=True)
    message = models.TextField(max_length=500, blank=True)
    expires_on = models.DateField("last day", help_text="The last day on which it may be spent.")
    issued_at = models.DateTimeField("issued")

    objects: ClassVar = GiftCardQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-issued_at", "-pk"]
        permissions: ClassVar = [
            ("issue_giftcard", "Can issue, extend and void gift cards"),
        ]
        indexes: ClassVar = [models.Index(fields=["expires_on"], name="gift_card_by_last_day")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(value_minor__gt=0), name="gift_card_has_a_value"),
        ]

    def __str__(self) -> str:
        return f"Gift card …{self.last_four}"

    @property
    def value(self) -> Money:
        """What was on it at first."""
        return Money(self.value_minor, self.currency)

    def is_over(self, *, on: dt.date) -> bool:
        """Tell whether its last day is past."""
        return on > self.expires_on


class GiftCardEventKind(models.TextChoices):
    ISSUE = "ISSUE", "Issued"
    HOLD = "HOLD", "Held for an order"
    RELEASE = "RELEASE", "Free again"
    SPEND = "SPEND", "Spent"
    REFUND = "REFUND", "Paid back onto it"
    VOID = "VOID", "Voided"
    EXPIRE = "EXPIRE", "Expired"
    EXTEND = "EXTEND", "Extended"


class GiftCardEvent(models.Model):
    """One thing that happened to a gift card; rows are only ever added.

    Each says what is free and held after it: the database itself refuses less than nothing, and a
    second event in the same place.
    """

    card = models.ForeignKey(GiftCard, on_delete=models.PROTECT, related_name="events")
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=8, choices=GiftCardEventKind)
    free_minor = models.BigIntegerField(help_text="By how much more can be spent.")
    held_minor = models.BigIntegerField(help_text="By how much more unpaid orders hold.")
    free_after_minor = models.BigIntegerField()
    held_after_minor = models.BigIntegerField()
    reference = models.CharField(
        max_length=120, unique=True, help_text="What it happened for; never twice."
    )
    reason = models.CharField(max_length=200)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    happened_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering: ClassVar = ["card", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["card", "position"], name="gift_card_event_in_turn"),
            models.CheckConstraint(
                condition=Q(free_after_minor__gte=0, held_after_minor__gte=0),
                name="gift_card_never_overdrawn",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of gift card {self.card_id}"

    @property
    def owed_minor(self) -> int:
        """By how much more the shop owes on the card."""
        return self.free_minor + self.held_minor


class GiftCardUse(models.Model):
    """What one order takes from a gift card; `released_at` says that it came to nothing."""

    order = models.OneToOneField(Order, on_delete=models.PROTECT, related_name="gift_card_use")
    card = models.ForeignKey(GiftCard, on_delete=models.PROTECT, related_name="uses")
    amount_minor = models.BigIntegerField()
    # What the card is held for at present; the next hold of the same order is another one.
    holds = models.PositiveSmallIntegerField(default=1)
    released_at = models.DateTimeField(null=True)
    payment = models.OneToOneField(
        Payment,
        null=True,
        on_delete=models.PROTECT,
        related_name="gift_card_use",
        help_text="What it was spent as, once the order was paid.",
    )

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0), name="gift_card_use_takes_something"
            ),
            models.CheckConstraint(
                condition=Q(payment=None) | Q(released_at=None),
                name="gift_card_use_spent_or_released",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount_minor} of gift card {self.card_id} for order {self.order_id}"

    @property
    def amount(self) -> Money:
        """What the order takes."""
        return Money(self.amount_minor, self.card.currency)
