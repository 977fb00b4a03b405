"""Who an account is at Stripe, where its saved cards are; we keep none of them."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q


class StripeCustomer(models.Model):
    """One customer at Stripe for one account; `checkout.stripe_customers` writes it."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="stripe_customers"
    )
    is_live = models.BooleanField(help_text="Test keys and live keys know different customers.")
    # Committed before Stripe is asked, so that a lost answer makes no second customer.
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    customer_id = models.CharField(max_length=255, blank=True)
    made_at = models.DateTimeField()
    delete_from = models.DateTimeField(
        null=True, blank=True, help_text="When Stripe is to be asked to delete it, or asked again."
    )

    class Meta:
        verbose_name = "customer at Stripe"
        verbose_name_plural = "customers at Stripe"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "is_live"], name="stripe_customer_once_per_account"
            ),
            models.UniqueConstraint(
                fields=["customer_id"],
                condition=~Q(customer_id=""),
                name="stripe_customer_belongs_to_one",
            ),
        ]

    def __str__(self) -> str:
        return f"Customer at Stripe {self.pk}"
