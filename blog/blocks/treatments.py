"""What the clinic does, inside an article."""

from typing import Any

from wagtail import blocks

from blog.blocks.pages import PageNumberBlock, number_of
from cms.visible import public
from treatments.models import TreatmentPage


def _shown_pages() -> Any:
    return public(TreatmentPage.objects.filter(treatment__is_active=True)).select_related(
        "treatment"
    )


class TreatmentBlock(blocks.StructBlock):
    """A treatment's page; it is found among those that the article read together."""

    page = PageNumberBlock(page_type="treatments.TreatmentPage", label="Treatment")

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        """Add ``shown``, the treatment's page; none while readers cannot see it."""
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        pages = (parent_context or {}).get("treatment_pages", {})
        context["shown"] = pages.get(number_of(value.get("page")))
        return context

    def get_preview_value(self) -> Any:
        """Choose a treatment that readers can see."""
        first = _shown_pages().order_by("path").first()
        return self.normalize({"page": first})

    def get_preview_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        """Add the treatment's page, as an article does."""
        context: dict[str, Any] = super().get_preview_context(value, parent_context)
        pages = _shown_pages().filter(pk=number_of(value.get("page")))
        return context | {"treatment_pages": {page.pk: page for page in pages}}


class TreatmentCardBlock(TreatmentBlock):
    """A treatment: what it is, how long it takes, and the way to its page."""

    class Meta:
        group = "From the shop and the clinic"
        icon = "time"
        label = "Treatment"
        description = "A treatment with its duration, and the way to its page."
        template = "blocks/treatment_card_block.html"


class AftercareBlock(TreatmentBlock):
    """What the clinic's own protocol says about the time after a treatment."""

    class Meta:
        group = "From the shop and the clinic"
        icon = "info-circle"
        label = "Aftercare of a treatment"
        description = "The aftercare of a treatment's page: it is changed there."
        template = "blocks/aftercare_block.html"
