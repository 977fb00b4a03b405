"""Prices that are to begin, and perhaps to end, at a moment to come."""

import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from catalog.models.offers import Offer, OfferPrice
from money.fields import MinorUnitsField
from money.money import Money


class PlannedPriceStatus(models.TextChoices):
    PLANNED = "PLANNED", "planned"
    RUNNING = "RUNNING", "running"
    DONE = "DONE", "done"
    OVERTAKEN = "OVERTAKEN", "overtaken"
    CANCELLED = "CANCELLED", "cancelled"
    REFUSED = "REFUSED", "refused"


OPEN_STATUSES = (PlannedPriceStatus.PLANNED, PlannedPriceStatus.RUNNING)


class PlannedPriceQuerySet(models.QuerySet["PlannedPrice"]):
    def open(self) -> "PlannedPriceQuerySet":
        """Those that will still do something."""
        return self.filter(status__in=OPEN_STATUSES)

    def due(self, at: dt.datetime) -> "PlannedPriceQuerySet":
        """Those whose beginning or end has come."""
        return self.filter(
            Q(status=PlannedPriceStatus.PLANNED, starts_at__lte=at)
            | Q(status=PlannedPriceStatus.RUNNING, ends_at__lte=at)
        )


class PlannedPrice(models.Model):
    """A price an offer is to have from a moment on; `catalog.planned_prices` alone writes it.

    With an end, the price from before comes back then, unless somebody has set another one in
    the meantime.
    """

    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="planned_prices")
    price_minor = MinorUnitsField("price")
    is_reduction = models.BooleanField("announced as a reduction", default=False)
    starts_at = models.DateTimeField("from")
    ends_at = models.DateTimeField("until", null=True, blank=True)
    status = models.CharField(
        max_length=10, choices=PlannedPriceStatus, default=PlannedPriceStatus.PLANNED
    )
    started = models.OneToOneField(
        OfferPrice, null=True, blank=True, on_delete=models.PROTECT, related_name="plan"
    )
    reason = models.CharField(max_length=200)
    planned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    planned_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=400, blank=True, help_text="Why it ended as it did.")

    objects = PlannedPriceQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["starts_at", "pk"]
        indexes: ClassVar = [
            models.Index(
                fields=["starts_at"],
                condition=Q(status__in=OPEN_STATUSES),
                name="planned_price_open",
            )
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(price_minor__gte=0), name="planned_price_is_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")),
                name="planned_price_ends_after_it_begins",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="planned_price_says_why"),
            models.CheckConstraint(
                condition=Q(status__in=PlannedPriceStatus.values),
                name="planned_price_status_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(status=PlannedPriceStatus.RUNNING)
                | Q(started__isnull=False, ends_at__isnull=False),
                name="planned_price_runs_from_a_price_to_an_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.offer.sku}: {self.price} from {self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def price(self) -> Money:
        return Money(self.price_minor, self.offer.currency)

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_STATUSES
