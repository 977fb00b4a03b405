"""Many prices changed in one go, remembered so that all of it can be taken back."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from catalog.models.offers import Offer, OfferPrice
from catalog.models.planned_prices import PlannedPrice


class PriceRound(models.Model):
    """One change of many prices; `catalog.price_rounds` alone writes it.

    `token` is minted when the change is looked at, so that applying it twice does it once.
    """

    token = models.CharField(max_length=43, unique=True)
    rule = models.CharField(max_length=200, help_text="What was done, in words.")
    reason = models.CharField(max_length=160)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    undone_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "bulk price change"
        ordering: ClassVar = ["-made_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(reason=""), name="price_round_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.rule} ({self.made_at:%Y-%m-%d %H:%M})"


class PriceRoundLine(models.Model):
    """What a round did to one offer: the price before, and the price or the plan it made."""

    round = models.ForeignKey(PriceRound, on_delete=models.PROTECT, related_name="lines")
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="+")
    before = models.ForeignKey(OfferPrice, on_delete=models.PROTECT, related_name="+")
    after = models.ForeignKey(OfferPrice, null=True, on_delete=models.PROTECT, related_name="+")
    plan = models.ForeignKey(PlannedPrice, null=True, on_delete=models.PROTECT, related_name="+")
    undo_note = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering: ClassVar = ["offer__sku", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["round", "offer"], name="price_round_line_once_per_offer"
            ),
            models.CheckConstraint(
                condition=Q(after__isnull=False) | Q(plan__isnull=False),
                name="price_round_line_did_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.offer_id} in {self.round_id}"
