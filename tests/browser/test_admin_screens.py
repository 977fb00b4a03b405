"""WCAG 2.2 AA on every screen of ours in the admin, one of each kind, by machine.

The suite visits them all and lets axe look at some, by lot; `make thorough` at all, at both widths.
"""

import inspect
import re
from collections.abc import Callable
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error, Page

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_accessibility import TAGS
from tests.browser.visitor import Visitor
from tests.lengths import is_drawn, some

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
# Wagtail's own button, too small for a thumb.
MINIMAP = "#w-minimap-toggle"
SCREENS = {"include": [["main"]], "exclude": [[RICH_TEXT], [MINIMAP]]}


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
        if is_drawn(one_in=3):
            found += _faults(boss.page)
        links = boss.page.eval_on_selector_all("a[href]", "all => all.map((a) => a.href)")
        waiting += [urlsplit(link).path for link in links if link.startswith(boss.shop.origin)]

    assert found == []
    assert len(seen) > FEWEST


def _faults(page: Page) -> list[str]:
    """Describe what axe finds wrong with a screen, on a desk and on a phone."""
    found = []
    for width in some((DESKTOP, PHONE), most=1):
        page.set_viewport_size({"width": width, "height": 900})
        run = Axe().run(page, context=SCREENS, options=RULES)
        found += [
            f"{page.url} at {width}: {fault['id']}: {node['html'][:160]}"
            for fault in run.response["violations"]
            for node in fault["nodes"]
        ]
    page.set_viewport_size({"width": DESKTOP, "height": 900})
    return found


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
