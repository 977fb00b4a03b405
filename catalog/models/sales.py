"""How often an offer was sold of late, counted now and then for staff."""

from typing import ClassVar

from django.db import models

from catalog.models.offers import Offer


class SalesCount(models.Model):
    """How many of an offer were paid for in the last 30 and 90 days.

    Orders live above the catalogue, so whoever knows them counts and `catalog.sales` writes.
    """

    offer = models.OneToOneField(Offer, on_delete=models.CASCADE, related_name="sales")
    sold_30 = models.PositiveIntegerField("sold in 30 days", default=0)
    sold_90 = models.PositiveIntegerField("sold in 90 days", default=0)
    counted_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["offer"]

    def __str__(self) -> str:
        return f"{self.offer_id}: {self.sold_30} in 30 days, {self.sold_90} in 90"
