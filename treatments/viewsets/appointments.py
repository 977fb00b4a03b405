"""Appointments as the desk sees them: those that wait for an answer first."""

import datetime as dt
from typing import Any, ClassVar

from django.contrib.auth.models import Permission
from django.db.models import Case, QuerySet, Value, When
from django.urls import URLPattern, path
from django.utils import timezone
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn, TitleColumn
from wagtail.admin.views.generic import IndexView, InspectView
from wagtail.admin.views.generic.history import HistoryView
from wagtail.admin.viewsets.model import ModelViewSet

from treatments import appointments
from treatments.models import Appointment, AppointmentStatus
from treatments.viewsets.appointment_acts import ACTS

S = AppointmentStatus


def waits(row: Appointment) -> bool:
    return row.status == S.ASKED


def who(row: Appointment) -> str:
    holder = row.session_pass
    return (holder.owner.name if holder.owner else "") or holder.holder_email


def when(row: Appointment) -> str:
    """Return the time, or the days that are on the table."""
    if row.starts_at is not None:
        return f"{timezone.localtime(row.starts_at):%a %-d %b %Y, %H:%M}"
    return ", ".join(_said(day.on, day.starts_at, day.get_part_display()) for day in row.days.all())


def _said(on: dt.date, starts_at: dt.datetime | None, part: str) -> str:
    if starts_at is not None:
        return f"{timezone.localtime(starts_at):%a %-d %b, %H:%M}"
    return f"{on:%a %-d %b} {part}"


class AppointmentIndexView(IndexView):
    """Who asks and who comes; what they wrote stands on the appointment's own screen."""

    default_ordering = ("turn", "starts_at", "-pk")

    def get_base_queryset(self) -> Any:
        turn = Case(
            When(status=S.ASKED, then=Value(0)),
            When(status=S.CONFIRMED, then=Value(1)),
            When(status=S.SUGGESTED, then=Value(2)),
            default=Value(3),
        )
        rows = super().get_base_queryset().annotate(turn=turn)
        related = ("session_pass__owner", "session_pass__treatment", "practitioner")
        return rows.select_related(*related).prefetch_related("days")


class AppointmentInspectView(InspectView):
    """One appointment with what the customer wrote, and what can be answered."""

    page_title = "Appointment"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        row, at = self.object, timezone.now()
        can_answer = self.user_has_permission("answer")
        days = appointments.days_of(row.session_pass, at=at, without=row, today_too=True)
        return {
            **context,
            "appointment": row,
            "who": who(row),
            "when": when(row),
            "words": appointments.words_of(row),
            "days": days,
            "can_confirm": can_answer and S.CONFIRMED in _next(row),
            "can_suggest": can_answer and S.SUGGESTED in _next(row),
            "can_decline": can_answer and S.DECLINED in _next(row),
            "can_cancel": can_answer and row.status == S.CONFIRMED,
        }


def _next(row: Appointment) -> frozenset[AppointmentStatus]:
    return appointments.NEXT[S(row.status)]


class AppointmentHistoryView(HistoryView):
    """Who answered, and when; whoever may see an appointment may see it."""

    any_permission_required: ClassVar = ["view"]


class AppointmentViewSet(ModelViewSet):
    model = Appointment
    name = "appointments"
    icon = "calendar-alt"
    menu_label = "Appointments"
    # Nothing is ever added by hand, but a viewset asks for the fields of its forms.
    form_fields = ("answer",)
    add_to_reference_index = False
    copy_view_enabled = False
    index_view_class = AppointmentIndexView
    history_view_class = AppointmentHistoryView
    inspect_view_class = AppointmentInspectView
    inspect_view_enabled = True
    inspect_view_fields = ("answer",)
    inspect_template_name = "treatments/admin/appointment_inspect.html"
    list_display = (
        TitleColumn("who", accessor=who, label="Who", url_name="appointments:inspect"),
        Column("session_pass.treatment", label="Treatment"),
        Column("when", accessor=when, label="When"),
        Column("practitioner", label="With"),
        StatusTagColumn("get_status_display", label="State", primary=waits),
        DateColumn("asked_at", label="Asked", sort_key="asked_at"),
    )
    list_filter = ("status", "practitioner")

    def get_urlpatterns(self) -> list[URLPattern]:
        screens = {
            "index_url_name": self.get_url_name("index"),
            "inspect_url_name": self.get_url_name("inspect"),
        }
        acts = [
            path(f"{name}/<int:pk>/", view.as_view(**screens), name=f"{name}_one")
            for name, view in ACTS
        ]
        return [*super().get_urlpatterns(), *acts]

    def get_permissions_to_register(self) -> QuerySet[Permission]:
        permissions: QuerySet[Permission] = super().get_permissions_to_register()
        return permissions.filter(codename__in=["view_appointment", "answer_appointment"])
