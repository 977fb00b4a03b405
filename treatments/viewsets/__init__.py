"""The clinic's screens in the admin."""

from wagtail.admin.viewsets.model import ModelViewSetGroup

from treatments.viewsets.appointments import AppointmentViewSet
from treatments.viewsets.consultations import ConsultationViewSet
from treatments.viewsets.gifts import GiftViewSet
from treatments.viewsets.passes import SessionPassViewSet
from treatments.viewsets.protocols import ProtocolViewSet
from treatments.viewsets.questionnaires import QuestionnaireViewSet
from treatments.viewsets.symptom_reports import SymptomReportViewSet
from treatments.viewsets.treatments import CareTagViewSet, PractitionerViewSet, TreatmentViewSet


class ClinicGroup(ModelViewSetGroup):
    menu_label = "Clinic"
    menu_icon = "user"
    menu_order = 260
    items = (
        AppointmentViewSet,
        SessionPassViewSet,
        GiftViewSet,
        ConsultationViewSet,
        SymptomReportViewSet,
        TreatmentViewSet,
        ProtocolViewSet,
        QuestionnaireViewSet,
        CareTagViewSet,
        PractitionerViewSet,
    )
