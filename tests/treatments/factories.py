"""Treatments and passes to test with; passes are granted by the ledger."""

import datetime as dt
from typing import Any

import factory

from tests.catalog.factories import TreatmentFactory
from treatments import ledger
from treatments.models import SessionPass
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
