"""Headers of pages that are one reader's own."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

View = Callable[..., HttpResponse]


def own_page(view: View) -> View:
    """Keep a page from caches and from search engines, and its address from other hosts."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "private, no-store"
        response.setdefault("Referrer-Policy", "same-origin")
        response["X-Robots-Tag"] = "noindex"
        return response

    return answer


def secret_page(view: View) -> View:
    """The same for a page whose address is a key: not even our own pages are told of it."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Referrer-Policy"] = "no-referrer"
        return response

    return own_page(answer)


class SeeOther(HttpResponseRedirect):
    """A redirect that is always followed by GET, whatever led to it."""

    status_code = 303
