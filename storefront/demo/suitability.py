"""What customers are asked before they buy sessions, and two who should consult first."""

import datetime as dt
from collections.abc import Iterator, Mapping

from accounts.models import User
from outbox.models import MailStatus, OutboundMail
from storefront.demo import content, people
from treatments import checking, consultations, questionnaires
from treatments.models import Questionnaire, QuestionnaireVersion, Treatment


def seed(at: dt.datetime) -> None:
    """Publish the questions of every treatment, and let customers have asked for consultations."""
    facts = content.facts("suitability")
    questions = {question["code"]: question for question in facts["question"]}
    for one in facts["questionnaire"]:
        wanted = [questions[code] for code in one["questions"]]
        _publish(one["treatment"], wanted, facts, at - dt.timedelta(days=30))
    for one in facts["consultation"]:
        _consult(one, at)


def _publish(slug: str, wanted: list[content.Facts], facts: content.Facts, at: dt.datetime) -> None:
    draft = Questionnaire.objects.create(
        treatment=Treatment.objects.get(slug=slug),
        valid_days=facts["valid_days"],
        questions=[("question", _question(each)) for each in wanted],
        consultation=Treatment.objects.get(slug=facts["offered_first"]),
        reviewed_by=facts["reviewed_by"],
    )
    questionnaires.publish(
        questionnaire_id=draft.pk,
        what_is_new=facts["what_is_new"],
        by=people.clinician(),
        at=at,
    )


def _question(facts: content.Facts) -> Mapping[str, object]:
    clear = {"label": facts.get("no", "No"), "means": "CLEAR", "explanation": ""}
    return {"code": facts["code"], "text": facts["text"], "answers": [clear, *facts["answer"]]}


def _consult(facts: content.Facts, at: dt.datetime) -> None:
    user, asked_at = User.objects.get(email=facts["customer"]), at - _days(facts["days_ago"])
    version = QuestionnaireVersion.objects.get(treatment__slug=facts["treatment"])
    check = checking.take(
        version=version,
        answers=dict(_answers(version, facts["answers"])),
        born_on=facts["born_on"],
        user=user,
        at=asked_at,
    )
    request = consultations.ask(
        check_id=check.pk,
        contact=consultations.Contact(user.name, user.email),
        words=facts["words"],
        at=asked_at,
    )
    if "note" in facts:
        answered_at = asked_at + _days(facts["cleared_after_days"])
        consultations.clear(
            consultation_id=request.pk, note=facts["note"], by=people.clinician(), at=answered_at
        )
    # They went out in the past.
    queued = OutboundMail.objects.about(request.reference)
    queued.filter(status=MailStatus.QUEUED).update(
        status=MailStatus.SENT, attempts=1, sent_at=asked_at
    )


def _answers(version: QuestionnaireVersion, said: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the code of what was said to each question; clear where nothing is written."""
    for question in version.rule_set().questions:
        codes = {answer.label: answer.code for answer in question.answers}
        yield question.code, codes[said.get(question.code, question.answers[0].label)]


def _days(number: int) -> dt.timedelta:
    return dt.timedelta(days=number)
