"""Each kind of thing that a page shows changes once, and the next request shows it."""

from html import unescape
from pathlib import Path

from django.test import Client
import pytest

from storefront import visible_rows
from tests.pages import kinds
from tests.storefront.page_cache import page_cache  # noqa: F401

ROOT = Path(__file__).parents[2]


def test_no_kind_of_row_that_visitors_see_is_forgotten() -> None:
    shown = (
        visible_rows.ANYWHERE | visible_rows.ON_PAGES_THAT_SELL | set(visible_rows.SAID_BY_VERBS)
    )
    named = {name for name in kinds.KINDS if "." in name}

    assert named | set(kinds.ELSEWHERE) == shown
    assert named & set(kinds.ELSEWHERE) == set()
    assert [path for path in kinds.ELSEWHERE.values() if not (ROOT / path).exists()] == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.indexed
@pytest.mark.usefixtures("page_cache")
def test_the_next_request_shows_whatever_was_changed() -> None:
    kinds.shop.cache_clear()
    client = Client()
    wrong: dict[str, str] = {}

    for name, kind in kinds.KINDS.items():
        url = kind.at()
        before = client.get(url)
        is_kept = client.get(url)["X-Page-Cache"] == "hit"
        if not is_kept or (kind.says and kind.says in unescape(before.text)):
            wrong[name] = "was not kept, or said so before"
            continue
        kind.change()
        after = client.get(url)
        is_said = kind.says in unescape(after.text) and after.content != before.content
        if not is_said or client.get(url)["X-Page-Cache"] != "hit":
            wrong[name] = f"not shown at {url}"

    assert wrong == {}
