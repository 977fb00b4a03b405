"""A guest without an account and without JavaScript withdraws, and gets the money back."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser import mailbox
from tests.browser.conftest import PHONE
from tests.browser.test_accessibility import faults
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser


def test_a_guest_withdraws_in_two_steps_and_is_paid_back(visit: Callable[..., Visitor]) -> None:
    guest, manager = visit(scripts=False, width=PHONE), visit()
    guest.buys()
    order = guest.shop.backstage.only_order_of(guest.email)

    guest.go("/")
    guest.page.get_by_role("link", name="Withdraw from a contract").click()
    guest.page.get_by_label("Order number").fill(order["number"].lower())
    guest.page.get_by_label("E-mail address").fill(guest.email)
    guest.press("^Continue$")
    guest.sees_heading("Confirm withdrawal")
    guest.press("^Confirm withdrawal$")
    guest.sees_heading("We have received your statement")
    receipt = mailbox.open_mail(guest, "We have received your withdrawal")
    expect(receipt.locator("pre").first).to_contain_text("1 × Low-Foam Daily Wash")

    manager.sign_in("Manager", to=f"/admin/orders/?q={order['number']}")
    page = manager.page
    page.get_by_role("row", name=order["number"]).get_by_role("link").first.click()
    manager.sees("The buyer withdraws")
    found = faults(page)
    manager.press("^Accept, and look at the amount$")
    manager.sees("€24.00 would go back")
    found += faults(page)
    page.get_by_label("Why, for staff").fill("Withdrawn")
    manager.press("^Yes, pay back")
    manager.sees("is on its way")

    mailbox.open_mail(guest, "Your refund for order")
    assert guest.shop.backstage.only_order_of(guest.email)["status"] == "REFUNDED"
    assert found == []
