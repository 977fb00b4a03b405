"""Who answers by law for what is sold in a market."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from catalog.markets import Market
from claims.models import CheckedWords


class ResponsiblePerson(CheckedWords):
    """A firm or person named on the box: in 1223/2009 articles 4 and 19, or its British twin.

    One is never deleted and never moves to another market: products rest on it.
    """

    name = models.CharField(max_length=120)
    postal_address = models.TextField(max_length=400, help_text="As on the box, with the country.")
    electronic_address = models.CharField(
        max_length=200, help_text="An e-mail address, or the address of a page with a form."
    )
    market = models.CharField(max_length=2, choices=Market)

    class Meta:
        verbose_name_plural = "responsible persons"
        ordering: ClassVar = ["market", "name", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["market", "name"], name="responsible_person_once_per_market"
            ),
            models.CheckConstraint(
                condition=Q(market__in=Market.values), name="responsible_person_market_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(postal_address="") & ~Q(electronic_address=""),
                name="responsible_person_can_be_reached",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.get_market_display()})"

    @property
    def place(self) -> str:
        """Where this one answers for products, in a sentence."""
        return Market(self.market).place

    def clean(self) -> None:
        super().clean()
        if ResponsiblePerson.objects.filter(pk=self.pk).exclude(market=self.market).exists():
            raise ValidationError({"market": "Add another one for another market."})
