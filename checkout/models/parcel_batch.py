"""From which batch the pieces of a parcel were taken."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from checkout.models.shipment import ShipmentLine


class ParcelBatch(models.Model):
    """So many pieces of a line of a parcel, of one batch; `checkout.batches.parcels` writes it."""

    line = models.ForeignKey(ShipmentLine, on_delete=models.PROTECT, related_name="batches")
    batch = models.ForeignKey("catalog.Batch", on_delete=models.PROTECT, related_name="parcels")
    quantity = models.PositiveIntegerField()

    class Meta:
        verbose_name_plural = "parcel batches"
        ordering: ClassVar = ["line", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["line", "batch"], name="parcel_batch_once"),
            models.CheckConstraint(
                condition=Q(quantity__gte=1), name="parcel_batch_of_at_least_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of batch {self.batch_id}"
