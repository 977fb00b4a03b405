"""Reviewers' reasons: the only module that writes them."""

import datetime as dt

from django.db import models, transaction

from accounts.models import User
from claims.checking import check_text, subject_of
from claims.engine import Finding
from claims.models import ClaimOverride

PERMISSION = "claims.add_claimoverride"
SHORTEST_REASON = 10


class NotAReviewer(Exception):
    """This person may not allow a claim."""


class ReasonMissing(Exception):
    """A claim is allowed with a reason that others can weigh, by a person with a name."""


class NothingToAllow(Exception):
    """The sentence breaks no rule that would block it."""


@transaction.atomic
def allow(
    *, row: models.Model, sentence: str, reason: str, by: User, at: dt.datetime
) -> list[ClaimOverride]:
    """Allow exactly this sentence in this page or row, for good; saying it twice does it once.

    :raises NotAReviewer: when the person lacks the permission.
    :raises ReasonMissing: when the reason is too short, or the person has no name on record.
    :raises NothingToAllow: when nothing in the sentence blocks.
    """
    if not by.has_perm(PERMISSION):
        raise NotAReviewer("Only a reviewer may allow a claim.")
    if not by.name.strip():
        raise ReasonMissing("A reviewer is named: add your name to your account first.")
    if len(reason.strip()) < SHORTEST_REASON:
        raise ReasonMissing("Give a reason that somebody else can weigh.")
    blocking = [one for one in check_text(sentence, about=str(row)) if one.is_blocking]
    if not blocking:
        raise NothingToAllow("Nothing in this sentence needs a reason.")
    return [_write(row, finding, reason.strip(), by, at) for finding in blocking]


def _write(
    row: models.Model, finding: Finding, reason: str, by: User, at: dt.datetime
) -> ClaimOverride:
    written, _ = ClaimOverride.objects.get_or_create(
        subject=subject_of(row),
        fingerprint=finding.fingerprint,
        defaults={
            "subject_title": str(row)[:255],
            "rule": finding.rule.key,
            "sentence": finding.sentence,
            "reason": reason,
            "reviewer": by,
            "reviewer_name": by.name,
            "allowed_at": at,
        },
    )
    return written
