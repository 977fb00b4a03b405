"""A product gentle enough for day 3 is found by facets, with and without scripts, on any screen."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.visitor import WASH, Visitor

pytestmark = pytest.mark.browser

SHOP = "/shop/"


def _titles(page: Page) -> list[str]:
    return page.locator("#results h3").all_inner_texts()


def _gentle_by_three(visitor: Visitor) -> None:
    """What the list shows is what each of its products says of itself."""
    assert _titles(visitor.page)
    links = visitor.page.locator("#results h3 a")
    paths = [links.nth(number).get_attribute("href") for number in range(links.count())]
    for path in paths:
        visitor.go(str(path))
        said = visitor.page.locator(".buy .facts").inner_text()
        day = re.search(r"Gentle enough from day (\d+)", said)
        assert "on the day of a session" in said or (day and int(day.group(1)) <= 3), path


def test_a_gentle_product_for_day_three_is_found_at_a_desk(visitor: Visitor) -> None:
    """The list narrows as one ticks, the address says so, and each chip can be taken back."""
    visitor.go(SHOP)
    before = len(_titles(visitor.page))

    visitor.page.get_by_label("By day 3").check()
    expect(visitor.page).to_have_url(re.compile(r"/shop/\?gentle=3$"))
    expect(visitor.page.get_by_role("link", name="Remove: Gentle enough by day 3")).to_be_visible()
    assert visitor.page.evaluate("document.activeElement.id") == "gentle-3"
    count = visitor.page.locator("#result-count").inner_text()
    assert count == f"{len(_titles(visitor.page))} products"
    assert 0 < len(_titles(visitor.page)) < before

    visitor.page.get_by_label("Sensitive").check()
    expect(visitor.page).to_have_url(re.compile(r"concern=sensitive&gentle=3$"))
    visitor.page.reload()
    expect(visitor.page.get_by_label("Sensitive")).to_be_checked()
    _gentle_by_three(visitor)


def test_chips_are_taken_back_and_clearing_keeps_the_order(visitor: Visitor) -> None:
    visitor.go(f"{SHOP}?concern=sensitive&gentle=3&sort=price_up")

    visitor.page.get_by_role("link", name="Remove: Sensitive").click()
    expect(visitor.page).to_have_url(re.compile(r"/shop/\?gentle=3&sort=price_up$"))
    expect(visitor.page.get_by_label("Sensitive")).not_to_be_checked()
    visitor.page.locator("#results").get_by_role("link", name="Clear all").click()

    expect(visitor.page).to_have_url(re.compile(r"/shop/\?sort=price_up$"))
    expect(visitor.page.get_by_label("Sort by")).to_have_value("price_up")
    visitor.page.go_back()
    expect(visitor.page).to_have_url(re.compile(r"gentle=3"))
    expect(visitor.page.get_by_label("By day 3")).to_be_checked()


def test_a_gentle_product_is_found_on_a_phone_in_a_dialog(visit: Callable[..., Visitor]) -> None:
    """The dialog is a real one: focus in, the page behind still, the button says what it shows."""
    visitor = visit(width=PHONE)
    visitor.go(SHOP)

    visitor.page.get_by_role("link", name="Filter").click()
    dialog = visitor.page.get_by_role("dialog", name="Filter")
    expect(dialog).to_be_visible()
    assert visitor.page.evaluate("document.activeElement.id") == "filter-drawer-title"
    dialog.get_by_label("By day 3").check()
    button = dialog.get_by_role("button", name=re.compile(r"^Show \d+ products?$"))
    expect(button).to_be_visible()
    assert dialog.evaluate("(it) => it.scrollTop") == 0
    words = button.inner_text()
    button.click()

    expect(dialog).to_be_hidden()
    assert words == f"Show {visitor.page.locator('#result-count').inner_text()}"
    expect(visitor.page.get_by_role("link", name="Filter (1)")).to_be_focused()
    _gentle_by_three(visitor)


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_a_gentle_product_is_found_without_scripts(
    visit: Callable[..., Visitor], width: int
) -> None:
    visitor = visit(scripts=False, width=width)
    visitor.go(SHOP)

    if width == PHONE:
        visitor.page.get_by_role("link", name="Filter").click()
    visitor.page.get_by_label("By day 3").check()
    visitor.press("^Show results$")

    assert "gentle=3" in visitor.page.url
    expect(visitor.page.get_by_role("link", name="Remove: Gentle enough by day 3")).to_be_visible()
    _gentle_by_three(visitor)


def test_nothing_found_says_which_filter_stands_in_the_way(visitor: Visitor) -> None:
    visitor.go(f"{SHOP}?gentle=3&min=9000")

    visitor.sees_heading("Nothing fits all of this")
    visitor.page.get_by_role("link", name="Without “From €9000”").click()

    expect(visitor.page.get_by_role("heading", name="Nothing fits")).to_have_count(0)
    assert _titles(visitor.page)


@pytest.mark.parametrize("scripts", [True, False])
def test_products_are_compared_side_by_side(visit: Callable[..., Visitor], scripts: bool) -> None:
    visitor = visit(scripts=scripts, width=PHONE)
    visitor.go("/shop/wash/")
    boxes = visitor.page.get_by_label(re.compile("^Compare "))
    names = _titles(visitor.page)[:2]

    boxes.nth(0).check()
    boxes.nth(1).check()
    visitor.press("^Compare")

    expect(visitor.page).to_have_url(re.compile(r"/shop/compare/\?p=.+&p=.+"))
    table = visitor.page.get_by_role("table", name="Products side by side")
    assert table.get_by_role("columnheader").get_by_role("heading").all_inner_texts() == names
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= PHONE
    visitor.page.get_by_role("link", name=f"Remove {names[0]}").click()
    assert table.get_by_role("columnheader").get_by_role("heading").all_inner_texts() == names[1:]


def test_what_was_seen_is_remembered_in_this_browser_alone(visitor: Visitor) -> None:
    visitor.go(WASH)
    title = visitor.page.locator("h1").inner_text()
    visitor.go("/shop/soothe-and-moisturise/overnight-scalp-mask/")

    seen = visitor.page.locator("[data-recent]")
    expect(seen.get_by_role("link", name=title)).to_be_visible()
    assert visitor.context.cookies() == []
    seen.get_by_role("button", name="Forget these").click()
    expect(seen).to_be_hidden()
    visitor.page.reload()

    expect(visitor.page.locator("[data-recent]")).to_be_hidden()


def test_a_product_is_passed_on_and_printed(visitor: Visitor) -> None:
    visitor.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visitor.go(WASH)

    mail = visitor.page.get_by_role("link", name="E-mail", exact=True).get_attribute("href")
    assert str(mail).startswith("mailto:?subject=")
    visitor.press("^Copy link$")
    expect(visitor.page.locator("[data-share-status]")).to_have_text("Link copied")
    assert visitor.page.evaluate("navigator.clipboard.readText()").endswith(WASH)

    visitor.page.emulate_media(media="print")
    expect(visitor.page.locator(".buy-form")).to_be_hidden()
    expect(visitor.page.locator("#site-search")).to_be_hidden()
    expect(visitor.page.get_by_text("After opening").first).to_be_visible()
