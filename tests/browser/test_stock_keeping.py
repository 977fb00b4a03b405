"""Somebody counts a shelf with a scanner and a manager approves it; a recall is tried."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.test_accessibility import faults
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

MIST = "GAL-CLM-100"


def test_a_shelf_is_counted_and_its_difference_approved(visit: Callable[..., Visitor]) -> None:
    counter = visit()
    page = counter.page
    counter.sign_in("Fulfilment", to="/admin/stock_take/begin/?q=GAL-CLM")
    page.get_by_label("Name").last.fill("Mist, by the door")
    counter.press("Count what is ticked")
    found = faults(page)
    for pieces in (1, 2):
        field = page.get_by_label("Scan a piece")
        expect(field).to_be_focused()
        page.keyboard.type(MIST)
        page.keyboard.press("Enter")
        said = page.get_by_role("status").filter(has_text=f"{pieces} × Cooling Mist")
        expect(said).to_be_visible()
    # The other tests of this shop want to buy some, too.
    page.get_by_label("Cooling Mist, 100 ml: counted").fill("50")
    counter.press("Save what I counted")
    counter.sees("1 line counted.")

    manager = visit()
    manager.sign_in("Manager", to="/admin/stock_take/")
    manager.page.get_by_role("link", name="Mist, by the door").click()
    found += faults(manager.page)
    manager.page.get_by_label("Why it differs").fill("A tray stood in the treatment room")
    manager.press("Approve the differences")

    manager.sees("Approved: 1 stock level put right.")
    assert found == []


def test_a_recall_is_tried(visit: Callable[..., Visitor]) -> None:
    manager = visit()
    page = manager.page
    manager.sign_in("Manager", to="/admin/recalls/start/?q=BB-2409")
    found = faults(page)
    page.get_by_label("Why").fill("Half-yearly drill")
    manager.press("Try it: a drill")

    manager.sees("This was a drill")
    manager.sees("Please do not use: Barrier Balm, 75 ml, batch BB-2409")
    expect(page.get_by_role("button", name="Send it")).to_have_count(0)
    found += faults(page)
    assert found == []
