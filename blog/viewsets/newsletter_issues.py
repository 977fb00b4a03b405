"""Issues of the newsletter: written like a page, sent from a screen that shows how far it is."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.views.generic import View
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn
from wagtail.admin.views.generic import InspectView
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.snippets.views.snippets import (
    CreateView,
    DeleteView,
    EditView,
    IndexView,
    SnippetViewSet,
)

from blog import newsletter_content, newsletter_issues
from blog.models import IssueStatus, NewsletterIssue
from blog.viewsets.newsletter_buttons import (
    CancelView,
    PauseView,
    PlanView,
    ResumeView,
    StartView,
    TestView,
    UnplanView,
)
from cms.columns import WhenColumn
from outbox.mail import RenderedMail

REFRESH_SECONDS = "5"
S = IssueStatus
# Which buttons an issue of each status has, in their order.
BUTTONS: dict[str, tuple[str, ...]] = {
    S.DRAFT: ("start", "plan", "test"),
    S.SCHEDULED: ("start", "unplan", "test"),
    S.SENDING: ("pause", "cancel", "test"),
    S.PAUSED: ("resume", "cancel", "test"),
    S.SENT: ("test",),
    S.CANCELLED: ("test",),
}


def is_urgent(issue: NewsletterIssue) -> bool:
    return issue.status in {IssueStatus.SENDING, IssueStatus.PAUSED}


def reached(issue: NewsletterIssue) -> str:
    """Say how far an issue is: `1,204 of 3,000`."""
    progress: newsletter_issues.Progress | None = getattr(issue, "progress", None)
    if progress is None or not progress.total:
        return ""
    return f"{progress.sent:,} of {progress.total:,}"


class IssueIndexView(IndexView):
    """The list, with one query for how far all of its issues are."""

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)
        issues = list(context["object_list"])
        found = newsletter_issues.progress_of([issue.pk for issue in issues])
        for issue in issues:
            issue.progress = found[issue.pk]
        return context

    def get_edit_url(self, instance: NewsletterIssue) -> str:
        """Lead to the issue's screen, which has a button for its form."""
        return str(self.get_inspect_url(instance) or "")


class DraftsOnly:
    """Mixed in front of a view that changes an issue: what was sent is only looked at."""

    request: HttpRequest
    inspect_url_name: str

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        issue = get_object_or_404(NewsletterIssue, pk=kwargs["pk"])
        if not issue.is_draft:
            return redirect(self.inspect_url_name, issue.pk)
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        return answer


class IssueCreateView(CreateView):
    """The form of a new issue; its screen comes next."""

    inspect_url_name = ""

    def get_success_url(self) -> str:
        return reverse(self.inspect_url_name, args=[self.object.pk])


class IssueEditView(DraftsOnly, EditView):
    """The form, for drafts; the issue's screen comes next."""

    inspect_url_name = ""

    def get_success_url(self) -> str:
        return reverse(self.inspect_url_name, args=[self.object.pk])


class IssueDeleteView(DraftsOnly, DeleteView):
    """Deleting, for drafts."""

    inspect_url_name = ""


class IssueInspectView(InspectView):
    """One issue: how it looks, how far it is, and what can be done now."""

    page_title = "Issue"
    button_urls: dict[str, str] = {}  # noqa: RUF012 - an argument of `as_view`
    mail_url_name = ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        issue: NewsletterIssue = self.object
        may_send = self.user_has_permission("send")
        names = BUTTONS[issue.status] if may_send else ("test",)
        return {
            **context,
            "progress": newsletter_issues.progress(issue),
            "recipient_count": newsletter_issues.recipients(issue).count(),
            "problems": newsletter_issues.problems_of(issue) if issue.is_draft else [],
            "buttons": [(name, reverse(self.button_urls[name], args=[issue.pk])) for name in names],
            "mail_url": reverse(self.mail_url_name, args=[issue.pk]),
            "is_public": issue.started_at is not None,
            "form_url": self.get_edit_url() if issue.is_draft else "",
        }

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        answer: HttpResponse = super().render_to_response(context, **kwargs)
        if self.object.status == IssueStatus.SENDING:
            answer["Refresh"] = REFRESH_SECONDS
        return answer


class MailView(PermissionCheckedMixin, View):
    """The mail itself, for the frames of an issue's screen."""

    model = NewsletterIssue
    any_permission_required = ("add", "change", "view")

    def get(self, _request: HttpRequest, pk: int) -> HttpResponse:
        issue = get_object_or_404(NewsletterIssue, pk=pk)
        mail = newsletter_content.to_nobody(_mail_of(issue))
        answer = HttpResponse(mail.html)
        answer["Content-Security-Policy"] = newsletter_content.MAIL_POLICY
        return answer


def _mail_of(issue: NewsletterIssue) -> RenderedMail:
    """Return what was sent, or what would be."""
    if issue.started_at is not None:
        return RenderedMail(issue.subject, issue.sent_text, issue.sent_html)
    return newsletter_content.compose(issue)


class IssueViewSet(SnippetViewSet):
    model = NewsletterIssue
    icon = "mail"
    menu_label = "Issues"
    copy_view_enabled = False
    add_to_reference_index = False
    inspect_view_enabled = True
    index_view_class = IssueIndexView
    add_view_class = IssueCreateView
    edit_view_class = IssueEditView
    delete_view_class = IssueDeleteView
    inspect_view_class = IssueInspectView
    inspect_template_name = "blog/admin/issue_inspect.html"
    inspect_view_fields = ("subject",)
    list_display = (
        "subject",
        StatusTagColumn("get_status_display", label="Status", sort_key="status", primary=is_urgent),
        Column("reached", label="Sent to", accessor=reached),
        WhenColumn("send_at", label="Planned for", sort_key="send_at"),
        DateColumn("started_at", label="Sent", sort_key="started_at"),
    )
    list_filter = ("status",)
    search_fields = ("subject", "preheader")

    def get_inspect_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        urls = {name: self.get_url_name(name) for name in _BUTTON_VIEWS}
        named = {"button_urls": urls, "mail_url_name": self.get_url_name("mail"), **kwargs}
        return cast(dict[str, Any], super().get_inspect_view_kwargs(**named))

    def get_add_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        named = {"inspect_url_name": self.get_url_name("inspect"), **kwargs}
        return cast(dict[str, Any], super().get_add_view_kwargs(**named))

    def get_edit_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        named = {"inspect_url_name": self.get_url_name("inspect"), **kwargs}
        return cast(dict[str, Any], super().get_edit_view_kwargs(**named))

    def get_delete_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        named = {"inspect_url_name": self.get_url_name("inspect"), **kwargs}
        return cast(dict[str, Any], super().get_delete_view_kwargs(**named))

    def get_urlpatterns(self) -> list[URLPattern]:
        shown = {
            "index_url_name": self.get_url_name("list"),
            "inspect_url_name": self.get_url_name("inspect"),
        }
        buttons = [
            path(f"{name}/<int:pk>/", self.construct_view(view, **shown), name=name)
            for name, view in _BUTTON_VIEWS.items()
        ]
        mail = self.construct_view(MailView)
        return [*super().get_urlpatterns(), *buttons, path("mail/<int:pk>/", mail, name="mail")]


_BUTTON_VIEWS: dict[str, Any] = {
    "start": StartView,
    "plan": PlanView,
    "unplan": UnplanView,
    "pause": PauseView,
    "resume": ResumeView,
    "cancel": CancelView,
    "test": TestView,
}
