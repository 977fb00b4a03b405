"""Say “try again in a moment” where the database is too busy or away, instead of failing.

A buyer who has waited three seconds for a row that others hold has lost nothing: what was begun is
undone. 503 with `Retry-After` says so to people, robots and Stripe, which sends its notice again.
"""

import logging
from collections.abc import Callable
from typing import Final

from django.contrib.sessions.middleware import SessionMiddleware
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
import psycopg

log = logging.getLogger(__name__)

RETRY_SECONDS: Final = 5
# https://www.postgresql.org/docs/current/errcodes-appendix.html: a connection that is gone, a
# transaction in another's way, no room left, a lock or an answer waited for too long, a shutdown.
_PASSING: Final = ("08", "40", "53", "55P03", "57")


class BusyMiddleware:
    """Answers for a view that the database had no time for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer 503 if the same request may well succeed in a moment; else it is a fault."""
        return _come_back(request, error) if is_passing(error) else None


class PatientSessionMiddleware(SessionMiddleware):
    """Answers likewise if the database has no time to write a session down."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Write down what changed, as Django does."""
        try:
            return super().process_response(request, response)
        except OperationalError as error:
            if is_passing(error):
                return _come_back(request, error)
            raise


def _come_back(request: HttpRequest, error: Exception) -> HttpResponse:
    log.error("The database had no time for %s", request.path, exc_info=error)
    answer = HttpResponse(render_to_string("503.html"), status=503)
    answer["Retry-After"] = str(RETRY_SECONDS)
    answer["Cache-Control"] = "no-store"
    return answer


def is_passing(error: Exception) -> bool:
    """Tell whether an error of the database says “not now” rather than “not so”."""
    if not isinstance(error, OperationalError):
        return False
    if isinstance(error.__cause__, psycopg.Error):
        # A server that cannot be reached at all has no code for it.
        code = error.__cause__.sqlstate
        return code is None or code.startswith(_PASSING)
    return "locked" in str(error)
