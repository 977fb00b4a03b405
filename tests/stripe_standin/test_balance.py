"""The balance: every movement booked with its fee, and paid out whole."""

import pytest
import stripe

from stripe_standin.app import Standin
from tests.stripe_standin.shop import Client, Clock, control, paid_session


def test_a_charge_and_its_refund_are_booked_and_expand_to_what_they_are_about(
    standin: Standin, client: Client
) -> None:
    intent = paid_session(standin, client).payment_intent
    refund = client.v1.refunds.create({"payment_intent": intent, "amount": 900})

    back, taken = client.v1.balance_transactions.list({"expand": ["data.source"]}).data

    assert (taken.type, taken.amount, taken.fee, taken.net) == ("charge", 1_900, 54, 1_846)
    assert (taken.source.payment_intent, taken.status) == (intent, "pending")
    assert taken.fee_details[0].type == "stripe_fee"
    assert (back.type, back.amount, back.fee, back.source.id) == ("refund", -900, 0, refund.id)


def test_bookings_are_found_by_type_source_and_time(
    standin: Standin, client: Client, clock: Clock
) -> None:
    first = paid_session(standin, client)
    clock.at += 100
    paid_session(standin, client)
    charge = client.v1.payment_intents.retrieve(first.payment_intent).latest_charge

    def found(**wanted: object) -> int:
        return len(client.v1.balance_transactions.list(wanted).data)

    assert found(type="charge") == 2
    assert found(type="payout") == 0
    assert found(source=charge) == 1
    assert found(created={"gte": int(clock.at)}) == 1
    assert found(currency="usd") == 0


def test_money_is_available_after_its_days_and_is_paid_out_once(
    standin: Standin, client: Client, clock: Clock
) -> None:
    paid_session(standin, client)
    clock.at += 7 * 24 * 3600
    [taken] = client.v1.balance_transactions.list().data

    payout = control(standin, "payouts/pay")
    again = control(standin, "payouts/pay")

    assert taken.status == "available"
    assert (payout["amount"], payout["status"]) == (1_846, "in_transit")
    assert "nothing" in again["error"]["message"]
    moved = client.v1.balance_transactions.list({"payout": payout["id"]}).data
    assert [each.id for each in moved] == [taken.id]
    newest = client.v1.balance_transactions.list().data[0]
    assert (newest.type, newest.net, newest.source) == ("payout", -1_846, payout["id"])
    assert [each.id for each in client.v1.payouts.list({"status": "in_transit"}).data] == [
        payout["id"]
    ]
    assert client.v1.payouts.retrieve(payout["id"]).amount == 1_846
    assert client.v1.payouts.list({"arrival_date": {"lt": int(clock.at)}}).data == []


def test_what_stripe_does_not_take_is_refused(client: Client) -> None:
    with pytest.raises(stripe.InvalidRequestError) as unknown:
        client.v1.balance_transactions.list({"available_on": 1})
    with pytest.raises(stripe.InvalidRequestError) as missing:
        client.v1.balance_transactions.list({"payout": "po_none"})

    assert unknown.value.code == "parameter_unknown"
    assert missing.value.code == "resource_missing"
