"""What the buttons on an issue's screen do: one call each, and its refusals in words."""

import datetime as dt
from typing import Any, ClassVar

from django import forms
from wagtail.admin.widgets import AdminDateTimeInput

from accounts.models import User
from blog import newsletter_issues
from blog.models import NewsletterIssue
from blog.newsletter_status import IssueTransitionRefused
from cms.verb_view import VerbView


class PlanForm(forms.Form):
    send_at = forms.DateTimeField(
        label="Send at",
        widget=AdminDateTimeInput,
        help_text="In the shop's own time. The worker sends it then, whoever is signed in.",
    )


class IssueVerbView(VerbView):
    """A button of one issue; it asks before it acts."""

    model = NewsletterIssue
    form_class: Any = forms.Form
    permission_required = "send"
    template_name = "blog/admin/issue_verb.html"
    header_icon = "mail"
    refusals = (newsletter_issues.NotReady, IssueTransitionRefused)
    explanation: ClassVar[str] = ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["explanation"] = self.explain()
        context["submit_button_active_label"] = "One moment…"
        return context

    def explain(self) -> str:
        """Say what will happen when the button is pressed."""
        return self.explanation


class StartView(IssueVerbView):
    page_title = "Send now"
    done_message = "It is on its way. You can pause it at any time."

    def explain(self) -> str:
        many = newsletter_issues.recipients(self.object).count()
        return (
            f"It goes to {many:,} subscriber{'' if many == 1 else 's'}, and cannot be changed then."
        )

    def act(self, data: dict[str, Any], *, by: User, at: dt.datetime) -> None:  # noqa: ARG002
        newsletter_issues.start(issue_id=self.object.pk, by=by, at=at)


class PlanView(IssueVerbView):
    page_title = "Send later"
    form_class = PlanForm
    done_message = "Planned. It goes out by itself."

    def act(self, data: dict[str, Any], *, by: User, at: dt.datetime) -> None:
        newsletter_issues.plan(issue_id=self.object.pk, send_at=data["send_at"], by=by, at=at)


class UnplanView(IssueVerbView):
    page_title = "Do not send it yet"
    explanation = "It becomes a draft again and can be changed."
    done_message = "It is a draft again."

    def act(self, data: dict[str, Any], *, by: User, at: dt.datetime) -> None:  # noqa: ARG002
        newsletter_issues.unplan(issue_id=self.object.pk, by=by)


class PauseView(IssueVerbView):
    page_title = "Pause"
    explanation = "Nothing more is sent until you resume it. One mail may be on its way already."
    done_message = "Paused."

    def act(self, data: dict[str, Any], *, by: User, at: dt.datetime) -> None:  # noqa: ARG002
        newsletter_issues.pause(issue_id=self.object.pk, by=by)


class ResumeView(IssueVerbView):
    page_title = "Resume"
    explanation = "It goes on where it was; nobody gets it twice."
    done_message = "It goes on."

    def act(self, data: dict[str, Any], *, by: User, at: dt.datetime) -> None:  # noqa: ARG002
        newsletter_issues.resume(issue_id=self.object.pk, by=by)


class CancelView(IssueVerbView):
    page_title = "Stop for good"
    explanation = "Whoever has got it has got it; nobody else will, and it cannot be sent again."
    done_message = "Stopped."

    def act(self, data: dict[str, Any], *, by: User, at: dt.datetime) -> None:
        del data
        newsletter_issues.cancel(issue_id=self.object.pk, by=by, at=at)


class TestView(IssueVerbView):
    page_title = "Send a test to me"
    permission_required = "change"
    explanation = "The mail as it stands goes to your own address, and to nobody else."
    done_message = "The test is on its way to you."

    def act(self, data: dict[str, Any], *, by: User, at: dt.datetime) -> None:
        del data
        newsletter_issues.send_test(issue_id=self.object.pk, by=by, at=at)
