"""The control page: plain forms for people, the same acts as JSON for tests."""

import json
from pathlib import Path

import pytest
import stripe

import stripe_standin
from stripe_standin.app import Standin
from stripe_standin.control_actions import ACTIONS
from stripe_standin.control_deliveries import DELIVERIES
from tests.stripe_standin.shop import Client, control, get, order, paid_session, post


def test_the_page_lists_what_there_is(standin: Standin, client: Client) -> None:
    session = paid_session(standin, client)
    waiting = client.v1.checkout.sessions.create(order())

    page = get(standin, "/").body.decode()

    for key in (session.id, waiting.id, session.payment_intent):
        assert key in page
    assert "checkout.session.completed" in page
    assert f"/control/sessions/{waiting.id}/expire" in page
    assert f"/control/payments/{session.payment_intent}/refund" in page


def test_a_button_acts_and_leads_back_with_a_notice(standin: Standin, client: Client) -> None:
    session = client.v1.checkout.sessions.create(order())

    answer = post(standin, f"/control/sessions/{session.id}/expire")

    assert answer.status == 303
    path, _, query = answer.headers["Location"].partition("?")
    assert f"Done: {session.id} is expired." in get(standin, path, query).body.decode()
    refused = post(standin, f"/control/sessions/{session.id}/expire")
    assert refused.headers["Location"].startswith("/?notice=Refused")


def test_a_notice_is_escaped(standin: Standin) -> None:
    page = get(standin, "/", "notice=%3Cb%3Ehello").body

    assert b"<b>hello" not in page
    assert b"&lt;b&gt;hello" in page


def test_the_state_is_to_be_had_as_json(standin: Standin, client: Client) -> None:
    session = client.v1.checkout.sessions.create(order())
    control(standin, "refunds/next", outcome="pending")
    control(standin, "faults", kind="429", count="3", path="/v1/refunds", method="post")

    state = json.loads(get(standin, "/control/state").body)

    assert [one["id"] for one in state["sessions"]] == [session.id]
    assert state["settings"]["next_refund"] == "pending"
    assert state["settings"]["faults"] == [
        {"kind": "429", "left": 3, "method": "POST", "path": "/v1/refunds", "seconds": 0.0}
    ]


def test_a_test_can_pay_without_the_page(standin: Standin, client: Client) -> None:
    session = client.v1.checkout.sessions.create(order())

    paid = control(standin, f"sessions/{session.id}/pay", card="4000002500003155")

    assert paid["outcome"] == "complete"
    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"
    again = control(standin, f"sessions/{session.id}/pay")
    assert again["error"]["message"] == "The session is complete, not open."


def test_faults_meet_only_the_calls_they_were_ordered_for(standin: Standin, client: Client) -> None:
    control(standin, "faults", kind="429", count="2", path="/v1/customers")

    client.v1.checkout.sessions.create(order())
    for _ in range(2):
        with pytest.raises(stripe.RateLimitError):
            client.v1.customers.list()

    assert client.v1.customers.list().data == []


def test_faults_can_be_forgotten(standin: Standin, client: Client) -> None:
    control(standin, "faults", kind="503", count="9")
    control(standin, "faults/clear")

    assert client.v1.customers.list().data == []


def test_a_reset_does_nothing_and_a_malformed_answer_is_not_json(
    standin: Standin, client: Client
) -> None:
    control(standin, "faults", kind="reset")
    with pytest.raises(stripe.APIConnectionError):
        client.v1.checkout.sessions.create(order())
    nothing = client.v1.checkout.sessions.list().data

    control(standin, "faults", kind="malformed")
    with pytest.raises(stripe.APIError):
        client.v1.checkout.sessions.create(order())

    assert nothing == []
    assert len(client.v1.checkout.sessions.list().data) == 1


@pytest.mark.parametrize(
    ("path", "fields", "param"),
    [
        ("faults", {"kind": "flood"}, "kind"),
        ("faults", {"kind": "500", "count": "0"}, "count"),
        ("faults", {"kind": "500", "count": "99999999999999999999"}, "count"),
        ("faults", {"kind": "slow", "seconds": "nan"}, "seconds"),
        ("webhooks/mode", {"mode": "loud"}, "mode"),
        ("webhooks/delay", {"seconds": "-1"}, "seconds"),
        ("refunds/next", {"outcome": "maybe"}, "outcome"),
        ("events/deliver", {"ids": "evt_none"}, "id"),
        ("payments/pi_none/settle", {"outcome": "succeed"}, "id"),
    ],
)
def test_a_senseless_order_is_refused(
    standin: Standin, path: str, fields: dict[str, str], param: str
) -> None:
    assert control(standin, path, **fields)["error"]["param"] == param


def test_an_unknown_act_is_a_404(standin: Standin) -> None:
    headers = {"accept": "application/json"}

    assert post(standin, "/control/nothing/x/here", headers=headers).status == 404
    assert get(standin, "/control/nothing").status == 404
    assert get(standin, "/nothing").status == 404


def test_every_act_is_described_in_the_readme() -> None:
    readme = (Path(stripe_standin.__file__).parent / "README.md").read_text("utf-8")

    for path in (*ACTIONS, *DELIVERIES, "webhooks/deliver-due"):
        assert f"`/control/{path}`" in readme
