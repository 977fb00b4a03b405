"""One Idempotency-Key, one effect, one answer, whatever goes wrong between."""

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from urllib.parse import urlencode

import pytest
import stripe

from stripe_standin import idempotency
from stripe_standin.app import Standin
from stripe_standin.faults import ConnectionDropped
from stripe_standin.http_message import Request, Response
from tests.stripe_standin.shop import Client, client_of, control, line, order


def create(standin: Standin, key: str | None, **fields: object) -> Response:
    body = {
        "mode": "payment",
        "success_url": "http://shop.test/",
        "line_items[0][price_data][currency]": "eur",
        "line_items[0][price_data][unit_amount]": "1900",
        "line_items[0][price_data][product_data][name]": "Serum",
        "line_items[0][quantity]": "1",
        **fields,
    }
    headers = {"authorization": "Bearer sk_test_x"}
    if key:
        headers["idempotency-key"] = key
    return standin.answer(
        Request("POST", "/v1/checkout/sessions", "", headers, urlencode(body).encode())
    )


def count(client: Client) -> int:
    return len(client.v1.checkout.sessions.list({"limit": 100}).data)


def test_the_same_key_gets_the_same_bytes_and_one_session(standin: Standin, client: Client) -> None:
    first, second = create(standin, "k1"), create(standin, "k1")

    assert second.body == first.body
    assert "Idempotent-Replayed" not in first.headers
    assert second.headers["Idempotent-Replayed"] == "true"
    assert second.headers["Original-Request"] == first.headers["Request-Id"]
    assert second.headers["Request-Id"] != first.headers["Request-Id"]
    assert count(client) == 1


def test_without_a_key_each_call_makes_a_session(standin: Standin, client: Client) -> None:
    create(standin, None)
    create(standin, None)

    assert count(client) == 2


def test_the_same_key_with_other_parameters_is_an_error(client: Client) -> None:
    client.v1.checkout.sessions.create(order(), {"idempotency_key": "k1"})

    with pytest.raises(stripe.IdempotencyError) as caught:
        client.v1.checkout.sessions.create(
            order(line_items=[line(2_000)]), {"idempotency_key": "k1"}
        )

    assert caught.value.http_status == 400
    assert count(client) == 1


def test_a_refusal_by_the_schema_is_not_kept(standin: Standin, client: Client) -> None:
    refused = create(standin, "k1", colour="red")
    taken = create(standin, "k1")

    assert (refused.status, taken.status) == (400, 200)
    assert count(client) == 1


def test_a_refusal_by_the_endpoint_is_kept_and_replayed(standin: Standin) -> None:
    refused = create(standin, "k1", customer="cus_none")
    again = create(standin, "k1", customer="cus_none")

    assert (refused.status, again.status) == (400, 400)
    assert again.body == refused.body
    assert again.headers["Idempotent-Replayed"] == "true"


def test_a_500_after_the_work_is_replayed_although_the_session_exists(
    standin: Standin, client: Client
) -> None:
    control(standin, "faults", kind="500_after")

    failed, again = create(standin, "k1"), create(standin, "k1")

    assert (failed.status, again.status) == (500, 500)
    assert failed.headers["Stripe-Should-Retry"] == "false"
    assert again.headers["Idempotent-Replayed"] == "true"
    assert count(client) == 1


@pytest.mark.parametrize("kind", ["429", "500", "503"])
def test_a_failure_before_the_work_leaves_the_key_free(
    standin: Standin, client: Client, kind: str
) -> None:
    control(standin, "faults", kind=kind)

    failed, again = create(standin, "k1"), create(standin, "k1")

    assert (failed.status, again.status) == (int(kind), 200)
    assert "Idempotent-Replayed" not in again.headers
    assert count(client) == 1


def test_a_lost_answer_is_found_again_with_the_same_key(standin: Standin, client: Client) -> None:
    control(standin, "faults", kind="lose_answer")

    with pytest.raises(ConnectionDropped):
        create(standin, "k1")
    again = create(standin, "k1")

    assert again.headers["Idempotent-Replayed"] == "true"
    assert count(client) == 1


def test_the_package_itself_retries_a_lost_answer_to_one_session(standin: Standin) -> None:
    client = client_of(standin, retries=2)
    control(standin, "faults", kind="lose_answer")

    session = client.v1.checkout.sessions.create(order())

    assert [one.id for one in client.v1.checkout.sessions.list().data] == [session.id]


def test_64_calls_with_one_key_make_one_session_and_no_other_answer(
    standin: Standin, client: Client
) -> None:
    with ThreadPoolExecutor(64) as pool:
        answers = list(pool.map(lambda _: create(standin, "k1"), range(64)))

    statuses = {answer.status for answer in answers}
    bodies = {answer.body for answer in answers if answer.status == 200}
    assert statuses <= {200, 409}
    assert len(bodies) == 1
    assert count(client) == 1


def test_64_calls_with_one_key_make_64_sessions_when_the_guard_is_off(
    standin: Standin, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: without the guard, the test above would fail."""
    monkeypatch.setattr(idempotency.KeysInFlight, "claim", lambda *_: nullcontext())
    monkeypatch.setattr(idempotency, "replay", lambda *_: None)
    monkeypatch.setattr(idempotency, "keep", lambda *_: None)

    with ThreadPoolExecutor(64) as pool:
        list(pool.map(lambda _: create(standin, "k1"), range(64)))

    assert count(client) == 64


def test_64_calls_with_64_keys_make_64_sessions(standin: Standin, client: Client) -> None:
    with ThreadPoolExecutor(64) as pool:
        answers = list(pool.map(lambda n: create(standin, f"k{n}"), range(64)))

    ids = {json.loads(answer.body)["id"] for answer in answers}
    assert len(ids) == 64
    assert count(client) == 64


def test_a_key_whose_call_is_still_running_is_a_409(standin: Standin) -> None:
    control(standin, "faults", kind="slow", seconds="0.5")

    with ThreadPoolExecutor(2) as pool:
        slow = pool.submit(create, standin, "k1")
        statuses = []
        while not slow.done():
            answer = create(standin, "k1")
            statuses.append((answer.status, json.loads(answer.body)))

    refused = [body["error"]["code"] for status, body in statuses if status == 409]
    assert slow.result().status in {200, 409}
    assert set(refused) <= {"idempotency_key_in_use"}
    assert create(standin, "k1").status == 200


def test_a_key_longer_than_255_characters_is_refused(standin: Standin) -> None:
    assert create(standin, "k" * 256).status == 400
    assert create(standin, "k" * 255).status == 200
