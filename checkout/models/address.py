"""Where a customer has things sent: kept under a name of their own, to be chosen at checkout."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q


class DeliveryAddress(models.Model):
    """One entry of a customer's address book; `checkout.address_book` writes it."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="delivery_addresses"
    )
    label = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=150)
    line1 = models.CharField(max_length=150)
    line2 = models.CharField(max_length=150, blank=True)
    postcode = models.CharField(max_length=20)
    city = models.CharField(max_length=100)
    country = models.CharField(max_length=2)
    is_default = models.BooleanField(default=False)
    added_at = models.DateTimeField()

    class Meta:
        verbose_name = "delivery address"
        verbose_name_plural = "delivery addresses"
        ordering: ClassVar = ["-is_default", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(is_default=True), name="delivery_address_one_default"
            ),
        ]

    def __str__(self) -> str:
        return f"Delivery address {self.pk}"
