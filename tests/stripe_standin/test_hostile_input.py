"""Whatever is sent, the answer is a plain refusal: never a 5xx, never a traceback."""

import json
import random

import pytest

from stripe_standin.app import Standin
from stripe_standin.http_message import Request
from tests.stripe_standin.shop import Client, order

AUTH = {"authorization": "Bearer sk_test_x", "host": "127.0.0.1:12111"}
BODIES = [
    b"\x00",
    b"mode=%00",
    b"mode=\xff\xfe",
    b"mode=%ff%fe",
    b"mode=%ED%A0%80",
    b"metadata[%ED%A0%80]=x",
    b"a[b=c",
    b"a]b[=c",
    b"[]=1",
    b"[a]=1",
    b"=1",
    b"a[][][]=1",
    b"a" + b"[a]" * 5_000 + b"=1",
    b"a=1&a[b]=2",
    b"a[b]=2&a=1",
    b"line_items=1",
    b"line_items[]=1",
    b"line_items[-1]=1",
    b"line_items[99999999999]=1",
    b"line_items[%D9%A1][quantity]=1",
    b"line_items[0][quantity]=" + b"9" * 5_000,
    b"line_items[0][quantity]=1e9",
    b"line_items[0][quantity]=NaN",
    b"expires_at=%D9%A1%D9%A2",
    b"metadata=x",
    b"metadata[]=x",
    b"expand[]=" + b"a." * 1_000,
    b"expand[]=data",
    b"expand=data",
    b"mode=" + b"x" * 1_000_000,
    b"x" * 1_000_001,
    b"&".join(b"k%d=1" % n for n in range(10_000)),
    b"&".join(b"metadata[k%d]=1" % n for n in range(4_000)),
    b'{"mode": "payment"}',
    b"&&&===",
    b"%",
    b"%zz=%zz",
    "mode=é".encode(),
    b"__proto__[x]=1&constructor=2",
]
PATHS = [
    "/v1/checkout/sessions",
    "/v1/refunds",
    "/v1/customers",
    "/v1/coupons",
    "/c/pay/{session}",
    "/c/pay/{session}/authenticate",
    "/control/faults",
    "/control/sessions/{session}/expire",
    "/control/events/reverse",
    "/control/refunds/next",
]


@pytest.fixture
def session(client: Client) -> str:
    return str(client.v1.checkout.sessions.create(order()).id)


@pytest.mark.parametrize("path", PATHS)
def test_a_hostile_body_gets_no_5xx(standin: Standin, session: str, path: str) -> None:
    for body in BODIES:
        answer = standin.answer(Request("POST", path.format(session=session), "", AUTH, body))
        assert answer.status < 500, body[:80]
        if path.startswith("/v1/") and path != "/v1/customers":
            assert answer.status in {400, 413}, body[:80]
            assert json.loads(answer.body)["error"]["type"] == "invalid_request_error"


@pytest.mark.parametrize(
    "query",
    [
        "limit=abc",
        "limit=99999999999999999999",
        "starting_after=%00",
        "starting_after=x&ending_before=y",
        "created[gte]=x",
        "created[x]=1",
        "created=-99999999999999",
        "expand[]=data.data.data",
        "expand[]=%ff",
        "payment_intent=%27%20OR%201=1",
        "notice=%00",
        "x" * 2_000,
    ],
)
@pytest.mark.parametrize("path", ["/v1/checkout/sessions", "/v1/events", "/"])
def test_a_hostile_query_gets_no_5xx(standin: Standin, session: str, path: str, query: str) -> None:
    assert session
    assert standin.answer(Request("GET", path, query, AUTH)).status < 500


@pytest.mark.parametrize(
    "path",
    [
        "/v1/",
        "/v1/checkout/sessions/",
        "/v1/checkout/sessions/../../x",
        "/v1/checkout/sessions/\x00",
        "/v1/checkout/sessions/" + "x" * 10_000,
        "/v1/checkout/sessions/\udc80",
        "/c/pay/",
        "/c/pay/\udc80",
        "/c/pay/\x00/authenticate",
        "/control/\udc80/x/y",
        "/assets/../app.py",
        "/\udc80",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "WEIRD"])
def test_a_hostile_path_gets_no_5xx(standin: Standin, method: str, path: str) -> None:
    assert standin.answer(Request(method, path, "", AUTH)).status < 500


@pytest.mark.parametrize(
    "header", ["", "Basic", "Basic ====", "Basic /w==", "Bearer", "x y z", "é"]
)
def test_a_hostile_authorization_is_a_401(standin: Standin, header: str) -> None:
    request = Request("GET", "/v1/events", "", {"authorization": header})

    assert standin.answer(request).status == 401


def test_random_forms_get_no_5xx(standin: Standin, session: str) -> None:
    dice = random.Random(7)
    words = ["mode", "line_items", "0", "[", "]", "=", "&", "%00", "payment", "é", "metadata", "-1"]
    for _ in range(300):
        body = "".join(dice.choices(words, k=dice.randint(1, 25))).encode()
        for path in ("/v1/checkout/sessions", f"/c/pay/{session}", "/v1/refunds"):
            answer = standin.answer(Request("POST", path, "", AUTH, body))
            assert answer.status < 500, body
