"""Pages that say what the clinic does."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.http import HttpRequest
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, PageChooserPanel
from wagtail.fields import StreamField
from wagtail.search import index

from cms import renditions, rich_text
from cms.blocks import BodyBlock, StepBlock
from cms.models import BasePage, CustomImage
from cms.rich_text import CleanRichTextField


@dataclass(frozen=True)
class TreatmentCard:
    """A treatment as a list shows it."""

    url: str
    title: str
    summary: str
    duration_minutes: int
    image: CustomImage | None


class TreatmentIndexPage(BasePage):
    """All treatments of the clinic."""

    intro = models.TextField(blank=True, max_length=600)

    content_panels: ClassVar = [*BasePage.content_panels, FieldPanel("intro")]
    subpage_types: ClassVar = ["treatments.TreatmentPage"]
    max_count = 1
    template = "treatments/treatment_index_page.html"

    class Meta:
        verbose_name = "list of treatments"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add ``treatments``: a card for every page of a treatment that is offered today."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["treatments"] = self._cards(request)
        return context

    def _cards(self, request: HttpRequest) -> list[TreatmentCard]:
        pages = (
            TreatmentPage.objects.child_of(self)
            .live()
            .public()
            .filter(treatment__is_active=True)
            .select_related("treatment")
            .order_by("treatment__sort_order", "path")
        )
        images = renditions.load({page.hero_image_id for page in pages if page.hero_image_id})
        return [
            TreatmentCard(
                url=page.get_url(request) or "",
                title=page.title,
                summary=page.treatment.summary,
                duration_minutes=page.treatment.duration_minutes,
                image=images.get(page.hero_image_id),
            )
            for page in pages
        ]


class TreatmentPage(BasePage):
    """One treatment: what happens, who should ask first, and how to care for the scalp after."""

    treatment = models.OneToOneField(
        "treatments.Treatment", on_delete=models.PROTECT, related_name="page"
    )
    hero_image = models.ForeignKey(
        settings.WAGTAILIMAGES_IMAGE_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    intro = models.TextField(max_length=600)
    what_happens = StreamField(
        [("step", StepBlock())], blank=True, help_text="The session, step by step."
    )
    consult_first_when = CleanRichTextField(
        blank=True,
        features=rich_text.PARAGRAPH_FEATURES,
        help_text="When somebody qualified should look at the scalp first.",
    )
    aftercare = CleanRichTextField(blank=True, features=rich_text.BODY_FEATURES)
    body = StreamField(BodyBlock(), blank=True)
    packages_page = models.ForeignKey(
        "wagtailcore.Page",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name="page that sells its packages",
    )

    content_panels: ClassVar = [
        *BasePage.content_panels,
        FieldPanel("treatment"),
        MultiFieldPanel([FieldPanel("hero_image"), FieldPanel("intro")], "Top of the page"),
        FieldPanel("what_happens"),
        FieldPanel("consult_first_when"),
        FieldPanel("aftercare"),
        FieldPanel("body"),
        PageChooserPanel("packages_page"),
    ]
    search_fields: ClassVar = [
        *BasePage.search_fields,
        index.SearchField("intro"),
        index.SearchField("consult_first_when"),
        index.SearchField("aftercare"),
        index.SearchField("body"),
    ]
    parent_page_types: ClassVar = ["treatments.TreatmentIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    template = "treatments/treatment_page.html"

    class Meta:
        verbose_name = "treatment page"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add ``treatment``, ``practitioners``, and ``packages_url``, empty while none sells it."""
        self._load_pictures()
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["treatment"] = self.treatment
        context["practitioners"] = list(self.treatment.practitioners.filter(is_active=True))
        sells = self.packages_page
        context["packages_url"] = sells.get_url(request) if sells and sells.live else ""
        return context

    def _load_pictures(self) -> None:
        """Read all pictures of the page with their sizes, so that showing them asks nothing."""
        in_body = renditions.pictured_in(self.body)
        wanted = {image.pk for image in in_body} | {self.hero_image_id}
        loaded = renditions.load({pk for pk in wanted if pk})
        renditions.attach(in_body, loaded)
        self.hero_image = loaded.get(self.hero_image_id)
