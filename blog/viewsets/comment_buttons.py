"""What the buttons of the comment desk do: one call each, and its refusals in words."""

from typing import Any, ClassVar, cast

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.views.bulk_action import BulkAction
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from accounts.models import User
from blog.comments import moderation, permissions
from blog.models import Comment, CommentStatus
from cms.card_numbers import holds_card_number

MOST_AT_ONCE = 500


class CommentButtonView(PermissionCheckedMixin, View):
    """A button on one comment; afterwards the comment is shown again."""

    http_method_names: tuple[str, ...] = ("post",)
    model = Comment
    permission_required = "moderate"
    inspect_url_name = ""
    index_url_name = ""
    done = ""

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        comment = get_object_or_404(Comment, pk=pk)
        try:
            self.press(comment, by=cast(User, request.user))
        except (moderation.TransitionRefused, moderation.ReplyRefused) as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, self.done)
        return redirect(self.inspect_url_name, comment.pk)

    def press(self, comment: Comment, *, by: User) -> None:
        """Make the one call."""
        raise NotImplementedError


class ApproveView(CommentButtonView):
    done = "The comment is public."

    def press(self, comment: Comment, *, by: User) -> None:
        moderation.approve(comment_id=comment.pk, by=by, at=timezone.now())


class RejectView(CommentButtonView):
    done = "The comment is rejected; readers do not see it."

    def press(self, comment: Comment, *, by: User) -> None:
        moderation.reject(comment_id=comment.pk, by=by, at=timezone.now())


class SpamView(CommentButtonView):
    done = "The comment is put away as spam; others like it will be found."

    def press(self, comment: Comment, *, by: User) -> None:
        moderation.mark_spam(comment_id=comment.pk, by=by, at=timezone.now())


class KeepView(CommentButtonView):
    done = "The comment stays public, and the reports are closed."

    def press(self, comment: Comment, *, by: User) -> None:
        moderation.keep(comment_id=comment.pk, by=by, at=timezone.now())


class ReplyView(CommentButtonView):
    """Answer in public; a comment that waits is approved with the answer."""

    done = "Your reply is public."

    @staticmethod
    def kept_as(pk: int) -> str:
        """Name where a refused reply is kept, so that nobody types it twice."""
        return f"comment-reply-{pk}"

    def press(self, comment: Comment, *, by: User) -> None:
        text, may_wait = self.request.POST.get("text", ""), "may_wait" in self.request.POST
        try:
            answer = moderation.reply(
                comment_id=comment.pk, text=text, may_wait=may_wait, by=by, at=timezone.now()
            )
        except (moderation.ReplyRefused, moderation.TransitionRefused):
            if not holds_card_number(text):
                self.request.session[self.kept_as(comment.pk)] = text[
                    : 2 * moderation.LONGEST_REPLY
                ]
            raise
        if answer.status == CommentStatus.WAITING:
            self.done = "Your reply waits in the queue until a reviewer allows its claim."


class CommentBulkAction(BulkAction):
    """One verb for every comment that is ticked and may take it; the others are named first."""

    models: ClassVar = [Comment]
    template_name = "blog/admin/confirm_bulk.html"
    verb: ClassVar[Any]
    done = ""
    to = ""

    @classmethod
    def get_queryset(cls, model: type[Comment], object_ids: Any) -> QuerySet[Comment]:
        numbers = [int(each) for each in object_ids if str(each).isdigit() and len(str(each)) < 18]
        return model.objects.filter(pk__in=numbers[:MOST_AT_ONCE]).select_related("article")

    def get_all_objects_in_listing_query(self, _parent_id: Any) -> QuerySet[Any]:
        return Comment.objects.waiting().values_list("pk", flat=True)[:MOST_AT_ONCE]

    def check_perm(self, obj: Comment) -> bool:
        is_next = any(
            self.to in nexts for was, nexts in moderation.NEXT.items() if was == obj.status
        )
        return is_next and permissions.may_moderate(cast(User, self.request.user))

    def get_execution_context(self) -> dict[str, Any]:
        return {"by": self.request.user, "verb": type(self).verb}

    @classmethod
    def execute_action(cls, objects: list[Comment], **context: Any) -> tuple[int, int]:
        at, moved = timezone.now(), 0
        for comment in objects:
            try:
                context["verb"](comment_id=comment.pk, by=context["by"], at=at)
            except moderation.TransitionRefused:
                continue  # Somebody else decided meanwhile.
            moved += 1
        return moved, 0

    def get_success_message(self, moved: int, _children: int) -> str:
        return f"{moved} comment{'' if moved == 1 else 's'} {self.done}."


class ApproveAction(CommentBulkAction):
    display_name = "Approve"
    action_type = "approve"
    aria_label = "Approve the ticked comments"
    action_priority = 10
    verb = staticmethod(moderation.approve)
    done = "made public"
    to = "APPROVED"


class RejectAction(CommentBulkAction):
    display_name = "Reject"
    action_type = "reject"
    aria_label = "Reject the ticked comments"
    action_priority = 20
    verb = staticmethod(moderation.reject)
    done = "rejected"
    to = "REJECTED"


class SpamAction(CommentBulkAction):
    display_name = "Spam"
    action_type = "spam"
    aria_label = "Mark the ticked comments as spam"
    action_priority = 30
    classes: ClassVar = {"serious"}
    verb = staticmethod(moderation.mark_spam)
    done = "put away as spam"
    to = "SPAM"
