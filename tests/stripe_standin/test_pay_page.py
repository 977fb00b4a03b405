"""The hosted page: what each card does, and that paying twice pays once."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from stripe_standin.app import Standin
from tests.stripe_standin.shop import (
    Client,
    Clock,
    Endpoint,
    control,
    get,
    order,
    paid_session,
    pay,
    post,
)


def made(client: Client, **more: Any) -> Any:
    return client.v1.checkout.sessions.create(order(**more))


def test_the_card_4242_pays_and_leads_to_the_success_url(standin: Standin, client: Client) -> None:
    session = made(client)

    answer = pay(standin, session.id)

    assert answer.status == 303
    assert answer.headers["Location"] == f"http://shop.test/thanks/?session={session.id}"
    done = client.v1.checkout.sessions.retrieve(
        session.id, {"expand": ["line_items", "payment_intent.latest_charge.balance_transaction"]}
    )
    assert (done.status, done.payment_status) == ("complete", "paid")
    assert done.url is None
    assert done.customer_details.email == "ada@example.com"
    assert done.payment_intent.status == "succeeded"
    assert done.payment_intent.metadata["order"] == "1001"
    assert done.payment_intent.latest_charge.amount == 1900
    assert done.payment_intent.latest_charge.metadata["order"] == "1001"
    assert done.payment_intent.latest_charge.balance_transaction.fee == 54
    assert done.line_items.data[0].description == "Scalp serum"


def test_paying_sends_the_events_in_order(
    standin: Standin, client: Client, endpoint: Endpoint
) -> None:
    paid_session(standin, client)

    standin.deliver_due()

    assert endpoint.types == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.completed",
    ]


@pytest.mark.parametrize(
    ("number", "decline_code", "message"),
    [
        ("4000000000000002", "generic_decline", "Your card was declined."),
        ("4000000000009995", "insufficient_funds", "Your card has insufficient funds."),
        ("4000000000000069", "expired_card", "Your card has expired."),
    ],
)
def test_a_declined_card_leaves_the_session_open_and_says_why(
    standin: Standin, client: Client, number: str, decline_code: str, message: str
) -> None:
    session = made(client)

    answer = pay(standin, session.id, card_number=number, email="keep@example.com")

    page = answer.body.decode()
    assert answer.status == 200
    assert message.replace("'", "&#x27;") in page
    assert 'value="keep@example.com"' in page
    after = client.v1.checkout.sessions.retrieve(session.id)
    assert (after.status, after.payment_status, after.payment_intent) == ("open", "unpaid", None)
    intent = client.v1.payment_intents.list().data[0]
    assert intent.status == "requires_payment_method"
    assert intent.last_payment_error.decline_code == decline_code
    assert client.v1.charges.list().data[0].status == "failed"


def test_after_a_decline_another_card_pays_with_the_same_payment(
    standin: Standin, client: Client
) -> None:
    session = made(client)
    pay(standin, session.id, card_number="4000 0000 0000 0002")

    pay(standin, session.id)

    assert len(client.v1.payment_intents.list().data) == 1
    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"


def test_the_authentication_card_asks_first_and_pays_when_completed(
    standin: Standin, client: Client
) -> None:
    session = made(client)

    asked = pay(standin, session.id, card_number="4000 0025 0000 3155")
    shown = get(standin, asked.headers["Location"])
    passed = post(standin, asked.headers["Location"], action="complete")

    assert asked.headers["Location"] == f"/c/pay/{session.id}/authenticate"
    assert b"Complete authentication" in shown.body
    assert passed.headers["Location"] == f"http://shop.test/thanks/?session={session.id}"
    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"


def test_a_failed_authentication_leads_back_to_the_page_with_the_reason(
    standin: Standin, client: Client
) -> None:
    session = made(client)
    pay(standin, session.id, card_number="4000 0025 0000 3155")

    failed = post(standin, f"/c/pay/{session.id}/authenticate", action="fail")
    shown = get(standin, failed.headers["Location"])

    assert failed.headers["Location"] == f"/c/pay/{session.id}"
    assert b"unable to authenticate your payment method" in shown.body
    assert client.v1.checkout.sessions.retrieve(session.id).status == "open"


@pytest.mark.parametrize(
    ("method", "payment_status", "event"),
    [
        ("debit_succeeds", "paid", "checkout.session.async_payment_succeeded"),
        ("debit_fails", "unpaid", "checkout.session.async_payment_failed"),
    ],
)
def test_a_delayed_debit_completes_unpaid_and_settles_later(
    standin: Standin,
    client: Client,
    clock: Clock,
    endpoint: Endpoint,
    method: str,
    payment_status: str,
    event: str,
) -> None:
    session = made(client)
    pay(standin, session.id, method=method)
    waiting = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]})

    clock.at += 15
    standin.deliver_due()

    assert (waiting.status, waiting.payment_status) == ("complete", "unpaid")
    assert waiting.payment_intent.status == "processing"
    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == payment_status
    assert endpoint.types[-1] == event


def test_a_plain_debit_waits_for_the_control_page(
    standin: Standin, client: Client, clock: Clock
) -> None:
    session = made(client)
    pay(standin, session.id, method="debit")
    intent = client.v1.checkout.sessions.retrieve(session.id).payment_intent
    clock.at += 86_400

    before = client.v1.checkout.sessions.retrieve(session.id).payment_status
    control(standin, f"payments/{intent}/settle", outcome="succeed")

    assert before == "unpaid"
    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"
    again = control(standin, f"payments/{intent}/settle", outcome="fail")
    assert again["error"]["message"] == f"Payment {intent} is succeeded, not processing."


def test_posting_the_form_32_times_at_once_pays_once(standin: Standin, client: Client) -> None:
    session = made(client)

    with ThreadPoolExecutor(32) as pool:
        answers = list(pool.map(lambda _: pay(standin, session.id), range(32)))

    assert {answer.headers["Location"] for answer in answers} == {
        f"http://shop.test/thanks/?session={session.id}"
    }
    assert len(client.v1.charges.list({"limit": 100}).data) == 1
    assert len(client.v1.events.list({"type": "checkout.session.completed"}).data) == 1
