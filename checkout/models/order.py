"""An order: what was promised to whom, frozen at the moment of placing."""

import secrets
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import User
from checkout.models.basket import new_key
from money.money import allocate

# Crockford's alphabet: no letter that is taken for a digit when read out on the telephone.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LONGEST_GIFT_NOTE = 300


def new_number() -> str:
    """Return an order number such as G-7K3M-9QXT; a name, not a secret."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(8))
    return f"G-{letters[:4]}-{letters[4:]}"


class OrderStatus(models.TextChoices):
    AWAITING_PAYMENT = "AWAITING_PAYMENT", "Awaiting payment"
    PAYMENT_PROCESSING = "PAYMENT_PROCESSING", "Bank is confirming"
    PAID = "PAID", "Paid"
    SHIPPED = "SHIPPED", "Shipped"
    COMPLETED = "COMPLETED", "Completed"
    CANCELLED = "CANCELLED", "Cancelled"
    EXPIRED = "EXPIRED", "Expired"
    REFUNDING = "REFUNDING", "Being refunded"
    REFUNDED = "REFUNDED", "Refunded"
    NEEDS_REVIEW = "NEEDS_REVIEW", "Needs review"


class Fulfilment(models.TextChoices):
    """How much of an order's goods has left; `checkout.to_send` alone says it."""

    NOTHING_TO_SEND = "NOTHING_TO_SEND", "Nothing to send"
    UNFULFILLED = "UNFULFILLED", "Not sent"
    PARTLY = "PARTLY", "Partly sent"
    FULFILLED = "FULFILLED", "Sent"


class OrderQuerySet(models.QuerySet["Order"]):
    def visible_to(self, user: User) -> "OrderQuerySet":
        """Orders that a signed-in customer may see: their own, nobody else's."""
        return self.filter(user=user)

    def to_pack(self) -> "OrderQuerySet":
        """Paid orders of which something lies in no parcel yet."""
        return self.filter(status=OrderStatus.PAID, pieces_to_pack__gt=0)

    def to_hand_over(self) -> "OrderQuerySet":
        """Paid orders of which a parcel is packed and has not left."""
        return self.filter(status=OrderStatus.PAID, parcels_waiting__gt=0)

    def needing_review(self) -> "OrderQuerySet":
        """Orders that were set aside for a person to look at."""
        return self.filter(status=OrderStatus.NEEDS_REVIEW)


class Order(models.Model):
    """A placed order. Its status moves only through `checkout.order_status`."""

    number = models.CharField(max_length=11, unique=True, default=new_number, editable=False)
    access_token = models.CharField(max_length=43, unique=True, default=new_key, editable=False)
    checkout_token = models.CharField(max_length=43, unique=True)
    basket = models.ForeignKey(
        "checkout.Basket", null=True, on_delete=models.SET_NULL, related_name="orders"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="orders"
    )
    email = models.EmailField(max_length=254, db_index=True)
    name = models.CharField(max_length=150)
    phone = models.CharField(max_length=40, blank=True)

    status = models.CharField(
        max_length=20, choices=OrderStatus, default=OrderStatus.AWAITING_PAYMENT, db_index=True
    )
    review_reason = models.CharField(max_length=400, blank=True)

    currency = models.CharField(max_length=3)
    goods_minor = models.BigIntegerField()
    packages_minor = models.BigIntegerField()
    delivery_minor = models.BigIntegerField()
    vat_minor = models.BigIntegerField()
    total_minor = models.BigIntegerField()
    paid_minor = models.BigIntegerField(default=0)
    refunded_minor = models.BigIntegerField(default=0)
    refund_reserved_minor = models.BigIntegerField(default=0)
    # What discounts took off the charge for delivery, which is lessened by it already.
    delivery_discount_minor = models.BigIntegerField(default=0, db_default=0)
    # How much of the total a gift card pays; the rest is due by another way.
    gift_card_minor = models.BigIntegerField(default=0, db_default=0)
    # The names of its discounts, for lists and reports.
    discount_names = models.CharField(max_length=200, blank=True, default="", db_default="")

    needs_delivery = models.BooleanField()
    gift_note = models.CharField(
        max_length=LONGEST_GIFT_NOTE,
        blank=True,
        default="",
        db_default="",
        help_text="Words that are printed on a card and lie in the parcel.",
    )
    delivery_name = models.CharField(max_length=150, blank=True)
    delivery_line1 = models.CharField(max_length=150, blank=True)
    delivery_line2 = models.CharField(max_length=150, blank=True)
    delivery_postcode = models.CharField(max_length=20, blank=True)
    delivery_city = models.CharField(max_length=100, blank=True)
    delivery_country = models.CharField(max_length=2, blank=True)
    delivery_method_code = models.CharField(max_length=40, blank=True)
    delivery_method_name = models.CharField(max_length=80, blank=True)
    delivery_method_kind = models.CharField(max_length=10, blank=True)
    delivery_estimate = models.CharField(max_length=80, blank=True)
    # The other state of the Union that taxes its goods; empty if the seller's own does.
    vat_country = models.CharField(max_length=2, blank=True, default="", db_default="")
    # The days that the estimate names; none for what is collected or was never promised.
    arrives_from_on = models.DateField(null=True, blank=True)
    arrives_until_on = models.DateField(null=True, blank=True)

    fulfilment = models.CharField(
        max_length=15,
        choices=Fulfilment,
        default=Fulfilment.NOTHING_TO_SEND,
        db_default=Fulfilment.NOTHING_TO_SEND,
    )
    # Counted along by `checkout.to_send`, so that lists of a million orders need not add up.
    pieces_to_pack = models.PositiveIntegerField(default=0, db_default=0)
    parcels_waiting = models.PositiveIntegerField(default=0, db_default=0)

    terms_version = models.CharField(max_length=40)
    placed_at = models.DateTimeField(db_index=True)
    expires_at = models.DateTimeField(null=True)
    # Of an order that staff made: it is kept and can be paid until then, however many payment
    # pages run out before.
    held_until = models.DateTimeField(null=True)
    paid_at = models.DateTimeField(null=True)
    # The paid order that this one adds to: both are packed together.
    amends = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="amendments"
    )

    objects: ClassVar = OrderQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-placed_at", "-pk"]
        permissions: ClassVar = [
            ("cancel_order", "Can cancel an unpaid order"),
            ("refund_order", "Can pay back goods, delivery and unused sessions"),
            ("refund_large", "Can pay back large amounts"),
            ("pack_order", "Can pack orders and hand them over"),
            ("send_disputed", "Can hand over goods whose payment is disputed"),
            ("note_order", "Can write notes on orders and tag them"),
            ("report_order", "Can read reports on sales"),
            ("sell_order", "Can make orders for customers and take cash"),
            ("lessen_order", "Can take something off prices of orders for customers"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["amends"],
                condition=Q(status="AWAITING_PAYMENT"),
                name="order_one_unpaid_amendment",
            ),
            models.CheckConstraint(
                condition=Q(
                    total_minor=F("goods_minor") + F("packages_minor") + F("delivery_minor")
                ),
                name="order_total_is_the_sum_of_its_parts",
            ),
            models.CheckConstraint(
                condition=Q(
                    refunded_minor__gte=0,
                    refund_reserved_minor__gte=0,
                    paid_minor__gte=F("refunded_minor") + F("refund_reserved_minor"),
                ),
                name="order_refunds_within_what_was_paid",
            ),
            models.CheckConstraint(
                condition=Q(total_minor__gte=0, vat_minor__gte=0, paid_minor__gte=0),
                name="order_amounts_are_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(gift_card_minor__gte=0, total_minor__gte=F("gift_card_minor")),
                name="order_gift_card_within_its_total",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["status", "expires_at"], name="order_by_expiry"),
            # Reports on the days on which orders were paid.
            models.Index(fields=["paid_at"], condition=Q(paid_at__isnull=False), name="order_paid"),
            # The list in the admin: the newest first, alone and under each of its filters.
            models.Index(fields=["-placed_at", "-id"], name="order_newest"),
            models.Index(fields=["status", "-placed_at", "-id"], name="order_status_newest"),
            models.Index(fields=["fulfilment", "-placed_at", "-id"], name="order_sent_newest"),
            models.Index(
                fields=["delivery_country", "-placed_at", "-id"], name="order_country_newest"
            ),
            models.Index(
                fields=["delivery_method_code", "-placed_at", "-id"], name="order_method_newest"
            ),
            models.Index(
                fields=["arrives_until_on", "placed_at", "id"],
                condition=Q(status="PAID", pieces_to_pack__gt=0),
                name="order_to_pack",
            ),
            models.Index(
                fields=["placed_at", "id"],
                condition=Q(status="PAID", parcels_waiting__gt=0),
                name="order_to_hand_over",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def due_minor(self) -> int:
        """What is paid by other ways than a gift card."""
        return self.total_minor - self.gift_card_minor

    @property
    def reference(self) -> str:
        """The name under which other rooms file what belongs to this order."""
        return f"order:{self.number}"


class OrderLine(models.Model):
    """One line as promised: name, price and terms are copies, never asked of the catalog again."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField()
    offer = models.ForeignKey("catalog.Offer", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10)
    sku = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    label = models.CharField(max_length=80, blank=True)
    unit_price_minor = models.BigIntegerField()
    quantity = models.PositiveSmallIntegerField()
    # What discounts took off it; the total and its VAT are what is left.
    discount_minor = models.BigIntegerField(default=0, db_default=0)
    total_minor = models.BigIntegerField()
    # None for a kit whose parts are taxed at different rates: then its parts say which.
    vat_rate_bp = models.PositiveIntegerField(null=True)
    vat_minor = models.BigIntegerField()
    tax_code = models.CharField(max_length=20, blank=True)
    treatment = models.ForeignKey(
        "treatments.Treatment", null=True, on_delete=models.PROTECT, related_name="+"
    )
    sessions = models.PositiveSmallIntegerField(null=True)
    validity_days = models.PositiveSmallIntegerField(null=True)
    validity_rule = models.CharField(max_length=20, blank=True)
    refund_terms_version = models.CharField(max_length=40, blank=True)
    single_price_minor = models.BigIntegerField(
        null=True, help_text="What one session cost on its own; used ones count so in a refund."
    )
    added_from = models.ForeignKey(
        "wagtailcore.Page",
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="The page that told of it, if it was put into the basket there.",
    )

    class Meta:
        ordering: ClassVar = ["position"]
        indexes: ClassVar = [models.Index(fields=["sku"], name="order_line_sku")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["order", "position"], name="order_line_position_once"),
            models.CheckConstraint(
                condition=Q(
                    total_minor=F("unit_price_minor") * F("quantity") - F("discount_minor")
                ),
                name="order_line_total_is_price_less_discount",
            ),
            models.CheckConstraint(
                condition=Q(discount_minor__gte=0, total_minor__gte=0),
                name="order_line_discount_within_its_price",
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=1), name="order_line_quantity_at_least_1"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.name} {self.label}".rstrip()

    @property
    def full_minor(self) -> int:
        """What it would have cost without a discount."""
        return self.unit_price_minor * self.quantity

    def reference_of_piece(self, piece: int) -> str:
        """Return what the pass of one of its packages is granted for; the first piece is 1."""
        return f"{self.order.reference}:line:{self.position}:unit:{piece}"

    def paid_for_piece(self, number: int) -> int:
        """Return what was promised for one of its pieces, counted from 1, discounts taken off.

        The pieces' amounts sum to the line's total.
        """
        return allocate(self.total_minor, [1] * self.quantity)[number - 1]


class OrderLinePart(models.Model):
    """One part of a kit as promised; what is packed, and how its share of the price is taxed.

    The shares of a line's parts sum to the line's total and VAT.
    """

    line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="parts")
    position = models.PositiveSmallIntegerField()
    offer = models.ForeignKey("catalog.Offer", on_delete=models.PROTECT, related_name="+")
    sku = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    label = models.CharField(max_length=80, blank=True)
    quantity = models.PositiveSmallIntegerField(help_text="In one kit.")
    vat_rate_bp = models.PositiveIntegerField()
    gross_minor = models.BigIntegerField()
    vat_minor = models.BigIntegerField()

    class Meta:
        ordering: ClassVar = ["line", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["line", "position"], name="line_part_position_once"),
            models.UniqueConstraint(fields=["line", "offer"], name="line_part_once_per_offer"),
            models.CheckConstraint(
                condition=Q(quantity__gte=1), name="line_part_quantity_at_least_1"
            ),
            models.CheckConstraint(
                condition=Q(gross_minor__gte=0, vat_minor__gte=0),
                name="line_part_amounts_are_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.name} {self.label}".rstrip()

    @property
    def full_name(self) -> str:
        """Name and label together, as in "Barrier Balm, 75 ml"."""
        return f"{self.name}, {self.label}" if self.label else self.name

    @property
    def vat_percent(self) -> str:
        """The rate as people write it: “19” or “5.5”."""
        return f"{self.vat_rate_bp / 100:g}"


class OrderEvent(models.Model):
    """One thing that happened to an order; rows are only ever added."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=40)
    message = models.CharField(max_length=400)
    details = models.JSONField(default=dict)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    happened_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["happened_at", "pk"]

    def __str__(self) -> str:
        return f"{self.kind} at {self.happened_at:%Y-%m-%d %H:%M}"
