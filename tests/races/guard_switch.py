"""Which guards are off for what this thread does now; heeded only by an unguarded shop."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse

_off: ContextVar[frozenset[str]] = ContextVar("guards_off", default=frozenset())


def is_off(guard: str) -> bool:
    return guard in _off.get()


@contextmanager
def without(guards: str) -> Iterator[None]:
    """Take guards, named with spaces between, off for a while."""
    token = _off.set(frozenset(guards.split()))
    try:
        yield
    finally:
        _off.reset(token)


class GuardSwitch:
    """Takes off for one request the guards that its header names."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with without(request.headers.get("X-Without", "")):
            return self._get_response(request)
