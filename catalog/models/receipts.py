"""Goods that a supplier has delivered, as they were written down on arrival."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from catalog.models.batches import Batch
from catalog.models.offers import Offer


class GoodsReceipt(models.Model):
    """One delivery by a supplier; `catalog.batches.receiving` writes it."""

    supplier = models.CharField(max_length=120)
    reference = models.CharField(
        "delivery note", max_length=80, help_text="The number on the supplier's paper."
    )
    token = models.CharField(max_length=32, unique=True, help_text="The form it came with.")
    received_at = models.DateTimeField()
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "goods receipt"
        ordering: ClassVar = ["-received_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["supplier", "reference"], name="goods_receipt_once_for_a_delivery_note"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.supplier}, {self.reference}"


class GoodsReceiptLine(models.Model):
    """So many pieces of one article, of one batch or of none that is known."""

    receipt = models.ForeignKey(GoodsReceipt, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField()
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="+")
    batch = models.ForeignKey(Batch, null=True, on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField()
    cost_minor = models.PositiveBigIntegerField(
        null=True, blank=True, help_text="What one piece cost us, without VAT."
    )

    class Meta:
        ordering: ClassVar = ["receipt", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["receipt", "position"], name="goods_receipt_line_position_once"
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=1), name="goods_receipt_line_of_at_least_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.offer_id}"
