"""Evidence on record, reviewers' reasons, and what a row with public words shares."""

from claims.models.checked_words import CheckedWords
from claims.models.evidence import Evidence
from claims.models.overrides import ClaimOverride

__all__ = ["CheckedWords", "ClaimOverride", "Evidence"]
