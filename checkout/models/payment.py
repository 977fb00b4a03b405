"""Attempts to be paid, and money that went back."""

from typing import ClassVar, Final

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from checkout.models.order import Order, OrderLine


class PaymentStatus(models.TextChoices):
    OPENING = "OPENING", "Being opened"
    OPEN = "OPEN", "Open"
    CLOSING = "CLOSING", "Being closed"
    PROCESSING = "PROCESSING", "Bank is confirming"
    SUCCEEDED = "SUCCEEDED", "Succeeded"
    FAILED = "FAILED", "Failed"
    CLOSED = "CLOSED", "Closed"
    MISMATCHED = "MISMATCHED", "Does not match the order"


class PaymentWay(models.TextChoices):
    """How money comes in; cash and cards at the terminal are taken and paid back by staff.

    A gift brings what was paid for its sessions, a gift card what was paid in before: no new money
    moves.
    """

    STRIPE = "STRIPE", "Stripe"
    CASH = "CASH", "Cash"
    TERMINAL = "TERMINAL", "Card terminal"
    GIFT = "GIFT", "Gift"
    GIFT_CARD = "GIFT_CARD", "Gift card"


# What staff take and hand back themselves.
BY_HAND: Final = (PaymentWay.CASH, PaymentWay.TERMINAL)


class Payment(models.Model):
    """One attempt to pay an order: through a Checkout Session, into the hands of staff, or a gift.

    A gift's payment is one whole refund of another order, which says that it went into this one.
    """

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
    way = models.CharField(
        max_length=10,
        choices=PaymentWay,
        default=PaymentWay.STRIPE,
        db_default=PaymentWay.STRIPE,
    )
    # The slip or the receipt, as the paper says it; and who took the money.
    reference = models.CharField(max_length=60, blank=True, default="", db_default="")
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering: ClassVar = ["order", "attempt"]
        indexes: ClassVar = [
            models.Index(
                fields=["paid_at"], condition=~Q(way="STRIPE"), name="payment_taken_by_hand"
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(way="STRIPE")
                | Q(session_id=None, payment_intent=None)
                & (Q(way__in=["GIFT", "GIFT_CARD"]) | Q(taken_by__isnull=False)),
                name="payment_by_hand_is_not_at_stripe",
            ),
            models.UniqueConstraint(fields=["order", "attempt"], name="payment_attempt_once"),
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(status__in=["OPENING", "OPEN", "CLOSING", "PROCESSING"]),
                name="one_payable_session_per_order",
            ),
        ]

    def __str__(self) -> str:
        return self.idempotency_key

    @property
    def bearer(self) -> "Payment":
        """The payment that brought the money: of one by a gift, that of the order it came from."""
        return self.moved_from.payment if self.way == PaymentWay.GIFT else self


class RefundStatus(models.TextChoices):
    PENDING = "PENDING", "Pending"
    SUCCEEDED = "SUCCEEDED", "Succeeded"
    FAILED = "FAILED", "Failed"


# Through which hands a refund goes: those of the payment that brought the money.
_AT_STRIPE = Q(payment__way="STRIPE") | Q(payment__moved_from__payment__way="STRIPE")

_ON_CARD = Q(payment__way="GIFT_CARD") | Q(payment__moved_from__payment__way="GIFT_CARD")


class RefundQuerySet(models.QuerySet["Refund"]):
    def by_itself(self) -> "RefundQuerySet":
        """Those that go back without anybody's hands: at Stripe, or onto a gift card."""
        return self.filter(_AT_STRIPE | _ON_CARD, moved_to=None)

    def by_hand(self) -> "RefundQuerySet":
        """Those that staff hand back."""
        return self.filter(~(_AT_STRIPE | _ON_CARD), moved_to=None)


class Refund(models.Model):
    """Money on its way back to the buyer; written here before Stripe is asked.

    One that went into another order moves no money: that order's payment is its other side.
    """

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="refunds")
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    status = models.CharField(max_length=10, choices=RefundStatus, default=RefundStatus.PENDING)
    idempotency_key = models.CharField(max_length=80, unique=True)
    stripe_refund_id = models.CharField(max_length=255, unique=True, null=True)  # noqa: DJ001
    moved_to = models.OneToOneField(
        Payment,
        null=True,
        on_delete=models.PROTECT,
        related_name="moved_from",
        help_text="The payment of another order that it became.",
    )
    reason = models.CharField(max_length=200)
    failure = models.CharField(max_length=400, blank=True)
    # Of money that staff handed back: the slip or the receipt, and who did it.
    reference = models.CharField(max_length=60, blank=True, default="", db_default="")
    handed_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    objects: ClassVar = RefundQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["created_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="refund_is_positive"),
            models.CheckConstraint(
                condition=Q(moved_to=None) | Q(stripe_refund_id=None),
                name="refund_into_an_order_is_not_at_stripe",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["finished_at"], condition=Q(status="SUCCEEDED"), name="refund_gone"
            ),
        ]

    def __str__(self) -> str:
        return self.idempotency_key


class RefundLine(models.Model):
    """What of a refund falls on one line of the order, or on delivery; `refund_lines` writes it.

    What a refund holds beyond its lines was paid too much: nothing was sold for it.
    """

    refund = models.ForeignKey(Refund, on_delete=models.PROTECT, related_name="lines")
    line = models.ForeignKey(
        OrderLine,
        null=True,
        on_delete=models.PROTECT,
        related_name="refund_lines",
        help_text="None for delivery.",
    )
    quantity = models.PositiveIntegerField(help_text="Pieces that are paid back with it.")
    called_off = models.PositiveIntegerField(help_text="Of them, those that were never sent.")
    restocked = models.PositiveIntegerField(help_text="Of them, those back on the shelf.")
    gross_minor = models.BigIntegerField()
    vat_minor = models.BigIntegerField()

    class Meta:
        ordering: ClassVar = ["refund", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["refund", "line"], name="refund_line_once"),
            models.UniqueConstraint(
                fields=["refund"], condition=Q(line=None), name="refund_of_delivery_once"
            ),
            models.CheckConstraint(
                condition=Q(vat_minor__gte=0, gross_minor__gte=F("vat_minor")),
                name="refund_line_holds_its_vat",
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=F("called_off") + F("restocked")),
                name="refund_line_within_its_pieces",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.line_id or 'delivery'} of refund {self.refund_id}"


class RefundRate(models.Model):
    """The part of a refund's line that follows one VAT rate; the parts sum to the line."""

    refund_line = models.ForeignKey(RefundLine, on_delete=models.PROTECT, related_name="rates")
    vat_rate_bp = models.PositiveIntegerField()
    gross_minor = models.BigIntegerField()
    vat_minor = models.BigIntegerField()

    class Meta:
        ordering: ClassVar = ["refund_line", "vat_rate_bp"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["refund_line", "vat_rate_bp"], name="refund_rate_once"),
            models.CheckConstraint(
                condition=Q(vat_minor__gte=0, gross_minor__gte=F("vat_minor")),
                name="refund_rate_holds_its_vat",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gross_minor} at {self.vat_rate_bp} bp"


class DisputeQuerySet(models.QuerySet["Dispute"]):
    def open(self) -> "DisputeQuerySet":
        """Disputes that are not decided, nor withdrawn before they were."""
        return self.exclude(status__in=DISPUTE_ENDS)

    def holding_money(self) -> "DisputeQuerySet":
        """Open ones in which the bank holds the payment; while it only inquires, we have it.

        An inquiry ends when the payment is paid back: https://docs.stripe.com/disputes/inquiries
        """
        return self.open().exclude(status__startswith=INQUIRY)


# https://docs.stripe.com/api/disputes/object#dispute_object-status
INQUIRY = "warning_"
DISPUTE_ENDS = ("won", "lost", "warning_closed", "prevented")


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
    due_at = models.DateTimeField(null=True, help_text="Until when evidence is taken.")
    booked_as = models.OneToOneField(
        Refund,
        null=True,
        on_delete=models.PROTECT,
        related_name="lost_dispute",
        help_text="What was lost, as the books have it; Stripe knows no such refund.",
    )

    objects: ClassVar = DisputeQuerySet.as_manager()

    def __str__(self) -> str:
        return self.stripe_dispute_id

    @property
    def is_open(self) -> bool:
        """Tell whether it is not decided."""
        return self.status not in DISPUTE_ENDS

    @property
    def holds_money(self) -> bool:
        """Tell what `holding_money` does, of one."""
        return self.is_open and not self.status.startswith(INQUIRY)

    @property
    def said_status(self) -> str:
        """Stripe's word for how it stands, as people write it."""
        return self.status.replace("_", " ")

    @property
    def said_reason(self) -> str:
        """Stripe's word for why, as people write it."""
        return self.reason.replace("_", " ")
