"""What a page weighs, whether it jumps, whom it asks, what it remembers."""

import gzip
import urllib.request
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, Response, expect

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.public_pages import ANONYMOUS, ARTICLE, CATEGORY, FILMED, GUIDE, HOME, MISSING
from tests.browser.running_shop import RunningShop
from tests.browser.visitor import PAID, WASH, Visitor
from tools.environment import ROOT

pytestmark = pytest.mark.browser

KB = 1000
BUDGETS = {
    "document": 40 * KB,
    "stylesheet": 15 * KB,
    "script": 30 * KB,
    "font": 90 * KB,
}
LCP_PICTURE = 120 * KB
LARGEST_SHIFT = 0.05
_SHIFTS_AND_LARGEST = """
  window.shifts = 0; window.largest = "";
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifts += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (entry.url) window.largest = entry.url;
  }).observe({ type: "largest-contentful-paint", buffered: true });
"""
_TO_THE_END = """async () => {
  for (let y = 0; y < document.body.scrollHeight; y += 500) {
    scrollTo(0, y);
    await new Promise(requestAnimationFrame);
  }
}"""


def _weight(response: Response) -> int:
    """What a response weighs on the wire of a shop whose proxy compresses text."""
    body = response.body()
    kind = response.request.resource_type
    return len(gzip.compress(body)) if kind in {"document", "stylesheet", "script"} else len(body)


@pytest.mark.parametrize("path", [HOME, CATEGORY, WASH, GUIDE, ARTICLE, FILMED])
@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_a_page_stays_within_its_budget(
    visit: Callable[..., Visitor], path: str, width: int
) -> None:
    """HTML, CSS, JS, fonts and the largest picture by weight; no jump of the layout."""
    visitor = visit(width=width, device_scale_factor=2 if width == PHONE else 1)
    visitor.context.add_init_script(_SHIFTS_AND_LARGEST)
    seen: list[Response] = []
    visitor.page.on("response", lambda response: seen.append(response))

    visitor.go(path)
    visitor.page.wait_for_load_state("networkidle")
    largest = visitor.page.evaluate("window.largest")
    visitor.page.evaluate(_TO_THE_END)
    visitor.page.wait_for_load_state("networkidle")

    weights: dict[str, int] = {}
    for response in seen:
        kind = response.request.resource_type
        weights[kind] = weights.get(kind, 0) + _weight(response)
    over = {kind: weights[kind] for kind, most in BUDGETS.items() if weights.get(kind, 0) > most}
    assert over == {}
    assert visitor.page.evaluate("window.shifts") <= LARGEST_SHIFT
    # The largest thing may be a paragraph; then no picture is too large all the more.
    pictures = {response.url: len(response.body()) for response in seen if _is_picture(response)}
    assert {urlsplit(url).path[-5:] for url in pictures} == {".avif"}
    assert largest in {"", *pictures}
    assert max(pictures.values()) <= LCP_PICTURE


def _is_picture(response: Response) -> bool:
    path = urlsplit(response.url).path
    return response.request.resource_type == "image" and not path.endswith(".svg")


def test_no_page_scrolls_sideways_on_the_narrowest_screen(visit: Callable[..., Visitor]) -> None:
    """WCAG 1.4.10: at 320 px everything fits the width."""
    visitor = visit(width=320)
    visitor.watch.expect(404)

    wide = []
    for path in (*ANONYMOUS, MISSING):
        visitor.go(path)
        if visitor.page.evaluate("document.documentElement.scrollWidth") > 320:
            wide.append(path)

    assert wide == []


def test_every_page_obeys_the_policy_all_the_way_to_the_payment_page(visitor: Visitor) -> None:
    """R38: 0 reports of the content security policy, in every public page the shop links to."""
    visitor.watch.expect(404)
    policies: dict[str, str] = {}
    # Noted as they come: a browser's driver forgets the requests of pages long left.
    visitor.page.on("response", lambda response: _note_policy(visitor, response, policies))
    todo, seen = [HOME, *ANONYMOUS, MISSING], set()
    while todo:
        path = todo.pop(0)
        if (kind := _kind(path)) in seen:
            continue
        seen.add(kind)
        visitor.go(path)
        todo += [link for link in _links(visitor.page) if _is_public(link)]
    assert len(seen) > len(ANONYMOUS)
    visitor.buys(WASH)
    visitor.sees_heading(PAID)

    assert len(policies) > len(ANONYMOUS)
    assert {url for url, policy in policies.items() if not policy or "unsafe" in policy} == set()


def _note_policy(visitor: Visitor, response: Response, policies: dict[str, str]) -> None:
    if response.request.resource_type == "document" and response.url.startswith(
        visitor.shop.origin
    ):
        policies[response.url] = response.headers.get("content-security-policy", "")


def _kind(path: str) -> tuple[str, frozenset[str]]:
    """An address without the values of its query: facets have more than anybody can visit."""
    address = urlsplit(path)
    return address.path, frozenset(parse_qs(address.query, keep_blank_values=True))


def _links(page: Page) -> list[str]:
    found: list[str] = page.eval_on_selector_all(
        "a[href]",
        """links => links.filter(a => a.origin === location.origin)
                         .map(a => a.pathname + a.search)""",
    )
    return found


def _is_public(path: str) -> bool:
    return not path.startswith(("/admin/", "/demo/", "/media/", "/static/"))


def test_anonymous_pages_are_the_same_bytes_and_set_no_cookie(shop: RunningShop) -> None:
    """R40: whoever comes without a basket gets what a cache may give to anybody."""
    cacheable = [path for path in ANONYMOUS if not path.startswith(("/basket/", "/account/"))]
    for path in cacheable:
        one, other = (_fetch(f"{shop.origin}{path}", agent) for agent in ("One", "Other"))
        assert one.headers.get_all("Set-Cookie") is None, path
        assert "Cookie" not in one.headers.get("Vary", ""), path
        assert one.text == other.text, path


def test_two_buyers_get_the_same_bytes_as_nobody(visit: Callable[..., Visitor]) -> None:
    """R40: what is in somebody's basket never gets into a page that a cache may keep."""
    buyer, nobody = visit(), visit()
    buyer.add(WASH)

    for path in (HOME, CATEGORY, WASH):
        texts = [
            visitor.context.request.get(f"{visitor.shop.origin}{path}").text()
            for visitor in (buyer, nobody)
        ]
        assert texts[0] == texts[1], path


class _Answer:
    def __init__(self, url: str, agent: str) -> None:
        request = urllib.request.Request(url, headers={"User-Agent": agent})  # noqa: S310
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            self.headers = answer.headers
            self.text = answer.read()


def _fetch(url: str, agent: str) -> _Answer:
    return _Answer(url, agent)


def test_a_missing_page_leads_on(visitor: Visitor) -> None:
    """A 404 says what happened and shows three ways on."""
    visitor.watch.expect(404)

    visitor.go(MISSING)

    expect(visitor.page.get_by_role("heading", level=1)).to_be_visible()
    assert visitor.page.locator("main a").count() >= 3


@pytest.mark.parametrize("name", ["500", "503"])
def test_the_page_for_a_broken_shop_needs_nothing(visitor: Visitor, name: str) -> None:
    """It is a file: no database, no template tag, no address of another host."""
    source = (ROOT / "templates" / f"{name}.html").read_text()
    assert "{%" not in source
    assert "{{" not in source

    visitor.context.route(f"{visitor.shop.origin}/", lambda route: route.fulfill(body=source))
    visitor.go("/")

    expect(visitor.page.get_by_role("heading", level=1)).to_be_visible()
    assert _links(visitor.page) == ["/", "/shop/", "/treatments/", "/scalp-guide/"]
