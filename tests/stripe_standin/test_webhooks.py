"""Events: signed, in order, again until taken, and found when they were not."""

import json

import pytest
import stripe

from stripe_standin.app import Standin
from tests.stripe_standin.shop import SECRET, Client, Clock, Endpoint, control, order, paid_session


def expired(client: Client) -> str:
    session = client.v1.checkout.sessions.create(order())
    client.v1.checkout.sessions.expire(session.id)
    return str(client.v1.events.list({"limit": 1}).data[0].id)


def delivery(standin: Standin, key: str) -> tuple[str, int, str]:
    state = control(standin, "faults/clear") and standin.store
    with state.transaction() as tx:
        rows = tx.run(
            "SELECT state, attempts, last_result FROM deliveries WHERE event_id = ?", [key]
        )
    return (str(rows[0][0]), int(rows[0][1]), str(rows[0][2]))


def test_an_event_is_signed_so_that_the_package_takes_it(
    standin: Standin, client: Client, endpoint: Endpoint
) -> None:
    session = paid_session(standin, client)
    standin.deliver_due()
    headers, payload = endpoint.sent[-1]

    # The tests' clock stands still, far from the computer's: age is checked elsewhere.
    event = stripe.Webhook.construct_event(
        payload, headers["Stripe-Signature"], SECRET, tolerance=10**9
    )

    assert event.type == "checkout.session.completed"
    assert event.api_version == "2026-10-28.endive"
    assert event.livemode is False
    assert event.data.object.id == session.id
    assert event.data.object.payment_status == "paid"


def test_a_wrong_secret_or_a_changed_body_is_refused_by_the_package(
    standin: Standin, client: Client, endpoint: Endpoint
) -> None:
    expired(client)
    standin.deliver_due()
    headers, payload = endpoint.sent[-1]

    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(payload, headers["Stripe-Signature"], "whsec_other", 10**9)
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(
            payload + b" ", headers["Stripe-Signature"], SECRET, tolerance=10**9
        )


def test_an_event_is_sent_once_when_it_is_taken(
    standin: Standin, client: Client, endpoint: Endpoint
) -> None:
    key = expired(client)

    standin.deliver_due()
    standin.deliver_due()

    assert len(endpoint.sent) == 1
    assert delivery(standin, key) == ("delivered", 1, "200")
    assert client.v1.events.retrieve(key).pending_webhooks == 0


@pytest.mark.parametrize("status", [500, 400, 302, 0])
def test_an_event_that_is_not_taken_is_sent_again_later(
    standin: Standin, client: Client, endpoint: Endpoint, clock: Clock, status: int
) -> None:
    key = expired(client)
    endpoint.status = status

    standin.deliver_due()
    standin.deliver_due()
    clock.at += 2
    standin.deliver_due()
    endpoint.status = 200
    clock.at += 5
    standin.deliver_due()

    assert len(endpoint.sent) == 3
    assert delivery(standin, key) == ("delivered", 3, "200")


def test_an_event_that_is_never_taken_fails_in_the_end_and_is_found(
    standin: Standin, client: Client, endpoint: Endpoint, clock: Clock
) -> None:
    key = expired(client)
    endpoint.status = 500

    for _ in range(20):
        standin.deliver_due()
        clock.at += 3_600

    assert delivery(standin, key) == ("failed", 8, "500")
    found = client.v1.events.list(
        {"delivery_success": False, "types": ["checkout.session.expired"]}
    )
    assert [event.id for event in found.data] == [key]
    endpoint.status = 200
    control(standin, f"events/{key}/resend")
    assert client.v1.events.list({"delivery_success": False}).data == []
    assert [event.id for event in client.v1.events.list({"delivery_success": True}).data] == [key]


def test_held_events_wait_and_are_delivered_in_order(
    standin: Standin, client: Client, endpoint: Endpoint
) -> None:
    control(standin, "webhooks/mode", mode="hold")
    keys = [expired(client) for _ in range(3)]
    standin.deliver_due()
    held = len(endpoint.sent)

    control(standin, "webhooks/mode", mode="deliver")
    control(standin, "webhooks/deliver-due")

    assert held == 0
    assert [json.loads(payload)["id"] for _, payload in endpoint.sent] == keys


def test_dropped_events_are_never_sent_but_can_be_found(
    standin: Standin, client: Client, endpoint: Endpoint
) -> None:
    control(standin, "webhooks/mode", mode="drop")
    key = expired(client)
    control(standin, "webhooks/mode", mode="deliver")

    standin.deliver_due()

    assert endpoint.sent == []
    assert [one.id for one in client.v1.events.list({"delivery_success": False}).data] == [key]


def test_delayed_events_are_sent_when_their_time_has_come(
    standin: Standin, client: Client, endpoint: Endpoint, clock: Clock
) -> None:
    control(standin, "webhooks/delay", seconds="30")
    expired(client)

    standin.deliver_due()
    early = len(endpoint.sent)
    clock.at += 30
    standin.deliver_due()

    assert (early, len(endpoint.sent)) == (0, 1)


def test_copies_and_any_order_can_be_sent(
    standin: Standin, client: Client, endpoint: Endpoint
) -> None:
    first, second, third = (expired(client) for _ in range(3))

    copies = control(standin, f"events/{first}/duplicate", times="5", parallel="8")
    backwards = control(standin, "events/reverse", count="2")
    chosen = control(standin, "events/deliver", ids=f"{second},{first},{second}")

    assert copies["deliveries"] == [{"event": first, "status": 200}] * 5
    assert [one["event"] for one in backwards["deliveries"]] == [third, second]
    assert [one["event"] for one in chosen["deliveries"]] == [second, first, second]
    assert len({payload for _, payload in endpoint.sent[:5]}) <= 2


def test_events_are_filtered_by_type_and_paged(client: Client) -> None:
    keys = [expired(client) for _ in range(5)]
    client.v1.customers.create({"email": "ada@example.com"})

    listed = client.v1.events.list({"types": ["checkout.session.expired"], "limit": 2})

    assert [event.id for event in listed.auto_paging_iter()] == keys[::-1]
    assert client.v1.events.list({"type": "customer.*"}).data[0].type == "customer.created"
    assert client.v1.events.list({"created": {"gt": 2_000_000_000}}).data == []


def test_an_event_keeps_the_object_as_it_was(standin: Standin, client: Client) -> None:
    session = paid_session(standin, client)
    created = client.v1.events.list({"type": "payment_intent.created"}).data[0]

    assert created.data.object.status == "requires_payment_method"
    assert client.v1.payment_intents.retrieve(session.payment_intent).status == "succeeded"


def test_without_an_address_nothing_is_sent_and_every_event_counts_as_undelivered(
    tmp_path: object, clock: Clock
) -> None:
    alone = Standin(f"{tmp_path}/alone.sqlite3", clock=clock)
    with alone.store.transaction() as tx:
        assert tx.setting("webhook_endpoint") is None

    assert alone.deliver_due() == []
    assert control(alone, "events/evt_x/resend")["error"]["code"] == "resource_missing"
    alone.close()
