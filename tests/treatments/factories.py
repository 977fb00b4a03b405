"""Treatments and passes to test with; passes are granted by the ledger."""

import datetime as dt
import json
from typing import Any

from django.contrib.auth.models import Permission
import factory

from accounts.models import User
from tests.accounts.factories import UserFactory
from tests.catalog.factories import TreatmentFactory
from treatments import checking, ledger, questionnaires
from treatments.models import (
    Practitioner,
    Protocol,
    Questionnaire,
    QuestionnaireVersion,
    SessionPass,
    SuitabilityCheck,
)
from treatments.validity import ValidityRule

NOON = dt.datetime(2026, 3, 1, 12, 0, tzinfo=dt.UTC)


class SessionPassFactory(factory.django.DjangoModelFactory):
    """Six sessions for a year, bought by a guest."""

    owner = None
    holder_email = "ada@example.com"
    treatment_id = factory.LazyFunction(lambda: TreatmentFactory().pk)
    sessions = 6
    validity_rule = ValidityRule.FROM_PURCHASE
    validity_days = 365
    reference = factory.Sequence(lambda n: f"order:G-TEST-{n:06}:line:1")
    reason = "Bought with an order"
    by = None
    at = NOON

    class Meta:
        model = SessionPass

    @classmethod
    def _create(cls, model_class: type[SessionPass], *args: Any, **kwargs: Any) -> SessionPass:
        return ledger.grant(**kwargs)


class ProtocolFactory(factory.django.DjangoModelFactory):
    """The rules of a treatment: two weeks apart at least, four recommended."""

    treatment = factory.SubFactory(TreatmentFactory)
    version = 1
    what_is_new = "The first version"
    min_days = 14
    recommended_days = 28
    preparation = "Come with a clean scalp."
    sources = "The clinic's own practice"
    reviewed_by = "Dr Ines Albrecht, dermatologist"
    reviewed_on = dt.date(2026, 1, 10)

    class Meta:
        model = Protocol


class PractitionerFactory(factory.django.DjangoModelFactory):
    name = factory.Sequence(lambda n: f"Practitioner {n:06}")
    job_title = "Trichologist"

    class Meta:
        model = Practitioner


QUESTIONS = json.dumps(
    [
        {
            "type": "question",
            "value": {
                "code": code,
                "text": text,
                "answers": [
                    {"label": "No", "means": "CLEAR", "explanation": ""},
                    {"label": "Yes", "means": means, "explanation": explanation},
                ],
            },
        }
        for code, text, means, explanation in (
            ("broken-skin", "Is your scalp broken?", "NOT_NOW", "Let your scalp heal first."),
            ("blood-thinners", "Do you take blood thinners?", "CONSULT_FIRST", "Let us look."),
        )
    ]
)


class QuestionnaireFactory(factory.django.DjangoModelFactory):
    """Broken skin: not now; blood thinners: consult first. A draft, which nobody is asked."""

    treatment = factory.SubFactory(TreatmentFactory)
    valid_days = 90
    questions = QUESTIONS
    reviewed_by = "Dr Ines Albrecht, dermatologist"

    class Meta:
        model = Questionnaire


def staff_who_may(*codenames: str) -> User:
    """Somebody who may enter the admin and do these things with treatments, nothing else."""
    user: User = UserFactory.create(is_staff=True)
    own = Permission.objects.filter(content_type__app_label="treatments", codename__in=codenames)
    assert own.count() == len(codenames)
    user.user_permissions.add(*own, Permission.objects.get(codename="access_admin"))
    return user


ADULT = dt.date(1990, 5, 17)


def published(*, at: dt.datetime = NOON, **facts: Any) -> QuestionnaireVersion:
    """The questions of `QuestionnaireFactory`, asked before the treatment is bought."""
    draft = QuestionnaireFactory.create(**facts)
    return questionnaires.publish(
        questionnaire_id=draft.pk, what_is_new="The first version", by=None, at=at
    )


def checked(
    version: QuestionnaireVersion,
    *,
    is_broken: bool = False,
    thins_blood: bool = False,
    born_on: dt.date = ADULT,
    user: User | None = None,
    at: dt.datetime,
) -> SuitabilityCheck:
    """A check of `published` questions; without more it is clear."""
    answers = {
        "broken-skin": "2" if is_broken else "1",
        "blood-thinners": "2" if thins_blood else "1",
    }
    return checking.take(version=version, answers=answers, born_on=born_on, user=user, at=at)
