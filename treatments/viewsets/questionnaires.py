"""The questions before a purchase: written, tried out, and put before customers as a version."""

import datetime as dt
from typing import Any

from django import forms
from django.contrib.auth.models import Permission
from django.db.models import QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import View
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, ObjectList
from wagtail.admin.ui.tables import Column, NumberColumn, TitleColumn
from wagtail.admin.views.generic import CreateView, EditView, IndexView, InspectView
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.viewsets.model import ModelViewSet

from accounts.models import User
from cms.verb_view import VerbView
from treatments import questionnaires
from treatments.models import Questionnaire, QuestionnaireVersion
from treatments.suitability import RuleSetRefused, evaluate, explanations
from treatments.suitability_form import SuitabilityForm


def asked_version(row: Questionnaire) -> str:
    """Say which version customers are asked today."""
    version: int | None = getattr(row, "asked", None)
    return f"version {version}" if version else "not asked yet"


class QuestionnaireIndexView(IndexView):
    def get_base_queryset(self) -> Any:
        newest = QuestionnaireVersion.objects.newest_asked().values("version")
        rows = super().get_base_queryset().select_related("treatment")
        return rows.annotate(asked=Subquery(newest))


class ToItsOwnScreen:
    """Mixed in front of a form, whose end is the screen with preview and publishing."""

    inspect_url_name = ""
    object: Questionnaire

    def get_success_url(self) -> str:
        return reverse(self.inspect_url_name, args=[self.object.pk])


class QuestionnaireCreateView(ToItsOwnScreen, CreateView):
    success_message = "Saved. Customers are asked once you publish it."


class QuestionnaireEditView(ToItsOwnScreen, EditView):
    success_message = "Saved. Customers are asked this once you publish it."


class QuestionnaireInspectView(InspectView):
    """What is written, what customers are asked today, and the way from one to the other."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        versions = self.object.treatment.questionnaire_versions.select_related("published_by")
        newest = versions.first()
        is_asked = newest is not None and questionnaires.says_the_same(self.object, newest)
        return {
            **super().get_context_data(**kwargs),
            "rules": self.object.rule_set(),
            "versions": list(versions),
            "is_published": is_asked,
            "can_publish": self.user_has_permission("publish"),
        }


@method_decorator(sensitive_post_parameters(), name="dispatch")
class QuestionnairePreviewView(PermissionCheckedMixin, View):
    """The page as customers would see it, and what answers would come to; nothing is stored."""

    model = Questionnaire
    permission_required = "view"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._answer(request, pk)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._answer(request, pk)

    def _answer(self, request: HttpRequest, pk: int) -> HttpResponse:
        draft = get_object_or_404(Questionnaire.objects.select_related("treatment"), pk=pk)
        rules, today = draft.rule_set(), timezone.localdate()
        sent = request.POST if request.method == "POST" else None
        form = SuitabilityForm(sent, rule_set=rules, on=today, is_preview=True)
        context: dict[str, Any] = {
            "treatment": draft.treatment,
            "form": form,
            "is_preview": True,
        }
        if form.is_bound and form.is_valid():
            answers = form.answers()
            finding = evaluate(rules, answers, born_on=form.cleaned_data["born_on"], on=today)
            context["finding"] = finding
            context["explanations"] = explanations(rules, answers, finding)
        return render(request, "treatments/suitability_check.html", context)


class PublishForm(forms.Form):
    what_is_new = forms.CharField(
        label="What is new",
        max_length=200,
        help_text="Why this version was written; for staff.",
    )


class PublishView(VerbView):
    """Put the questions before customers."""

    model = Questionnaire
    form_class = PublishForm
    permission_required = "publish"
    page_title = "Publish"
    header_icon = "check"
    refusals = (
        questionnaires.NothingNew,
        questionnaires.ConsultationIsGated,
        RuleSetRefused,
    )
    done_message = "Published. Customers are asked this from now on; earlier outcomes have ended."

    def act(self, data: dict[str, Any], *, by: User, at: dt.datetime) -> None:
        questionnaires.publish(
            questionnaire_id=self.object.pk, what_is_new=data["what_is_new"], by=by, at=at
        )


class QuestionnaireViewSet(ModelViewSet):
    model = Questionnaire
    name = "questionnaires"
    icon = "help"
    menu_label = "Suitability questions"
    add_to_reference_index = False
    copy_view_enabled = False
    index_view_class = QuestionnaireIndexView
    add_view_class = QuestionnaireCreateView
    edit_view_class = QuestionnaireEditView
    inspect_view_class = QuestionnaireInspectView
    inspect_view_enabled = True
    inspect_view_fields = ("treatment", "valid_days", "consultation", "reviewed_by")
    inspect_template_name = "treatments/admin/questionnaire_inspect.html"
    list_display = (
        TitleColumn(
            "questions", accessor=str, label="Questions", url_name="questionnaires:inspect"
        ),
        Column("asked", accessor=asked_version, label="Customers are asked"),
        NumberColumn("valid_days", label="Days it holds"),
        Column("reviewed_by", label="Reviewed by"),
    )
    edit_handler = ObjectList(
        [
            HelpPanel(
                "A package of this treatment can be bought only after these questions, from the"
                " moment that they are published. The gravest answer decides: one red flag wins"
                " whatever else was said. Nobody under 18 may buy; that is asked by itself."
            ),
            FieldPanel("treatment"),
            FieldPanel("questions"),
            FieldRowPanel([FieldPanel("valid_days"), FieldPanel("consultation")]),
            FieldPanel("reviewed_by"),
        ]
    )

    def get_permissions_to_register(self) -> QuerySet[Permission]:
        permissions: QuerySet[Permission] = super().get_permissions_to_register()
        actions = ("view", "add", "change", "publish")
        return permissions.filter(codename__in=[f"{action}_questionnaire" for action in actions])

    def get_add_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        facts: dict[str, Any] = super().get_add_view_kwargs(**kwargs, **self._own_screen())
        return facts

    def get_edit_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        facts: dict[str, Any] = super().get_edit_view_kwargs(**kwargs, **self._own_screen())
        return facts

    def _own_screen(self) -> dict[str, str]:
        return {"inspect_url_name": self.get_url_name("inspect")}

    def get_urlpatterns(self) -> list[URLPattern]:
        publish = PublishView.as_view(
            index_url_name=self.get_url_name("index"),
            inspect_url_name=self.get_url_name("inspect"),
        )
        return [
            *super().get_urlpatterns(),
            path("preview/<int:pk>/", QuestionnairePreviewView.as_view(), name="preview"),
            path("publish/<int:pk>/", publish, name="publish"),
        ]
