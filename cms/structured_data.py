"""What search engines and agents are told about a page, in schema.org's words."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

Thing = dict[str, Any]

# As Django's json_script does: nothing in the data can end the script element.
_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def script(things: Iterable[Thing]) -> SafeString:
    """A script element that browsers never run, holding what is known for search engines."""
    graph = {"@context": "https://schema.org", "@graph": list(things)}
    text = json.dumps(graph, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))  # noqa: S308


def absolute(url: str) -> str:
    """Return an address with the shop's own before it, as other sites need it."""
    return f"{settings.SITE_URL}{url}" if url.startswith("/") else url


def organisation() -> Thing:
    """Name the shop; the home page says the rest under the same id."""
    return {
        "@type": "Organization",
        "@id": f"{settings.SITE_URL}/#shop",
        "name": settings.WAGTAIL_SITE_NAME,
        "url": f"{settings.SITE_URL}/",
    }


def breadcrumbs(crumbs: Sequence[tuple[str, str]], title: str, url: str) -> Thing:
    """The way to a page, see https://schema.org/BreadcrumbList."""
    way = [*crumbs, (title, url)]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": position,
                "name": name,
                "item": absolute(address),
            }
            for position, (name, address) in enumerate(way, start=1)
        ],
    }
