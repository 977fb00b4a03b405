"""What the editor asks before a product page is published."""

from typing import Any

from catalog.markets import needs_content
from catalog.models.offers import Offer
from cms.page_forms import CheckedPageForm


class ProductPageForm(CheckedPageForm):
    """Keeps drafts in any state, and publishes only what its markets' laws allow."""

    def _post_clean(self) -> None:
        super()._post_clean()
        if not self.is_deferred_validation:
            self._refuse_missing_facts()

    def _refuse_missing_facts(self) -> None:
        missing = self.instance.missing_facts()
        for market, facts in missing.items():
            labels = "; ".join(fact.label for fact in facts)
            self.add_error(None, f"Missing for {market.place}: {labels}.")
            for fact in facts:
                if fact.field in self.fields and not self.has_error(fact.field):
                    self.add_error(fact.field, f"{fact.label}: needed to sell here ({fact.why}).")
        if self.instance.sold_in:
            self._refuse_sizes_without_content()
        if missing:
            self.add_error(
                "sold_in", "Give what is missing, or take the market out and publish without it."
            )

    def _refuse_sizes_without_content(self) -> None:
        if not self.instance.pk or not needs_content(self.instance):
            return
        empty = Offer.objects.filter(page_id=self.instance.pk, content_amount=None)
        skus = sorted(empty.values_list("sku", flat=True))
        if skus:
            self.add_error(None, f"Missing on offers: the content of {', '.join(skus)}.")


def has_every_fact(page: Any) -> bool:
    """Tell whether a page, or its newest draft, could be published by the editor."""
    return not page.get_latest_revision_as_object().missing_facts()
