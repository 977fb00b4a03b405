"""What the editor's checks panel shows of a draft as it is being typed."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from wagtail.admin.views.pages.preview import PreviewOnCreateView, PreviewOnEditView

from claims import checking
from claims.draft_report import draft_report
from claims.review_addresses import review_url


class _ChecksDraft:
    """Answers with a fragment about the form that the preview was last given."""

    http_method_names = ("get",)

    def get(self: Any, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        form = self.get_form(self._get_form_data(self._get_form_state()))
        if not self.validate_form(form):
            return HttpResponse(status=204)
        page = form.save(commit=False)
        report = draft_report(page)
        context = {
            "report": report,
            "review_url": review_url(page) if page.pk and report.open_sentences else "",
            "packs": checking.book_in_use(),
        }
        return render(request, "claims/admin/draft_check.html", context)


class DraftCheckView(_ChecksDraft, PreviewOnEditView):
    """A page that is stored already."""


class NewDraftCheckView(_ChecksDraft, PreviewOnCreateView):
    """A page that is being added."""
