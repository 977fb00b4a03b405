"""Where the shop delivers to, how, and for how much."""

import datetime as dt
from typing import ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from checkout.weekdays import WeekdaysField
from claims.models import CheckedWords
from money.fields import MinorUnitsField

WORKDAYS = "12345"
CUT_OFF = dt.time(14, 0)


class DeliveryZone(CheckedWords):
    """Countries that share delivery methods and rates."""

    words_left_out: ClassVar = {"countries": "codes of countries"}

    name = models.CharField(max_length=80, unique=True)
    countries = models.CharField(
        max_length=400, help_text="Two-letter country codes with commas between, such as DE, AT."
    )
    sort_order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["sort_order", "name"]

    def __str__(self) -> str:
        return self.name

    def country_codes(self) -> list[str]:
        """Return the zone's two-letter country codes."""
        return [code.strip().upper() for code in self.countries.split(",") if code.strip()]


class DeliveryMethod(CheckedWords):
    """One way for goods to reach a buyer in a zone."""

    words_left_out: ClassVar = {
        "leaves_on": "days of the week",
        "arrives_on": "days of the week",
        "tracking_link": "an address",
    }

    class Kind(models.TextChoices):
        COURIER = "COURIER", "Courier"
        PICKUP = "PICKUP", "Pick-up at the clinic"

    zone = models.ForeignKey(DeliveryZone, on_delete=models.PROTECT, related_name="methods")
    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.COURIER)
    carrier = models.CharField(max_length=80, blank=True)
    tracking_link = models.CharField(
        max_length=200,
        blank=True,
        db_default="",
        validators=[RegexValidator(r"\Ahttps://.*\{number\}", "Write https://… with {number}.")],
        help_text="Where a parcel is followed, with {number} for its number.",
    )
    min_days = models.PositiveSmallIntegerField("fastest, in working days", default=1)
    max_days = models.PositiveSmallIntegerField("slowest, in working days", default=3)
    cut_off = models.TimeField(
        "order by",
        default=CUT_OFF,
        db_default=CUT_OFF,
        help_text="What is ordered before this time leaves as an order of the same day.",
    )
    handling_days = models.PositiveSmallIntegerField(
        "days to pack",
        default=0,
        db_default=0,
        help_text="Working days between the order and the day on which it leaves.",
    )
    leaves_on = WeekdaysField("leaves us on", default=WORKDAYS, db_default=WORKDAYS)
    arrives_on = WeekdaysField("is delivered on", default=WORKDAYS, db_default=WORKDAYS)
    free_from_minor = MinorUnitsField("free from a goods value of", null=True, blank=True)
    is_active = models.BooleanField("offered", default=True)
    sort_order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["sort_order", "name"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(max_days__gte=models.F("min_days")),
                name="delivery_method_slowest_not_before_fastest",
            ),
        ]

    def __str__(self) -> str:
        zone = self.zone if self.zone_id else "no zone yet"
        return f"{self.name} ({zone})"


class DeliveryRate(models.Model):
    """A method's price up to a weight and from a goods value; the cheapest that fits is taken."""

    method = models.ForeignKey(DeliveryMethod, on_delete=models.CASCADE, related_name="rates")
    up_to_grams = models.PositiveIntegerField(null=True, blank=True, help_text="Empty: any weight.")
    from_value_minor = MinorUnitsField("from a goods value of", default=0)
    price_minor = MinorUnitsField("price")

    class Meta:
        ordering: ClassVar = ["up_to_grams", "from_value_minor"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(price_minor__gte=0), name="delivery_rate_is_never_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.method_id}: {self.price_minor}"


class Holiday(CheckedWords):
    """A day on which nothing leaves us, or on which nothing is delivered in one country."""

    words_left_out: ClassVar = {"country": "a code"}

    on = models.DateField("day")
    name = models.CharField(max_length=80)
    country = models.CharField(
        max_length=2,
        blank=True,
        help_text=(
            "Empty: the shop is closed and no carrier drives. "
            "A two-letter code such as AT: only there nothing is delivered."
        ),
    )

    class Meta:
        ordering: ClassVar = ["on", "country"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["on", "country"], name="holiday_once_per_country"),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.name}"
