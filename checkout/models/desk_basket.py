"""A basket that staff fill for somebody at the counter or on the telephone."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from checkout.models.basket import Basket, BasketLine
from checkout.models.order import Order


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
    amends = models.OneToOneField(
        Order,
        null=True,
        on_delete=models.CASCADE,
        related_name="amending_desk",
        help_text="The paid order that this one is to go along with.",
    )
    take_out = models.JSONField(
        default=dict,
        db_default=models.Value({}, models.JSONField()),
        help_text="Units to take out of that order, by the id of its line.",
    )

    class Meta:
        ordering: ClassVar = ["-begun_at", "-pk"]

    def __str__(self) -> str:
        return f"Basket for {self.name}"


class HandReduction(models.Model):
    """What somebody took off one line of a desk basket by hand, for the pieces it then held."""

    line = models.OneToOneField(BasketLine, on_delete=models.CASCADE, related_name="by_hand")
    quantity = models.PositiveSmallIntegerField()
    percent = models.PositiveSmallIntegerField(null=True)
    amount_minor = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=60)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(percent__gte=1, percent__lte=100, amount_minor=None)
                | Q(percent=None, amount_minor__gt=0),
                name="hand_reduction_is_a_share_or_an_amount",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reason}, off line {self.line_id}"
