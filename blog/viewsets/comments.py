"""The comment desk: a queue to work off, and one screen with everything about a comment."""

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import Q, QuerySet
from django.urls import URLPattern, path
from django.utils.functional import cached_property
from wagtail.admin.admin_url_finder import ModelAdminURLFinder
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import (
    BulkActionsCheckboxColumn,
    Column,
    DateColumn,
    StatusTagColumn,
    TitleColumn,
)
from wagtail.admin.views.generic import IndexView, InspectView
from wagtail.admin.viewsets.model import ModelViewSet
from django_filters import ChoiceFilter

from blog.comments import moderation, threads
from blog.comments.desk import workspace
from blog.models import Comment, CommentStatus
from blog.models.comments import CommentQuerySet
from blog.viewsets.comment_buttons import (
    ApproveView,
    KeepView,
    RejectView,
    ReplyView,
    SpamView,
)
from claims import checking, overrides
from cms.capped_lists import CappedPaginator

WAITING, REPORTED, ALL = "WAITING", "REPORTED", "ALL"
STATES = [
    (WAITING, "Waiting"),
    (REPORTED, "Reported"),
    ("APPROVED", "Public"),
    ("REJECTED", "Rejected"),
    ("SPAM", "Spam"),
    (ALL, "All"),
]
# Words are looked for among this many of the newest.
SEARCHED = 50_000
_EXCERPT = 160


class CommentPaginator(CappedPaginator):
    called = "comments"


class CommentFilterSet(WagtailFilterSet):
    state = ChoiceFilter(label="State", choices=STATES, method="filter_state", empty_label=None)
    by = ChoiceFilter(
        label="By", choices=[("READERS", "Readers"), ("STAFF", "Our team")], method="filter_by"
    )

    class Meta:
        model = Comment
        fields = ("state", "by")

    def filter_state(self, comments: CommentQuerySet, _name: str, value: str) -> CommentQuerySet:
        if value == REPORTED:
            return comments.reported()
        return comments if value == ALL else comments.filter(status=value)

    def filter_by(self, comments: CommentQuerySet, _name: str, value: str) -> CommentQuerySet:
        return comments.filter(is_from_staff=value == "STAFF")


def searched(comments: CommentQuerySet, words: str) -> CommentQuerySet:
    """Narrow to a person by their address, or to newer comments by name and words."""
    words = words.strip()[:100]
    if "@" in words:
        return comments.filter(email=words.lower())
    newest = Comment.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    return comments.filter(
        Q(name__icontains=words) | Q(text__icontains=words), pk__gt=newest - SEARCHED
    )


def excerpt(comment: Comment) -> str:
    words = " ".join(comment.text[: _EXCERPT * 2].split())
    return words if len(words) <= _EXCERPT else f"{words[:_EXCERPT]}…"


def noticed(comment: Comment) -> str:
    """Say what speaks against a comment."""
    reports = [f"reported {comment.open_reports} ×"] if comment.open_reports else []
    return ", ".join([*reports, *comment.spam_reasons])


def needs_decision(comment: Comment) -> bool:
    return comment.status == CommentStatus.WAITING or comment.open_reports > 0


class CommentIndexView(IndexView):
    """What waits, unless something else is asked for."""

    template_name = "blog/admin/comment_index.html"
    paginator_class = CommentPaginator
    default_ordering = ("-posted_at", "-pk")
    page_title = "Comments"

    def get_base_queryset(self) -> Any:
        comments = super().get_base_queryset().select_related("article")
        return comments if self.request.GET.get("state") else comments.waiting()

    def search_queryset(self, queryset: Any) -> Any:
        return searched(queryset, self.search_query) if self.is_searching else queryset

    @cached_property
    def columns(self) -> list[Any]:
        title = self._get_title_column_class(TitleColumn)(
            "name",
            label="Reader",
            get_url=self.get_inspect_url,
            get_title_id=lambda comment: f"comment_{comment.pk}_title",
        )
        return [
            BulkActionsCheckboxColumn("bulk_actions", obj_type="comment"),
            title,
            Column("excerpt", label="Comment", accessor=excerpt),
            Column("article", label="Article", accessor=lambda comment: comment.article.title),
            StatusTagColumn("get_status_display", label="State", primary=needs_decision),
            Column("noticed", label="Noticed", accessor=noticed),
            DateColumn("posted_at", label="Posted"),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context |= {"app_label": "blog", "model_name": "comment", "states": STATES}
        context["state"] = self.request.GET.get("state") or WAITING
        return context


class CommentInspectView(InspectView):
    """One comment with its talk, its writer's history, and the buttons."""

    page_title = "Comment"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        kept_reply = self.request.session.pop(ReplyView.kept_as(self.object.pk), "")
        return {
            **context,
            **workspace(self.object),
            "comment": self.object,
            "paragraphs": threads.paragraphs(self.object.text),
            "can_moderate": self.user_has_permission("moderate"),
            "kept_reply": kept_reply,
            "kept_reply_makes_claim": bool(moderation.claim_in(kept_reply)),
            **self._claims(),
        }

    def _claims(self) -> dict[str, str]:
        """Say what keeps an answer of the clinic from readers, and where a reviewer allows it."""
        if not self.object.is_from_staff or self.object.status == CommentStatus.APPROVED:
            return {}
        may_allow = self.request.user.has_perm(overrides.PERMISSION)
        return {
            "claim": moderation.open_claim(self.object),
            "review_url": checking.review_url(self.object) if may_allow else "",
        }


class CommentURLFinder(ModelAdminURLFinder):
    """Leads to a comment's screen from where it is named: nobody edits one."""

    edit_url_name = "comments_desk:inspect"

    def get_edit_url(self, instance: Comment) -> str | None:
        """Return the screen's address; none for somebody who may not see it."""
        if self.user is not None and not self.user.has_perm("blog.view_comment"):
            return None
        return str(self.construct_edit_url(instance))


class CommentViewSet(ModelViewSet):
    model = Comment
    url_finder_class = CommentURLFinder
    name = "comments_desk"
    url_prefix = "comments"
    icon = "comment"
    menu_label = "Comments"
    # Nothing is ever added by hand, but a viewset asks for the fields of its forms.
    form_fields = ("text",)
    add_to_reference_index = False
    copy_view_enabled = False
    index_view_class = CommentIndexView
    inspect_view_class = CommentInspectView
    inspect_view_enabled = True
    inspect_view_fields = ("text",)
    inspect_template_name = "blog/admin/comment_inspect.html"
    filterset_class = CommentFilterSet
    # Its rows are what a screen of the queue costs, however many comments there are.
    list_per_page = 25
    list_display = ("name",)
    # Names the search field; `searched` does the search.
    search_fields = ("text",)

    def get_urlpatterns(self) -> list[URLPattern]:
        shown = {
            "inspect_url_name": self.get_url_name("inspect"),
            "index_url_name": self.get_url_name("index"),
        }
        views = {
            "approve": ApproveView,
            "reject": RejectView,
            "spam": SpamView,
            "keep": KeepView,
            "reply": ReplyView,
        }
        ours = [
            path(f"{name}/<int:pk>/", view.as_view(**shown), name=name)
            for name, view in views.items()
        ]
        return [*super().get_urlpatterns(), *ours]

    def get_permissions_to_register(self) -> QuerySet[Permission]:
        permissions: QuerySet[Permission] = super().get_permissions_to_register()
        return permissions.filter(codename__in=["view_comment", "moderate_comment"])
