"""Goods that a buyer wants to send back, and what becomes of them."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from checkout.models.order import Order, OrderLine
from checkout.models.payment import Refund
from checkout.models.withdrawal import Withdrawal

LONGEST_WORDS = 1000
LONGEST_ANSWER = 500


class ReturnStatus(models.TextChoices):
    ASKED = "ASKED", "To decide"
    APPROVED = "APPROVED", "Awaiting the goods"
    REJECTED = "REJECTED", "Rejected"
    CALLED_OFF = "CALLED_OFF", "Called off"
    RECEIVED = "RECEIVED", "To inspect"
    INSPECTED = "INSPECTED", "To settle"
    REFUNDED = "REFUNDED", "Paid back"
    EXCHANGED = "EXCHANGED", "Exchanged"
    CLOSED = "CLOSED", "Closed without money"


# What staff have to do something about.
RETURNS_WAITING = (ReturnStatus.ASKED, ReturnStatus.RECEIVED, ReturnStatus.INSPECTED)


# Whose pieces may still come, or wait for money or other goods.
RETURNS_NOT_SETTLED = (ReturnStatus.APPROVED, *RETURNS_WAITING)


# The same, in the words of a buyer's page.
SAID_TO_BUYER = {
    ReturnStatus.ASKED: "We look at it",
    ReturnStatus.APPROVED: "Waiting for your parcel",
    ReturnStatus.REJECTED: "Not taken back",
    ReturnStatus.CALLED_OFF: "You keep it",
    ReturnStatus.RECEIVED: "Your parcel has come",
    ReturnStatus.INSPECTED: "Your parcel has come",
    ReturnStatus.REFUNDED: "Paid back",
    ReturnStatus.EXCHANGED: "Exchanged",
    ReturnStatus.CLOSED: "Closed",
}


class ReturnReason(models.TextChoices):
    DAMAGED = "DAMAGED", "It arrived damaged"
    WRONG = "WRONG", "It is not what I ordered"
    NOT_AS_EXPECTED = "NOT_AS_EXPECTED", "It is not as I expected"
    TOO_LATE = "TOO_LATE", "It came too late"
    CHANGED_MIND = "CHANGED_MIND", "I have changed my mind"
    OTHER = "OTHER", "Something else"
    WITHDRAWN = "WITHDRAWN", "Withdrawal from the contract"


class ReturnWish(models.TextChoices):
    REFUND = "REFUND", "My money back"
    EXCHANGE = "EXCHANGE", "Another one for it"


class ReturnQuerySet(models.QuerySet["Return"]):
    def waiting(self) -> "ReturnQuerySet":
        """Those that staff have to decide, inspect or settle."""
        return self.filter(status__in=RETURNS_WAITING)


class Return(models.Model):
    """What a buyer sends back of one order; `checkout.returns` alone writes it.

    Whose it is, the order says. What buyers wrote and photographed goes with their account, or
    half a year after the return has ended.
    """

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="returns")
    reference = models.CharField(max_length=64, unique=True, help_text="The form it came with.")
    status = models.CharField(max_length=10, choices=ReturnStatus, default=ReturnStatus.ASKED)
    reason = models.CharField(max_length=16, choices=ReturnReason)
    words = models.TextField(max_length=LONGEST_WORDS, blank=True)
    wish = models.CharField(max_length=8, choices=ReturnWish)
    withdrawal = models.OneToOneField(
        Withdrawal, null=True, on_delete=models.PROTECT, related_name="opened_return"
    )
    asked_at = models.DateTimeField()
    answer = models.CharField(
        max_length=LONGEST_ANSWER, blank=True, help_text="What staff wrote to the buyer."
    )
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    # A file of the carrier's: PDF, kept here so that nothing but our own views can hand it out.
    label = models.BinaryField(null=True)
    received_at = models.DateTimeField(null=True)
    inspected_at = models.DateTimeField(null=True)
    inspected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)
    refund = models.OneToOneField(
        Refund, null=True, on_delete=models.PROTECT, related_name="of_return"
    )
    replacement = models.OneToOneField(
        Order, null=True, on_delete=models.PROTECT, related_name="replaces"
    )

    objects: ClassVar = ReturnQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-asked_at", "-pk"]
        permissions: ClassVar = [
            ("handle_return", "Can decide on returns, take them in and inspect them"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status__in=ReturnStatus.values), name="return_status_is_known"
            ),
            models.CheckConstraint(
                condition=Q(status="REFUNDED", refund__isnull=False)
                | (~Q(status="REFUNDED") & Q(refund__isnull=True)),
                name="return_paid_back_by_a_refund",
            ),
            models.CheckConstraint(
                condition=Q(status="EXCHANGED", replacement__isnull=False)
                | (~Q(status="EXCHANGED") & Q(replacement__isnull=True)),
                name="return_exchanged_for_an_order",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["status", "-asked_at", "-id"], name="return_status_newest"),
        ]

    def __str__(self) -> str:
        return f"Return of {self.order.number}"

    @property
    def said_to_buyer(self) -> str:
        """How it stands, in a buyer's words."""
        return SAID_TO_BUYER[ReturnStatus(self.status)]

    @property
    def waits(self) -> bool:
        """Whether staff have to do something about it."""
        return self.status in RETURNS_WAITING

    @property
    def has_ended(self) -> bool:
        return self.ended_at is not None

    @property
    def has_label(self) -> bool:
        return self.label is not None


class ReturnLine(models.Model):
    """So many pieces of one line that come back, and what was found of them."""

    return_of = models.ForeignKey(Return, on_delete=models.PROTECT, related_name="lines")
    line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="return_lines")
    quantity = models.PositiveIntegerField()
    wanted = models.ForeignKey(
        "catalog.Offer",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="What the buyer would like for it.",
    )
    sellable = models.PositiveIntegerField(
        default=0, db_default=0, help_text="Of the pieces, those that are back on the shelf."
    )

    class Meta:
        ordering: ClassVar = ["return_of", "line__position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["return_of", "line"], name="return_line_once"),
            models.CheckConstraint(
                condition=Q(quantity__gte=1) & Q(quantity__gte=F("sellable")),
                name="return_line_within_its_pieces",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of line {self.line_id}"

    @property
    def name(self) -> str:
        """Name and label together, as in "Barrier Balm, 75 ml"."""
        return ", ".join(filter(None, [self.line.name, self.line.label]))


class ReturnPhoto(models.Model):
    """A picture that a buyer sent with a return, written anew by us; staff alone see it."""

    return_of = models.ForeignKey(Return, on_delete=models.CASCADE, related_name="photos")
    position = models.PositiveSmallIntegerField()
    data = models.BinaryField(help_text="A JPEG.")

    class Meta:
        ordering: ClassVar = ["return_of", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["return_of", "position"], name="return_photo_position_once"
            ),
        ]

    def __str__(self) -> str:
        return f"Photo {self.position} of return {self.return_of_id}"
