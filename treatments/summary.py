"""What waits for clinical roles and the desk, counted on the admin's first page.

Of what customers say nothing is shown.
"""

from django.db.models import QuerySet

from cms.waiting import WaitingItem
from treatments.models import (
    Appointment,
    AppointmentStatus,
    ConsultationRequest,
    ConsultationStatus,
    SessionPass,
    SymptomReport,
    SymptomReportStatus,
)
from treatments.viewsets.pass_filters import in_state


class SymptomReportsItem(WaitingItem):
    order = 33
    icon_name = "warning"
    model = SymptomReport
    words_for_one, words = "symptom report to answer", "symptom reports to answer"
    url_name, query = "symptom_reports:index", f"?status={SymptomReportStatus.NEW}"

    def rows(self) -> QuerySet[SymptomReport]:
        return SymptomReport.objects.filter(status=SymptomReportStatus.NEW)


class ConsultationsItem(WaitingItem):
    order = 34
    icon_name = "lock"
    model = ConsultationRequest
    words_for_one, words = "consultation to answer", "consultations to answer"
    url_name, query = "consultations:index", f"?status={ConsultationStatus.OPEN}"

    def rows(self) -> QuerySet[ConsultationRequest]:
        return ConsultationRequest.objects.filter(status=ConsultationStatus.OPEN)


class AppointmentsItem(WaitingItem):
    order = 35
    icon_name = "calendar"
    model = Appointment
    words_for_one, words = "appointment to answer", "appointments to answer"
    url_name, query = "appointments:index", f"?status={AppointmentStatus.ASKED}"

    def rows(self) -> QuerySet[Appointment]:
        return Appointment.objects.filter(status=AppointmentStatus.ASKED)


class EndingPassesItem(WaitingItem):
    order = 36
    icon_name = "history"
    model = SessionPass
    words_for_one, words = "pass ends within 60 days", "passes end within 60 days"
    url_name, query = "sessionpass:index", "?state=SOON"

    def rows(self) -> QuerySet[SessionPass]:
        return in_state(SessionPass.objects.with_balance(), "SOON")
