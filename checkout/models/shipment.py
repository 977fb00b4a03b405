"""What of an order leaves in which parcel, and what has still to be sent."""

import secrets
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from checkout.models.order import Order, OrderLine, OrderLinePart

CODE_DIGITS = 6


def new_code() -> str:
    """Return six digits by which somebody who collects is known."""
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"


class ItemToSend(models.Model):
    """One article of a paid order, and how far its pieces are; `checkout.to_send` writes it.

    There is one for each line of goods, and for a kit one for each of its parts.
    """

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="items_to_send")
    line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="items_to_send")
    part = models.ForeignKey(
        OrderLinePart, null=True, on_delete=models.PROTECT, related_name="items_to_send"
    )
    offer = models.ForeignKey("catalog.Offer", on_delete=models.PROTECT, related_name="+")
    ordered = models.PositiveIntegerField()
    called_off = models.PositiveIntegerField(default=0, help_text="Paid back instead of sent.")
    packed = models.PositiveIntegerField(default=0, help_text="In parcels, sent ones included.")
    handed_over = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "item to send"
        verbose_name_plural = "items to send"
        ordering: ClassVar = ["order", "line__position", "part__position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["line", "part"], name="item_once_for_a_part"),
            models.UniqueConstraint(
                fields=["line"], condition=Q(part=None), name="item_once_for_a_line"
            ),
            models.CheckConstraint(
                condition=Q(ordered__gte=F("packed") + F("called_off")),
                name="item_packed_within_what_was_paid",
            ),
            models.CheckConstraint(
                condition=Q(packed__gte=F("handed_over")), name="item_leaves_in_a_parcel"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ordered} x {self.name}"

    @property
    def frozen(self) -> OrderLine | OrderLinePart:
        """The line, or the part of a kit, as promised."""
        return self.part or self.line

    @property
    def sku(self) -> str:
        return self.frozen.sku

    @property
    def name(self) -> str:
        """Name and label together, as in "Barrier Balm, 75 ml"."""
        return ", ".join(filter(None, [self.frozen.name, self.frozen.label]))

    @property
    def to_pack(self) -> int:
        """How many lie in no parcel yet and are to."""
        return self.ordered - self.called_off - self.packed


class ShipmentStatus(models.TextChoices):
    PACKED = "PACKED", "Packed"
    HANDED_OVER = "HANDED_OVER", "Handed over"
    CANCELLED = "CANCELLED", "Unpacked"


class ShipmentQuerySet(models.QuerySet["Shipment"]):
    def with_contents(self) -> "ShipmentQuerySet":
        """Load what lies in each parcel along."""
        return self.prefetch_related("lines__item__line", "lines__item__part")

    def kept(self) -> "ShipmentQuerySet":
        """Those that were not unpacked."""
        return self.exclude(status=ShipmentStatus.CANCELLED)


class Shipment(models.Model):
    """One parcel of an order, or what is put aside for one who collects it.

    `checkout.shipments` alone writes it. What it says of carrier and tracking is a fact of the
    parcel, not of the order's delivery method.
    """

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="shipments")
    position = models.PositiveSmallIntegerField(help_text="The first parcel of an order is 1.")
    reference = models.CharField(max_length=60, unique=True, help_text="What it was packed for.")
    status = models.CharField(max_length=12, choices=ShipmentStatus, default=ShipmentStatus.PACKED)
    is_pickup = models.BooleanField()
    pickup_code = models.CharField(max_length=CODE_DIGITS, blank=True)
    carrier = models.CharField(max_length=80, blank=True)
    tracking_number = models.CharField(max_length=60, blank=True, db_index=True)
    tracking_url = models.URLField(max_length=300, blank=True)
    weight_grams = models.PositiveIntegerField(null=True, blank=True)
    packed_at = models.DateTimeField()
    packed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    handed_over_at = models.DateTimeField(null=True)
    handed_over_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    cancelled_at = models.DateTimeField(null=True)
    # Once somebody knows: of what is collected, it is when it was handed over.
    arrived_at = models.DateTimeField(null=True)

    objects: ClassVar = ShipmentQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["order", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["order", "position"], name="shipment_position_once"),
            models.UniqueConstraint(
                fields=["pickup_code"],
                condition=Q(status="PACKED") & ~Q(pickup_code=""),
                name="shipment_code_names_one_waiting",
            ),
            models.CheckConstraint(
                condition=Q(status__in=ShipmentStatus.values), name="shipment_status_is_known"
            ),
            models.CheckConstraint(
                condition=Q(status="HANDED_OVER", handed_over_at__isnull=False)
                | (~Q(status="HANDED_OVER") & Q(handed_over_at__isnull=True)),
                name="shipment_handed_over_knows_when",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["packed_at"], condition=Q(status="PACKED"), name="shipment_waiting"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order.number}/{self.position}"


class ShipmentLine(models.Model):
    """So many pieces of one item in a parcel."""

    shipment = models.ForeignKey(Shipment, on_delete=models.PROTECT, related_name="lines")
    item = models.ForeignKey(ItemToSend, on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField()

    class Meta:
        ordering: ClassVar = ["item"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shipment", "item"], name="shipment_line_once"),
            models.CheckConstraint(
                condition=Q(quantity__gte=1), name="shipment_line_of_at_least_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of item {self.item_id}"
