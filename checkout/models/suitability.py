"""Which suitability checks a basket and an order rest on."""

from typing import ClassVar

from django.db import models


class BasketCheck(models.Model):
    """A check that the owner of a basket has taken."""

    basket = models.ForeignKey(
        "checkout.Basket", on_delete=models.CASCADE, related_name="suitability_checks"
    )
    suitability_check = models.ForeignKey(
        "treatments.SuitabilityCheck", on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["basket", "suitability_check"], name="basket_check_is_kept_once"
            ),
        ]

    def __str__(self) -> str:
        return f"Check {self.suitability_check_id} of basket {self.basket_id}"


class OrderCheck(models.Model):
    """A check that an order of sessions rests on; kept with it, so that it can be shown later."""

    order = models.ForeignKey(
        "checkout.Order", on_delete=models.PROTECT, related_name="suitability_checks"
    )
    suitability_check = models.ForeignKey(
        "treatments.SuitabilityCheck", on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["order", "suitability_check"], name="order_check_is_kept_once"
            ),
        ]

    def __str__(self) -> str:
        return f"Check {self.suitability_check_id} of order {self.order_id}"
