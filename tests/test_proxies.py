"""The proxies in deploy/ let through whatever the shop itself allows, and say in words what not.

What nginx does is shown in tests/pages, before a whole shop; Caddy stands before a stub here.
"""

import http.client
import http.server
import json
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
import pytest

from checkout.returns import files
from tests.browser.processes import free_port
from tests.conftest import IS_CI

DEPLOY = Path(settings.BASE_DIR) / "deploy"
# A form has some words beside its files, and a line before each of them.
BESIDE = 100_000
NGINX = (DEPLOY / "nginx/galea.conf").read_text()
CADDY = (DEPLOY / "caddy/Caddyfile").read_text()
STARTED_WITHIN = 30


@pytest.mark.parametrize(
    ("where", "allowed"),
    [
        ("/return/$", files.MOST_PHOTOS * files.MOST_PHOTO_BYTES),
        ("/admin/", settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE),
    ],
)
def test_an_allowed_file_reaches_the_shop(where: str, allowed: int) -> None:
    after_nginx = NGINX.split(f"{where} {{", 1)[1]
    after_caddy = CADDY.split(where if where.endswith("$") else f"handle {where}*", 1)[1]

    nginx = re.search(r"client_max_body_size (\d+)m;", after_nginx)
    caddy = re.search(r"max_size (\d+)MB", after_caddy)

    assert nginx
    assert caddy
    assert int(nginx[1]) * 1024**2 > allowed + BESIDE
    assert int(caddy[1]) * 1000**2 > allowed + BESIDE


def test_nginx_says_in_words_what_is_too_much() -> None:
    assert "error_page 413 @too_much;" in NGINX


class _Shop(http.server.BaseHTTPRequestHandler):
    """Answers with what reached it."""

    def do_GET(self) -> None:
        size = len(self.rfile.read(int(self.headers.get("Content-Length", 0))))
        body = json.dumps({**dict(self.headers), "size": size}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, *_args: object) -> None:
        """Say nothing."""

    def handle(self) -> None:
        """Answer; a proxy that hangs up amid a body that is too long is no fault."""
        try:
            super().handle()
        except ConnectionError:
            self.close_connection = True


@pytest.fixture(scope="module")
def caddy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Caddy on the Caddyfile that is shipped; yields its port.

    Behind it a shop answers customers and staff, and nobody Stripe.
    """
    program = shutil.which("caddy")
    if not program:
        message = "NO CADDY ON THIS MACHINE (apt-get install caddy): its Caddyfile is not tested"
        if IS_CI:
            pytest.fail(message, pytrace=False)
        pytest.skip(message)
    folder = tmp_path_factory.mktemp("caddy")
    (folder / "media").mkdir()
    (folder / "media" / "drawing.svg").write_text("<svg/>")
    shop = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Shop)
    threading.Thread(target=shop.serve_forever, daemon=True).start()
    port = free_port()
    (folder / "Caddyfile").write_text(
        CADDY.replace("\n{\n", "\n{\n\tadmin off\n", 1)
        .replace("shop.example {", f"http://127.0.0.1:{port} {{")
        .replace("import shop 8001", f"import shop {shop.server_port}")
        .replace("import shop 8002", f"import shop {free_port()}")
        .replace("/srv/galea/var", str(folder))
    )
    with (folder / "caddy.log").open("wb") as log:
        command = [program, "run", "--config", "Caddyfile", "--adapter", "caddyfile"]
        running = subprocess.Popen(
            command, cwd=folder, env={"HOME": str(folder)}, stdout=log, stderr=log
        )
    try:
        _wait_for(port, running, folder / "caddy.log")
        yield port
    finally:
        running.terminate()
        running.wait(timeout=10)
        shop.shutdown()
        shop.server_close()


def _wait_for(port: int, running: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + STARTED_WITHIN
    while time.monotonic() < deadline and running.poll() is None:
        try:
            _ask(port, "GET", "/")
        except ConnectionRefusedError:
            time.sleep(0.05)
        else:
            return
    pytest.fail(f"Caddy does not run: {log.read_text()[-1000:]}")


def _ask(
    port: int, method: str, path: str, body: bytes = b"", **headers: str
) -> tuple[int, http.client.HTTPMessage, str]:
    to = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        to.request(method, path, body, {name.replace("_", "-"): headers[name] for name in headers})
        answer = to.getresponse()
        return answer.status, answer.headers, answer.read().decode()
    finally:
        to.close()


def test_caddy_tells_the_shop_who_asks_and_believes_nobody_else(caddy: int) -> None:
    """R28: what a visitor says of his own address and of the request's name is not passed on."""
    _, _, body = _ask(caddy, "GET", "/shop/", X_Forwarded_For="6.6.6.6", X_Request_ID="mine")

    heard = {name.lower(): value for name, value in json.loads(body).items()}
    assert heard["x-forwarded-for"] == "127.0.0.1"
    assert heard["x-forwarded-proto"] == "http"
    assert len(heard["x-request-id"]) == 36


def test_caddy_hands_out_uploads_that_may_run_nothing(caddy: int) -> None:
    status, headers, _ = _ask(caddy, "GET", "/media/drawing.svg")

    assert status == 200
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/media/documents/offer.pdf"])
def test_caddy_keeps_to_itself_what_is_not_for_visitors(caddy: int, path: str) -> None:
    assert _ask(caddy, "GET", path)[0] == 404


@pytest.mark.parametrize(
    ("path", "size", "reaches"),
    [
        ("/checkout/", 255_000, True),
        ("/checkout/", 300_000, False),
        ("/orders/abc_DEF-1/return/", 31_000_000, True),
        ("/admin/images/add/", 24_000_000, True),
        ("/admin/images/add/", 26_000_000, False),
    ],
)
def test_caddy_lets_through_as_much_as_the_shop_takes(
    caddy: int, path: str, size: int, reaches: bool
) -> None:
    try:
        status, headers, body = _ask(caddy, "POST", path, bytes(size))
    except ConnectionError:
        # It may hang up while the rest is still on its way.
        assert not reaches
        return

    if reaches:
        assert (status, json.loads(body)["size"]) == (200, size)
    else:
        assert (status, headers["Cache-Control"]) == (413, "no-store")
        assert body.startswith("That was too much at once; nothing was sent.")


def test_caddy_asks_to_come_back_when_nobody_answers(caddy: int) -> None:
    status, headers, body = _ask(caddy, "POST", "/stripe/webhook/", b"{}")

    assert (status, headers["Retry-After"], headers["Cache-Control"]) == (503, "10", "no-store")
    assert "nothing was charged" in body
