"""Which offers a kit is made of."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from catalog.models.offers import Offer


class OfferPart(models.Model):
    """So many of one offer inside another; `catalog.kits` alone writes it.

    A kit has a price of its own, and no stock: as many can be sold as its parts allow. A part is
    no kit itself.
    """

    kit = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="parts")
    part = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="part_of")
    quantity = models.PositiveSmallIntegerField(default=1)
    sort_order = models.PositiveSmallIntegerField(default=0)

    # Read along by `catalog.kits.load_parts`: the first picture of the part's page.
    picture_id: int | None

    class Meta:
        ordering: ClassVar = ["sort_order", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kit", "part"], name="offer_part_once_per_kit"),
            models.CheckConstraint(condition=~Q(kit=F("part")), name="offer_part_is_not_its_kit"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="offer_part_of_at_least_one"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of offer {self.part_id} in offer {self.kit_id}"
