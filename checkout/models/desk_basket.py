"""A basket that staff fill for somebody at the counter or on the telephone."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from checkout.models.basket import Basket


class DeskBasket(models.Model):
    """For whom staff fill a basket; it is there until its order is paid, or for some days.

    No cookie leads to the basket: its key was never handed out.
    """

    basket = models.OneToOneField(Basket, on_delete=models.CASCADE, related_name="desk")
    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.CASCADE,
        related_name="desk_baskets",
        help_text="The account it is for; none for a guest.",
    )
    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=150)
    phone = models.CharField(max_length=40, blank=True)
    line1 = models.CharField(max_length=150, blank=True)
    line2 = models.CharField(max_length=150, blank=True)
    postcode = models.CharField(max_length=20, blank=True)
    city = models.CharField(max_length=100, blank=True)
    begun_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    begun_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-begun_at", "-pk"]

    def __str__(self) -> str:
        return f"Basket for {self.name}"
