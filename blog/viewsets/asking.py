"""Two small screens about one article: ask for its review, or let it through without one."""

import datetime as dt
from typing import Any, ClassVar, cast

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from accounts.models import User
from blog.models import ArticlePage, Person
from blog.review import answers, requests
from blog.review.independence import NotIndependent


class AskForm(forms.Form):
    """Who is asked, and what they should know."""

    reviewer = forms.ModelChoiceField(
        Person.objects.none(),
        help_text="They get a link of their own by e-mail and need no account.",
        empty_label="Choose a professional",
    )
    message = forms.CharField(
        required=False,
        max_length=2000,
        label="Message",
        help_text="What they should look at most, or by when you hope for an answer.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, page: ArticlePage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        able = Person.objects.filter(may_review=True).exclude(pk=page.author_id)
        self.fields["reviewer"].queryset = able  # type: ignore[attr-defined]
        asked_last = page.review_requests.first()
        if asked_last is not None:
            self.fields["reviewer"].initial = asked_last.reviewer_id
        elif able.count() == 1:
            self.fields["reviewer"].initial = able.get().pk


class LetThroughForm(forms.Form):
    """Why an article may be read without a review."""

    reason = forms.CharField(
        label="Reason",
        max_length=2000,
        help_text="It is kept with your name. Readers see no reviewer on the page.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AboutArticleView(WagtailAdminTemplateMixin, FormView[forms.Form]):
    """A form about the newest draft of one article; back to its editor afterwards."""

    template_name = "blog/admin/review_form.html"
    refusals: ClassVar[tuple[type[Exception], ...]]
    done_message: ClassVar[str]

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.article = get_object_or_404(ArticlePage, pk=kwargs["pk"])
        if not self.may_act(request):
            raise PermissionDenied

    def may_act(self, request: HttpRequest) -> bool:
        """Whether whoever asks may do this to the article."""
        return bool(self.article.permissions_for_user(request.user).can_edit())

    def act(self, data: dict[str, Any], *, by: User, at: dt.datetime) -> None:
        """Make the one call."""
        raise NotImplementedError

    def form_valid(self, form: forms.Form) -> HttpResponse:
        try:
            self.act(form.cleaned_data, by=cast(User, self.request.user), at=timezone.now())
        except self.refusals as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, self.done_message)
        return redirect("wagtailadmin_pages:edit", self.article.pk)

    def get_page_subtitle(self) -> str:
        return str(self.article.get_admin_display_title())

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        edit = reverse("wagtailadmin_pages:edit", args=[self.article.pk])
        return [
            *super().get_breadcrumbs_items(),
            {"url": edit, "label": self.article.get_admin_display_title()},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["action_url"] = self.request.path
        context["submit_button_label"] = self.get_page_title()
        context["submit_button_active_label"] = "Saving…"
        context["article"] = self.article
        return context


class AskView(AboutArticleView):
    form_class = AskForm
    page_title = "Ask for clinical review"
    header_icon = "clipboard-list"
    done_message = "The request is on its way. Nobody can edit the article until it is answered."
    refusals = (
        requests.CannotReview,
        requests.NotFinished,
        requests.ScheduledAlready,
        NotIndependent,
    )

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "page": self.article}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if self.request.user.has_perm("blog.let_through"):
            url = reverse("reviews:let_through", args=[self.article.pk])
            context["let_through_url"] = url
        return context

    def act(self, data: dict[str, Any], *, by: User, at: dt.datetime) -> None:
        requests.request_review(
            page_id=self.article.pk,
            reviewer_id=data["reviewer"].pk,
            message=data["message"],
            by=by,
            at=at,
        )


class LetThroughView(AboutArticleView):
    form_class = LetThroughForm
    page_title = "Let through without review"
    header_icon = "warning"
    done_message = "The article may be published as it is now. Your reason is kept."
    refusals = (answers.NoReason,)

    def may_act(self, request: HttpRequest) -> bool:
        return super().may_act(request) and bool(request.user.has_perm("blog.let_through"))

    def act(self, data: dict[str, Any], *, by: User, at: dt.datetime) -> None:
        draft = self.article.get_latest_revision_as_object()
        answers.let_through(page=draft, reason=data["reason"], by=by, at=at)
