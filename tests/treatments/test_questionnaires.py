"""The questions before a purchase: written by clinical staff, fixed once they are published."""

import datetime as dt
from typing import Any

from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
import pytest

from append_only.operations import protected_tables
from tests.accounts.factories import UserFactory
from tests.treatments.factories import (
    NOON,
    QuestionnaireFactory,
    TreatmentFactory,
    staff_who_may,
)
from treatments import questionnaires
from treatments.models import Questionnaire, QuestionnaireVersion
from treatments.suitability import Outcome

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(UserFactory(manager=True))
    return client


def publish(draft: Questionnaire, *, at: dt.datetime = NOON) -> QuestionnaireVersion:
    return questionnaires.publish(
        questionnaire_id=draft.pk, what_is_new="The first version", by=None, at=at
    )


def test_what_is_published_says_what_was_written() -> None:
    draft = QuestionnaireFactory(valid_days=30)

    version = publish(draft)

    rules = version.rule_set()
    assert (rules.version, rules.valid_days) == (1, 30)
    assert [question.code for question in rules.questions] == ["broken-skin", "blood-thinners"]
    means = [[answer.means for answer in question.answers] for question in rules.questions]
    assert means == [[Outcome.CLEAR, Outcome.NOT_NOW], [Outcome.CLEAR, Outcome.CONSULT_FIRST]]
    assert questionnaires.is_asked(draft.treatment_id)


def test_a_draft_alone_asks_nobody() -> None:
    draft = QuestionnaireFactory()

    assert not questionnaires.is_asked(draft.treatment_id)


def test_publishing_the_same_again_is_refused_and_adds_nothing() -> None:
    draft = QuestionnaireFactory()
    publish(draft)

    with pytest.raises(questionnaires.NothingNew):
        publish(draft)

    assert QuestionnaireVersion.objects.count() == 1


def test_a_change_is_the_next_version_and_leaves_the_first_as_it_was() -> None:
    draft = QuestionnaireFactory(valid_days=30)
    first = publish(draft)
    draft.valid_days = 60
    draft.save()

    second = publish(draft)

    first.refresh_from_db()
    assert (first.version, first.rules["valid_days"]) == (1, 30)
    assert (second.version, second.rules["valid_days"]) == (2, 60)
    newest = QuestionnaireVersion.objects.newest_of(draft.treatment_id)
    assert newest == second


def test_the_database_refuses_to_change_what_was_published() -> None:
    version = publish(QuestionnaireFactory())

    for act in (
        lambda: QuestionnaireVersion.objects.update(version=9),
        lambda: QuestionnaireVersion.objects.filter(pk=version.pk)._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()

    assert "treatments_questionnaireversion" in protected_tables(transaction.get_connection())
    assert QuestionnaireVersion.objects.get().version == 1


def test_a_consultation_with_questions_of_its_own_is_not_offered() -> None:
    talk = QuestionnaireFactory()
    publish(talk)
    draft = QuestionnaireFactory(consultation=talk.treatment)

    with pytest.raises(questionnaires.ConsultationIsGated):
        publish(draft)

    assert not questionnaires.is_asked(draft.treatment_id)


def _form(**changes: Any) -> dict[str, Any]:
    rows: dict[str, Any] = {"questions-count": "1"}
    start = "questions-0"
    rows |= {f"{start}-deleted": "", f"{start}-order": "0", f"{start}-type": "question"}
    rows |= {f"{start}-id": "", f"{start}-value-code": "sunburn"}
    rows |= {f"{start}-value-text": "Is it sunburnt?", f"{start}-value-answers-count": "2"}
    for number, (label, means, why) in enumerate(
        [("No", "CLEAR", ""), ("Yes", "NOT_NOW", "Let it heal first.")]
    ):
        answer = f"{start}-value-answers-{number}"
        rows |= {f"{answer}-deleted": "", f"{answer}-order": str(number), f"{answer}-id": ""}
        rows |= {
            f"{answer}-value-label": label,
            f"{answer}-value-means": means,
            f"{answer}-value-explanation": why,
        }
    rows |= {"treatment": TreatmentFactory().pk, "valid_days": "90", "consultation": ""}
    return rows | {"reviewed_by": "Dr Ines Albrecht, dermatologist"} | changes


def test_staff_write_try_out_and_publish(staff: Client) -> None:
    answer = staff.post(reverse("questionnaires:add"), _form())

    draft = Questionnaire.objects.get()
    assert answer["Location"] == reverse("questionnaires:inspect", args=[draft.pk])
    page = staff.get(answer["Location"]).content.decode()
    assert "Nobody is asked this yet" in page
    assert "Let it heal first." in page

    tried = staff.post(
        reverse("questionnaires:preview", args=[draft.pk]),
        {"born_on": "1990-01-01", "q-sunburn": "2"},
    )
    assert "These answers come to: not now" in tried.content.decode()
    assert "Let it heal first." in tried.content.decode()
    assert "no-store" in tried["Cache-Control"]

    done = staff.post(
        reverse("questionnaires:publish", args=[draft.pk]), {"what_is_new": "The first"}
    )
    assert done.status_code == 302
    assert QuestionnaireVersion.objects.get().rule_set().questions[0].code == "sunburn"
    index = staff.get(reverse("questionnaires:index")).content.decode()
    assert "version 1" in index
    assert reverse("questionnaires:inspect", args=[draft.pk]) in index


@pytest.mark.parametrize(
    "changes",
    [
        {"questions-0-value-answers-1-value-explanation": ""},
        {"questions-0-value-answers-0-value-means": "NOT_NOW"},
        {"questions-0-value-code": "Not a code"},
        {"valid_days": "0"},
        {"valid_days": "366"},
    ],
)
def test_questions_that_cannot_be_asked_are_not_saved(
    staff: Client, changes: dict[str, Any]
) -> None:
    answer = staff.post(reverse("questionnaires:add"), _form(**changes))

    assert answer.status_code == 200
    assert not Questionnaire.objects.exists()


@pytest.mark.parametrize("url_name", ["index", "add", "inspect", "preview", "publish", "edit"])
def test_the_front_desk_neither_reads_nor_writes_questions(client: Client, url_name: str) -> None:
    draft = QuestionnaireFactory()
    client.force_login(staff_who_may("redeem_sessionpass"))
    args = [] if url_name in {"index", "add"} else [draft.pk]

    answers = [
        client.get(reverse(f"questionnaires:{url_name}", args=args)),
        client.post(reverse(f"questionnaires:{url_name}", args=args), {"what_is_new": "Mine"}),
    ]

    assert {answer.status_code for answer in answers} <= {302, 405}
    assert not QuestionnaireVersion.objects.exists()


def test_questions_cannot_be_deleted(staff: Client) -> None:
    draft = QuestionnaireFactory()

    staff.post(reverse("questionnaires:delete", args=[draft.pk]))

    assert Questionnaire.objects.get() == draft
