"""The interpreter between shop and Stripe: bounded waiting, and two kinds of failure."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.db import transaction
import pytest

from checkout import stripe_gateway
from checkout.stripe_gateway import Breaker, PaymentServiceRefused, PaymentServiceUnavailable
from checkout.stripe_objects import CheckoutSession
from tests.stripe_in_process import StripeInProcess

PARAMS = {
    "mode": "payment",
    "line_items": [
        {
            "quantity": 1,
            "price_data": {
                "currency": "eur",
                "unit_amount": 2400,
                "product_data": {"name": "Daily Wash"},
            },
        }
    ],
    "success_url": "https://shop.example/done",
}


def open_one(**changes: Any) -> CheckoutSession:
    return stripe_gateway.open_checkout(
        params={**PARAMS, **changes}, idempotency_key="G-TEST-0001-attempt-1"
    )


@pytest.mark.django_db
def test_a_session_comes_back_in_our_own_words(stripe: StripeInProcess) -> None:
    session = open_one(client_reference_id="G-TEST-0001", metadata={"order": "G-TEST-0001"})

    assert (session.status, session.payment_status) == ("open", "unpaid")
    assert (session.amount_total_minor, session.currency) == (2400, "EUR")
    assert session.client_reference_id == session.metadata["order"] == "G-TEST-0001"
    assert session.url.endswith(session.id)
    assert stripe_gateway.fetch_checkout(session.id) == session


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [
        {"payment_method_types": ["card"]},
        {"ui_mode": "hosted"},
        {"colour": "green"},
        {"line_items": []},
    ],
)
def test_a_wrong_parameter_is_refused_for_good(
    stripe: StripeInProcess, wrong: dict[str, Any]
) -> None:
    with pytest.raises(PaymentServiceRefused):
        open_one(**wrong)

    assert len(stripe.calls) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["429", "500", "503", "reset", "lose_answer", "malformed"])
def test_a_passing_failure_is_tried_once_more_with_the_same_key(
    stripe: StripeInProcess, kind: str
) -> None:
    stripe.control("faults", kind=kind, count="1")

    session = open_one()

    assert len(stripe.calls) == 2
    assert [found.id for found in _all_sessions()] == [session.id]


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["429", "500", "503", "reset", "lose_answer", "malformed"])
def test_a_lasting_failure_is_unavailable_and_leaves_at_most_one_session(
    stripe: StripeInProcess, kind: str
) -> None:
    stripe.control("faults", kind=kind, count="2")

    with pytest.raises(PaymentServiceUnavailable):
        open_one()

    stripe.control("faults/clear")
    assert len(_all_sessions()) <= 1


@pytest.mark.django_db
def test_after_five_failures_in_a_row_stripe_is_left_alone_for_a_while(
    stripe: StripeInProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R45: the breaker answers at once instead of keeping every buyer waiting."""
    now = [100.0]
    monkeypatch.setattr(stripe_gateway, "breaker", Breaker(clock=lambda: now[0]))
    stripe.is_down = True
    for _ in range(5):
        with pytest.raises(PaymentServiceUnavailable):
            open_one()
    asked = len(stripe.calls)
    stripe.is_down = False

    with pytest.raises(PaymentServiceUnavailable):
        open_one()
    assert len(stripe.calls) == asked

    now[0] += 21
    assert open_one().status == "open"


@pytest.mark.django_db(transaction=True)
def test_no_call_is_made_while_a_transaction_is_open(stripe: StripeInProcess) -> None:
    with transaction.atomic(), pytest.raises(stripe_gateway.NetworkInsideTransaction):
        open_one()

    assert stripe.calls == []


@pytest.mark.django_db
def test_expiring_a_session_that_is_not_open_tells_how_it_stands(
    stripe: StripeInProcess,
) -> None:
    session = open_one(customer_email="ada@example.com")
    stripe.pay(session.id)

    assert stripe_gateway.expire_checkout(session.id).is_paid


@pytest.mark.django_db
def test_lists_are_read_to_their_last_page(stripe: StripeInProcess) -> None:
    for number in range(103):
        stripe_gateway.open_checkout(params=PARAMS, idempotency_key=f"key-{number}")

    assert len({session.id for session in _all_sessions()}) == 103


@pytest.fixture
def silent_server() -> Iterator[str]:
    """A server that accepts a request and then says nothing for longer than anybody waits."""
    released: list[bool] = []

    def stay_silent(_environ: Any, start: Callable[..., Any]) -> list[bytes]:
        while not released:
            time.sleep(0.05)
        start("200 OK", [])
        return [b""]

    class Quiet(WSGIRequestHandler):
        def log_message(self, *_: Any) -> None:
            """Keep the test's output clean."""

        def handle(self) -> None:
            try:
                super().handle()
            except (BrokenPipeError, ConnectionResetError):
                return

    server: WSGIServer = make_server("127.0.0.1", 0, stay_silent, handler_class=Quiet)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    released.append(True)
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.django_db
def test_a_silent_stripe_is_given_up_within_six_seconds(silent_server: str, settings: Any) -> None:
    """R45: the limit is the promise to the buyer, so it is a bound and not a measurement."""
    settings.STRIPE_API_BASE = silent_server
    started = time.monotonic()

    with pytest.raises(PaymentServiceUnavailable):
        open_one()

    assert time.monotonic() - started < 6


def _all_sessions() -> list[CheckoutSession]:
    return list(stripe_gateway.checkouts_since(datetime.now(UTC) - timedelta(hours=1)))
