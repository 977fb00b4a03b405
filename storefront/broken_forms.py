"""Say that a form did not arrive whole, instead of failing over a field that is not there.

A browser sends every field that a form shows. Where one that a view counts on is missing, somebody
typed the request by hand or something on the way cut it short.
"""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.datastructures import MultiValueDictKeyError
from django.views.defaults import bad_request

# Wagtail's views that fail in their own ways without this field, by name.
COUNTS_ON: Final = {
    "wagtailadmin_choose_page_external_link": "external-link-chooser-url",
    "wagtailredirects:process_import": "input_format",
}
# Wagtail's views that take a form which these choosers do not show.
SHOWS_NONE: Final = {"person_chooser:create", "wagtailsnippetchoosers_blog_newsletterissue:create"}


class BrokenFormMiddleware:
    """Answers 400 for a form without one of its fields; nothing was changed by it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer for views that took it for granted that a field is there."""
        if isinstance(error, MultiValueDictKeyError) or _is_broken(request):
            return bad_request(request, error)
        return None


def _is_broken(request: HttpRequest) -> bool:
    match = request.resolver_match
    name = match.view_name if match else ""
    return name in SHOWS_NONE or (name in COUNTS_ON and COUNTS_ON[name] not in request.POST)
