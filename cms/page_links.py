"""Links from rich text to pages: many read at once, and none to a page that is not public."""

import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.utils.html import escape
from wagtail.models import Page
from wagtail.rich_text import LinkHandler

# In stored rich text, and in the JSON of a stream of blocks, where quotes are escaped.
_LINK = re.compile(r"<a\s[^>]*>")
_IS_TO_PAGE = re.compile(r"""linktype=\\?["']page""")
_ID = re.compile(r"""\bid=\\?["'](\d{1,18})""")

_known: ContextVar[Mapping[int, Page] | None] = ContextVar("pages linked to", default=None)


class LivePageLinks(LinkHandler):
    """Writes a link to a page that is published; where it is not, the words stay without one."""

    identifier = "page"

    @staticmethod
    def get_model() -> type[Page]:
        model: type[Page] = Page
        return model

    @classmethod
    def get_many(cls, attrs_list: list[dict[str, Any]]) -> list[Page | None]:
        """Return the page of each link, none where nobody can follow it."""
        ids = [_number(attrs.get("id")) for attrs in attrs_list]
        known = _known.get() or {}
        missing = {pk for pk in ids if pk is not None and pk not in known}
        found = {**known, **(Page.objects.in_bulk(missing) if missing else {})}
        pages = [found.get(pk) if pk is not None else None for pk in ids]
        return [page if page is not None and page.live else None for page in pages]

    @classmethod
    def expand_db_attributes(cls, attrs: dict[str, Any]) -> str:
        return cls.expand_db_attributes_many([attrs])[0]

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict[str, Any]]) -> list[str]:
        return [
            f'<a href="{escape(page.url)}">' if page is not None and page.url else "<a>"
            for page in cls.get_many(attrs_list)
        ]

    @classmethod
    def extract_references(
        cls, attrs: dict[str, Any]
    ) -> Iterator[tuple[type[Page], str, str, str]]:
        """Say which page is linked to, so that its usage is known."""
        yield Page, attrs["id"], "", ""


def ids_in(stored: str) -> set[int]:
    """Return the pages that stored rich text links to, in HTML or in the JSON of its blocks."""
    links = (found[0] for found in _LINK.finditer(stored))
    numbers = (_ID.search(link) for link in links if _IS_TO_PAGE.search(link))
    return {int(number[1]) for number in numbers if number}


@contextmanager
def knowing(pages: Mapping[int, Page], asked: Collection[int]) -> Iterator[None]:
    """Let rich text inside the block find its pages among these; those asked for are not read."""
    nowhere = Page(live=False)
    token = _known.set({**dict.fromkeys(asked, nowhere), **pages})
    try:
        yield
    finally:
        _known.reset(token)


def _number(stored: Any) -> int | None:
    text = str(stored or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None
