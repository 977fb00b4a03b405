"""How the stand-in is served: many clients at once, HTTP/1.1, on this machine only."""

import logging
import socket
import sys
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import unquote, urlsplit

from stripe_standin.app import Standin
from stripe_standin.errors import ApiRefusal, server_failure
from stripe_standin.faults import ConnectionDropped
from stripe_standin.form_decoding import MAX_BODY_BYTES
from stripe_standin.http_message import Request, Response

HOST = "127.0.0.1"
LOCAL_NAMES = frozenset({"127.0.0.1", "localhost"})
IDLE_SECONDS = 30
END_SECONDS = 5.0
logger = logging.getLogger(__name__)


class Server(ThreadingHTTPServer):
    """A threading server that can end without cutting off an answer."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, port: int, standin: Standin) -> None:
        self.standin = standin
        self.ending = False
        self._busy = 0
        self._lock = threading.Lock()
        super().__init__((HOST, port), Handler)

    @property
    def port(self) -> int:
        """Return the port that is listened on."""
        return int(self.server_address[1])

    def begin(self, change: int) -> None:
        """Count the requests that are being answered."""
        with self._lock:
            self._busy += change

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Take a caller that went away for granted; anything else is a fault to be seen."""
        if isinstance(sys.exc_info()[1], ConnectionError | TimeoutError):
            logger.debug("%s went away", client_address)
        else:
            super().handle_error(request, client_address)

    def end(self) -> None:
        """Stop taking requests and let those under way be answered."""
        self.ending = True
        self.shutdown()
        self.server_close()
        until = time.monotonic() + END_SECONDS
        while self._busy and time.monotonic() < until:
            time.sleep(0.02)


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server_version = "stripe-standin"
    sys_version = ""
    timeout = IDLE_SECONDS
    disable_nagle_algorithm = True
    server: Server
    error_content_type = "text/plain"
    error_message_format = "%(code)d %(message)s\n"
    METHODS: ClassVar[tuple[str, ...]] = (
        "GET",
        "POST",
        "HEAD",
        "PUT",
        "PATCH",
        "DELETE",
        "OPTIONS",
    )

    def _serve(self) -> None:
        self.server.begin(1)
        try:
            self._send(self._answered())
        except ConnectionDropped:
            self._drop()
        finally:
            self.server.begin(-1)

    do_GET = do_POST = do_HEAD = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _serve  # noqa: N815

    def _answered(self) -> Response:
        try:
            return self.server.standin.answer(self._read())
        except ApiRefusal as refusal:
            return refusal.response()
        except ConnectionDropped:
            raise
        except Exception:
            logger.exception("The stand-in itself failed on %s %s", self.command, self.path)
            return server_failure(500).response()

    def _read(self) -> Request:
        host = (self.headers.get("Host") or "").partition(":")[0]
        length = self.headers.get("Content-Length", "0")
        if host not in LOCAL_NAMES:
            raise self._unread("Only requests to 127.0.0.1 or localhost are answered.", 403)
        if "Transfer-Encoding" in self.headers or not (length.isascii() and length.isdecimal()):
            raise self._unread("A body needs a Content-Length.", 411)
        if len(length) > 9 or int(length) > MAX_BODY_BYTES:
            raise self._unread("Request entity too large.", 413)
        body = self.rfile.read(int(length))
        if len(body) < int(length):
            self.close_connection = True
            raise ConnectionDropped
        parts = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        path = unquote(parts.path, errors="replace")
        return Request(self.command, path, parts.query, headers, body)

    def _unread(self, message: str, status: int) -> ApiRefusal:
        """Refuse without reading the body; the connection cannot be used again."""
        self.close_connection = True
        return ApiRefusal(message, status=status)

    def _send(self, answer: Response) -> None:
        if self.server.ending:
            self.close_connection = True
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    def _drop(self) -> None:
        """Close the connection without an answer, as a broken network does."""
        self.close_connection = True
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Write requests to the debug log only."""
        logger.debug(format, *args)
