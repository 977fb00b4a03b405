"""A buyer's bank asks for money back: sessions freeze, the shop answers, and the bank decides."""

from collections.abc import Callable

import pytest

from tests.browser import waiting
from tests.browser.test_accessibility import faults
from tests.browser.visitor import PAID, SESSIONS, Visitor

pytestmark = pytest.mark.browser


def test_a_dispute_freezes_sessions_until_it_is_won_and_another_one_until_it_is_lost(
    visit: Callable[..., Visitor],
) -> None:
    buyer, manager = visit(), visit()
    buyer.takes_the_check()
    buyer.add(SESSIONS, "6 sessions")
    buyer.go("/checkout/")
    buyer.fill_in_details(address=False)
    buyer.press("^Order and pay")
    buyer.is_at_payment()
    buyer.pay()
    buyer.sees_heading(PAID)
    number = buyer.shop.backstage.only_order_of(buyer.email)["number"]
    [charge] = buyer.shop.stripe.charges_of(number)
    manager.sign_in("Manager", to=f"/admin/orders/?q={number}")
    page = manager.page
    page.get_by_role("row", name=number).get_by_role("link").first.click()

    bank = manager.new_tab()
    bank.page.goto(bank.shop.stripe.origin)
    row = bank.page.get_by_role("listitem").filter(has_text=charge["id"])
    row.get_by_role("button", name="Open dispute").click()
    _look_until(manager, "The buyer's bank disputes €420.00.")
    manager.sees("Unused sessions of 1 pass are frozen")
    found = faults(page)
    evidence = page.get_by_role("link", name="Evidence as PDF")
    paper = page.request.get(f"{manager.shop.origin}{evidence.get_attribute('href')}")
    assert paper.headers["content-type"] == "application/pdf"
    assert paper.body().startswith(b"%PDF-")

    bank.page.get_by_role("button", name="Close, won").first.click()
    _look_until(manager, "Sessions of 1 pass can be used again")
    manager.page.reload()  # The one before may have been read half before and half after.
    assert manager.page.get_by_text("The buyer's bank disputes").count() == 0

    row.get_by_role("button", name="Open dispute").click()
    _look_until(manager, "The buyer's bank disputes €420.00.")
    bank.page.get_by_role("button", name="Close, lost").first.click()
    _look_until(manager, "€420.00 is booked as gone")
    manager.sees("6 unused sessions are taken back")
    manager.sees("over €420.00 is lost.")
    found += faults(page)
    assert found == []


def _look_until(manager: Visitor, text: str) -> None:
    """Look at the order again until its worker has heard of what the bank did."""

    def sees() -> bool:
        manager.page.reload()
        return manager.page.get_by_text(text).count() > 0

    waiting.until(sees)
