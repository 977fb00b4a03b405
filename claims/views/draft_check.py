"""What the editor's checks panel shows of a draft as it is being typed."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from wagtail.admin.views.pages.preview import PreviewOnCreateView, PreviewOnEditView

from claims.checking import review_url
from claims.draft_report import draft_report


class _ChecksDraft:
    """Answers with a fragment about the form that the preview was last given."""

    http_method_names = ("get",)

    def get(self: Any, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        page = self._page_as_typed()
        if page is None:
            return HttpResponse(status=204)
        report = draft_report(page)
        url = review_url(page) if page.pk and report.open_sentences else ""
        context = {"report": report, "review_url": url}
        return render(request, "claims/admin/draft_check.html", context)

    def _page_as_typed(self: Any) -> Any:
        """The page as the preview was last given it, or as it is stored; none while it is wrong."""
        state = self._get_form_state()
        if state is None:
            return self.object if self.object.pk else None
        form = self.get_form(self._get_form_data(state))
        return form.save(commit=False) if self.validate_form(form) else None


class DraftCheckView(_ChecksDraft, PreviewOnEditView):
    """A page that is stored already."""


class NewDraftCheckView(_ChecksDraft, PreviewOnCreateView):
    """A page that is being added."""
