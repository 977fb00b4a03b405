"""What search engines are told about an article."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

if TYPE_CHECKING:
    from blog.models import ArticlePage

# As Django's json_script does: nothing in the data can end the script element.
_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def article(page: "ArticlePage", request: HttpRequest) -> dict[str, Any]:
    """The page in schema.org's words, see https://schema.org/Article."""
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Article",
        "headline": page.title,
        "description": page.search_description or page.intro,
        "mainEntityOfPage": page.get_full_url(request),
        "author": _person(page.author_name, page.author_role),
        "publisher": {"@type": "Organization", "name": settings.WAGTAIL_SITE_NAME},
    }
    if page.hero_image is not None:
        rendition = page.hero_image.get_rendition("fill-1200x630|format-jpeg")
        data["image"] = [rendition.full_url]
    if page.first_published_at:
        data["datePublished"] = page.first_published_at.isoformat()
    if page.last_published_at:
        data["dateModified"] = page.last_published_at.isoformat()
    if page.reviewer_name:
        data["editor"] = _person(page.reviewer_name, page.reviewer_role)
    citations = [source.value["title"] for source in page.sources]
    if citations:
        data["citation"] = citations
    return data


def ld_json(data: Mapping[str, Any]) -> SafeString:
    """A script element that browsers never run, holding the data for search engines."""
    text = json.dumps(data, ensure_ascii=False).translate(_ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))  # noqa: S308


def _person(name: str, role: str) -> dict[str, str]:
    person = {"@type": "Person", "name": name}
    return {**person, "jobTitle": role} if role else person
