"""WCAG 2.2 AA on every public page: by machine on all of them, by keyboard on the way to pay."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.public_pages import ANONYMOUS, MISSING
from tests.browser.visitor import PAID, PAYS, SESSIONS, SESSIONS_SKU, WASH, WASH_SKU, Visitor
from tests.lengths import some

pytestmark = pytest.mark.browser

TAGS = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]
# What is right is not described, and no style sheet is fetched anew: no rule of these reads one.
QUICK: dict[str, Any] = {"resultTypes": ["violations"], "preload": {"assets": ["media"]}}
RULES = {"runOnly": {"type": "tag", "values": TAGS}, **QUICK}
# What is dark differs from what is light in its colours alone.
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, **QUICK}


# Public as well, and of nobody's cache.
UNCACHED = ("/shop/gift-card/", "/shop/compare/", "/withdraw/")
# One customer of the demo has bought, been treated, been given sessions and asked for a day.
CUSTOMER = "amara@example.com"
KEYED_IN = {
    "email": "",
    "name": "Ada Lindqvist",
    "line1": "Turmstr. 4",
    "postcode": "10559",
    "city": "Berlin",
}
# What is one of a kind: an order's number, a pass, the token of a link.
_OF_A_KIND = re.compile(r"/(?:G-[A-Z0-9-]+|[A-Za-z0-9_-]{24,}|\d+)(?=/)")

# What fades in has not its own colours yet; what never ends is not waited for.
SETTLED = """() => Promise.all(document.getAnimations()
  .filter((each) => each.effect.getComputedTiming().endTime !== Infinity)
  .map((each) => each.finished.catch(() => {})))"""


def faults(page: Page, rules: dict[str, Any] = RULES) -> list[str]:
    """Describe what axe finds wrong with a page once nothing on it moves."""
    page.evaluate(SETTLED)
    return [
        f"{page.url}: {found['id']}: {node['html'][:160]} {node['failureSummary'][:200]}"
        for found in Axe().run(page, options=rules).response["violations"]
        for node in found["nodes"]
    ]


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_every_public_page_is_accessible(visit: Callable[..., Visitor], width: int) -> None:
    """0 violations of WCAG 2.2 AA, wide and narrow, light and dark."""
    visitor = visit(width=width, color_scheme="light")
    visitor.watch.expect(404)

    found = []
    for page in _pages(visitor):
        found += faults(page)
        page.emulate_media(color_scheme="dark")
        found += faults(page, CONTRAST)
        page.emulate_media(color_scheme="light")

    assert found == []


def _pages(visitor: Visitor) -> Iterator[Page]:
    """Yield the tab on every kind of page, or half of them by lot, and on those of a purchase."""
    of_readers = visitor.shop.backstage.do("addresses_of_readers")
    paths = [*ANONYMOUS, *UNCACHED, *of_readers, MISSING]
    for path in some(paths, most=len(paths) // 2):
        visitor.go(path)
        yield visitor.page
    yield from _pages_of_a_purchase(visitor)


def _pages_of_a_purchase(visitor: Visitor) -> Iterator[Page]:
    page = visitor.page
    visitor.go("/suitability/scalp-microdermabrasion/")
    yield page
    visitor.takes_the_check()
    yield page
    visitor.add(SESSIONS, "6 sessions")
    visitor.go(WASH)
    visitor.press("^Add to basket")
    expect(visitor.drawer.locator("[data-announce]")).to_be_visible()
    yield page
    visitor.choose_delivery("Standard")
    yield page
    visitor.go("/checkout/")
    yield page
    visitor.watch.expect(422)
    visitor.press("^Order and pay")
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    yield page
    visitor.order()
    page.get_by_role("link", name="Back to the shop").click()
    visitor.sees_heading("This order is not paid yet")
    yield page
    visitor.press("^Pay €")
    visitor.is_at_payment()
    visitor.pay()
    visitor.sees_heading(PAID)
    yield page


def test_every_page_of_an_account_is_accessible(visitor: Visitor) -> None:
    """0 violations on each kind of page that a customer's account leads to, wide or narrow."""
    cookie = visitor.shop.backstage.do("let_in", email=CUSTOMER)
    visitor.context.add_cookies(
        [{"name": cookie["name"], "value": cookie["value"], "url": visitor.shop.origin}]
    )
    todo, seen, found = ["/account/"], set[str](), []

    while todo:
        path = todo.pop()
        if (kind := _OF_A_KIND.sub("/…", path)) in seen:
            continue
        seen.add(kind)
        visitor.go(path)
        for width in some((PHONE, DESKTOP), most=1):
            visitor.page.set_viewport_size({"width": width, "height": 900})
            found += faults(visitor.page)
        todo += _own_pages(visitor.page)

    assert found == []
    assert {"/account/passes/…/", "/account/orders/…/", "/orders/…/withdraw/"} <= seen


def _own_pages(page: Page) -> list[str]:
    """List the pages of the account, and of its orders, that a page leads to."""
    paths: list[str] = page.eval_on_selector_all(
        "a[href]:not([download])",
        "links => links.filter(a => a.origin === location.origin).map(a => a.pathname)",
    )
    return [path for path in paths if re.match(r"/(account|orders)/.*/$", path)]


def test_a_purchase_by_keyboard_alone(visitor: Visitor) -> None:
    """Tab, arrows, space and Enter are enough to buy, and the focus can be seen all the way."""
    keyboard = Keyboard(visitor.page)
    visitor.takes_the_check()
    visitor.go(WASH)
    keyboard.tab_to("text=Add to basket", press="Enter")
    expect(visitor.drawer.get_by_role("heading", name="Your basket")).to_be_focused()
    visitor.page.keyboard.press("Escape")
    visitor.go(SESSIONS)
    keyboard.tab_to("input[name=sku]:checked")
    for _ in ("3 sessions", "6 sessions"):
        visitor.page.keyboard.press("ArrowDown")
    keyboard.tab_to("text=Add sessions to basket", press="Enter")
    expect(visitor.drawer.get_by_role("heading", name="Your basket")).to_be_focused()
    keyboard.tab_to("dialog >> text=Go to checkout", press="Enter")

    visitor.page.wait_for_url("**/checkout/")
    for field, text in {**KEYED_IN, "email": visitor.email}.items():
        keyboard.tab_to(f"input[name={field}]")
        visitor.page.keyboard.type(text)
    keyboard.tab_to("input[name=accept_terms]", press="Space")
    keyboard.tab_to("button >> text=Order and pay", press="Enter")
    visitor.is_at_payment()
    for field, text in (("card_number", PAYS), ("card_expiry", "12 / 34"), ("card_cvc", "123")):
        keyboard.tab_to(f"input[name={field}]")
        visitor.page.keyboard.type(text)
    visitor.page.keyboard.press("Enter")

    visitor.sees_heading(PAID)
    order = visitor.shop.backstage.only_order_of(visitor.email)
    assert order["status"] == "PAID"
    assert order["lines"] == {WASH_SKU: 1, SESSIONS_SKU: 1}
    assert order["sessions"] == 6


class Keyboard:
    """Somebody without a mouse, who stops at everything and wants to see where they are."""

    FARTHEST = 80
    _UNSEEN = """() => {
      const at = document.activeElement;
      const shown = [at, at.closest("label"), at.nextElementSibling].filter(Boolean);
      const marked = shown.some((element) => {
        const style = getComputedStyle(element);
        const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1;
        return outlined || style.boxShadow !== "none";
      });
      const box = (at.closest("label") ?? at).getBoundingClientRect();
      const inView = box.bottom > 0 && box.top < innerHeight && box.width > 0;
      return marked && inView ? "" : at.outerHTML.slice(0, 200);
    }"""

    def __init__(self, page: Page) -> None:
        self._page = page

    def tab_to(self, selector: str, *, press: str = "") -> None:
        """Go on with Tab until a thing has the focus, which must be visible at every stop."""
        wanted = self._page.locator(selector).first
        for _ in range(self.FARTHEST):
            if wanted.evaluate("thing => (thing.closest('a, button') ?? thing).matches(':focus')"):
                if press:
                    self._page.keyboard.press(press)
                return
            self._page.keyboard.press("Tab")
            assert self._page.evaluate(self._UNSEEN) == "", "the focus cannot be seen"
        raise AssertionError(f"Tab never came to {selector}")
