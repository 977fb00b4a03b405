"""What comes back: money and a piece for the shelf by keyboard alone, and goods for goods."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.test_accessibility import faults
from tests.browser.visitor import WASH_SKU, Visitor

pytestmark = pytest.mark.browser

SERUM_SKU = "GAL-QSS-50"


def test_a_piece_is_paid_back_and_shelved_by_keyboard_alone(
    visit: Callable[..., Visitor],
) -> None:
    manager = visit()
    page, backstage = manager.page, manager.shop.backstage
    before = backstage.do("shelf", sku=SERUM_SKU)["on_hand"]
    manager.sign_in("Manager", to="/admin/orders/?q=amara@example.com&status=COMPLETED")
    reach(manager, page.get_by_role("row", name="Amara").get_by_role("link").first)
    page.keyboard.press("Enter")
    reach(manager, page.get_by_role("link", name="Pay back…"))
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="By the piece")).to_be_visible()
    found = faults(page)
    row = page.get_by_role("row", name="Quiet Scalp Serum")
    reach(manager, row.get_by_label("that left us"))
    page.keyboard.type("1")
    reach(manager, row.get_by_label("can be sold again"))
    page.keyboard.press("Space")
    reach(manager, page.get_by_role("button", name="Show the amount"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 that left us, 1 back on the shelf")).to_be_visible()
    found += faults(page)
    reach(manager, page.get_by_label("Why, for staff"))
    page.keyboard.type("The pump leaks")
    reach(manager, page.get_by_role("button", name="Yes, pay back"))
    page.keyboard.press("Enter")

    manager.sees("is on its way")
    expect(page.get_by_text("1 back on the shelf").first).to_be_visible()
    assert backstage.do("shelf", sku=SERUM_SKU)["on_hand"] == before + 1
    assert found == []


def test_a_return_ends_with_other_goods(visit: Callable[..., Visitor]) -> None:
    manager = visit()
    page, backstage = manager.page, manager.shop.backstage
    before = backstage.do("shelf", sku=WASH_SKU)["on_hand"]
    manager.sign_in("Manager", to="/admin/returns/?status=ASKED")
    page.get_by_role("row", name="Low-Foam Daily Wash").get_by_role("link").first.click()
    found = faults(page)
    page.get_by_label("To the buyer").fill("Send it back, please; a whole one comes to you.")
    manager.press("^Approve$")
    manager.press("^They have come$")
    manager.sees("Look at them piece by piece")
    found += faults(page)
    page.get_by_label("can be sold again").fill("1")
    manager.press("^Inspected$")
    manager.sees("what can be sold again is on the shelf")
    found += faults(page)
    assert backstage.do("shelf", sku=WASH_SKU)["on_hand"] == before + 1
    manager.press("^Yes, exchange it$")

    manager.sees("replaces it and is to be packed")
    page.get_by_text("Replaced by order").get_by_role("link").click()
    manager.sees("Pack and send")
    assert found == []


def reach(somebody: Visitor, wanted: Locator) -> None:
    """Go on by Tab until something has the focus."""
    for _ in range(120):
        if wanted.evaluate("each => each === document.activeElement"):
            return
        somebody.page.keyboard.press("Tab")
    pytest.fail(f"{wanted} is not reached by Tab.")
