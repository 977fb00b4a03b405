"""A small shop: what the tests of the stand-in buy, and how they press its buttons."""

import json
from typing import Any
from urllib.parse import urlencode

import stripe

from stripe_standin.app import Standin
from stripe_standin.http_message import Request, Response
from stripe_standin.in_process import InProcessClient

# Answers are read field by field; every "may be null" of the package would only be in the way.
Client = Any
START = 1_800_000_000
SECRET = "whsec_test"
HOOK = "http://shop.test/stripe/webhook/"


class Clock:
    """A clock that only moves when it is told to."""

    def __init__(self) -> None:
        self.at = float(START)

    def __call__(self) -> float:
        return self.at


class Endpoint:
    """The shop's webhook endpoint: it keeps what it is sent and answers as told."""

    def __init__(self) -> None:
        self.status = 200
        self.sent: list[tuple[dict[str, str], bytes]] = []

    def __call__(self, url: str, headers: Any, payload: bytes) -> int:
        assert url == HOOK
        self.sent.append((dict(headers), payload))
        return self.status

    @property
    def types(self) -> list[str]:
        return [json.loads(payload)["type"] for _, payload in self.sent]


def client_of(standin: Standin, *, retries: int = 0, key: str = "sk_test_x") -> Client:
    return stripe.StripeClient(
        key, http_client=InProcessClient(standin), max_network_retries=retries
    )


def line(amount: int = 1900, quantity: int = 1, name: str = "Scalp serum", **more: Any) -> Any:
    return {
        "price_data": {
            "currency": "eur",
            "product_data": {"name": name},
            "unit_amount": amount,
            **more,
        },
        "quantity": quantity,
    }


def order(**more: Any) -> Any:
    return {
        "mode": "payment",
        "line_items": [line()],
        "success_url": "http://shop.test/thanks/?session={CHECKOUT_SESSION_ID}",
        "cancel_url": "http://shop.test/basket/",
        "client_reference_id": "G-1001",
        "metadata": {"order": "1001"},
        "payment_intent_data": {"metadata": {"order": "1001"}},
        **more,
    }


def post(standin: Standin, path: str, /, *, headers: Any = None, **fields: object) -> Response:
    sent = {"host": "127.0.0.1:12111", **(headers or {})}
    return standin.answer(Request("POST", path, "", sent, urlencode(fields).encode()))


def get(standin: Standin, path: str, query: str = "", **headers: str) -> Response:
    return standin.answer(Request("GET", path, query, headers))


def control(standin: Standin, path: str, /, **fields: object) -> Any:
    answer = post(standin, f"/control/{path}", headers={"accept": "application/json"}, **fields)
    return json.loads(answer.body)


CARD = {
    "card_number": "4242 4242 4242 4242",
    "card_expiry": "12 / 34",
    "card_cvc": "123",
    "email": "ada@example.com",
    "action": "pay",
}


def pay(standin: Standin, session_id: str, **fields: object) -> Response:
    return post(standin, f"/c/pay/{session_id}", **{**CARD, **fields})


def paid_session(standin: Standin, client: Client, **more: Any) -> Any:
    session = client.v1.checkout.sessions.create(order(**more))
    assert pay(standin, session.id).status == 303
    return client.v1.checkout.sessions.retrieve(session.id)
