"""What is done to a scalp, and who may still come how often."""

from treatments.models.care_tag import CareTag
from treatments.models.pages import TreatmentCard, TreatmentIndexPage, TreatmentPage
from treatments.models.passes import LedgerEntry, LedgerKind, SessionPass, SessionPassQuerySet
from treatments.models.treatment import Treatment, TreatmentQuerySet

__all__ = [
    "CareTag",
    "LedgerEntry",
    "LedgerKind",
    "SessionPass",
    "SessionPassQuerySet",
    "Treatment",
    "TreatmentCard",
    "TreatmentIndexPage",
    "TreatmentPage",
    "TreatmentQuerySet",
]
