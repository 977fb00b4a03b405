"""One page or row: its sentences that block, and a reviewer's reasons."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.models import Page

from claims import checking, overrides
from claims.engine import Finding
from claims.models import ClaimOverride
from claims.review_addresses import may_see, row_of


class ReasonForm(forms.Form):
    """A sentence, and why it may stand."""

    sentence = forms.CharField(max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))
    reason = forms.CharField(
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Such as: quoted from a named person, with what she may say agreed in writing.",
    )


@dataclass
class Sentence:
    """One sentence of the row with all that it breaks, and who allowed it."""

    label: str
    findings: list[Finding]
    allowed: Sequence[ClaimOverride] = ()

    @property
    def text(self) -> str:
        return self.findings[0].sentence

    @property
    def is_open(self) -> bool:
        """Tell whether something in it blocks that nobody has allowed."""
        allowed = {one.fingerprint for one in self.allowed}
        return any(one.is_blocking and one.fingerprint not in allowed for one in self.findings)

    @property
    def severity(self) -> str:
        return max(finding.severity for finding in self.findings).label


class ReviewView(WagtailAdminTemplateMixin, FormView[ReasonForm]):
    """Shows what blocks; a reviewer allows a sentence with one call."""

    form_class = ReasonForm
    template_name = "claims/admin/review.html"
    page_title = "Claims"
    header_icon = "warning"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.row = row_of(kwargs["subject"])
        if not may_see(self.row, request.user):  # type: ignore[arg-type]
            raise PermissionDenied

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        here = {"url": "", "label": self.page_title, "sublabel": self.get_page_subtitle()}
        return [*super().get_breadcrumbs_items(), here]

    def get_page_subtitle(self) -> str:
        return str(self.row)

    def form_valid(self, form: ReasonForm) -> HttpResponse:
        try:
            overrides.allow(
                row=self.row,
                sentence=form.cleaned_data["sentence"],
                reason=form.cleaned_data["reason"],
                by=self.request.user,  # type: ignore[arg-type]
                at=timezone.now(),
            )
        except overrides.NotAReviewer as refusal:
            raise PermissionDenied(str(refusal)) from refusal
        except (overrides.ReasonMissing, overrides.NothingToAllow) as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, "Allowed, as long as the sentence stays as it is.")
        return redirect(self.request.path)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        sentences = _sentences(self.row)
        context["blocking"] = [one for one in sentences if one.severity == "blocking"]
        context["others"] = [one for one in sentences if one.severity != "blocking"]
        context["may_allow"] = self.request.user.has_perm(overrides.PERMISSION)
        context["is_page"] = isinstance(self.row, Page)
        context["edit_url"] = AdminURLFinder(self.request.user).get_edit_url(self.row)
        return context


def _sentences(row: Any) -> list[Sentence]:
    """What is wrong with a row, sentence by sentence."""
    found: dict[str, Sentence] = {}
    for one in checking.check_row(row):
        sentence = found.setdefault(one.finding.sentence, Sentence(one.label, []))
        sentence.findings.append(one.finding)
    given: dict[str, list[ClaimOverride]] = {}
    for override in ClaimOverride.objects.filter(subject=checking.subject_of(row)):
        given.setdefault(override.fingerprint, []).append(override)
    for sentence in found.values():
        sentence.allowed = [
            override
            for finding in sentence.findings
            for override in given.get(finding.fingerprint, ())
        ]
    return list(found.values())
