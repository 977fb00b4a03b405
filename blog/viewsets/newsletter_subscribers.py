"""Who gets the newsletter: a list to look people up in, and buttons that act for them."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, ClassVar, Final

from django import forms
from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.views.generic import View
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn
from wagtail.admin.views.generic import IndexView, InspectView
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.viewsets.model import ModelViewSet

from accounts.models import User
from blog import newsletter, newsletter_bounces, newsletter_privacy
from blog.models import NewsletterConsent, Subscriber, SubscriberStatus
from blog.newsletter_growth import Growth
from cms.charts import bar_chart
from cms.days_report import Cell, Chosen, DaysReport, Month, Table, Told
from cms.inert_export import InertExport
from cms.periods import MONTHS
from cms.verb_view import VerbView

# More bars than this are no chart any more.
_DRAWN: Final = 100


def is_dead(subscriber: Subscriber) -> bool:
    return subscriber.status == SubscriberStatus.SUPPRESSED


class SubscriberIndexView(InertExport, IndexView):
    """The list; its exports hold what the screen shows."""

    exported: ClassVar = {
        "email": lambda one: one.email,
        "status": lambda one: one.get_status_display(),
        "reason": lambda one: one.reason,
        "source": lambda one: one.source,
        "asked_at": lambda one: one.asked_at,
        "confirmed_at": lambda one: one.confirmed_at,
        "left_at": lambda one: one.left_at,
    }


class SubscriberInspectView(InspectView):
    """One subscriber with everything that was agreed to and taken back."""

    page_title = "Subscriber"
    button_urls: dict[str, str] = {}  # noqa: RUF012 - an argument of `as_view`

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        consents = NewsletterConsent.objects.filter(subscriber_key=self.object.key)
        return {
            **context,
            "consents": list(consents),
            "troubles": list(self.object.troubles.all()),
            "topics": list(self.object.topics.all()),
            "buttons": [
                (name, reverse(self.button_urls[name], args=[self.object.pk]))
                for name in self._possible()
            ],
        }

    def _possible(self) -> list[str]:
        status = self.object.status
        names = []
        if not self.user_has_permission("erase"):
            return []
        if status in {SubscriberStatus.PENDING, SubscriberStatus.CONFIRMED}:
            names.append("leave")
        names.append("readmit" if status == SubscriberStatus.SUPPRESSED else "bounced")
        return [*names, "copy", "erase"]


class SubscriberVerbView(VerbView):
    """A button of one subscriber; it asks before it acts."""

    model = Subscriber
    # One permission for all that is done for somebody else; nobody edits an address.
    permission_required = "erase"
    form_class: Any = forms.Form
    template_name = "blog/admin/issue_verb.html"
    header_icon = "user"
    refusals: ClassVar = (ValueError,)
    explanation: ClassVar[str] = ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "explanation": self.explanation}


class LeaveView(SubscriberVerbView):
    page_title = "Unsubscribe"
    explanation = "For somebody who asked you to. They can come back by a link in any mail."
    done_message = "Unsubscribed."

    def act(self, data: dict[str, Any], *, by: User, at: dt.datetime) -> None:  # noqa: ARG002
        newsletter.leave(key=self.object.key, means="staff, as asked", at=at)


class BouncedView(SubscriberVerbView):
    page_title = "The address does not exist"
    explanation = "For a mail that came back to you. Nothing is sent to this address any more."
    done_message = "Nothing is sent to this address any more."

    def act(self, data: dict[str, Any], *, by: User, at: dt.datetime) -> None:  # noqa: ARG002
        newsletter_bounces.note_hard(
            subscriber_id=self.object.pk,
            event_key=f"staff:{self.object.pk}:{at.isoformat()}",
            note="Staff: a mail came back",
            at=at,
        )


class ReadmitView(SubscriberVerbView):
    page_title = "The address works again"
    explanation = "Its owner may sign up again. Nothing is sent until they do and confirm it."
    done_message = "They may sign up again."

    def act(self, data: dict[str, Any], *, by: User, at: dt.datetime) -> None:  # noqa: ARG002
        newsletter.readmit(subscriber_id=self.object.pk, at=at)


class EraseView(SubscriberVerbView):
    page_title = "Erase"
    explanation = (
        "The address and every mail about it are deleted for good. What was agreed to stays,"
        " without a name."
    )
    done_message = "Erased."

    def act(self, data: dict[str, Any], *, by: User, at: dt.datetime) -> None:  # noqa: ARG002
        newsletter.erase(subscriber_id=self.object.pk)

    def get_success_url(self) -> str:
        return reverse(self.index_url_name)


class CopyView(PermissionCheckedMixin, View):
    """Everything that is known of a subscriber, for that person (GDPR, article 15)."""

    model = Subscriber
    permission_required = "erase"
    index_url_name = ""
    inspect_url_name = ""

    def get(self, _request: HttpRequest, pk: int) -> JsonResponse:
        subscriber = get_object_or_404(Subscriber, pk=pk)
        answer = JsonResponse(
            newsletter_privacy.export(subscriber), json_dumps_params={"indent": 2}
        )
        answer["Content-Disposition"] = 'attachment; filename="newsletter-subscriber.json"'
        return answer


class GrowthView(DaysReport):
    """How the list grew, month by month or day by day."""

    model = Subscriber
    permission_required = "view"
    page_title = "How the list grew"
    header_icon = "order-up"
    file_name = "newsletter-growth"
    index_url_name = ""
    inspect_url_name = ""

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        *above, here = super().get_breadcrumbs_items()
        return [*above, {"url": reverse(self.index_url_name), "label": "Subscribers"}, here]

    def tell(self, chosen: Chosen) -> Told:
        found = newsletter.growth(from_on=chosen.from_on, until_on=chosen.until_on, by=chosen.by)
        by_month = chosen.by == MONTHS
        rows: list[list[Cell]] = [
            [Month(each.period) if by_month else each.period, each.joined, each.left, each.total]
            for each in found
        ]
        heading = "Month" if by_month else "Day"
        drawn = [(each.period, each.joined) for each in found]
        return Told(
            _sentence(found),
            [Table(f"By {heading.lower()}", (heading, "Joined", "Left", "At its end"), rows)],
            bar_chart("Joined", "Joined", drawn, tell=str) if len(drawn) <= _DRAWN else None,
        )


def _sentence(found: Sequence[Growth]) -> str:
    joined, left = sum(each.joined for each in found), sum(each.left for each in found)
    return format_html(
        "<strong>{}</strong> joined and {} left; <strong>{}</strong> were subscribed at the end."
        " Nobody is watched: these are the entries of who agreed and who took it back.",
        f"{joined:,}",
        f"{left:,}",
        f"{found[-1].total:,}",
    )


_BUTTON_VIEWS: dict[str, Any] = {
    "leave": LeaveView,
    "bounced": BouncedView,
    "readmit": ReadmitView,
    "copy": CopyView,
    "erase": EraseView,
}


class SubscriberViewSet(ModelViewSet):
    model = Subscriber
    name = "subscribers"
    icon = "group"
    menu_label = "Subscribers"
    # Nothing is typed here, but a viewset asks for the fields of its forms.
    form_fields = ("email",)
    copy_view_enabled = False
    add_to_reference_index = False
    inspect_view_enabled = True
    index_view_class = SubscriberIndexView
    inspect_view_class = SubscriberInspectView
    index_template_name = "blog/admin/subscriber_index.html"
    inspect_template_name = "blog/admin/subscriber_inspect.html"
    inspect_view_fields = (
        "email",
        "status",
        "reason",
        "source",
        "asked_at",
        "confirmed_at",
        "left_at",
    )
    list_display = (
        "email",
        StatusTagColumn("get_status_display", label="Status", sort_key="status", primary=is_dead),
        Column("reason", label="Why nothing is sent"),
        Column("source", label="Signed up on"),
        DateColumn("confirmed_at", label="Confirmed", sort_key="confirmed_at"),
        DateColumn("left_at", label="Left", sort_key="left_at"),
    )
    list_filter: ClassVar = {
        "status": ["exact"],
        "topics": ["exact"],
        "confirmed_at": ["gte", "lte"],
    }
    list_export = tuple(SubscriberIndexView.exported)
    search_fields = ("email", "source")

    def get_inspect_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        urls = {name: self.get_url_name(name) for name in _BUTTON_VIEWS}
        wanted: dict[str, Any] = super().get_inspect_view_kwargs(button_urls=urls, **kwargs)
        return wanted

    def get_urlpatterns(self) -> list[URLPattern]:
        shown = {
            "index_url_name": self.get_url_name("index"),
            "inspect_url_name": self.get_url_name("inspect"),
        }
        buttons = [
            path(f"{name}/<int:pk>/", self.construct_view(view, **shown), name=name)
            for name, view in _BUTTON_VIEWS.items()
        ]
        growth = self.construct_view(GrowthView, **shown)
        return [*super().get_urlpatterns(), *buttons, path("growth/", growth, name="growth")]

    def get_permissions_to_register(self) -> QuerySet[Permission]:
        permissions: QuerySet[Permission] = super().get_permissions_to_register()
        return permissions.exclude(codename__in=["add_subscriber", "delete_subscriber"])
