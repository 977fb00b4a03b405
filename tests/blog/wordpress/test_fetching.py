"""Files come from the hosts that were named, from the public internet, and from nowhere else."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from blog.wordpress.fetching import Fetcher, FetchRefused, is_public

SIZE = 1000


class _Old(BaseHTTPRequestHandler):
    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(f"{self.headers['Host']}{self.path}")
        if self.path.startswith("/to/"):
            self.send_response(302)
            self.send_header("Location", self.path.removeprefix("/to/"))
            self.end_headers()
            return
        if self.path == "/none":
            self.send_error(404)
            return
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"x" * (SIZE + 1 if self.path == "/large" else SIZE))

    def log_message(self, *_arguments: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    _Old.asked = []
    running = ThreadingHTTPServer(("127.0.0.1", 0), _Old)
    thread = threading.Thread(target=running.serve_forever)
    thread.start()
    yield running
    running.shutdown()
    thread.join()
    running.server_close()


def fetcher(server: ThreadingHTTPServer, **changes) -> Fetcher:
    """One for which this machine stands in the public internet."""
    chosen = {
        "hosts": {"old.example"},
        "most_bytes": SIZE,
        "resolve": lambda host, port: ["127.0.0.1"],
        "is_allowed": lambda address: True,
        "ports": {80, 443, server.server_port},
    }
    return Fetcher(**(chosen | changes))


def url(server: ThreadingHTTPServer, path: str, host: str = "old.example") -> str:
    return f"http://{host}:{server.server_port}{path}"


def test_a_file_is_fetched_in_the_name_of_its_host(server: ThreadingHTTPServer) -> None:
    assert fetcher(server).fetch(url(server, "/a b.jpg")) == b"x" * SIZE
    assert _Old.asked == [f"old.example:{server.server_port}/a%20b.jpg"]


def test_a_redirect_is_followed_under_the_same_rules(server: ThreadingHTTPServer) -> None:
    assert fetcher(server).fetch(url(server, "/to//a.jpg")) == b"x" * SIZE

    with pytest.raises(FetchRefused, match="not among the hosts"):
        fetcher(server).fetch(url(server, f"/to/{url(server, '/a', 'inside.example')}"))
    with pytest.raises(FetchRefused, match="Only plain http"):
        fetcher(server).fetch(url(server, "/to/file:///etc/passwd"))
    with pytest.raises(FetchRefused, match="on and on"):
        fetcher(server).fetch(url(server, "/to/" * 6 + "/a"))


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("http://other.example/a", "not among the hosts"),
        ("http://OLD.example.evil.example/a", "not among the hosts"),
        ("http://old.example@evil.example/a", "Only plain http"),
        ("http://user:pass@old.example/a", "Only plain http"),
        ("ftp://old.example/a", "Only plain http"),
        ("file:///etc/passwd", "Only plain http"),
        ("//old.example/a", "Only plain http"),
        ("http://old.example:22/a", "Port 22"),
        ("http://old.example:99999/a", "no address"),
        ("http://[::1/a", "no address"),
        ("http://127.0.0.1/a", "not among the hosts"),
        ("", "Only plain http"),
    ],
)
def test_what_was_not_named_is_not_asked(
    server: ThreadingHTTPServer, address: str, why: str
) -> None:
    with pytest.raises(FetchRefused, match=why):
        fetcher(server).fetch(address)

    assert _Old.asked == []


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.0",  # noqa: S104 (nothing is bound)
        "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1",
        "ff02::1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1",
        "2002:7f00:1::", "2001:0:7f00:1::", "198.18.0.1", "192.0.2.1", "nonsense",
    ],
)  # fmt: skip
def test_no_address_inside_is_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"])
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(address)


def test_a_name_that_also_stands_for_an_address_inside_is_refused(
    server: ThreadingHTTPServer,
) -> None:
    two_faced = fetcher(
        server, resolve=lambda host, port: ["93.184.216.34", "127.0.0.1"], is_allowed=is_public
    )

    with pytest.raises(FetchRefused, match="public internet"):
        two_faced.fetch(url(server, "/a"))
    assert _Old.asked == []


def test_a_name_is_looked_up_once_for_each_step(server: ThreadingHTTPServer) -> None:
    """One that changes its mind between look and connection gains nothing."""
    looked_up = []

    def resolve(host: str, port: int) -> list[str]:
        looked_up.append(host)
        return ["127.0.0.1"]

    fetcher(server, resolve=resolve).fetch(url(server, "/a"))

    assert looked_up == ["old.example"]


def test_what_is_too_large_or_not_there_is_refused(server: ThreadingHTTPServer) -> None:
    with pytest.raises(FetchRefused, match="larger"):
        fetcher(server).fetch(url(server, "/large"))
    with pytest.raises(FetchRefused, match="answered 404"):
        fetcher(server).fetch(url(server, "/none"))
