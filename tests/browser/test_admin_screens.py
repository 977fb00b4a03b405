"""WCAG 2.2 AA on every screen of ours in the admin, one of each kind, by machine."""

import inspect
import re
from collections.abc import Callable
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error

from tests.browser.test_accessibility import TAGS
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

WAGTAILS = re.compile(
    r"admin/(?:$|pages|choose|collections|workflows|api|account|logout|login|password|tag-auto|bulk|"
    r"dismiss|block|jsi|sprite|forms|redirects|searchpicks|embeds|snippets/(?:$|choose)|documents|"
    r"images|sites|users|groups|editing|test404|failwhale|\^|settings|"
    r"reports/(?:locked|workflow|site|aging|page-types))"
)
# Wagtail's screens about any row, its parts of pages, what is no page or only posted to.
OTHERS = re.compile(
    r"/(?:history|usage|results|delete|preview|copy|revisions|chooser?|person_chooser|file|template|"
    r"export|csv|workflow|unpublish|lock|unlock|convert_alias|compare|collect)(?:/|$)"
    r"|\.csv|_chooser|many/"
)
# Its name stands in Wagtail's own HTML beside the field, where axe does not look for it.
RICH_TEXT = ".public-DraftEditor-content"
RULES = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
# So that a menu that no longer leads anywhere is noticed.
FEWEST = 80
SCREENS = {"include": [["main"]], "exclude": [[RICH_TEXT]]}


def test_every_screen_of_ours_is_accessible(visit: Callable[..., Visitor]) -> None:
    """Whatever the menu, the lists and their rows lead to, by the first link of each kind."""
    boss = visit()
    boss.sign_in("Owner", to="/admin/reports/sales/")
    found: list[str] = []
    seen: set[str] = set()
    waiting = ["/admin/reports/sales/"]
    while waiting:
        path = waiting.pop(0)
        kind = _kind(path)
        if not kind or kind in seen:
            continue
        seen.add(kind)
        if not _is_screen(boss, path):
            continue
        run = Axe().run(boss.page, context=SCREENS, options=RULES)
        found += [
            f"{path}: {fault['id']}: {node['html'][:160]}"
            for fault in run.response["violations"]
            for node in fault["nodes"]
        ]
        links = boss.page.eval_on_selector_all("a[href]", "all => all.map((a) => a.href)")
        waiting += [urlsplit(link).path for link in links if link.startswith(boss.shop.origin)]

    assert found == []
    assert len(seen) > FEWEST


def _is_screen(boss: Visitor, path: str) -> bool:
    """Go to an address; a paper of an order or a file behind it is no screen."""
    try:
        boss.go(path)
    except Error as refusal:
        if "Download is starting" not in str(refusal):
            raise
        return False
    return True


def _kind(path: str) -> str:
    """Return what is looked at once: a screen of ours, or Wagtail's form of any of our models."""
    try:
        match = resolve(path)
    except Resolver404:
        return ""
    route = match.route
    if not route.startswith("admin/") or WAGTAILS.match(route) or OTHERS.search(route):
        return ""
    view = getattr(inspect.unwrap(match.func), "view_class", match.func)
    is_plain = view.__module__.startswith("wagtail.") and view.__name__ != "InspectView"
    return f"{view.__module__}.{view.__qualname__}" if is_plain else route
