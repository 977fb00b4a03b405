"""Attempts to be paid, and money that went back."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from checkout.models.order import Order


class PaymentStatus(models.TextChoices):
    OPENING = "OPENING", "Being opened"
    OPEN = "OPEN", "Open"
    CLOSING = "CLOSING", "Being closed"
    PROCESSING = "PROCESSING", "Bank is confirming"
    SUCCEEDED = "SUCCEEDED", "Succeeded"
    FAILED = "FAILED", "Failed"
    CLOSED = "CLOSED", "Closed"
    MISMATCHED = "MISMATCHED", "Does not match the order"


class Payment(models.Model):
    """One attempt to pay an order through one Checkout Session."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="payments")
    attempt = models.PositiveSmallIntegerField()
    status = models.CharField(
        max_length=12, choices=PaymentStatus, default=PaymentStatus.OPENING, db_index=True
    )
    idempotency_key = models.CharField(max_length=80, unique=True)
    # Exactly what is sent under the key: a repetition must send the same again.
    params = models.JSONField()
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    # Absent until Stripe answers; empty strings would collide.
    session_id = models.CharField(max_length=255, unique=True, null=True)  # noqa: DJ001
    payment_intent = models.CharField(max_length=255, unique=True, null=True)  # noqa: DJ001
    url = models.TextField(blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["order", "attempt"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["order", "attempt"], name="payment_attempt_once"),
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(status__in=["OPENING", "OPEN", "CLOSING", "PROCESSING"]),
                name="one_payable_session_per_order",
            ),
        ]

    def __str__(self) -> str:
        return self.idempotency_key


class RefundStatus(models.TextChoices):
    PENDING = "PENDING", "Pending"
    SUCCEEDED = "SUCCEEDED", "Succeeded"
    FAILED = "FAILED", "Failed"


class Refund(models.Model):
    """Money on its way back to the buyer; written here before Stripe is asked."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="refunds")
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    status = models.CharField(max_length=10, choices=RefundStatus, default=RefundStatus.PENDING)
    idempotency_key = models.CharField(max_length=80, unique=True)
    stripe_refund_id = models.CharField(max_length=255, unique=True, null=True)  # noqa: DJ001
    reason = models.CharField(max_length=200)
    failure = models.CharField(max_length=400, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["created_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="refund_is_positive"),
        ]

    def __str__(self) -> str:
        return self.idempotency_key


class Dispute(models.Model):
    """A buyer's bank took money back; a mirror of Stripe's record."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="disputes")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="disputes")
    stripe_dispute_id = models.CharField(max_length=255, unique=True)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    status = models.CharField(max_length=40)
    reason = models.CharField(max_length=80)
    opened_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.stripe_dispute_id
