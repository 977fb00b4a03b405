"""Which VAT goods bear that are sent to another country, once the shop owes it there."""

from typing import Any, ClassVar

from django import forms
from django.db import models
from django.db.models import Q
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from catalog.models.offers import TANGIBLE_GOODS
from checkout.countries import country_name, member_states
from money.fields import RateField


class DestinationVatForm(WagtailAdminModelForm):
    """Asks for a general rate wherever there is any: nothing sent there bears the rate of here."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        rows = [
            form.cleaned_data
            for form in self.formsets["rates"].forms
            if form.is_valid() and not form.cleaned_data.get("DELETE")
        ]
        countries = {row["country"] for row in rows if row.get("country")}
        general = {row["country"] for row in rows if row.get("tax_code") == TANGIBLE_GOODS}
        if missing := ", ".join(sorted(map(country_name, countries - general))):
            raise forms.ValidationError(
                f"{missing}: give it a rate for {TANGIBLE_GOODS} too, for goods without their own."
            )
        return cleaned


@register_setting(icon="globe", order=46)
class DestinationVat(ClusterableModel, BaseGenericSetting):
    """Whether goods are taxed where they go, as distance sales in the Union are above a limit.

    Directive 2006/112/EC, articles 33 and 59c; declared through the One Stop Shop.
    """

    is_on = models.BooleanField(
        "tax goods where they go",
        default=False,
        help_text=(
            "What is sent to a country below bears its rate; prices stay. Off, everything bears"
            " the rate of its offer. Sessions, what is collected, and what stays in the seller's"
            " own country always do."
        ),
    )

    base_form_class = DestinationVatForm
    panels: ClassVar = [
        FieldPanel("is_on"),
        InlinePanel("rates", label="Rate", heading="Rates by country"),
    ]

    class Meta:
        verbose_name = "VAT by country"

    def __str__(self) -> str:
        return "VAT by country"


class DestinationRate(models.Model):
    """The rate of one kind of goods in one country."""

    settings = ParentalKey(DestinationVat, on_delete=models.CASCADE, related_name="rates")
    country = models.CharField(max_length=2, choices=member_states)
    tax_code = models.CharField(
        "kind of goods",
        max_length=20,
        default=TANGIBLE_GOODS,
        help_text=(
            f"The tax code of the offers that it is for; {TANGIBLE_GOODS} is for all without a rate"
            " of their own."
        ),
    )
    vat_rate_bp = RateField("VAT rate in percent")

    panels: ClassVar = [
        FieldRowPanel([FieldPanel("country"), FieldPanel("tax_code"), FieldPanel("vat_rate_bp")]),
    ]

    class Meta:
        ordering: ClassVar = ["country", "tax_code"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["settings", "country", "tax_code"],
                name="destination_rate_once",
                violation_error_message="This country has a rate for this kind of goods already.",
            ),
            models.CheckConstraint(
                condition=Q(vat_rate_bp__lte=10_000), name="destination_rate_at_most_the_price"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.vat_rate_bp / 100:g} % in {self.country}"
