"""Treatments and passes to test with; passes are granted by the ledger."""

import datetime as dt
from typing import Any

import factory

from tests.catalog.factories import TreatmentFactory
from treatments import ledger
from treatments.models import Practitioner, Protocol, SessionPass
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
