"""What every page of the shop shares."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Page


class BasePage(Page):
    """A page with the facts that search engines and shared links show."""

    social_image = models.ForeignKey(
        settings.WAGTAILIMAGES_IMAGE_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Shown when somebody shares the page; without it the page's first picture is.",
    )

    promote_panels: ClassVar = [
        MultiFieldPanel(
            [FieldPanel("slug"), FieldPanel("seo_title"), FieldPanel("search_description")],
            "For search engines",
        ),
        MultiFieldPanel([FieldPanel("social_image")], "For shared links"),
        MultiFieldPanel([FieldPanel("show_in_menus")], "For site menus"),
    ]

    class Meta:
        abstract = True

    @property
    def meta_title(self) -> str:
        """The title for the browser's tab and for search results."""
        return str(self.seo_title or self.title)
