"""Counting what is on the shelf: what was counted, when, by whom, and what stood there then."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from catalog.models.batches import Batch
from catalog.models.offers import Offer


class StockTakeStatus(models.TextChoices):
    OPEN = "OPEN", "being counted"
    APPROVED = "APPROVED", "approved"
    CANCELLED = "CANCELLED", "given up"


class StockTake(models.Model):
    """Some articles that are counted together; `catalog.stock_takes.taking` writes it."""

    name = models.CharField(max_length=80, help_text="Such as “Shelf by the door, autumn”.")
    status = models.CharField(max_length=9, choices=StockTakeStatus, default=StockTakeStatus.OPEN)
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField(max_length=160, blank=True, help_text="Why it was approved.")

    class Meta:
        ordering: ClassVar = ["-started_at", "-pk"]
        permissions: ClassVar = [("approve_stocktake", "Can approve stock takes")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status__in=StockTakeStatus.values), name="stock_take_status_is_known"
            ),
            models.CheckConstraint(
                condition=Q(status="OPEN", ended_at=None)
                | (~Q(status="OPEN") & Q(ended_at__isnull=False)),
                name="stock_take_ended_knows_when",
            ),
            models.CheckConstraint(
                condition=~Q(status="APPROVED") | ~Q(reason=""),
                name="stock_take_approved_says_why",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        return self.status == StockTakeStatus.OPEN


class StockTakeLine(models.Model):
    """One article to be counted, or one batch of it."""

    take = models.ForeignKey(StockTake, on_delete=models.PROTECT, related_name="lines")
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="+")
    batch = models.ForeignKey(Batch, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["take_id", "offer__sku", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["take", "offer", "batch"], name="stock_take_line_once_for_a_batch"
            ),
            models.UniqueConstraint(
                fields=["take", "offer"],
                condition=Q(batch=None),
                name="stock_take_line_once_for_an_offer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.offer_id} in {self.take_id}"


class StockCount(models.Model):
    """What somebody counted on one line, and what the shop thought was there at that moment.

    Never changed, never deleted: who counts again adds a count, and the newest one holds.
    """

    line = models.ForeignKey(StockTakeLine, on_delete=models.PROTECT, related_name="counts")
    counted = models.PositiveIntegerField()
    stood = models.PositiveIntegerField()
    counted_at = models.DateTimeField()
    counted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering: ClassVar = ["line_id", "pk"]

    def __str__(self) -> str:
        return f"{self.counted} on line {self.line_id}"

    @property
    def difference(self) -> int:
        return self.counted - self.stood
