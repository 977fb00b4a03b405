"""Somebody orders on the telephone: the desk fills the basket, the buyer pays behind a link."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser import mailbox
from tests.browser.test_accessibility import faults
from tests.browser.visitor import PAID, PAYS, WASH_MINOR, Visitor

pytestmark = pytest.mark.browser

WASH_BARCODE = "2041700001018"


def test_an_order_on_the_telephone_is_paid_by_its_link(visit: Callable[..., Visitor]) -> None:
    seller, buyer = visit(), visit()
    page = seller.page
    seller.sign_in("Front desk", to="/admin/orders/for-customer/")
    found = faults(page)
    page.get_by_label("Full name").fill("Ada Lindqvist")
    page.get_by_label("E-mail address", exact=True).fill(buyer.email)
    seller.press("^Begin the order$")

    page.get_by_label("Scan a barcode").fill(WASH_BARCODE)
    page.keyboard.press("Enter")
    expect(page.get_by_role("row", name="Low-Foam Daily Wash, 250 ml")).to_be_visible()
    found += faults(page)
    page.get_by_label("Pick up at the clinic").check()
    seller.press("^Choose this delivery$")
    page.get_by_label("I told Ada Lindqvist").check()
    seller.press("^Place the order")
    seller.sees(f"The link to pay is on its way to {buyer.email}.")

    mail = mailbox.open_mail(buyer, "look at it and pay")
    link = mail.locator("pre").first.text_content() or ""
    buyer.page.goto(next(word for word in link.split() if "/orders/" in word))
    buyer.press("^Pay")
    buyer.pay(PAYS)
    buyer.sees_heading(PAID)

    order = buyer.shop.backstage.only_order_of(buyer.email)
    assert (order["status"], order["paid_minor"]) == ("PAID", WASH_MINOR)
    assert found == []
