"""A batch that is called back, or a drill of it: who got pieces, and what is written to them."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from checkout.models.order import Order


class Recall(models.Model):
    """One search for everybody who got pieces of a batch; `checkout.batches.recalling` writes it.

    A drill finds and drafts the same, stops nothing and is never sent.
    """

    batch = models.ForeignKey("catalog.Batch", on_delete=models.PROTECT, related_name="recalls")
    is_drill = models.BooleanField()
    reason = models.CharField(max_length=200)
    subject = models.CharField(max_length=120)
    text = models.TextField(max_length=4000)
    found_orders = models.PositiveIntegerField()
    found_pieces = models.PositiveIntegerField()
    took_ms = models.PositiveIntegerField(help_text="How long it took to find them.")
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    sent_at = models.DateTimeField(null=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering: ClassVar = ["-started_at", "-pk"]
        permissions: ClassVar = [("start_recall", "Can start and send recalls")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(reason=""), name="recall_says_why"),
            models.CheckConstraint(
                condition=Q(is_drill=False) | Q(sent_at=None), name="recall_drill_is_never_sent"
            ),
        ]

    def __str__(self) -> str:
        return f"{'Drill' if self.is_drill else 'Recall'} of {self.batch}"


class RecallNotice(models.Model):
    """An order that pieces of the batch went to; its buyer is written to once."""

    recall = models.ForeignKey(Recall, on_delete=models.PROTECT, related_name="notices")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="recall_notices")
    quantity = models.PositiveIntegerField()

    class Meta:
        ordering: ClassVar = ["recall_id", "order_id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["recall", "order"], name="recall_notice_once"),
            models.CheckConstraint(
                condition=Q(quantity__gte=1), name="recall_notice_of_at_least_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} for {self.order_id}"
