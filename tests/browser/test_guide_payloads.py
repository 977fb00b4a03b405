"""No attack runs wherever the guide shows a text: pages, feeds, newsletter, the admin."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest

from tests.browser import xss_payloads
from tests.browser.payload_acts import MARK
from tests.browser.test_commenting import LONGEST_MS
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

GUIDE = "/scalp-guide/"
TOPIC, PERSON = f"topics/{MARK}topic", f"people/{MARK}person"
FEEDS = [f"/feeds/{of}.{kind}" for of in ("guide", TOPIC) for kind in ("rss", "atom", "json")]
ASKED = "/search/?q=%22%20autofocus%20onfocus%3Dxss(1)%20x%3D%22%3Csvg%20onload%3Dxss(1)%3E"
LISTS = [GUIDE, f"{GUIDE}people/", f"{GUIDE}{TOPIC}/", f"{GUIDE}{PERSON}/", "/newsletter/issues/"]


def test_no_payload_runs_wherever_the_guide_shows_a_text(visit: Callable[..., Visitor]) -> None:
    """One browser, our policy off, so that only escaping helps; as a reader and as a manager."""
    visitor = visit(bypass_csp=True)
    page = visitor.page
    page.set_default_navigation_timeout(LONGEST_MS)
    told = xss_payloads.install(page)
    payloads = list(xss_payloads.PAYLOADS)
    made = visitor.shop.backstage.do("fill_guide", payloads=payloads)
    ran: list[str] = []

    def look(path: str) -> None:
        page.keyboard.press("Tab")
        page.mouse.move(200, 300)
        page.mouse.wheel(0, 4_000)
        if xss_payloads.runs(page, told):
            ran.append(path)
            told.clear()

    try:
        issue = urlsplit(made["issue"]).path
        for path in (*made["articles"], *LISTS, *FEEDS, "/llms.txt", issue, ASKED):
            visitor.go(path)
            look(path)
        page.set_content(made["mail"], wait_until="commit")
        look("mail")
        visitor.sign_in("Manager", to="/admin/")
        for path in _admin(made["guide_id"], made["first_id"], made["issue_id"]):
            visitor.go(path)
            look(path)
    finally:
        emptied = visitor.shop.backstage.do("empty_guide")

    complaints = list(visitor.watch.complaints)
    # That a browser refuses what an attack asks for is no fault of the page.
    visitor.watch.complaints.clear()
    assert ran == []
    assert emptied == len(made["articles"]) == 10
    assert [each for each in complaints if each.startswith("status")] == []


def _admin(guide: int, article: int, issue: int) -> list[str]:
    return [
        "/admin/",
        f"/admin/pages/{guide}/",
        f"/admin/pages/{article}/history/",
        f"/admin/pages/{article}/edit/",
        "/admin/person/",
        "/admin/topic/",
        "/admin/reviews/due/",
        "/admin/claims/report/",
        "/admin/reports/site-history/",
        "/admin/reports/articles/",
        "/admin/reports/sides/",
        "/admin/snippets/blog/newsletterissue/",
        f"/admin/snippets/blog/newsletterissue/inspect/{issue}/",
    ]
