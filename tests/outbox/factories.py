"""Mails to test with, queued by the verb that queues them."""

import datetime as dt
from typing import Any

import factory

from outbox import mail
from outbox.models import OutboundMail

NOON = dt.datetime(2026, 3, 1, 12, 0, tzinfo=dt.UTC)


class OutboundMailFactory(factory.django.DjangoModelFactory):
    effect_key = factory.Sequence(lambda n: f"order:G-TEST-{n:06}:order_paid")
    event = "test_event"
    to = "ada@example.com"
    reference = "order:G-7K3M-9QXT"
    context = factory.LazyFunction(lambda: {"order": 7})
    at = NOON

    class Meta:
        model = OutboundMail

    @classmethod
    def _create(cls, model_class: type[OutboundMail], *args: Any, **kwargs: Any) -> OutboundMail:
        mail.queue(**kwargs)
        return OutboundMail.objects.get(effect_key=kwargs["effect_key"])
