"""What a package of prepaid sessions is; its sizes and prices live on its offers."""

import datetime as dt
from typing import Any, ClassVar

from django.db import models
from django.db.models import Exists
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.models import Page
from wagtail.search import index

from catalog.models.selling_page import Recommendation, SellingPage
from catalog.offer_views import lowest_single
from catalog.panels import OffersPanel
from catalog.refund_table import refund_table
from cms.prepared import Prepared
from cms.rich_text import PARAGRAPH_FEATURES, CleanRichTextField
from freshness.answers import shows
from freshness.changes import CATALOG
from treatments.models import QuestionnaireVersion, Treatment, TreatmentPage


@Prepared
def _pages_of_treatment(treatment_id: int, at: dt.datetime) -> models.QuerySet[TreatmentPage]:
    """Prepare reading the page of a treatment, with what its packages tell of it."""
    pages = TreatmentPage.objects.live().filter(treatment_id=treatment_id)
    told: models.QuerySet[TreatmentPage] = pages.select_related("treatment").annotate(
        is_asked_first=Exists(QuestionnaireVersion.objects.newest_asked()),
        single_minor=lowest_single("treatment_id", at),
    )
    return told[:1]


class PackagePage(SellingPage):
    """Sessions of one treatment, prepaid, and the rules that come with them."""

    treatment = models.ForeignKey(
        "treatments.Treatment", on_delete=models.PROTECT, related_name="package_pages"
    )
    how_to_book = CleanRichTextField(blank=True, features=PARAGRAPH_FEATURES)
    refund_rule = CleanRichTextField(
        blank=True,
        features=PARAGRAPH_FEATURES,
        help_text="What comes back for sessions nobody used.",
    )
    transfer_rule = CleanRichTextField(
        blank=True, features=PARAGRAPH_FEATURES, help_text="Who else may use the sessions."
    )

    template = "catalog/package_page.html"
    parent_page_types: ClassVar = ["catalog.CatalogPage", "catalog.CategoryPage"]

    search_fields: ClassVar = [
        *SellingPage.search_fields,
        index.SearchField("how_to_book"),
        index.RelatedFields("treatment", [index.SearchField("name"), index.FilterField("slug")]),
        index.RelatedFields("offers", [index.SearchField("sku")]),
    ]
    content_panels: ClassVar = [
        *Page.content_panels,
        FieldPanel("benefit"),
        OffersPanel(heading="Offers, prices and stock"),
        FieldPanel("treatment"),
        InlinePanel("gallery_images", heading="Pictures", label="Picture"),
        FieldPanel("intro"),
        FieldPanel("body"),
        MultiFieldPanel(
            [FieldPanel("how_to_book"), FieldPanel("refund_rule"), FieldPanel("transfer_rule")],
            "Rules",
        ),
        InlinePanel("goes_well_with", heading="For the days after", label="Page"),
    ]

    class Meta:
        verbose_name = "package page"

    def other_image_ids(self) -> set[int]:
        page = self._treatment_page
        return {page.hero_image_id} if page and page.what_happens and page.hero_image_id else set()

    @cached_property
    def _treatment_page(self) -> TreatmentPage | None:
        found: list[TreatmentPage] = _pages_of_treatment(self.treatment_id, timezone.now())
        return found[0] if found else None

    @cached_property
    def _plain_treatment(self) -> Treatment:
        """The treatment itself, for as long as no page tells of it."""
        asked = Exists(QuestionnaireVersion.objects.newest_asked("pk"))
        facts = {"is_asked_first": asked, "single_minor": lowest_single("pk", timezone.now())}
        return Treatment.objects.annotate(**facts).get(pk=self.treatment_id)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add ``treatment`` and what its page says: steps, picture, when to ask first.

        ``is_asked_first`` says that it can be bought only after a suitability check, ``refunds``
        what would come back for sessions that are not used.
        """
        context = super().get_context(request, *args, **kwargs)
        page = self._treatment_page
        treatment = page.treatment if page else self._plain_treatment
        context["treatment"] = treatment
        context["treatment_page"] = page
        told: Any = page or treatment
        context["is_asked_first"] = told.is_asked_first
        context["what_happens"] = page.what_happens if page else []
        context["treatment_image"] = context["images"].get(page.hero_image_id) if page else None
        # The single session may be sold on any page.
        shows(CATALOG)
        context["refunds"] = refund_table(context["offers"], told.single_minor)
        context["consult_first_when"] = page.consult_first_when if page else ""
        return context


class PackagePageRecommendation(Recommendation):
    page = ParentalKey(PackagePage, on_delete=models.CASCADE, related_name="goes_well_with")
