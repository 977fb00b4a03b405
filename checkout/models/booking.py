"""Stripe's own books, as they were read."""

from typing import ClassVar

from django.db import models


class StripeBooking(models.Model):
    """One movement on the shop's balance at Stripe; Stripe never changes its amounts.

    https://docs.stripe.com/api/balance_transactions
    """

    stripe_id = models.CharField(max_length=255, unique=True)
    # Stripe's word, such as `charge` or `payout`.
    kind = models.CharField(max_length=48)
    # What came (or went, below zero) before the fee.
    amount_minor = models.BigIntegerField()
    fee_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    booked_at = models.DateTimeField(db_index=True)
    # The charge, refund, dispute or payout that it is about.
    source = models.CharField(max_length=255, blank=True, db_index=True)
    payment_intent = models.CharField(max_length=255, blank=True, db_index=True)
    # The shop's own key of the payment, which it gives Stripe along.
    payment_key = models.CharField(max_length=80, blank=True, db_index=True)

    class Meta:
        ordering: ClassVar = ["-booked_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.stripe_id}"
