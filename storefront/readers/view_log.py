"""Write one short line for every page that somebody looked at; the worker counts them later.

A line holds a time, a status and a path, and nothing about who asked. Where nginx answers most
visitors by itself it writes the same lines (`VIEW_LOG`), and the shop writes none.
"""

import logging
import os
import re
import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

logger = logging.getLogger(__name__)

GetResponse = Callable[[HttpRequest], HttpResponseBase]

# 304: the reader's browser had the page and asked whether it is still right.
COUNTED = {200, 304, 404}
# What reads by itself says so; what hides that it does is counted. nginx has the same words.
ROBOTS = re.compile(r"bot|crawl|spider|slurp|preview|monitor|curl|wget|python|headlesschrome", re.I)
_LOOKED_AT_EVERY = 5.0
_LONGEST_PATH = 500


def own_file() -> Path:
    """Return where the shop itself writes its lines."""
    return Path(settings.VAR_DIR) / "views" / "shop.log"


def file_to_read() -> Path:
    """Return the file that the worker counts: nginx's, if it writes one, or our own."""
    return Path(settings.VIEW_LOG) if settings.VIEW_LOG else own_file()


class ViewLog:
    """Appends lines to a file that stays open; several processes may write to it at once."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = -1
        self._looked_at = 0.0

    def write(self, status: int, path: str) -> None:
        """Append one line; a disk that refuses costs a count, never an answer."""
        line = f"{int(time.time())} {status} {path}\n".encode(errors="replace")
        try:
            os.write(self._open(), line)
        except OSError as problem:
            logger.warning("A page view was not written down: %s", type(problem).__name__)
            self._file = -1

    def _open(self) -> int:
        """Return the open file, opened again if somebody has moved it away."""
        now = time.monotonic()
        if self._file >= 0 and now - self._looked_at > _LOOKED_AT_EVERY:
            self._looked_at = now
            if not self._is_in_place():
                os.close(self._file)
                self._file = -1
        if self._file < 0:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
            self._file = os.open(self._path, flags, 0o640)
        return self._file

    def _is_in_place(self) -> bool:
        try:
            return os.path.samestat(os.fstat(self._file), self._path.stat())
        except FileNotFoundError:
            return False


class ViewLogMiddleware:
    """Notes which pages were looked at, and which addresses lead nowhere."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self._log = None if settings.VIEW_LOG else ViewLog(own_file())
        static = (settings.STATIC_URL, settings.MEDIA_URL)
        self._unseen = (*static, "/admin/", "/account/", "/basket/", "/checkout/", "/orders/")

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if self._log is not None and self._counts(request, response):
            self._log.write(response.status_code, request.path_info[:_LONGEST_PATH])
        return response

    def _counts(self, request: HttpRequest, response: HttpResponseBase) -> bool:
        if request.method != "GET" or response.status_code not in COUNTED:
            return False
        path = request.path_info
        if path.startswith(self._unseen) or not path.isprintable():
            return False
        meta = request.META
        agent = meta.get("HTTP_USER_AGENT", "")
        is_fetched_ahead = "prefetch" in meta.get("HTTP_SEC_PURPOSE", "")
        return bool(agent) and not is_fetched_ahead and ROBOTS.search(agent) is None
