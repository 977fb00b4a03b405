"""What waits for staff of the guide, counted on the admin's first page."""

from django.db.models import QuerySet

from blog.models import Comment, PrivateQuestion, PrivateQuestionStatus
from cms.waiting import WaitingItem


class WaitingCommentsItem(WaitingItem):
    order = 30
    icon_name = "comment"
    model = Comment
    action = "moderate"
    words_for_one, words = "comment waits", "comments wait"
    url_name = "comments_desk:index"

    def rows(self) -> QuerySet[Comment]:
        return Comment.objects.waiting()


class ReportedCommentsItem(WaitingItem):
    order = 31
    icon_name = "warning"
    model = Comment
    action = "moderate"
    words_for_one, words = "comment is reported", "comments are reported"
    url_name, query = "comments_desk:index", "?state=REPORTED"

    def rows(self) -> QuerySet[Comment]:
        return Comment.objects.reported()


class PrivateQuestionsItem(WaitingItem):
    order = 32
    icon_name = "lock"
    model = PrivateQuestion
    words_for_one, words = "private question", "private questions"
    url_name, query = "private_questions:index", "?status=OPEN"

    def rows(self) -> QuerySet[PrivateQuestion]:
        return PrivateQuestion.objects.filter(status=PrivateQuestionStatus.OPEN)
