"""The clinical inbox: what readers asked in private, for clinical roles alone."""

import datetime as dt
from typing import Any, ClassVar, cast

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.urls import URLPattern, path
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn
from wagtail.admin.views.generic import IndexView, InspectView
from wagtail.admin.views.generic.history import HistoryView
from wagtail.admin.viewsets.model import ModelViewSet

from accounts.models import User
from accounts.sealing import Unreadable
from blog import private_questions
from blog.models import PrivateQuestion, PrivateQuestionStatus
from blog.models.private_questions import KEPT
from cms.verb_view import ButtonView


def is_open(question: PrivateQuestion) -> bool:
    return question.status == PrivateQuestionStatus.OPEN


class QuestionIndexView(IndexView):
    """The questions, without a word of what they say."""

    default_ordering = ("-asked_at", "-pk")

    def get_base_queryset(self) -> Any:
        return super().get_base_queryset().select_related("article")


class QuestionInspectView(InspectView):
    """One question in clear; that it was read is noted."""

    page_title = "Private question"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        try:
            text = private_questions.read(self.object, by=cast(User, self.request.user))
        except Unreadable as refusal:
            text = str(refusal)
        return {
            **context,
            "question": self.object,
            "text": text,
            "forgotten_on": self.object.asked_at + KEPT,
            "can_answer": is_open(self.object) and self.user_has_permission("answer"),
        }


class AnsweredView(ButtonView):
    """Note that a question was answered, by mail or by telephone."""

    model = PrivateQuestion
    permission_required = "answer"
    refusals = (private_questions.AnsweredAlready,)
    done_message = "Noted as answered."

    def act(self, row_id: int, *, by: User, at: dt.datetime) -> None:
        private_questions.mark_answered(question_id=row_id, by=by, at=at)


class QuestionHistoryView(HistoryView):
    """Who read a question and when; whoever may read one may see it."""

    any_permission_required: ClassVar = ["view"]


class PrivateQuestionViewSet(ModelViewSet):
    model = PrivateQuestion
    name = "private_questions"
    url_prefix = "private-questions"
    icon = "lock"
    menu_label = "Private questions"
    # Nothing is ever added by hand, but a viewset asks for the fields of its forms.
    form_fields = ("name",)
    add_to_reference_index = False
    copy_view_enabled = False
    index_view_class = QuestionIndexView
    history_view_class = QuestionHistoryView
    inspect_view_class = QuestionInspectView
    inspect_view_enabled = True
    inspect_view_fields = ("name",)
    inspect_template_name = "blog/admin/private_question_inspect.html"
    list_display = (
        "name",
        Column("article", label="Article"),
        StatusTagColumn("get_status_display", label="State", primary=is_open),
        DateColumn("asked_at", label="Asked"),
    )
    list_filter = ("status",)

    def get_urlpatterns(self) -> list[URLPattern]:
        answered = AnsweredView.as_view(index_url_name=self.get_url_name("index"))
        return [
            *super().get_urlpatterns(),
            path("answered/<int:pk>/", answered, name="answered"),
        ]

    def get_permissions_to_register(self) -> QuerySet[Permission]:
        permissions: QuerySet[Permission] = super().get_permissions_to_register()
        return permissions.filter(codename__in=["view_privatequestion", "answer_privatequestion"])
