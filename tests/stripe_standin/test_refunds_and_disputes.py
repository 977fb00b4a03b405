"""Money back: never more than was taken, and heard of by event."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import stripe

from stripe_standin.app import Standin
from tests.stripe_standin.shop import Client, Endpoint, control, order, paid_session, pay


@pytest.fixture
def intent(standin: Standin, client: Client) -> str:
    return str(paid_session(standin, client).payment_intent)


def kinds(client: Client, prefix: str) -> list[str]:
    events = client.v1.events.list({"type": f"{prefix}*", "limit": 100}).data
    return [event.type for event in reversed(events)]


def test_a_refund_succeeds_at_once_and_moves_the_charge(client: Client, intent: str) -> None:
    refund = client.v1.refunds.create(
        {"payment_intent": intent, "amount": 900, "metadata": {"refund": "7"}}
    )

    assert (refund.status, refund.amount, refund.currency) == ("succeeded", 900, "eur")
    assert refund.metadata["refund"] == "7"
    charge = client.v1.charges.retrieve(refund.charge, {"expand": ["refunds"]})
    assert (charge.amount_refunded, charge.refunded) == (900, False)
    assert [one.id for one in charge.refunds.data] == [refund.id]
    assert kinds(client, "refund") == ["refund.created"]
    assert kinds(client, "charge") == ["charge.succeeded", "charge.refunded"]


def test_a_refund_without_an_amount_takes_what_is_left(client: Client, intent: str) -> None:
    client.v1.refunds.create({"payment_intent": intent, "amount": 900})

    rest = client.v1.refunds.create({"payment_intent": intent})

    assert rest.amount == 1_000
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.refunds.create({"payment_intent": intent})
    assert caught.value.code == "charge_already_refunded"


@pytest.mark.parametrize("amount", [0, -1, 1_901])
def test_an_amount_that_cannot_be_refunded_is_refused(
    client: Client, intent: str, amount: int
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.refunds.create({"payment_intent": intent, "amount": amount})

    assert caught.value.param == "amount"
    assert client.v1.refunds.list().data == []


def test_32_refunds_at_once_never_exceed_the_charge(client: Client, intent: str) -> None:
    def refund(_: int) -> int:
        try:
            made = client.v1.refunds.create({"payment_intent": intent, "amount": 300})
            return int(made.amount)
        except stripe.InvalidRequestError:
            return 0

    with ThreadPoolExecutor(32) as pool:
        amounts = list(pool.map(refund, range(32)))

    assert sum(amounts) == 1_800
    assert len(client.v1.refunds.list({"limit": 100}).data) == 6


@pytest.mark.parametrize(
    ("params", "param"),
    [
        ({}, "charge"),
        ({"payment_intent": "pi_none"}, "payment_intent"),
        ({"charge": "ch_none"}, "charge"),
        ({"payment_intent": "pi_1", "charge": "ch_1"}, "charge"),
    ],
)
def test_a_refund_needs_one_known_payment(client: Client, params: Any, param: str) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.refunds.create(params)

    assert caught.value.param == param


def test_a_payment_that_is_not_through_cannot_be_refunded(standin: Standin, client: Client) -> None:
    session = client.v1.checkout.sessions.create(order())
    pay(standin, session.id, method="debit")
    waiting = client.v1.checkout.sessions.retrieve(session.id)

    with pytest.raises(stripe.InvalidRequestError, match="does not have a successful charge"):
        client.v1.refunds.create({"payment_intent": waiting.payment_intent})


def test_a_pending_refund_can_fail_later_and_gives_the_room_back(
    standin: Standin, client: Client, intent: str
) -> None:
    control(standin, "refunds/next", outcome="pending")
    refund = client.v1.refunds.create({"payment_intent": intent})

    failed = control(standin, f"refunds/{refund.id}/fail")

    assert (refund.status, failed["status"]) == ("pending", "failed")
    assert client.v1.charges.retrieve(refund.charge).amount_refunded == 0
    assert kinds(client, "refund") == ["refund.created", "refund.updated", "refund.failed"]
    assert client.v1.refunds.create({"payment_intent": intent}).status == "succeeded"


def test_a_pending_refund_can_arrive(standin: Standin, client: Client, intent: str) -> None:
    control(standin, "refunds/next", outcome="pending")
    refund = client.v1.refunds.create({"payment_intent": intent})

    control(standin, f"refunds/{refund.id}/succeed")

    assert client.v1.refunds.retrieve(refund.id).status == "succeeded"
    assert kinds(client, "refund") == ["refund.created", "refund.updated"]


def test_a_refund_from_the_dashboard_is_heard_of_by_event(
    standin: Standin, client: Client, intent: str, endpoint: Endpoint
) -> None:
    refund = control(standin, f"payments/{intent}/refund", amount="500")
    standin.deliver_due()

    assert refund["amount"] == 500
    assert endpoint.types[-2:] == ["refund.created", "charge.refunded"]
    too_much = control(standin, f"payments/{intent}/refund", amount="1401")
    assert too_much["error"]["param"] == "amount"


def test_the_metadata_of_a_refund_can_be_changed(client: Client, intent: str) -> None:
    refund = client.v1.refunds.create({"payment_intent": intent, "metadata": {"a": "1", "b": "2"}})

    changed = client.v1.refunds.update(refund.id, {"metadata": {"a": "", "c": "3"}})

    assert changed.metadata.to_dict() == {"b": "2", "c": "3"}


@pytest.mark.parametrize(
    ("outcome", "last"),
    [("won", "charge.dispute.funds_reinstated"), ("lost", "charge.dispute.closed")],
)
def test_a_dispute_opens_and_closes(
    standin: Standin, client: Client, intent: str, outcome: str, last: str
) -> None:
    opened = control(standin, f"payments/{intent}/dispute")
    control(standin, f"disputes/{opened['id']}/close", outcome=outcome)

    dispute = client.v1.disputes.retrieve(opened["id"])
    assert (dispute.status, dispute.payment_intent, dispute.amount) == (outcome, intent, 1_900)
    assert client.v1.charges.retrieve(dispute.charge).disputed is True
    heard = kinds(client, "charge.dispute")
    assert heard[:2] == ["charge.dispute.created", "charge.dispute.funds_withdrawn"]
    assert heard[-1] == last
    again = control(standin, f"disputes/{opened['id']}/close", outcome="won")
    assert again["error"]["message"] == "The dispute is closed already."


def test_a_disputed_charge_cannot_be_refunded(
    standin: Standin, client: Client, intent: str
) -> None:
    control(standin, f"payments/{intent}/dispute")

    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.refunds.create({"payment_intent": intent})

    assert caught.value.code == "charge_disputed"


def test_the_dispute_card_pays_and_is_disputed(standin: Standin, client: Client) -> None:
    session = client.v1.checkout.sessions.create(order())

    pay(standin, session.id, card_number="4000 0000 0000 0259")

    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"
    assert client.v1.disputes.list().data[0].status == "needs_response"
