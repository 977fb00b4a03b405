"""Registers the guide's screens."""

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.models import Page
from wagtail.permissions import policy_registry, register_permission_policy
from wagtail.snippets.models import register_snippet

from blog.comments import wagtail_hooks  # noqa: F401 (registers the comment desk)
from blog.models import NewsletterIssue, ReviewRequest, Subscriber
from blog.permissions import IssuePolicy
from blog.review import editor
from blog.review.home import ReviewsPanel
from blog.review.permissions import ReviewPolicy
from blog.viewsets import GuideGroup, person_chooser
from blog.viewsets.newsletter import NewsletterGroup
from blog.viewsets.people import PersonChooserViewSet
from outbox.permissions import ReadOnlyPolicy

register_permission_policy(ReviewRequest, ReviewPolicy())


register_permission_policy(NewsletterIssue, IssuePolicy(NewsletterIssue))
register_permission_policy(Subscriber, ReadOnlyPolicy(Subscriber))
register_snippet(NewsletterGroup)


@hooks.register("register_admin_viewset")
def register_guide() -> GuideGroup:
    return GuideGroup()


@hooks.register("register_admin_viewset")
def register_person_chooser() -> PersonChooserViewSet:
    return person_chooser


@hooks.register("construct_page_action_menu")
def offer_review(items: list[Any], request: HttpRequest, context: dict[str, Any]) -> None:  # noqa: ARG001
    editor.arrange_menu(items, context)


@hooks.register("before_publish_page")
def publish_only_what_is_approved(request: HttpRequest, page: Page) -> HttpResponse | None:
    return editor.refuse_publishing(request, page)


@hooks.register("after_create_page")
@hooks.register("after_edit_page")
def choose_reviewer(request: HttpRequest, page: Page) -> HttpResponse | None:
    return editor.go_on_to_asking(request, page)


@hooks.register("before_bulk_action")
def publish_in_bulk_only_what_is_approved(
    request: HttpRequest, action_type: str, objects: list[Any], action: Any
) -> HttpResponse | None:
    pages = [each for each in objects if isinstance(each, Page)]
    return editor.refuse_bulk(request, pages, action) if action_type == "publish" else None


@hooks.register("before_copy_page")
def copy_live_only_what_is_approved(request: HttpRequest, page: Page) -> HttpResponse | None:
    return editor.refuse_live_copy(request, page)


@hooks.register("construct_homepage_panels")
def add_reviews(request: HttpRequest, panels: list[Any]) -> None:  # noqa: ARG001
    panels.append(ReviewsPanel())


class ReviewsDueMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        policy = policy_registry.get_by_type(ReviewRequest)
        return bool(policy.user_has_permission(request.user, "view"))


@hooks.register("register_reports_menu_item")
def register_reviews_due() -> MenuItem:
    return ReviewsDueMenuItem(
        "Reviews due",
        reverse("reviews:due"),
        name="reviews-due",
        icon_name="clipboard-list",
        order=90,
    )


@hooks.register("register_log_actions")
def register_review_actions(actions: Any) -> None:
    for action, label, message in (
        ("ask", "Ask for clinical review", "A clinical review was asked for"),
        ("resend", "Send a new review link", "A new review link was sent"),
        ("withdraw", "Withdraw review", "The request for a clinical review was withdrawn"),
        ("approve", "Clinical approval", "A reviewer approved this version"),
        ("changes", "Changes asked for", "A reviewer asked for changes"),
        ("let_through", "Let through", "Let through without clinical review"),
        ("held_back", "Not published", "The schedule was cancelled: not clinically approved"),
    ):
        actions.register_action(f"blog.review.{action}", label, message)


@hooks.register("register_permissions")
def register_sending() -> "QuerySet[Permission]":
    return Permission.objects.filter(
        content_type__app_label="blog",
        codename__in=["send_newsletterissue", "view_newsletterissue"],
    )


@hooks.register("register_log_actions")
def register_newsletter_actions(actions: Any) -> None:
    for name, label, message in (
        ("plan", "Send later", "Planned to be sent"),
        ("unplan", "Do not send yet", "Made a draft again"),
        ("send", "Send", "Sending began"),
        ("pause", "Pause", "Sending was paused"),
        ("resume", "Resume", "Sending was resumed"),
        ("cancel", "Stop", "Sending was stopped for good"),
    ):
        actions.register_action(f"blog.newsletter_{name}", label, message)
