"""Make the picture files of public pages before anybody asks for them.

Encoding AVIF takes up to a second a file. Serving every page once makes exactly the files that
its template names, and finds them there the next time.
"""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

from django.core.handlers.base import BaseHandler
from django.db import connection
from django.test import RequestFactory
from wagtail.models import Page


def prerender(*, workers: int = os.cpu_count() or 1) -> Iterator[tuple[str, int]]:
    """Serve every public page once, the home page first; yield its address and HTTP status."""
    handler = BaseHandler()
    handler.load_middleware()
    pages = Page.objects.live().public().filter(depth__gt=1).order_by("depth", "path")
    urls = [url for page in pages if (url := page.full_url)]
    with ThreadPoolExecutor(max_workers=workers) as pool:
        yield from zip(urls, pool.map(lambda url: _serve(handler, url), urls), strict=True)


def _serve(handler: BaseHandler, url: str) -> int:
    address = urlsplit(url)
    factory = RequestFactory(SERVER_NAME=address.hostname or "localhost")
    request = factory.get(
        address.path,
        secure=address.scheme == "https",
        SERVER_PORT=str(address.port or (443 if address.scheme == "https" else 80)),
    )
    try:
        return handler.get_response(request).status_code
    finally:
        # A worker's connection would outlive its thread.
        connection.close()
