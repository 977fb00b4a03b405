"""Turn stored menus into links, with one query for all pages they name."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.core.cache import cache
from wagtail.models import Page

from storefront.blocks import Link

CACHE_KEY = "storefront.chrome"


def forget() -> None:
    """Drop the kept copy of what surrounds every page, after it was edited."""
    cache.delete(CACHE_KEY)


def resolve(
    main_navigation: Iterable[Any], footer_groups: Iterable[Any]
) -> tuple[list[Link], list[tuple[str, list[Link]]]]:
    """Links of both menus from their raw stream data; pages that are not live fall out."""
    main = [block["value"] for block in main_navigation]
    groups = [
        (block["value"]["title"], [item["value"] for item in block["value"]["links"]])
        for block in footer_groups
    ]
    pages = _live_pages([*main, *(link for _, links in groups for link in links)])
    resolved = [(title, list(_links(links, pages))) for title, links in groups]
    return list(_links(main, pages)), [group for group in resolved if group[1]]


def _live_pages(links: Iterable[dict[str, Any]]) -> dict[int, Page]:
    wanted = {link["page"] for link in links if link.get("page")}
    if not wanted:
        return {}
    found: dict[int, Page] = Page.objects.live().in_bulk(wanted)
    return found


def _links(values: Iterable[dict[str, Any]], pages: dict[int, Page]) -> Iterator[Link]:
    for value in values:
        page = pages.get(value.get("page") or 0)
        url = page.url if page else value.get("url")
        if url:
            yield Link(value.get("title") or (page.title if page else url), url)
