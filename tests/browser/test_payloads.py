"""No attack runs wherever a text is shown: pages, feeds, mails, the admin."""

from collections.abc import Callable, Iterable
from urllib.parse import quote

import pytest

from tests.browser import xss_payloads
from tests.browser.payload_acts import MARK
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

# Pages full of attacks, on a machine that is busy with others.
LONGEST_MS = 120_000
GUIDE = "/scalp-guide/"
TOPIC, PERSON = f"topics/{MARK}topic", f"people/{MARK}person"
FEEDS = [f"/feeds/{of}.{kind}" for of in ("guide", TOPIC) for kind in ("rss", "atom", "json")]
# No longer address reaches the shop; the page that says so shows nothing of it.
LOST = "/" + quote(" ".join(xss_payloads.PAYLOADS), safe="")[:1_000]
ASKED = "/search/?q=%22%20autofocus%20onfocus%3Dxss(1)%20x%3D%22%3Csvg%20onload%3Dxss(1)%3E"
LISTS = [GUIDE, f"{GUIDE}people/", f"{GUIDE}{TOPIC}/", f"{GUIDE}{PERSON}/", "/newsletter/issues/"]
MANAGERS = [
    "/admin/person/",
    "/admin/topic/",
    "/admin/reviews/due/",
    "/admin/reports/articles/",
    "/admin/reports/sides/",
    "/admin/snippets/blog/newsletterissue/",
]


class Bait:
    """Somebody whose browser runs whatever gets in: our policy is off, only escaping helps.

    :ivar ran: where an attack ran.
    :ivar bare: where none was to be seen.
    """

    def __init__(self, visitor: Visitor) -> None:
        self.ran: list[str] = []
        self.bare: list[str] = []
        self._visitor = visitor
        visitor.page.set_default_navigation_timeout(LONGEST_MS)
        self._told = xss_payloads.install(visitor.page)

    def visit(self, paths: Iterable[str]) -> None:
        for path in paths:
            self._visitor.go(path)
            self._poke(path)

    def read(self, mails: Iterable[str]) -> None:
        for number, html in enumerate(mails):
            self._visitor.page.set_content(html, wait_until="commit")
            self._poke(f"mail {number}")

    def _poke(self, place: str) -> None:
        """Do to a page what some attacks wait for."""
        page = self._visitor.page
        page.keyboard.press("Tab")
        page.mouse.move(200, 300)
        page.mouse.wheel(0, 4_000)
        if xss_payloads.runs(page, self._told):
            self.ran.append(place)
            self._told.clear()
        if "xss(1)" not in page.content():
            self.bare.append(place)


def test_no_attack_runs_wherever_a_text_is_shown(visit: Callable[..., Visitor]) -> None:
    """One browser, as a reader, as a manager, as a clinician, and in front of every mail."""
    visitor = visit(bypass_csp=True)
    visitor.watch.expect(404)
    bait, backstage = Bait(visitor), visitor.shop.backstage
    made = backstage.do("fill_with_attacks", payloads=list(xss_payloads.PAYLOADS))
    try:
        bait.visit([*made["public"], *LISTS, *FEEDS, "/llms.txt", ASKED, LOST])
        bait.read(made["mails"])
        visitor.sign_in("Manager", to="/admin/")
        bait.visit([*MANAGERS, *made["manager"]])
        visitor.sign_in("Clinical reviewer", to="/admin/")
        bait.visit(made["clinician"])
    finally:
        emptied = backstage.do("take_attacks_away")

    complaints = list(visitor.watch.complaints)
    # That a browser refuses what an attack asks for is no fault of the page.
    visitor.watch.complaints.clear()
    assert bait.ran == []
    assert bait.bare == [LOST]
    assert emptied == 11
    assert [each for each in complaints if each.startswith("status")] == []


def test_the_trap_tells_of_an_attack_that_runs(visit: Callable[..., Visitor]) -> None:
    """The negative control: unescaped, the attacks do run."""
    visitor = visit(bypass_csp=True)
    told = xss_payloads.install(visitor.page)
    visitor.go("/about/")
    running = 0
    for payload in xss_payloads.PAYLOADS[:12]:
        visitor.page.evaluate(
            "html => { const d = document.createElement('div'); document.body.append(d);"
            " d.append(document.createRange().createContextualFragment(html)); }",
            payload,
        )
        visitor.page.wait_for_timeout(30)
        running = xss_payloads.runs(visitor.page, told)

    assert running > 0
    visitor.watch.complaints.clear()
