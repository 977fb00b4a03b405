"""How the editor stores a page that must not be live before it is approved."""

from typing import Any

from cms.page_forms import CheckedPageForm


class ReviewedPageForm(CheckedPageForm):
    """Adds a page as a draft even when it is published at once, so that no text is lost."""

    def _post_clean(self) -> None:
        self.instance.is_being_drafted = self.is_deferred_validation
        super()._post_clean()

    def save(self, commit: bool = True) -> Any:
        if self.instance._state.adding:
            self.instance.live = False
        return super().save(commit=commit)
