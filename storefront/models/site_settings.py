"""What staff can say about the shop as a whole: the clinic, the company and the menus."""

from typing import Any, ClassVar

from django.db import models
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList, TabbedInterface
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting
from wagtail.fields import StreamField

from claims.models import CheckedWords
from storefront import navigation
from storefront.blocks import FooterGroupBlock, LinkBlock


@register_setting(icon="home", order=10)
class SiteSettings(CheckedWords, BaseGenericSetting):
    """One row of facts that every page of the shop shows."""

    announcement = models.CharField(
        max_length=160, blank=True, help_text="A line above every page; empty shows none."
    )
    delivery_note = models.CharField(
        max_length=160, blank=True, help_text="Beside every product: how long delivery takes."
    )
    returns_note = models.CharField(
        max_length=160, blank=True, help_text="Beside every product: how returns work."
    )
    clinic_address = models.TextField(blank=True, max_length=400)
    clinic_phone = models.CharField(max_length=40, blank=True)
    clinic_email = models.EmailField(blank=True)
    clinic_hours = models.TextField(
        "opening hours", blank=True, max_length=400, help_text="One line per day."
    )
    company_name = models.CharField(max_length=120, blank=True)
    company_imprint = models.TextField(
        "imprint",
        blank=True,
        max_length=2000,
        help_text="Register entry, VAT number, who speaks for it.",
    )
    main_navigation = StreamField([("link", LinkBlock())], blank=True)
    footer_groups = StreamField([("group", FooterGroupBlock())], blank=True)

    edit_handler: ClassVar = TabbedInterface(
        [
            ObjectList(
                [
                    FieldPanel("announcement"),
                    MultiFieldPanel(
                        [FieldPanel("delivery_note"), FieldPanel("returns_note")], "Promises"
                    ),
                    MultiFieldPanel(
                        [
                            FieldPanel("clinic_address"),
                            FieldPanel("clinic_phone"),
                            FieldPanel("clinic_email"),
                            FieldPanel("clinic_hours"),
                        ],
                        "Clinic",
                    ),
                ],
                heading="Clinic",
            ),
            ObjectList(
                [FieldPanel("main_navigation"), FieldPanel("footer_groups")], heading="Menus"
            ),
            ObjectList(
                [FieldPanel("company_name"), FieldPanel("company_imprint")], heading="Company"
            ),
        ]
    )

    class Meta:
        verbose_name = "shop and menus"

    def __str__(self) -> str:
        return "Shop and menus"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the facts and forget the copy that pages are built from."""
        super().save(*args, **kwargs)
        navigation.forget()
