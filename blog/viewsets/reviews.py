"""Clinical reviews in the admin: who was asked, what they said, and which are due."""

import datetime as dt
from typing import Any, ClassVar

from django import forms
from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn, TitleColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.views.reports import ReportView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import ListingButton

from accounts.models import User
from blog.models import ArticlePage, ReviewRequest
from blog.review import due, requests
from blog.review.links import link_of
from blog.viewsets.asking import AskView, LetThroughView
from cms.verb_view import VerbView


def state_of(request: ReviewRequest) -> str:
    """Say how a request stands; one that nobody answered in time has expired."""
    if request.is_waiting and request.expires_at <= timezone.now():
        return "link expired"
    return str(request.get_status_display())


class ReviewIndexView(IndexView):
    any_permission_required: ClassVar = ["view", "change"]
    resend_url_name = ""
    withdraw_url_name = ""

    def get_base_queryset(self) -> QuerySet[ReviewRequest]:
        rows = ReviewRequest.objects.select_related("page", "reviewer", "requested_by", "approval")
        page_id = self.request.GET.get("page_id", "")
        return rows.filter(page=page_id) if page_id.isdecimal() else rows

    def get_add_url(self) -> None:
        return None

    def get_edit_url(self, instance: ReviewRequest) -> str:
        return reverse("wagtailadmin_pages:edit", args=[instance.page_id])

    def get_list_buttons(self, instance: ReviewRequest) -> list[Any]:
        if not instance.is_waiting or not self.user_has_permission("change"):
            return []
        return [
            ListingButton(label, url=reverse(name, args=[instance.pk]), classname=kind)
            for label, name, kind in (
                ("Send a new link", self.resend_url_name, "button-secondary"),
                ("Withdraw", self.withdraw_url_name, "button-secondary no"),
            )
        ]

    @cached_property
    def columns(self) -> list[Any]:
        title = self._get_title_column_class(TitleColumn)(
            "page.draft_title",
            label="Article",
            get_url=self.get_edit_url,
            get_title_id=lambda request: f"review_{request.pk}",
        )
        return [
            title,
            Column("reviewer", label="Reviewer", sort_key="reviewer__name"),
            StatusTagColumn(
                "state",
                label="State",
                accessor=state_of,
                sort_key="status",
                primary=lambda request: request.is_waiting,
            ),
            Column("requested_by.get_full_name", label="Asked by"),
            DateColumn("requested_at", label="Asked", sort_key="requested_at"),
            DateColumn("answered_at", label="Answered", sort_key="answered_at"),
            Column("remarks", label="Remarks"),
        ]


class ResendView(VerbView):
    model = ReviewRequest
    form_class = forms.Form
    page_title = "Send a new link"
    done_message = "A new link is on its way; the old one leads nowhere now."
    refusals = (requests.NotWaiting,)

    def act(self, data: dict[str, Any], *, by: User, at: dt.datetime) -> None:  # noqa: ARG002
        requests.resend(request_id=self.object.pk, by=by, at=at)

    def get_success_url(self) -> str:
        return reverse(self.index_url_name)


class WithdrawView(ResendView):
    page_title = "Withdraw the request"
    done_message = "The request is withdrawn. The article can be edited again."

    def act(self, data: dict[str, Any], *, by: User, at: dt.datetime) -> None:  # noqa: ARG002
        requests.withdraw(request_id=self.object.pk, by=by, at=at)


def read(request: HttpRequest, pk: int) -> HttpResponse:
    """Lead a reviewer who is signed in to the page behind their own link."""
    mine = ReviewRequest.objects.answerable(timezone.now()).filter(reviewer__user=request.user.pk)
    return redirect(link_of(get_object_or_404(mine, pk=pk)))


class ReviewViewSet(ModelViewSet):
    model = ReviewRequest
    name = "reviews"
    url_prefix = "reviews"
    icon = "clipboard-list"
    menu_label = "Clinical reviews"
    # Nothing is typed here, but a viewset asks for the fields of its forms.
    form_fields = ("message",)
    copy_view_enabled = False
    add_to_reference_index = False
    index_view_class = ReviewIndexView
    list_filter = ("status", "reviewer")
    search_fields = ("page__title", "reviewer__name")
    ordering = ("-requested_at",)

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_index_view_kwargs(**kwargs),
            "resend_url_name": self.get_url_name("resend"),
            "withdraw_url_name": self.get_url_name("withdraw"),
        }

    def get_urlpatterns(self) -> list[URLPattern]:
        names = {"index_url_name": self.get_url_name("index")}
        resend = self.construct_view(ResendView, **names)
        withdraw = self.construct_view(WithdrawView, **names)
        return [
            *super().get_urlpatterns(),
            path("resend/<int:pk>/", resend, name="resend"),
            path("withdraw/<int:pk>/", withdraw, name="withdraw"),
            path("ask/<int:pk>/", AskView.as_view(), name="ask"),
            path("let-through/<int:pk>/", LetThroughView.as_view(), name="let_through"),
            path("read/<int:pk>/", read, name="read"),
            path("due/", ReviewsDueView.as_view(), name="due"),
            path("due/results/", ReviewsDueView.as_view(results_only=True), name="due_results"),
        ]

    def get_permissions_to_register(self) -> QuerySet[Permission]:
        return Permission.objects.none()


class ReviewsDueView(ReportView):
    """Live articles whose next review is near or past, and those that nobody has reviewed."""

    model = ReviewRequest
    any_permission_required: ClassVar = ["view", "change"]
    page_title = "Reviews due"
    header_icon = "clipboard-list"
    index_url_name = "reviews:due"
    index_results_url_name = "reviews:due_results"
    list_export: ClassVar = ["title", "reviewer", "last_reviewed_on", "next_review_on"]

    def get_queryset(self) -> QuerySet[ArticlePage]:
        found: QuerySet[ArticlePage] = due.soon(timezone.localdate())
        return found

    def filter_queryset(self, queryset: QuerySet[ArticlePage]) -> QuerySet[ArticlePage]:
        return queryset

    @cached_property
    def columns(self) -> list[Any]:
        return [
            TitleColumn(
                "title",
                label="Article",
                get_url=lambda page: reverse("wagtailadmin_pages:edit", args=[page.pk]),
            ),
            StatusTagColumn(
                "state",
                label="State",
                accessor=due.state_of,
                primary=lambda page: page.is_review_overdue,
            ),
            Column("reviewer", label="Last reviewed by"),
            Column("last_reviewed_on", label="Last reviewed"),
            Column("next_review_on", label="Next review"),
            TitleColumn(
                "ask",
                label="",
                accessor=lambda _page: "Ask for a review",
                get_url=lambda page: reverse("reviews:ask", args=[page.pk]),
            ),
        ]
