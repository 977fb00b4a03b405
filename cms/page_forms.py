"""What the editor asks before any page is published."""

from collections.abc import Iterator

from django.db import models
from wagtail.admin.forms import WagtailAdminPageForm

from claims import checking
from claims.texts import part_models


class CheckedPageForm(WagtailAdminPageForm):
    """Keeps drafts whatever they say, and publishes no claim that nobody has allowed."""

    @property
    def is_publishing(self) -> bool:
        """Tell whether the button that was pressed makes the page public now or later."""
        approves = self.data.get("workflow-action-name") == "approve"
        is_pressed = bool(self.data.get("action-publish")) or approves
        return is_pressed and not self.is_deferred_validation

    def is_valid(self) -> bool:
        """Tell whether the page may be stored; what is published is read as a whole."""
        is_valid: bool = super().is_valid()
        if not is_valid or not self.is_publishing:
            return is_valid
        refused = checking.open_findings(self.instance, list(self._parts()))
        for found in refused:
            self.add_error(None, checking.explain(found))
        if refused:
            self.add_error(None, self._way_on())
        return not refused

    def _parts(self) -> Iterator[models.Model]:
        """The rows that are part of the page, as the form has them."""
        kinds = tuple(part_models(type(self.instance)))
        for formset in self.formsets.values():
            if issubclass(formset.model, kinds):
                kept = [form for form in formset.forms if form not in formset.deleted_forms]
                yield from (
                    form.instance for form in kept if form.has_changed() or form.instance.pk
                )

    def _way_on(self) -> str:
        if self.instance.pk is None:
            return "Save the page as a draft; then a reviewer can allow a sentence with a reason."
        return (
            "Change the sentences, or save the draft and ask a reviewer at "
            f"{checking.review_url(self.instance)} to allow them."
        )
