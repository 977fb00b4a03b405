"""How many there are, who holds some, and how that number came about."""

import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from catalog.models.offers import Offer


class Stock(models.Model):
    """How many of a product offer the shop has; `catalog.stock` and `stock_leaving` write it.

    `reserved` are kept for buyers or sold, and still here. `back_ordered` are promised without
    being here; they stay counted, and have the first claim on what arrives, until goods arrive
    for them.
    Packages have no stock: they are never sold out.

    Of an article that is kept in batches, `in_batches` is what they have together. `withheld` are
    here and may not be sold: stopped, or good for less than a whole use. Until the end of
    `right_until_on` that is right; then time withholds more (`catalog.batches.turning`).
    """

    offer = models.OneToOneField(Offer, on_delete=models.PROTECT, related_name="stock")
    on_hand = models.PositiveIntegerField(default=0)
    reserved = models.PositiveIntegerField(default=0)
    back_order_limit = models.PositiveIntegerField(
        default=0, help_text="How many may be sold before they have arrived."
    )
    back_ordered = models.PositiveIntegerField(default=0)
    back_order_days = models.PositiveSmallIntegerField(
        "days until they arrive", default=14, help_text="What a buyer on back-order is told."
    )
    low_from = models.PositiveIntegerField(
        "low from", default=5, help_text="From how few on the page says “3 left”."
    )

    in_batches = models.PositiveIntegerField(null=True, blank=True, editable=False)
    withheld = models.PositiveIntegerField(
        default=0, db_default=0, editable=False, help_text="Stopped, or expiring too soon."
    )
    right_until_on = models.DateField(null=True, blank=True, editable=False)
    cost_minor = models.PositiveBigIntegerField(
        null=True, blank=True, editable=False, help_text="What the newest piece cost, without VAT."
    )

    class Meta:
        verbose_name_plural = "stock"
        permissions: ClassVar = [("value_stock", "Can read what the stock is worth")]
        ordering: ClassVar = ["offer__sku"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(reserved__gte=0, reserved__lte=F("on_hand")),
                name="stock_reserves_no_more_than_it_has",
            ),
            models.CheckConstraint(
                condition=Q(back_ordered__gte=0, back_ordered__lte=F("back_order_limit")),
                name="stock_back_orders_stay_within_their_limit",
            ),
            models.CheckConstraint(
                condition=Q(in_batches=None) | Q(in_batches=F("on_hand")),
                name="stock_is_what_its_batches_have",
            ),
            models.CheckConstraint(
                condition=Q(withheld=0) | Q(withheld__lte=F("on_hand"), in_batches__isnull=False),
                name="stock_withholds_no_more_than_it_has",
            ),
        ]

    def __str__(self) -> str:
        return f"Stock of {self.offer}"

    @property
    def page_title(self) -> str:
        """The page that sells it, for staff."""
        return str(self.offer.page.title) if self.offer.page else "on no page"

    @property
    def available(self) -> int:
        """How many can be sold now."""
        return max(0, self.on_hand - self.withheld - self.reserved - self.back_ordered)

    @property
    def back_orders_left(self) -> int:
        """How many more can be sold before they have arrived."""
        return self.back_order_limit - self.back_ordered


class MovementKind(models.TextChoices):
    RECEIVED = "RECEIVED", "received"
    SOLD = "SOLD", "sold"
    COUNTED = "COUNTED", "counted"
    DAMAGED = "DAMAGED", "damaged"
    RETURNED = "RETURNED", "returned"


class StockMovement(models.Model):
    """One change of what is on hand; never updated, never deleted. They add up to `on_hand`."""

    stock = models.ForeignKey(Stock, on_delete=models.PROTECT, related_name="movements")
    kind = models.CharField(max_length=10, choices=MovementKind)
    quantity = models.IntegerField(help_text="Added, or taken when negative.")
    reason = models.CharField(max_length=200)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Who did it; nobody when the shop itself did.",
    )
    reference = models.CharField(max_length=120, unique=True, null=True, blank=True)
    happened_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-happened_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=["RECEIVED", "RETURNED"], quantity__gt=0)
                | Q(kind__in=["SOLD", "DAMAGED"], quantity__lt=0)
                | (Q(kind="COUNTED") & ~Q(quantity=0)),
                name="stock_movement_goes_the_way_of_its_kind",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="stock_movement_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.quantity:+d}"


class ReservationStatus(models.TextChoices):
    HELD = "HELD", "held"
    SOLD = "SOLD", "sold"
    CONSUMED = "CONSUMED", "handed over"
    RELEASED = "RELEASED", "released"


class ReservationQuerySet(models.QuerySet["Reservation"]):
    def held(self) -> "ReservationQuerySet":
        return self.filter(status=ReservationStatus.HELD)

    def promised(self) -> "ReservationQuerySet":
        """Those whose goods are somebody's and have not left, or not all of them."""
        return self.filter(status__in=[ReservationStatus.HELD, ReservationStatus.SOLD])

    def overdue(self, at: dt.datetime) -> "ReservationQuerySet":
        """Held beyond their time; whoever holds them must still be asked before they go."""
        return self.held().filter(expires_at__lte=at)


class Reservation(models.Model):
    """So many of one offer kept for one buyer until a moment, then sold or let go.

    What is sold leaves in one piece or several: `handed_over` counts it, and the last of it makes
    the reservation consumed. A back-order that was sold is paid and still owed; `is_back_order`
    falls once goods have arrived for it.
    """

    reference = models.CharField(max_length=120)
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="reservations")
    quantity = models.PositiveIntegerField()
    handed_over = models.PositiveIntegerField(default=0, db_default=0)
    is_back_order = models.BooleanField(default=False)
    status = models.CharField(
        max_length=10, choices=ReservationStatus, default=ReservationStatus.HELD
    )
    expires_at = models.DateTimeField()
    created_at = models.DateTimeField()

    objects = ReservationQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["offer", "pk"]
        indexes: ClassVar = [
            models.Index(fields=["status", "expires_at"], name="reservation_by_expiry"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["reference", "offer"], name="reservation_once_per_reference_and_offer"
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=1), name="reservation_of_at_least_one"
            ),
            models.CheckConstraint(
                condition=Q(handed_over__gte=0, handed_over__lte=F("quantity")),
                name="reservation_hands_over_what_it_holds",
            ),
            models.CheckConstraint(
                condition=Q(status__in=ReservationStatus.values),
                name="reservation_status_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of offer {self.offer_id} for {self.reference}"
