"""Take a suitability check: weigh the answers, seal them, and keep what they came to."""

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from accounts.models import User
from treatments.health_data import WORDS, consent_to_answers
from treatments.models import QuestionnaireVersion, SuitabilityCheck, Treatment
from treatments.suitability import Finding, evaluate, explanations


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody answered, in words; for them and for clinical staff alone.

    :ivar answers: every question with the answer to it.
    """

    born_on: dt.date
    answers: tuple[tuple[str, str], ...]
    finding: Finding
    explanations: tuple[str, ...]


class AnswersForgotten(Exception):
    """The answers were deleted; the outcome alone is left."""

    def __init__(self) -> None:
        super().__init__("The answers have been deleted. What they came to is kept.")


@sensitive_variables()
def take(
    *,
    version: QuestionnaireVersion,
    answers: Mapping[str, str],
    born_on: dt.date,
    user: User | None,
    at: dt.datetime,
) -> SuitabilityCheck:
    """Keep what answers come to; whoever gives them has agreed to `consent_to_answers`."""
    rules = version.rule_set()
    finding = evaluate(rules, answers, born_on=born_on, on=timezone.localdate(at))
    told = {"born_on": born_on.isoformat(), "answers": dict(answers)}
    return SuitabilityCheck.objects.create(
        version=version,
        outcome=finding.outcome,
        checked_at=at,
        holds_until=at + dt.timedelta(days=rules.valid_days),
        user=user,
        sealed_answers=WORDS.seal(json.dumps(told)),
        consent_text=consent_to_answers(),
    )


def hand_over(*, gone: User, stays: User) -> None:
    """Let the checks that one account took be another's of the same person."""
    SuitabilityCheck.objects.filter(user=gone).update(user=stays)


@sensitive_variables()
def told(check: SuitabilityCheck) -> Told:
    """Return what was answered; the caller answers for who may read it.

    :raises AnswersForgotten: if they are not kept any more.
    :raises accounts.sealing.Unreadable: if the key that they were sealed with is gone.
    """
    if not check.sealed_answers:
        raise AnswersForgotten
    said = json.loads(WORDS.unseal(check.sealed_answers))
    born_on = dt.date.fromisoformat(said["born_on"])
    rules, answers = check.version.rule_set(), said["answers"]
    finding = evaluate(rules, answers, born_on=born_on, on=timezone.localdate(check.checked_at))
    return Told(
        born_on=born_on,
        answers=tuple(rules.in_words(answers)),
        finding=finding,
        explanations=tuple(explanations(rules, answers, finding)),
    )


def lacking(
    *, asked: Mapping[int, int], checks: Iterable[SuitabilityCheck], at: dt.datetime
) -> list[Treatment]:
    """Return the treatments that may not be bought yet: the one rule of who may buy what.

    Of the checks of a treatment the newest counts, so that whoever was clear and is not any more
    is not. It must have been taken of the version that is asked today, be clear or cleared, and
    not have run out.

    :param asked: the version that is asked today, for each treatment that asks for a check.
    """
    in_order = sorted(checks, key=lambda check: (check.checked_at, check.pk))
    newest = {check.version_id: check for check in in_order}
    missing = [
        treatment_id
        for treatment_id, version_id in asked.items()
        if (check := newest.get(version_id)) is None or not (check.lets_buy and check.holds(at))
    ]
    return list(Treatment.objects.filter(pk__in=missing)) if missing else []
