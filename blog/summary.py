"""What waits for staff of the guide, counted on the admin's first page."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from wagtail.admin.site_summary import SummaryItem

from blog.comments import permissions
from blog.models import Comment, PrivateQuestion, PrivateQuestionStatus

# Nobody needs to know exactly how many more.
MOST_COUNTED = 1_000


class ReadersItem(SummaryItem):
    """So many of what readers sent, with a link to it."""

    template_name = "blog/admin/summary_item.html"
    icon_name = "comment"
    permission = permissions.MODERATE
    words_for_one = words = ""
    url_name = query = ""

    def is_shown(self) -> bool:
        return bool(self.request.user.has_perm(f"blog.{self.permission}"))

    def rows(self) -> QuerySet[Any]:
        """Return what is counted."""
        raise NotImplementedError

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:  # noqa: ARG002
        count = self.rows().order_by()[: MOST_COUNTED + 1].count()
        return {
            "count": min(count, MOST_COUNTED),
            "is_more": count > MOST_COUNTED,
            "words": self.words_for_one if count == 1 else self.words,
            "icon_name": self.icon_name,
            "url": f"{reverse(self.url_name)}{self.query}",
        }


class WaitingCommentsItem(ReadersItem):
    order = 30
    words_for_one, words = "comment waits", "comments wait"
    url_name = "comments_desk:index"

    def rows(self) -> QuerySet[Comment]:
        return Comment.objects.waiting()


class ReportedCommentsItem(ReadersItem):
    order = 31
    icon_name = "warning"
    words_for_one, words = "comment is reported", "comments are reported"
    url_name, query = "comments_desk:index", "?state=REPORTED"

    def rows(self) -> QuerySet[Comment]:
        return Comment.objects.reported()


class PrivateQuestionsItem(ReadersItem):
    order = 32
    icon_name = "lock"
    permission = permissions.READ_PRIVATE
    words_for_one, words = "private question", "private questions"
    url_name, query = "private_questions:index", "?status=OPEN"

    def rows(self) -> QuerySet[PrivateQuestion]:
        return PrivateQuestion.objects.filter(status=PrivateQuestionStatus.OPEN)
