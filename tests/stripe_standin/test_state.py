"""What was done is still done after a restart, and lists page through it."""

from pathlib import Path

import pytest
import stripe

from stripe_standin.app import Standin
from tests.stripe_standin.shop import (
    HOOK,
    SECRET,
    Client,
    Clock,
    Endpoint,
    client_of,
    order,
    paid_session,
)


def started(path: Path, clock: Clock, endpoint: Endpoint) -> Standin:
    return Standin(path, webhook_url=HOOK, webhook_secret=SECRET, clock=clock, transport=endpoint)


def test_everything_survives_a_restart(tmp_path: Path, clock: Clock, endpoint: Endpoint) -> None:
    first = started(tmp_path / "s.sqlite3", clock, endpoint)
    client = client_of(first)
    made = client.v1.checkout.sessions.create(order(), {"idempotency_key": "k1"})
    paid = paid_session(first, client)
    first.close()

    second = started(tmp_path / "s.sqlite3", clock, endpoint)
    client = client_of(second)

    assert client.v1.checkout.sessions.create(order(), {"idempotency_key": "k1"}).id == made.id
    again = client.v1.checkout.sessions.retrieve(paid.id, {"expand": ["payment_intent"]})
    assert again.payment_intent.status == "succeeded"
    second.deliver_due()
    assert endpoint.types[-1] == "checkout.session.completed"
    second.close()


def test_events_from_before_there_was_an_address_are_delivered_once_there_is(
    tmp_path: Path, clock: Clock, endpoint: Endpoint
) -> None:
    first = Standin(tmp_path / "s.sqlite3", clock=clock)
    paid_session(first, client_of(first))
    first.close()

    second = started(tmp_path / "s.sqlite3", clock, endpoint)
    second.deliver_due()

    assert endpoint.types[-1] == "checkout.session.completed"
    second.close()


def test_an_empty_secret_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="must not be empty"):
        Standin(tmp_path / "s.sqlite3", webhook_secret="")


def test_sessions_expire_by_themselves_while_nobody_looks(
    standin: Standin, client: Client, clock: Clock, endpoint: Endpoint
) -> None:
    session = client.v1.checkout.sessions.create(order())

    clock.at += 86_400
    standin.deliver_due()

    assert endpoint.types == ["checkout.session.expired"]
    expired = client.v1.checkout.sessions.retrieve(session.id)
    assert (expired.status, expired.url) == ("expired", None)


def test_only_an_open_session_can_be_expired(standin: Standin, client: Client) -> None:
    session = paid_session(standin, client)

    with pytest.raises(stripe.InvalidRequestError, match="a status of complete"):
        client.v1.checkout.sessions.expire(session.id)

    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"


def test_sessions_are_listed_newest_first_and_filtered(
    standin: Standin, client: Client, clock: Clock
) -> None:
    old = client.v1.checkout.sessions.create(order())
    clock.at += 100
    paid = paid_session(standin, client)

    listing = client.v1.checkout.sessions
    assert [one.id for one in listing.list().data] == [paid.id, old.id]
    assert [one.id for one in listing.list({"limit": 1}).auto_paging_iter()] == [paid.id, old.id]
    assert [one.id for one in listing.list({"status": "open"}).data] == [old.id]
    by_payment = listing.list({"payment_intent": paid.payment_intent})
    assert [one.id for one in by_payment.data] == [paid.id]
    assert [one.id for one in listing.list({"created": {"gte": paid.created}}).data] == [paid.id]
    assert [one.id for one in listing.list({"ending_before": old.id}).data] == [paid.id]


def test_the_limit_of_a_list_is_one_to_a_hundred(client: Client) -> None:
    for limit in (0, 101):
        with pytest.raises(stripe.InvalidRequestError) as caught:
            client.v1.checkout.sessions.list({"limit": limit})
        assert caught.value.param == "limit"


def test_line_items_are_paged(client: Client) -> None:
    session = client.v1.checkout.sessions.create(order(line_items=order()["line_items"] * 3))

    listed = client.v1.checkout.sessions.line_items.list(session.id, {"limit": 2})

    assert listed.has_more is True
    assert len(list(listed.auto_paging_iter())) == 3


def test_what_is_not_there_is_a_404(client: Client) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.checkout.sessions.retrieve("cs_test_none")

    assert (caught.value.http_status, caught.value.code) == (404, "resource_missing")
