"""Stripe's notices: only Stripe's, each stored once, acted on apart from being stored."""

import json
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.test import Client
from django.urls import reverse
import pytest
import stripe as stripe_sdk

from checkout import webhooks
from checkout.models import Order, OrderStatus, StripeEvent
from checkout.stripe_objects import Notice
from tests.checkout.buying import basket_with, check_out, courier, product, session_id_of
from tests.stripe_in_process import SECRET, StripeInProcess

pytestmark = pytest.mark.django_db


def body_of(**changes: Any) -> bytes:
    event = {
        "id": "evt_1",
        "object": "event",
        "type": "checkout.session.completed",
        "livemode": False,
        "data": {"object": {"id": "cs_test_1", "object": "checkout.session"}},
    }
    return json.dumps(event | changes).encode()


def signed(body: bytes, *, secret: str = SECRET, age: int = 0) -> str:
    return stripe_sdk.WebhookSignature.generate_signature_header(
        body.decode(), secret, timestamp=int(time.time()) - age
    )


def post(client: Client, body: bytes, signature: str | None) -> int:
    headers = {} if signature is None else {"Stripe-Signature": signature}
    answer = client.post(
        reverse("checkout:stripe_webhook"), body, content_type="application/json", headers=headers
    )
    return answer.status_code


def test_a_signed_notice_is_stored_once_however_often_it_comes(client: Client) -> None:
    """R4: the event's id is unique in the inbox."""
    body = body_of()

    answers = [post(client, body, signed(body)) for _ in range(5)]

    assert answers == [200] * 5
    event = StripeEvent.objects.get()
    assert (event.stripe_id, event.object_id, event.handled_at) == ("evt_1", "cs_test_1", None)


REFUSED: dict[str, tuple[bytes, Callable[[bytes], str | None]]] = {
    "unsigned": (body_of(), lambda _: None),
    "empty signature": (body_of(), lambda _: ""),
    "old and forged": (body_of(), lambda _: "t=1,v1=abc"),
    "no time": (body_of(), lambda _: "v1=abc"),
    "no such time": (body_of(), lambda _: "t=x,v1=abc"),
    "another secret": (body_of(), lambda body: signed(body, secret="whsec_other")),
    "empty secret": (body_of(), lambda body: signed(body, secret="")),
    "another body": (body_of(id="evt_2"), lambda _: signed(body_of())),
    "too old": (body_of(), lambda body: signed(body, age=301)),
    "from the future": (body_of(), lambda body: signed(body, age=-400)),
    "another mode": (body_of(livemode=True), signed),
    "a list": (b"[]", signed),
    "null": (b"null", signed),
    "no JSON": (b"not json", signed),
    "nothing in it": (b"{}", signed),
    "no text": (b"\xff\xfe", lambda _: "t=1,v1=abc"),
    "data that is no object": (body_of(data=7), signed),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_forged_old_or_malformed_notice_is_refused(client: Client, case: str) -> None:
    """R6: 400, and nothing is written."""
    body, sign = REFUSED[case]

    assert post(client, body, sign(body)) == 400
    assert not StripeEvent.objects.exists()


def test_a_megabyte_is_refused_even_if_it_is_signed(client: Client) -> None:
    """R6: a notice is never so large."""
    body = body_of(padding="x" * 1_000_000)

    assert post(client, body, signed(body)) == 400
    assert post(client, b"x" * 3_000_000, "t=1,v1=abc") == 400
    assert not StripeEvent.objects.exists()


def test_without_a_secret_nothing_is_believed(client: Client, settings: Any) -> None:
    """R6: an empty secret would make every notice forgeable."""
    settings.STRIPE_WEBHOOK_SECRET = ""
    body = body_of()

    assert post(client, body, signed(body, secret="")) == 400


def test_the_thin_shape_of_a_notice_is_understood(client: Client) -> None:
    thin = {
        "id": "evt_thin",
        "object": "v2.core.event",
        "type": "v1.checkout.session.completed",
        "livemode": False,
        "related_object": {"id": "cs_test_9", "type": "checkout.session"},
    }
    body = json.dumps(thin).encode()

    assert post(client, body, signed(body)) == 200
    event = StripeEvent.objects.get()
    assert (event.type, event.object_id) == ("checkout.session.completed", "cs_test_9")


def test_a_notice_that_nobody_acts_on_is_answered_and_forgotten(client: Client) -> None:
    body = body_of(type="customer.created")

    assert post(client, body, signed(body)) == 200
    assert not StripeEvent.objects.exists()


def test_a_get_is_not_allowed(client: Client) -> None:
    assert client.get(reverse("checkout:stripe_webhook")).status_code == 405


def test_a_paid_order_is_settled_by_its_notice(
    stripe: StripeInProcess, client: Client, at: datetime
) -> None:
    courier()
    order = check_out(basket_with((product(at=at), 1), at=at), at=at).order
    stripe.pay(session_id_of(order))
    for signature, body in stripe.deliver():
        assert post(client, body, signature) == 200
    order.refresh_from_db()
    assert order.status == OrderStatus.AWAITING_PAYMENT

    assert webhooks.process_due(at=at + timedelta(minutes=1)) == 1

    order.refresh_from_db()
    assert order.status == OrderStatus.PAID
    assert webhooks.process_due(at=at + timedelta(hours=1)) == 0


def test_a_notice_about_a_stranger_is_put_away(stripe: StripeInProcess, at: datetime) -> None:
    webhooks.store(_notice("cs_test_gone"), at=at)

    assert webhooks.process_due(at=at) == 0

    event = StripeEvent.objects.get()
    assert (event.attempts, event.next_try_at) == (1, at + timedelta(minutes=1))
    assert event.error.startswith("PaymentServiceRefused")
    assert stripe.calls == ["GET /v1/checkout/sessions/cs_test_gone"]


def test_a_notice_is_tried_again_with_growing_pauses_and_then_given_up(
    stripe: StripeInProcess, at: datetime
) -> None:
    """R51: a poison notice ends in a drawer of its own and holds up nobody."""
    stripe.is_down = True
    webhooks.store(_notice("cs_test_1"), at=at)

    tries = 0
    while (event := StripeEvent.objects.get()).next_try_at is not None:
        webhooks.process_due(at=event.next_try_at)
        tries += 1

    assert (tries, event.attempts, event.handled_at) == (8, 8, None)
    assert Order.objects.count() == 0


def _notice(object_id: str) -> Notice:
    return Notice("evt_9", "checkout.session.completed", object_id, livemode=False)
