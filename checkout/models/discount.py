"""What lessens a price: the rule, its codes, who has entered one, and what it took off an order."""

import re
from typing import ClassVar, Final

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q

from checkout.models.basket import Basket
from checkout.models.order import Order, OrderLine
from money.fields import MinorUnitsField

# What a code looks like once it is read: `checkout.discounts.codes.read`.
CODE: Final = re.compile(r"[A-Z0-9]{3,24}")


class DiscountKind(models.TextChoices):
    PERCENT = "PERCENT", "Percent off"
    AMOUNT = "AMOUNT", "Amount off"
    FREE_DELIVERY = "FREE_DELIVERY", "Free delivery"
    FURTHER_PIECES = "FURTHER_PIECES", "Buy some, get further pieces for less"


class DiscountTrigger(models.TextChoices):
    CODE = "CODE", "Whoever enters a code"
    AUTOMATIC = "AUTOMATIC", "Everybody, by itself"


class Discount(models.Model):
    """One rule by which prices are lessened at checkout; prices on pages stay as they are."""

    name = models.CharField(
        max_length=60, help_text="As buyers read it, such as “Spring: 10 % off”."
    )
    kind = models.CharField("what it does", max_length=14, choices=DiscountKind)
    percent = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text="From 1 to 100. For further pieces: 100 gives them for nothing.",
    )
    amount_minor = MinorUnitsField("amount", null=True, blank=True)
    buy = models.PositiveSmallIntegerField(
        "buy", null=True, blank=True, help_text="For further pieces: so many at their full price…"
    )
    get = models.PositiveSmallIntegerField(
        "and get", null=True, blank=True, help_text="… and so many for less, the cheapest first."
    )
    trigger = models.CharField("who gets it", max_length=9, choices=DiscountTrigger)
    code = models.CharField(
        max_length=24,
        blank=True,
        validators=[RegexValidator(rf"^{CODE.pattern}$", "3 to 24 letters and digits.")],
        help_text="One that many may enter, such as SPRING10. Codes for one use are made later.",
    )
    categories = models.ManyToManyField(
        "catalog.CategoryPage",
        blank=True,
        related_name="+",
        verbose_name="only in these categories",
        help_text="With nothing chosen here and below, it is for everything.",
    )
    offers = models.ManyToManyField(
        "catalog.Offer", blank=True, related_name="+", verbose_name="only for these offers"
    )
    with_packages = models.BooleanField("also for packages of sessions", default=False)
    minimum_minor = MinorUnitsField(
        "from a value of",
        null=True,
        blank=True,
        help_text="What it is for must come to so much before anything is taken off.",
    )
    first_order_only = models.BooleanField(
        "for first orders only", default=False, help_text="By itself only for who is signed in."
    )
    is_combinable = models.BooleanField(
        "together with others",
        default=False,
        help_text="Buyers get all of these together, or the best of those that stand alone.",
    )
    starts_at = models.DateTimeField("from", null=True, blank=True)
    ends_at = models.DateTimeField("until", null=True, blank=True)
    max_uses = models.PositiveIntegerField(
        "uses in all", null=True, blank=True, help_text="Empty for as many as there are orders."
    )
    max_uses_each = models.PositiveSmallIntegerField(
        "uses for each person",
        null=True,
        blank=True,
        help_text="By account and by e-mail address; by itself only for who is signed in.",
    )
    is_active = models.BooleanField("on", default=True)
    reason = models.CharField(max_length=200, blank=True, help_text="For staff alone.")
    # Counted along by `checkout.discounts.using` alone: the orders that hold or have used it.
    used = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        ordering: ClassVar = ["-is_active", "name", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["code"],
                condition=~Q(code=""),
                name="discount_code_once",
                violation_error_message="Another discount has this code.",
            ),
            models.CheckConstraint(
                condition=Q(max_uses=None) | Q(used__lte=F("max_uses")),
                name="discount_used_no_more_than_allowed",
                violation_error_message="It has been used more often than that already.",
            ),
            models.CheckConstraint(
                condition=Q(percent=None) | Q(percent__gte=1, percent__lte=100),
                name="discount_percent_from_1_to_100",
            ),
            models.CheckConstraint(
                condition=Q(amount_minor=None) | Q(amount_minor__gt=0),
                name="discount_amount_is_positive",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class DiscountCode(models.Model):
    """A code for one use."""

    discount = models.ForeignKey(Discount, on_delete=models.CASCADE, related_name="codes")
    code = models.CharField(max_length=24, unique=True)
    is_used = models.BooleanField(default=False)
    made_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return self.code


class EnteredCode(models.Model):
    """A code that somebody has entered for their basket."""

    basket = models.ForeignKey(Basket, on_delete=models.CASCADE, related_name="entered_codes")
    discount = models.ForeignKey(Discount, on_delete=models.CASCADE, related_name="entered")
    single = models.ForeignKey(
        DiscountCode, null=True, on_delete=models.CASCADE, related_name="entered"
    )
    entered_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["basket", "discount"], name="entered_code_once"),
        ]

    def __str__(self) -> str:
        return f"Discount {self.discount_id} in basket {self.basket_id}"


class DiscountUse(models.Model):
    """One order that was placed with a discount; `released_at` says that it came to nothing.

    What staff took off a line by hand is one as well: of no discount, but by somebody.
    """

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="discount_uses")
    discount = models.ForeignKey(Discount, null=True, on_delete=models.PROTECT, related_name="uses")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    single = models.ForeignKey(
        DiscountCode, null=True, on_delete=models.PROTECT, related_name="uses"
    )
    name = models.CharField(max_length=60)
    code = models.CharField(max_length=24, blank=True)
    amount_minor = models.BigIntegerField(help_text="Off all lines and delivery together.")
    delivery_minor = models.BigIntegerField(help_text="Of it, off the charge for delivery.")
    taken_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["order", "discount"], name="discount_use_once"),
            models.CheckConstraint(
                condition=Q(discount__isnull=False, by=None)
                | Q(discount=None, by__isnull=False, code=""),
                name="discount_use_of_a_discount_or_by_hand",
            ),
            models.CheckConstraint(
                condition=Q(delivery_minor__gte=0, amount_minor__gte=F("delivery_minor")),
                name="discount_use_holds_its_delivery",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} for order {self.order_id}"


class LineReduction(models.Model):
    """How much of one discount fell on one line of an order."""

    use = models.ForeignKey(DiscountUse, on_delete=models.PROTECT, related_name="reductions")
    line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="reductions")
    name = models.CharField(max_length=60)
    amount_minor = models.BigIntegerField()

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["use", "line"], name="line_reduction_once"),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0), name="line_reduction_takes_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount_minor} off line {self.line_id}"
