"""The whole purchase: from a product page to the order on a staff member's screen."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser import mailbox
from tests.browser.visitor import PAID, SESSIONS, SESSIONS_SKU, WASH, WASH_SKU, Visitor

pytestmark = pytest.mark.browser

REFILL_SKU = "GAL-LFW-500R"


def test_a_guest_buys_reads_the_mail_signs_in_and_staff_see_the_order(
    visit: Callable[..., Visitor],
) -> None:
    """The shop's main job, with JavaScript: size, drawer, package, delivery, card, confirmation,
    mail, account, order desk."""
    visitor = visit()

    _put_a_refill_into_the_drawer(visitor)
    visitor.takes_the_check()
    visitor.add(SESSIONS, "6 sessions")
    visitor.choose_delivery("Standard", country="FR")
    visitor.page.get_by_role("link", name="Go to checkout").click()
    visitor.fill_in_details()
    visitor.press("^Order and pay €467.90$")
    visitor.is_at_payment()
    visitor.pay()

    visitor.sees_heading(PAID)
    visitor.sees("6 of 6 sessions left")
    order = visitor.shop.backstage.only_order_of(visitor.email)
    assert order["status"] == "PAID"
    assert order["lines"] == {REFILL_SKU: 1, SESSIONS_SKU: 1}
    assert order["sessions"] == 6
    assert len(visitor.shop.stripe.charges_of(order["number"])) == 1
    _reads_the_confirmation(visitor, order["number"])
    mailbox.sign_in(visitor)
    left = visitor.page.locator(".own-pass-left")
    expect(left).to_contain_text(re.compile(r"6\s+of 6 left"))
    visitor.page.get_by_role("link", name=re.compile(order["number"])).first.click()
    visitor.sees_heading(re.compile(order["number"]))
    _staff_find_it(visit(), visitor.email, order["number"])


def _put_a_refill_into_the_drawer(visitor: Visitor) -> None:
    """The drawer takes the focus, says what was added, and gives the focus back on Escape."""
    visitor.go(WASH)
    visitor.page.locator("label").filter(has_text="500 ml refill").click()
    button = visitor.page.get_by_role("button", name="Add to basket, €39.00")
    button.click()

    drawer = visitor.drawer
    expect(drawer.get_by_role("heading", name="Your basket")).to_be_focused()
    expect(drawer.get_by_role("status")).to_contain_text("Added: Low-Foam Daily Wash")
    visitor.page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    expect(button).to_be_focused()
    expect(visitor.page.get_by_role("link", name="Basket, 1 item")).to_be_visible()


def _reads_the_confirmation(visitor: Visitor, number: str) -> None:
    page = mailbox.open_mail(visitor, f"order {number} is paid")
    html = page.frame_locator("iframe")
    for fact in (number, "€467.90"):
        expect(html.get_by_text(fact).filter(visible=True).first).to_be_visible()
    text = page.locator("pre").first.text_content() or ""
    assert f"order {number}" in text
    assert "€467.90" in text


def _staff_find_it(staff: Visitor, buyer: str, number: str) -> None:
    staff.sign_in("Manager", to="/admin/orders/")
    for wanted in (number, buyer):
        staff.go(f"/admin/orders/?q={wanted}")
        row = staff.page.get_by_role("row").filter(has_text=number)
        expect(row).to_have_count(1)
        expect(row).to_contain_text("paid", ignore_case=True)
    staff.page.get_by_role("row").filter(has_text=number).get_by_role("link").first.click()
    expect(staff.page.get_by_role("heading", level=1, name=number)).to_be_visible()
    for panel in ("What was promised", "Mails", "Passes", "Timeline"):
        expect(staff.page.get_by_role("heading", name=panel)).to_be_visible()
    for fact in (REFILL_SKU, SESSIONS_SKU, "€467.90", buyer, f"order {number} is paid"):
        expect(staff.page.get_by_text(fact).first).to_be_visible()


def test_a_guest_buys_a_product_and_sessions_without_javascript(
    visit: Callable[..., Visitor],
) -> None:
    """Everything that buys works without a script: plain forms, plain links, one order paid."""
    visitor = visit(scripts=False)

    visitor.add(WASH)
    visitor.takes_the_check()
    visitor.add(SESSIONS, "6 sessions")
    visitor.choose_delivery("Standard")
    visitor.page.get_by_role("link", name="Go to checkout").click()
    visitor.fill_in_details()
    visitor.press("^Order and pay")
    visitor.is_at_payment()
    visitor.pay()

    visitor.sees_heading(PAID)
    visitor.sees("6 of 6 sessions left")
    order = visitor.shop.backstage.only_order_of(visitor.email)
    assert order["status"] == "PAID"
    assert order["lines"] == {WASH_SKU: 1, SESSIONS_SKU: 1}
    assert order["sessions"] == 6
    visitor.go("/basket/")
    visitor.sees("There is nothing in it yet.")
