"""Which pieces came in one go, until when they are good, and what became of them."""

import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

from catalog.models.offers import Offer
from catalog.models.stock import StockMovement

CODE_RULE = RegexValidator(
    r"\A[A-Z0-9][A-Z0-9./_-]*\Z", "Use capitals, digits, and . / _ - between them."
)


class BatchQuerySet(models.QuerySet["Batch"]):
    def first_to_expire(self) -> "BatchQuerySet":
        """In the order in which they are to leave; what has no date leaves last."""
        return self.order_by(F("expires_on").asc(nulls_last=True), "arrived_on", "pk")

    def sold_on(self, day: dt.date) -> "BatchQuerySet":
        """Those that may be sold on a day: not stopped, and good for a whole use after it."""
        return self.filter(_may_be_sold(day))

    def withheld_on(self, day: dt.date) -> "BatchQuerySet":
        """Those that may not be sold on a day."""
        return self.exclude(_may_be_sold(day))

    def may_leave_on(self, day: dt.date) -> "BatchQuerySet":
        """Those that may be sent to somebody who knows: not stopped, and not expired."""
        return self.filter(Q(expires_on=None) | Q(expires_on__gte=day), stopped_at=None)

    def here(self) -> "BatchQuerySet":
        return self.filter(on_hand__gt=0)


def _may_be_sold(day: dt.date) -> Q:
    return Q(Q(sold_until_on=None) | Q(sold_until_on__gte=day), stopped_at=None)


class Batch(models.Model):
    """Pieces of one article with one number and one last day; `catalog.batches` writes it.

    Pieces whose number nobody knows are a batch too, one of each article, without a code.
    `sold_until_on` is the last day on which a piece can be sold and still be used up: the last
    day without the months for which the product keeps once opened.
    """

    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="batches")
    code = models.CharField("batch number", max_length=40, blank=True, validators=[CODE_RULE])
    expires_on = models.DateField("best before", null=True, blank=True)
    use_months = models.PositiveSmallIntegerField(default=0)
    sold_until_on = models.DateField(null=True, blank=True)
    arrived_on = models.DateField()
    on_hand = models.PositiveIntegerField(default=0)
    packed = models.PositiveIntegerField(
        default=0, help_text="Of those on hand: in parcels that wait."
    )
    stopped_at = models.DateTimeField(null=True, blank=True)
    stopped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    stop_reason = models.CharField(max_length=200, blank=True)

    objects: ClassVar = BatchQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "batches"
        ordering: ClassVar = ["offer__sku", F("expires_on").asc(nulls_last=True), "pk"]
        indexes: ClassVar = [
            models.Index(fields=["sold_until_on"], name="batch_by_last_day_of_sale"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["offer", "code"], name="batch_once_for_an_offer"),
            models.CheckConstraint(
                condition=Q(packed__gte=0, packed__lte=F("on_hand")),
                name="batch_packs_no_more_than_it_has",
            ),
            models.CheckConstraint(
                condition=Q(expires_on=None, sold_until_on=None)
                | Q(sold_until_on__lte=F("expires_on")),
                name="batch_is_sold_before_it_expires",
            ),
            models.CheckConstraint(
                condition=Q(stopped_at=None, stop_reason="")
                | (Q(stopped_at__isnull=False) & ~Q(stop_reason="")),
                name="batch_stopped_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.offer.sku}, {self.name}"

    @property
    def name(self) -> str:
        return self.code or "without a number"

    @property
    def free(self) -> int:
        """How many lie in no parcel."""
        return self.on_hand - self.packed

    def state_on(self, day: dt.date) -> str:
        """Say, for staff, how it stands."""
        if self.stopped_at is not None:
            return "stopped"
        if self.expires_on is not None and self.expires_on < day:
            return "expired"
        if self.sold_until_on is not None and self.sold_until_on < day:
            return "too short to sell"
        return "sold"


class BatchMove(models.Model):
    """So many pieces that came to a batch or left it; never updated, never deleted.

    They add up to what the batch has. Pieces that were only given a number have no movement.
    """

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="moves")
    movement = models.ForeignKey(
        StockMovement, null=True, on_delete=models.PROTECT, related_name="batch_moves"
    )
    quantity = models.IntegerField(help_text="Added, or taken when negative.")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    happened_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-happened_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(quantity=0), name="batch_move_moves_something"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity:+d} of batch {self.batch_id}"
