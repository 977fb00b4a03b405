"""Say that a form did not arrive whole, instead of failing over a field that is not there.

A browser sends every field that a form shows. Where one that a view counts on is missing, somebody
typed the request by hand or something on the way cut it short.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.datastructures import MultiValueDictKeyError
from django.views.defaults import bad_request


class BrokenFormMiddleware:
    """Answers 400 for a form without one of its fields; nothing was changed by it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer for views that took it for granted that a field is there."""
        if not isinstance(error, MultiValueDictKeyError):
            return None
        return bad_request(request, error)
