"""The stand-in as a whole: which part of it answers which address."""

import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from stripe_standin import markup
from stripe_standin.api import Api
from stripe_standin.background import Background
from stripe_standin.call import Call, Site
from stripe_standin.checkout import catch_up
from stripe_standin.control_page import ControlPage
from stripe_standin.errors import ApiRefusal, unrecognised_url
from stripe_standin.hosted_page import HostedPage
from stripe_standin.http_message import Request, Response
from stripe_standin.portal_page import PREFIX as PORTAL
from stripe_standin.portal_page import PortalPage
from stripe_standin.store import Store
from stripe_standin.webhooks import BACKOFF, Attempt, Transport, Webhooks, post_over_http

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

ASSETS = {"/assets/page.css": "text/css; charset=utf-8", "/assets/icon.svg": "image/svg+xml"}


class Standin:
    """A whole stand-in: a WSGI callable that also answers plain `Request` objects.

    transport: what sends a webhook; a test may hand in its own `(url, headers, body) -> status`.
    backoff: seconds until the second, third, ... delivery of an event; then it has failed.
    """

    def __init__(
        self,
        state_path: str | Path,
        *,
        webhook_url: str | None = None,
        webhook_secret: str = "whsec_standin",  # noqa: S107 - a default for tests only
        clock: Callable[[], float] = time.time,
        transport: Transport = post_over_http,
        backoff: Sequence[float] = BACKOFF,
        site: Site | None = None,
    ) -> None:
        if not webhook_secret:
            raise ValueError("The webhook secret must not be empty.")
        self.site = site or Site()
        self.store = Store(state_path)
        self._clock = clock
        self.webhooks = Webhooks(
            self.store,
            url=webhook_url,
            secret=webhook_secret,
            transport=transport,
            clock=clock,
            backoff=backoff,
        )
        self.background = Background(self.deliver_due)
        self.webhooks.is_running = lambda: self.background.is_running
        self.webhooks.wake = self.background.wake
        self._api = Api(self.store, self.site, clock)
        self._hosted_page = HostedPage(self.store, self.site, self.webhooks, self.now)
        self._portal_page = PortalPage(self.store, self.site, self.now)
        self._control_page = ControlPage(self.store, self.site, self.webhooks, self.now)

    def now(self) -> int:
        """Return the stand-in's time in whole seconds."""
        return int(self._clock())

    def let_time_pass(self) -> None:
        """Expire and settle what is due."""
        with self.store.transaction() as tx:
            catch_up(Call(tx, self.now(), self.site))

    def deliver_due(self) -> list[Attempt]:
        """Let time pass and deliver what is due; the background thread does this by itself."""
        self.let_time_pass()
        return self.webhooks.deliver_due()

    def close(self) -> None:
        """Stop the background thread and close the state file."""
        self.background.stop()
        self.store.close()

    def answer(self, request: Request) -> Response:
        """Answer one request.

        :raises ConnectionDropped: when a fault was ordered that loses the answer.
        """
        try:
            return self._answer(request)
        except ApiRefusal as refusal:
            return refusal.response()
        finally:
            self.background.wake()

    def _answer(self, request: Request) -> Response:
        path = request.path
        if path.startswith("/v1/"):
            return self._api.answer(request)
        if path in ASSETS:
            body = markup.source(path.rpartition("/")[2]).encode()
            return Response(200, {"Content-Type": ASSETS[path]}, body)
        if path == "/healthz":
            return Response(200, {"Content-Type": "text/plain"}, b"ok\n")
        if path != "/" and not path.startswith(("/c/pay/", PORTAL, "/control/")):
            raise unrecognised_url(request.method, path)
        if request.method == "POST" and request.is_foreign:
            raise ApiRefusal("Posts from other sites' pages are refused.", status=403)
        self.let_time_pass()
        if path.startswith("/c/pay/"):
            return self._hosted_page.answer(request)
        if path.startswith(PORTAL):
            return self._portal_page.answer(request)
        return self._control_page.answer(request)

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer as a WSGI application."""
        answer = self.answer(_request_of(environ))
        headers = [*answer.headers.items(), ("Content-Length", str(len(answer.body)))]
        start_response(f"{answer.status} {answer.reason}", headers)
        return [answer.body]


def _request_of(environ: "WSGIEnvironment") -> Request:
    headers = {
        name[5:].lower().replace("_", "-"): str(value)
        for name, value in environ.items()
        if name.startswith("HTTP_")
    }
    if environ.get("CONTENT_TYPE"):
        headers["content-type"] = environ["CONTENT_TYPE"]
    length = environ.get("CONTENT_LENGTH") or "0"
    return Request(
        method=environ["REQUEST_METHOD"],
        path=environ.get("PATH_INFO", "/"),
        query=environ.get("QUERY_STRING", ""),
        headers=headers,
        body=environ["wsgi.input"].read(int(length) if length.isdecimal() else 0),
    )
