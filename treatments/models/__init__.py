"""What is done to a scalp, and who may still come how often."""

from treatments.models.aftercare import AftercareStop, CalendarLink
from treatments.models.appointment import (
    OPEN_STATUSES,
    Appointment,
    AppointmentDay,
    AppointmentQuerySet,
    AppointmentStatus,
    DayPart,
)
from treatments.models.care_tag import CareTag
from treatments.models.gift import Gift, GiftQuerySet, GiftStatus
from treatments.models.ledger_entry import LedgerEntry, LedgerKind, LedgerNote
from treatments.models.pages import TreatmentCard, TreatmentIndexPage, TreatmentPage
from treatments.models.passes import SessionPass, SessionPassQuerySet
from treatments.models.practitioner import Practitioner, PractitionerQuerySet
from treatments.models.protocol import (
    AftercareWindow,
    BeyondLimit,
    Habit,
    Protocol,
    ProtocolQuerySet,
    WarningSign,
)
from treatments.models.questionnaire import (
    Questionnaire,
    QuestionnaireVersion,
    QuestionnaireVersionQuerySet,
)
from treatments.models.suitability import (
    ConsultationRequest,
    ConsultationStatus,
    SuitabilityCheck,
)
from treatments.models.symptom_report import SymptomReport, SymptomReportStatus
from treatments.models.treatment import Treatment, TreatmentQuerySet

__all__ = [
    "OPEN_STATUSES",
    "AftercareStop",
    "AftercareWindow",
    "Appointment",
    "AppointmentDay",
    "AppointmentQuerySet",
    "AppointmentStatus",
    "BeyondLimit",
    "CalendarLink",
    "CareTag",
    "ConsultationRequest",
    "ConsultationStatus",
    "DayPart",
    "Gift",
    "GiftQuerySet",
    "GiftStatus",
    "Habit",
    "LedgerEntry",
    "LedgerKind",
    "LedgerNote",
    "Practitioner",
    "PractitionerQuerySet",
    "Protocol",
    "ProtocolQuerySet",
    "Questionnaire",
    "QuestionnaireVersion",
    "QuestionnaireVersionQuerySet",
    "SessionPass",
    "SessionPassQuerySet",
    "SuitabilityCheck",
    "SymptomReport",
    "SymptomReportStatus",
    "Treatment",
    "TreatmentCard",
    "TreatmentIndexPage",
    "TreatmentPage",
    "TreatmentQuerySet",
    "WarningSign",
]
