"""Publish the questions that stand before a package: a version, never changed afterwards."""

import datetime as dt

from django.db import transaction
from wagtail.log_actions import log

from accounts.models import User
from freshness.changes import SITE, changed
from treatments.models import Questionnaire, QuestionnaireVersion

PUBLISHED = "treatments.questionnaire.publish"


class NothingNew(Exception):
    """What is asked today says the same already."""

    def __init__(self) -> None:
        super().__init__("Nothing has changed since the last version.")


class ConsultationIsGated(Exception):
    """Whoever should consult first would be asked the very same before the consultation."""

    def __init__(self) -> None:
        super().__init__("The consultation has questions of its own; choose one without any.")


@transaction.atomic
def publish(
    *, questionnaire_id: int, what_is_new: str, by: User | None, at: dt.datetime
) -> QuestionnaireVersion:
    """Ask these questions from now on; outcomes of earlier versions hold no longer.

    :raises NothingNew: if the last version says the same.
    :raises ConsultationIsGated: if the consultation that is offered cannot be bought freely.
    :raises treatments.suitability.RuleSetRefused: if they cannot be asked.
    """
    draft = Questionnaire.objects.select_for_update(of=["self"]).get(pk=questionnaire_id)
    asked = QuestionnaireVersion.objects.newest_of(draft.treatment_id)
    number = (asked.version if asked else 0) + 1
    rules = draft.rule_set(version=number)
    if draft.consultation_id and is_asked(draft.consultation_id):
        raise ConsultationIsGated
    if asked is not None and says_the_same(draft, asked):
        raise NothingNew
    version = QuestionnaireVersion.objects.create(
        treatment_id=draft.treatment_id,
        version=number,
        what_is_new=what_is_new,
        rules=rules.stored(),
        consultation_id=draft.consultation_id,
        reviewed_by=draft.reviewed_by,
        published_at=at,
        published_by=by,
    )
    # Pages that sell the treatment say that there are questions first.
    changed(SITE)
    log(instance=draft, action=PUBLISHED, user=by)
    return version


def says_the_same(draft: Questionnaire, asked: QuestionnaireVersion) -> bool:
    """Tell whether a version was published exactly as the draft stands now."""
    told = (draft.rule_set(version=asked.version), draft.consultation_id, draft.reviewed_by)
    return told == (asked.rule_set(), asked.consultation_id, asked.reviewed_by)


def is_asked(treatment_id: int) -> bool:
    """Tell whether a package of a treatment can be bought only after a suitability check."""
    return QuestionnaireVersion.objects.filter(treatment_id=treatment_id).exists()
