"""Somebody looks for something: by a slip of the finger, by a suggestion, without JavaScript."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_accessibility import faults
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

SERUM = "Quiet Scalp Serum"


def field(page: Page) -> Locator:
    return page.locator("#site-search-field")


def options(page: Page) -> Locator:
    return page.get_by_role("option")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_a_slip_finds_what_was_meant(
    visit: Callable[..., Visitor], scripts: bool, width: int
) -> None:
    """From any page, one tap away at most, to the product."""
    visitor = visit(scripts=scripts, width=width)
    page = visitor.page
    visitor.go("/about/")
    if width == PHONE:
        expect(field(page)).to_be_hidden()
        page.get_by_role("banner").get_by_role("button", name="Search", exact=True).click()
    expect(field(page)).to_be_visible()

    field(page).fill("quiet serrum")
    field(page).press("Enter")

    expect(page.get_by_role("heading", level=1)).to_contain_text("“quiet serum”")
    expect(page.get_by_text("Nothing matches “quiet serrum”")).to_be_visible()
    page.locator(".found").get_by_role("link", name=SERUM).click()
    visitor.sees_heading(SERUM)


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_suggestions_are_chosen_with_the_keyboard(
    visit: Callable[..., Visitor], width: int
) -> None:
    """The combo box says what it offers, moves with the arrows and leaves with Enter."""
    visitor = visit(width=width)
    page = visitor.page
    visitor.go("/")
    if width == PHONE:
        page.get_by_role("banner").get_by_role("button", name="Search", exact=True).click()
        expect(field(page)).to_be_focused()
    combo = page.get_by_role("banner").get_by_role("combobox")
    expect(combo).to_have_attribute("aria-expanded", "false")

    combo.press_sequentially("quie")
    expect(options(page).first).to_contain_text(SERUM)
    expect(combo).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("banner").get_by_role("status").first).to_contain_text("suggestion")
    combo.press("Escape")
    expect(options(page)).to_have_count(0)
    combo.press("ArrowDown")
    expect(options(page).first).to_have_attribute("aria-selected", "true")
    active = combo.get_attribute("aria-activedescendant")
    assert active == options(page).first.get_attribute("id")
    assert faults(page) == []
    combo.press("ArrowUp")
    expect(options(page).first).to_have_attribute("aria-selected", "false")
    combo.press("ArrowDown")
    combo.press("Enter")

    visitor.sees_heading(SERUM)


def test_a_suggestion_is_clicked_and_typing_on_changes_them(visitor: Visitor) -> None:
    page = visitor.page
    visitor.go("/basket/")

    field(page).press_sequentially("sca")
    expect(options(page)).to_have_count(9)
    field(page).press_sequentially("lp brush")
    expect(options(page).first).to_contain_text("Soft Scalp Brush")
    options(page).first.click()

    visitor.sees_heading("Soft Scalp Brush")


def test_the_last_suggestion_shows_everything(visitor: Visitor) -> None:
    page = visitor.page
    visitor.go("/")

    field(page).press_sequentially("wash")
    page.get_by_role("option", name="See all results for “wash”").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("results for “wash”")
    expect(field(page)).to_have_value("wash")
    page.get_by_role("navigation", name="Kinds of results").get_by_role(
        "link", name="Articles"
    ).click()
    expect(page.locator(".found li").first).to_contain_text("Article")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_nothing_found_is_no_dead_end(visit: Callable[..., Visitor], scripts: bool) -> None:
    visitor = visit(scripts=scripts, width=PHONE)
    visitor.go("/search/?q=xylophone")

    visitor.sees_heading("Nothing found for “xylophone”")
    visitor.page.get_by_role("navigation", name="Categories").get_by_role(
        "link", name="Wash"
    ).click()

    visitor.sees_heading("Wash")


def test_a_word_of_the_customer_leads_to_the_word_of_the_shop(visitor: Visitor) -> None:
    """Synonyms and pinned results that the demo's staff have written."""
    visitor.go("/search/?q=shampoo")
    expect(visitor.page.locator(".found mark").first).to_have_text("Wash")

    visitor.go("/search/?q=Refund")
    first = visitor.page.locator(".found li").first
    expect(first).to_contain_text("Our pick")
    expect(first.get_by_role("link")).to_have_text("Delivery and returns")
