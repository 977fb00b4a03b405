"""Put pages into the tree, publish them, and find them again by address."""

import datetime as dt
import json
from collections.abc import Mapping
from html import escape
from typing import Any, TypeVar

from django.urls import Resolver404, resolve
from wagtail.models import Page

from accounts.models import User
from cms.models import CustomImage
from storefront.demo import markup
from storefront.models import HomePage

SomePage = TypeVar("SomePage", bound=Page)


class BrokenLink(LookupError):
    """A text of the demo links to an address that nothing answers."""

    def __init__(self, path: str) -> None:
        super().__init__(f"Nothing answers at {path}.")


def home() -> HomePage:
    """Return the home page of the demo."""
    page: HomePage = HomePage.objects.get()
    return page


def page_at(path: str) -> Page | None:
    """Return the page that answers at a path such as /shop/wash/."""
    if path == "/":
        return home()
    root: str = home().url_path
    found: Page | None = Page.objects.filter(url_path=root + path.lstrip("/")).first()
    return found


def link(path: str) -> str:
    """Write a link for rich text: to a page by its id, so that it survives a move.

    :raises BrokenLink: if neither a page nor a view answers there.
    """
    if not path.startswith("/"):
        return markup.plain_href(path)
    page = page_at(path)
    if page is not None:
        return f'linktype="page" id="{page.pk}"'
    check_view(path)
    return f'href="{escape(path)}"'


def check_view(path: str) -> None:
    """Make sure that a view of the shop, not a page, answers at a path.

    :raises BrokenLink: if none does.
    """
    try:
        found = resolve(path)
    except Resolver404 as error:
        raise BrokenLink(path) from error
    if found.url_name == "wagtail_serve":
        raise BrokenLink(path)


def body(text: str) -> str:
    """Return a text as the JSON of a page body."""
    return json.dumps([_with_picture(block) for block in markup.blocks(text, link)])


def _with_picture(block: markup.Block) -> markup.Block:
    if block["type"] == "video":
        block["value"]["image"] = CustomImage.objects.get(title=block["value"]["image"]).pk
    return block


def stream(kind: str, values: list[Mapping[str, Any]]) -> str:
    """Return values of one kind of block as the JSON of a stream field."""
    return json.dumps([markup.block(kind, dict(value)) for value in values])


def steps(values: list[Mapping[str, Any]]) -> str:
    """Return steps as the JSON of a stream field; their texts are Markdown."""
    return stream(
        "step",
        [
            {"title": value["title"], "text": markup.rich_text(value["text"], link)}
            for value in values
        ],
    )


def add(parent: Page, page: SomePage, *, by: User, at: dt.datetime) -> SomePage:
    """Add a page and publish it, as if that had been done at a moment."""
    parent.add_child(instance=page)
    publish(page, by=by, at=at)
    return page


def publish(page: Page, *, by: User, at: dt.datetime) -> None:
    """Publish a page as it is now, as if that had been done at a moment."""
    page.save_revision(user=by).publish(user=by)
    Page.objects.filter(pk=page.pk).update(
        first_published_at=at, last_published_at=at, latest_revision_created_at=at
    )
    page.revisions.update(created_at=at)
