"""The stand-in as a process: over a real socket, with many clients, until it is told to end."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlencode

import pytest
import stripe

from stripe_standin.app import Standin
from stripe_standin.call import Site
from stripe_standin.server import Server
from tests.stripe_standin.shop import CARD, SECRET, order


class Shop(ThreadingHTTPServer):
    """A shop that takes webhooks and verifies them."""

    daemon_threads = True

    def __init__(self) -> None:
        self.events: list[str] = []
        super().__init__(("127.0.0.1", 0), ShopHandler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/stripe/webhook/"


class ShopHandler(BaseHTTPRequestHandler):
    server: Shop

    def do_POST(self) -> None:
        payload = self.rfile.read(int(self.headers["Content-Length"]))
        event = stripe.Webhook.construct_event(payload, self.headers["Stripe-Signature"], SECRET)
        self.server.events.append(event.type)
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def shop() -> Iterator[Shop]:
    server = Shop()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def server(tmp_path: Path, shop: Shop) -> Iterator[Server]:
    standin = Standin(
        tmp_path / "s.sqlite3",
        webhook_url=shop.url,
        webhook_secret=SECRET,
        site=Site(settle_after=0),
    )
    made = Server(0, standin)
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    standin.background.start()
    yield made
    made.end()
    thread.join()
    standin.close()


def over_socket(port: int, *, retries: int = 0) -> stripe.StripeClient:
    return stripe.StripeClient(
        "sk_test_x",
        base_addresses={"api": f"http://127.0.0.1:{port}"},
        http_client=stripe.RequestsClient(timeout=(3, 15)),
        max_network_retries=retries,
    )


def send(port: int, method: str, path: str, body: str = "", **headers: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, content


def test_a_purchase_over_a_socket_reaches_the_shop_before_the_buyer_does(
    server: Server, shop: Shop
) -> None:
    client = over_socket(server.port)
    session = client.v1.checkout.sessions.create(order())

    status, _ = send(
        server.port,
        "POST",
        f"/c/pay/{session.id}",
        urlencode(CARD),
        Origin=f"http://127.0.0.1:{server.port}",
    )

    assert status == 303
    assert shop.events == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.completed",
    ]
    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"


@pytest.mark.race
def test_64_clients_at_once_each_get_their_own_session(server: Server) -> None:
    def buy(number: int) -> str:
        client = over_socket(server.port)
        made = client.v1.checkout.sessions.create(
            order(client_reference_id=f"G-{number}"), {"idempotency_key": f"order-{number}"}
        )
        assert client.v1.checkout.sessions.retrieve(made.id).client_reference_id == f"G-{number}"
        return str(made.id)

    with ThreadPoolExecutor(64) as pool:
        ids = list(pool.map(buy, range(64)))

    assert len(set(ids)) == 64


@pytest.mark.race
def test_64_clients_with_one_key_get_one_session(server: Server) -> None:
    def buy(_: int) -> str:
        client = over_socket(server.port, retries=5)
        made = client.v1.checkout.sessions.create(order(), {"idempotency_key": "order-1"})
        return str(made.id)

    with ThreadPoolExecutor(64) as pool:
        ids = set(pool.map(buy, range(64)))

    assert len(ids) == 1
    listed = over_socket(server.port).v1.checkout.sessions.list({"limit": 100}).data
    assert [one.id for one in listed] == list(ids)


def test_one_connection_serves_many_requests(server: Server) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    sockets = set()
    for _ in range(5):
        connection.request("GET", "/v1/events", headers={"Authorization": "Bearer sk_test_x"})
        assert connection.getresponse().read()
        sockets.add(connection.sock)
    connection.close()

    assert len(sockets) == 1


def test_a_lost_answer_is_a_dropped_connection_and_the_retry_finds_it(server: Server) -> None:
    client = over_socket(server.port)
    send(server.port, "POST", "/control/faults", "kind=lose_answer")

    with pytest.raises(stripe.APIConnectionError):
        client.v1.checkout.sessions.create(order(), {"idempotency_key": "k1"})
    made = client.v1.checkout.sessions.create(order(), {"idempotency_key": "k1"})

    assert [one.id for one in client.v1.checkout.sessions.list().data] == [made.id]


def test_a_foreign_host_name_is_refused(server: Server) -> None:
    assert send(server.port, "GET", "/", Host="evil.test")[0] == 403
    assert send(server.port, "GET", "/", Host="localhost:1")[0] == 200


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"POST /v1/refunds HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n", b"411"),
        (b"POST /v1/refunds HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n", b"411"),
        (
            b"POST /v1/refunds HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9999999999\r\n\r\n",
            b"413",
        ),
        (
            b"POST /v1/refunds HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n",
            b"411",
        ),
        (b"GET / HTTP/1.1\r\n\r\n", b"403"),
        (b"NONSENSE\r\n\r\n", b"400"),
        (b"TRACE / HTTP/1.1\r\nHost: localhost\r\n\r\n", b"501"),
    ],
)
def test_broken_http_gets_a_plain_refusal_and_a_closed_connection(
    server: Server, head: bytes, status: bytes
) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as raw:
        raw.sendall(head)
        answer = b""
        while chunk := raw.recv(65_536):
            answer += chunk

    assert status in answer[:40]
    assert b"Traceback" not in answer


def test_the_pages_own_files_are_served(server: Server) -> None:
    assert send(server.port, "GET", "/assets/page.css")[0] == 200
    assert send(server.port, "GET", "/assets/icon.svg")[0] == 200
    assert send(server.port, "GET", "/healthz") == (200, b"ok\n")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def command(*flags: str) -> list[str]:
    return [sys.executable, "-m", "stripe_standin", *flags]


def test_the_command_says_when_it_is_ready_survives_a_kill_and_ends_on_sigterm(
    tmp_path: Path,
) -> None:
    port = free_port()
    flags = ("--port", str(port), "--state", str(tmp_path / "state" / "s.sqlite3"))
    env = {**os.environ, "STANDIN_WEBHOOK_SECRET": SECRET}
    first = subprocess.Popen(command(*flags), stdout=subprocess.PIPE, env=env)
    assert first.stdout
    ready = first.stdout.readline().decode()
    session = over_socket(port).v1.checkout.sessions.create(order())
    first.kill()
    first.wait(10)
    first.stdout.close()

    second = subprocess.Popen(command(*flags), stdout=subprocess.PIPE, env=env)
    assert second.stdout
    second.stdout.readline()
    found = over_socket(port).v1.checkout.sessions.retrieve(session.id)
    began = time.monotonic()
    second.send_signal(signal.SIGTERM)

    assert ready == f"Stripe stand-in ready on http://127.0.0.1:{port}/ (a test, not Stripe)\n"
    assert found.url == f"http://127.0.0.1:{port}/c/pay/{session.id}"
    assert second.wait(10) == 0
    assert time.monotonic() - began < 5
    second.stdout.close()


@pytest.mark.parametrize(
    ("flags", "complaint"),
    [
        (("--host", "0.0.0.0"), "only 127.0.0.1 is allowed"),  # noqa: S104
        (("--webhook-url", "http://127.0.0.1:8000/"), "needs --webhook-secret"),
        (("--port", "99999"), "is not a port"),
    ],
)
def test_a_start_that_makes_no_sense_fails_with_one_line(
    tmp_path: Path, flags: tuple[str, ...], complaint: str
) -> None:
    env = {name: value for name, value in os.environ.items() if not name.startswith("STANDIN_")}
    state = str(tmp_path / "s.sqlite3")
    run = subprocess.run(
        command("--state", state, *flags), capture_output=True, text=True, env=env, check=False
    )

    assert run.returncode == 1
    assert complaint in run.stderr
    assert run.stderr.count("\n") == 1
    assert not Path(state).exists()


def test_a_taken_port_is_one_clear_line(tmp_path: Path, server: Server) -> None:
    run = subprocess.run(
        command("--port", str(server.port), "--state", str(tmp_path / "other.sqlite3")),
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 1
    assert run.stderr == (
        f"stripe_standin: cannot listen on 127.0.0.1:{server.port}: Address already in use\n"
    )


def test_errors_are_json_over_the_socket_too(server: Server) -> None:
    status, body = send(server.port, "GET", "/v1/events")

    assert status == 401
    assert json.loads(body)["error"]["type"] == "invalid_request_error"
