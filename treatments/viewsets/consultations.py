"""Consultations: who should talk to the clinic before buying, for clinical roles alone."""

import datetime as dt
from typing import Any, ClassVar, cast

from django import forms
from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn, TitleColumn
from wagtail.admin.views.generic import IndexView, InspectView
from wagtail.admin.views.generic.history import HistoryView
from wagtail.admin.viewsets.model import ModelViewSet

from accounts.models import User
from accounts.sealing import Unreadable
from cms.verb_view import VerbView
from treatments import consultations, health_data
from treatments.models import ConsultationRequest, ConsultationStatus


def is_open(request: ConsultationRequest) -> bool:
    return request.status == ConsultationStatus.OPEN


def treatment_of(request: ConsultationRequest) -> str:
    return str(request.suitability_check.version.treatment)


class ConsultationIndexView(IndexView):
    """Who asks, for which treatment, and whether it is answered; no word about anybody's health."""

    default_ordering = ("-asked_at", "-pk")

    def get_base_queryset(self) -> Any:
        rows = super().get_base_queryset()
        return rows.select_related("suitability_check__version__treatment")


class ConsultationInspectView(InspectView):
    """One consultation in clear; that it was read is noted."""

    page_title = "Consultation"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        try:
            read = consultations.read(self.object, by=cast(User, self.request.user))
        except Unreadable as refusal:
            context["unreadable"] = str(refusal)
        else:
            context["read"] = read
        return {
            **context,
            "consultation": self.object,
            "treatment": self.object.suitability_check.version.treatment,
            "forgotten_on": self.object.suitability_check.checked_at + health_data.kept(),
            "can_answer": is_open(self.object) and self.user_has_permission("answer"),
        }


class ConsultationHistoryView(HistoryView):
    """Who read a consultation and when; whoever may read one may see it."""

    any_permission_required: ClassVar = ["view"]


class AnswerForm(forms.Form):
    note = forms.CharField(
        label="Note",
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="What speaks for it. Sealed; clinical staff alone read it.",
    )


@method_decorator(sensitive_post_parameters(), name="dispatch")
class AnswerView(VerbView):
    """One of the two answers that end a consultation."""

    model = ConsultationRequest
    form_class = AnswerForm
    permission_required = "answer"
    refusals = (
        consultations.AnsweredAlready,
        consultations.QuestionsChanged,
        consultations.NoteMissing,
    )


class ClearView(AnswerView):
    page_title = "Clear"
    header_icon = "check"
    done_message = "Cleared. The customer is told that you have answered, and can buy."

    def act(self, data: dict[str, Any], *, by: User, at: dt.datetime) -> None:
        consultations.clear(consultation_id=self.object.pk, note=data["note"], by=by, at=at)


class DeclineView(AnswerView):
    page_title = "Advise against"
    header_icon = "cross"
    done_message = "Noted. The customer is told that you have answered."

    def act(self, data: dict[str, Any], *, by: User, at: dt.datetime) -> None:
        consultations.decline(consultation_id=self.object.pk, note=data["note"], by=by, at=at)


class ConsultationViewSet(ModelViewSet):
    model = ConsultationRequest
    name = "consultations"
    icon = "lock"
    menu_label = "Consultations"
    # Nothing is ever added by hand, but a viewset asks for the fields of its forms.
    form_fields = ("name",)
    add_to_reference_index = False
    copy_view_enabled = False
    index_view_class = ConsultationIndexView
    history_view_class = ConsultationHistoryView
    inspect_view_class = ConsultationInspectView
    inspect_view_enabled = True
    inspect_view_fields = ("name",)
    inspect_template_name = "treatments/admin/consultation_inspect.html"
    list_display = (
        TitleColumn("name", label="Name", url_name="consultations:inspect"),
        Column("treatment", accessor=treatment_of, label="Treatment"),
        StatusTagColumn("get_status_display", label="State", primary=is_open),
        DateColumn("asked_at", label="Asked"),
        DateColumn("answered_at", label="Answered"),
    )
    list_filter = ("status",)

    def get_urlpatterns(self) -> list[URLPattern]:
        screens = {
            "index_url_name": self.get_url_name("index"),
            "inspect_url_name": self.get_url_name("inspect"),
        }
        return [
            *super().get_urlpatterns(),
            path("clear/<int:pk>/", ClearView.as_view(**screens), name="clear"),
            path("decline/<int:pk>/", DeclineView.as_view(**screens), name="decline"),
        ]

    def get_permissions_to_register(self) -> QuerySet[Permission]:
        permissions: QuerySet[Permission] = super().get_permissions_to_register()
        names = ("view_consultationrequest", "answer_consultationrequest")
        return permissions.filter(codename__in=names)
