"""A session is redeemed at the desk, and put back, by keyboard alone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.test_accessibility import faults
from tests.browser.test_sending_back import reach
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser


def test_a_session_is_redeemed_and_put_back_by_keyboard_alone(
    visit: Callable[..., Visitor],
) -> None:
    desk = visit()
    page = desk.page
    desk.sign_in("Front desk", to="/admin/")
    reach(desk, page.get_by_role("link", name="Desk", exact=True).first)
    page.keyboard.press("Enter")
    expect(page.get_by_role("searchbox", name="Scan the code")).to_be_focused()
    page.keyboard.type("amara@example.com")
    page.keyboard.press("Enter")
    card = page.locator(".desk-card").filter(
        has=page.get_by_role("button", name="Redeem 1 session")
    )
    left = int(card.first.locator(".desk-card__left strong").inner_text())
    found = faults(page)
    reach(desk, card.first.get_by_label("Note, for staff alone"))
    page.keyboard.type("Came early")
    reach(desk, card.first.get_by_role("button", name="Redeem 1 session"))
    page.keyboard.press("Enter")

    desk.sees(f"Redeemed. {left - 1} left")
    found += faults(page)
    reach(desk, page.get_by_role("button", name="Put it back").first)
    page.keyboard.press("Enter")
    desk.sees("Put back. Both entries stay in the ledger.")
    assert found == []
