"""What somebody means to buy, before payment."""

import secrets
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q


def new_key() -> str:
    """Return an unguessable key of 192 random bits."""
    return secrets.token_urlsafe(24)


class Basket(models.Model):
    """One visitor's basket; a signed cookie or an account leads to it."""

    MAX_LINES: ClassVar[int] = 50
    MAX_QUANTITY: ClassVar[int] = 99
    MAX_CODES: ClassVar[int] = 5

    key = models.CharField(max_length=43, unique=True, default=new_key, editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="basket",
    )
    country = models.CharField(max_length=2, blank=True)
    delivery_method = models.ForeignKey(
        "checkout.DeliveryMethod", null=True, blank=True, on_delete=models.SET_NULL
    )
    # What part of the order is to be paid with; one card for one order.
    gift_card = models.ForeignKey(
        "checkout.GiftCard",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    # Names this very content: an order placed twice from it is one order. Every change of the
    # basket brings a new one.
    checkout_token = models.CharField(max_length=43, unique=True, default=new_key)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Basket {self.pk}"


class BasketLine(models.Model):
    """So many of one offer, and the price its buyer last saw."""

    basket = models.ForeignKey(Basket, on_delete=models.CASCADE, related_name="lines")
    offer = models.ForeignKey("catalog.Offer", on_delete=models.CASCADE, related_name="+")
    quantity = models.PositiveSmallIntegerField()
    price_seen_minor = models.BigIntegerField()
    added_at = models.DateTimeField()
    added_from = models.ForeignKey(
        "wagtailcore.Page", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering: ClassVar = ["added_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["basket", "offer"], name="basket_line_once_per_offer"),
            models.CheckConstraint(
                condition=Q(quantity__gte=1, quantity__lte=Basket.MAX_QUANTITY),
                name="basket_line_quantity_from_1_to_99",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of offer {self.offer_id} in basket {self.basket_id}"


class AdditionCount(models.Model):
    """How often, on one day, something was put into a basket from a page that only told of it."""

    page = models.ForeignKey("wagtailcore.Page", on_delete=models.CASCADE, related_name="+")
    on = models.DateField("day")
    times = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["page", "on"], name="addition_count_once_a_day"),
        ]
        indexes: ClassVar = [models.Index(fields=["on"], name="addition_count_day")]

    def __str__(self) -> str:
        return f"{self.times} from page {self.page_id} on {self.on}"
