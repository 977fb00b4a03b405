"""A session is redeemed at the desk, and put back, by keyboard alone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE
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
    found = _faults_at_both_widths(page)
    page.keyboard.type("amara@example.com")
    page.keyboard.press("Enter")
    card = page.locator(".desk-card").filter(
        has=page.get_by_role("button", name="Redeem 1 session")
    )
    left = int(card.first.locator(".desk-card__left strong").inner_text())
    found += _faults_at_both_widths(page)
    reach(desk, card.first.get_by_label("Note, for staff alone"))
    page.keyboard.type("Came early")
    reach(desk, card.first.get_by_role("button", name="Redeem 1 session"))
    page.keyboard.press("Enter")

    desk.sees(f"Redeemed. {left - 1} left")
    found += _faults_at_both_widths(page)
    reach(desk, page.get_by_role("button", name="Put it back").first)
    page.keyboard.press("Enter")
    desk.sees("Put back. Both entries stay in the ledger.")
    found += _faults_at_both_widths(page)
    assert found == []


def _faults_at_both_widths(page: Page) -> list[str]:
    """Look on a phone, then at a wide screen again; the focus stays where it is."""
    found = []
    for width in (PHONE, DESKTOP):
        page.set_viewport_size({"width": width, "height": 900})
        found += faults(page)
    return found
