"""The yardstick: a Django project of one view, without middleware, database or templates.

`/bytes/N` answers N bytes. Whatever server and workers answer the shop's pages answer these too.
"""

import secrets
from functools import lru_cache

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

settings.configure(
    ROOT_URLCONF=__name__,
    ALLOWED_HOSTS=["*"],
    SECRET_KEY=secrets.token_hex(),
    MIDDLEWARE=[],
    USE_TZ=True,
)


@lru_cache(maxsize=64)
def _body(size: int) -> bytes:
    return b"x" * size


def answer(_request: HttpRequest, size: int) -> HttpResponse:
    """Answer as many bytes as were asked for."""
    return HttpResponse(_body(size))


urlpatterns = [path("bytes/<int:size>", answer)]
application = get_wsgi_application()
