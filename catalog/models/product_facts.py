"""What the law, and a careful customer, must know of a product before it is sold."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models

from catalog import markets
from catalog.markets import Application, Market
from catalog.models.market_field import MarketsField


def every_market() -> tuple[str, ...]:
    """Return the codes of all markets, which a new product is meant for."""
    return tuple(Market.values)


class ProductFacts(models.Model):
    """The facts of a product that decide where it may be sold.

    `ready_markets` is worked out from them whenever the page is saved. Whoever writes pages in
    another way sets it to `markets.ready_markets(page)`; until then nothing is sold.
    """

    function = models.CharField(
        "what it is",
        max_length=120,
        blank=True,
        default="",
        db_default="",
        help_text="In plain words, as on the box: “leave-on scalp serum”.",
    )
    application = models.CharField(
        "on the skin", max_length=12, choices=Application, blank=True, default="", db_default=""
    )
    ingredients_inci = models.TextField(
        "ingredients (INCI)", blank=True, help_text="The full list, in the order of the box."
    )
    warnings = models.TextField(
        blank=True,
        max_length=1000,
        default="",
        db_default="",
        help_text="Word for word as on the box, one to a line.",
    )
    has_no_warnings = models.BooleanField(
        "the box carries no warnings",
        default=False,
        db_default=False,
        help_text="Tick it once you have looked; an empty field alone says nothing.",
    )
    period_after_opening_months = models.PositiveSmallIntegerField(
        "keeps for months once opened", null=True, blank=True
    )
    durability_note = models.CharField(
        "instead of a period after opening",
        max_length=120,
        blank=True,
        default="",
        db_default="",
        help_text="Such as “best before the day on the tube”, or why it does not spoil.",
    )
    made_in = models.CharField(
        "country of origin", max_length=60, blank=True, default="", db_default=""
    )
    eu_responsible_person = models.ForeignKey(
        "catalog.ResponsiblePerson",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        limit_choices_to={"market": Market.EU},
        verbose_name="responsible person in the European Union",
    )
    gb_responsible_person = models.ForeignKey(
        "catalog.ResponsiblePerson",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        limit_choices_to={"market": Market.GB},
        verbose_name="responsible person in Great Britain",
    )
    sold_in = MarketsField(
        "sold in",
        default=every_market,
        db_default=" ".join(Market.values),
        help_text="It can be published only once every fact these markets ask for is there.",
    )
    is_discontinued = models.BooleanField(
        "no longer made",
        default=False,
        db_default=False,
        help_text="The page stays and leads on; lists, search and feeds leave it out.",
    )
    replaced_by = models.ForeignKey(
        "wagtailcore.Page",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="What to buy instead, if anything.",
    )
    ready_markets = MarketsField(default=(), db_default="", editable=False)
    scale_image = models.ForeignKey(
        settings.WAGTAILIMAGES_IMAGE_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name="picture that shows the size",
        help_text="In a hand, or beside something everybody knows.",
    )
    scale_note = models.CharField(
        "its size in words",
        max_length=140,
        blank=True,
        default="",
        db_default="",
        help_text="Such as “15 cm high, fits a washbag”.",
    )

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Work out along the way where it may be sold.

        Saving a draft of a live page writes other fields alone: what is live stays as it is.
        """
        written = kwargs.get("update_fields")
        if written is None or not _FACT_FIELDS.isdisjoint(written):
            self.ready_markets = markets.ready_markets(self)
        if written is not None and not _FACT_FIELDS.isdisjoint(written):
            kwargs["update_fields"] = {*written, "ready_markets"}
        super().save(*args, **kwargs)

    def clean(self) -> None:
        super().clean()
        wrong: dict[str, Any] = {}
        if self.has_no_warnings and self.warnings.strip():
            wrong["has_no_warnings"] = "There are warnings above. Take them out, or untick this."
        for market, field in _RESPONSIBLE.items():
            person = getattr(self, field)
            if person is not None and person.market != market:
                wrong[field] = f"{person.name} answers for another market."
        if wrong:
            raise ValidationError(wrong)

    def missing_facts(self) -> dict[Market, list[markets.Fact]]:
        """Return what each market that it is meant for still asks for, where anything is."""
        meant = (market for market in Market if market in self.sold_in)
        found = {market: markets.missing_facts(self, market) for market in meant}
        return {market: facts for market, facts in found.items() if facts}


_RESPONSIBLE: dict[Market, str] = {
    Market.EU: "eu_responsible_person",
    Market.GB: "gb_responsible_person",
}
_FACT_FIELDS: frozenset[str] = frozenset(
    {
        "sold_in",
        "is_discontinued",
        "has_no_warnings",
        "durability_note",
        *(fact.field for fact in markets.FACTS),
    }
)
