"""Registers the screens of comments; `blog.wagtail_hooks` loads it."""

from typing import Any

from django.http import HttpRequest
from wagtail import hooks
from wagtail.permissions import register_permission_policy

from blog.models import Comment, PrivateQuestion
from blog.summary import PrivateQuestionsItem, ReportedCommentsItem, WaitingCommentsItem
from blog.viewsets.comment_buttons import ApproveAction, RejectAction, SpamAction
from blog.viewsets.readers import ReadersGroup
from outbox.permissions import ReadOnlyPolicy

# Written by readers and by verbs alone: staff press buttons.
for model in (Comment, PrivateQuestion):
    register_permission_policy(model, ReadOnlyPolicy(model))

for action in (ApproveAction, RejectAction, SpamAction):
    hooks.register("register_bulk_action", action)


@hooks.register("register_admin_viewset")
def register_readers() -> ReadersGroup:
    return ReadersGroup()


@hooks.register("construct_homepage_summary_items")
def add_reader_counts(request: HttpRequest, items: list[Any]) -> None:
    items.extend(
        [
            WaitingCommentsItem(request),
            ReportedCommentsItem(request),
            PrivateQuestionsItem(request),
        ]
    )


@hooks.register("register_log_actions")
def register_comment_actions(actions: Any) -> None:
    for name, label, message in (
        ("comment.approve", "Approve", "The comment was made public"),
        ("comment.reject", "Reject", "The comment was rejected"),
        ("comment.spam", "Spam", "The comment was put away as spam"),
        ("comment.keep", "Keep", "Reports were closed, the comment stays"),
        ("comment.reply", "Reply", "The comment was answered"),
        ("private_question.read", "Read", "The question was read"),
        ("private_question.answer", "Answer", "The question was noted as answered"),
    ):
        actions.register_action(f"blog.{name}", label, message)
