"""The basket over time: prices that change, stock that goes, restarts, sign-in, odd numbers."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser import mailbox
from tests.browser.visitor import PAID, SESSIONS, SESSIONS_SKU, WASH, WASH_SKU, Visitor

pytestmark = pytest.mark.browser

SERUM = "/shop/soothe-and-moisturise/quiet-scalp-serum/"
SERUM_SKU = "GAL-QSS-50"
BALM = "/shop/soothe-and-moisturise/barrier-balm/"
BALM_SKU = "GAL-BRB-75"
CLARIFYING = "/shop/wash/pre-treatment-clarifying-wash/"
CLARIFYING_SKU = "GAL-CLW-200"
BRUSH = "/shop/tools-and-kits/soft-scalp-brush/"
BRUSH_SKU = "GAL-SSB-01"


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_a_changed_price_is_shown_before_it_is_paid(
    visit: Callable[..., Visitor], scripts: bool
) -> None:
    """R9: the buyer sees the new price and agrees to it; the order keeps what was agreed."""
    visitor = visit(scripts=scripts)
    visitor.add(SERUM, "50 ml")
    visitor.choose_delivery()
    visitor.go("/checkout/")
    visitor.fill_in_details(address=False)
    old = visitor.shop.backstage.do("change_price", sku=SERUM_SKU, price_minor=4150)
    try:
        visitor.watch.expect(409)
        visitor.press("^Order and pay €38.00$")
        visitor.sees("The total is now €41.50. Please check it and confirm once more.")
        assert visitor.shop.backstage.orders_of(visitor.email) == []
        visitor.go("/basket/")
        visitor.sees("Price changed from €38.00 to €41.50")
        visitor.order(address=False)
    finally:
        visitor.shop.backstage.do("change_price", sku=SERUM_SKU, price_minor=old)

    visitor.pay()
    visitor.sees_heading(PAID)
    order = visitor.shop.backstage.only_order_of(visitor.email)
    assert order["prices"] == {SERUM_SKU: 4150}
    assert order["paid_minor"] == 4150


def test_what_sold_out_meanwhile_is_told_and_not_ordered(visitor: Visitor) -> None:
    """R1: the last piece went to somebody else; the buyer is told which, nothing is ordered."""
    visitor.add(BALM, "75 ml")
    visitor.choose_delivery()
    visitor.go("/checkout/")
    visitor.fill_in_details(address=False)
    before = visitor.shop.backstage.free(BALM_SKU)
    visitor.shop.backstage.do("set_free", sku=BALM_SKU, free=0)
    try:
        visitor.watch.expect(409)
        visitor.press("^Order and pay")
        visitor.sees("Barrier Balm")
        expect(visitor.page.locator(".notices")).to_contain_text("Barrier Balm")
        assert visitor.shop.backstage.orders_of(visitor.email) == []
        visitor.go("/basket/")
        expect(visitor.line(BALM_SKU).get_by_role("alert")).to_be_visible()
        expect(visitor.page.get_by_role("link", name="Go to checkout")).to_be_hidden()
    finally:
        visitor.shop.backstage.do("set_free", sku=BALM_SKU, free=before)


def test_a_basket_survives_a_restart_of_the_shop(visitor: Visitor) -> None:
    """A basket is rows in the database: a new web process shows the same one."""
    visitor.add(WASH)
    visitor.add(SESSIONS, "6 sessions")

    visitor.shop.restart_web()

    visitor.go("/basket/")
    expect(visitor.line(WASH_SKU)).to_be_visible()
    expect(visitor.line(SESSIONS_SKU)).to_be_visible()
    visitor.sees("€448.90")


def test_baskets_merge_at_sign_in_and_say_what_did_not_fit(visit: Callable[..., Visitor]) -> None:
    """R26: a guest's basket joins the account's; what exceeds the stock is capped with a notice."""
    at_home = visit()
    on_the_way = visit()
    owner = on_the_way.email
    _sign_in(at_home, owner, reader=on_the_way)
    visitor = at_home
    visitor.shop.backstage.do("set_free", sku=BRUSH_SKU, free=3)
    at_home.add(BRUSH, "One brush")
    at_home.add(BRUSH, "One brush")
    on_the_way.add(BRUSH, "One brush")
    on_the_way.add(BRUSH, "One brush")
    on_the_way.add(WASH)

    _sign_in(on_the_way, owner, reader=on_the_way)

    on_the_way.sees("You had 4 of Soft Scalp Brush, One brush in two baskets; 3 is the most")
    on_the_way.go("/basket/")
    expect(on_the_way.line(BRUSH_SKU).get_by_role("spinbutton")).to_have_value("3")
    expect(on_the_way.line(WASH_SKU).get_by_role("spinbutton")).to_have_value("1")
    at_home.go("/basket/")
    expect(at_home.line(BRUSH_SKU).get_by_role("spinbutton")).to_have_value("3")


def _sign_in(visitor: Visitor, email: str, *, reader: Visitor) -> None:
    """Sign in by a code that `reader` finds in the outbox."""
    tab = reader.new_tab()
    visitor.go("/account/login/")
    visitor.page.get_by_label("E-mail address").fill(email)
    visitor.press("^Send me a code$")
    visitor.sees_heading("Type your sign-in code")
    visitor.page.get_by_label("Code").fill(mailbox.sign_in_code(tab))
    visitor.press("^Sign in$")
    visitor.page.wait_for_url("**/account/")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_what_was_removed_can_be_put_back(visit: Callable[..., Visitor], scripts: bool) -> None:
    """Remove asks nothing and offers a way back, with the quantity that was there."""
    visitor = visit(scripts=scripts)
    visitor.add(CLARIFYING, "200 ml")
    visitor.go("/basket/")
    _type_quantity(visitor, CLARIFYING_SKU, "2")
    visitor.sees("€44.00")

    visitor.press("^Remove")
    visitor.sees("was taken out.")
    visitor.sees("There is nothing in it yet.")
    visitor.press("^Put it back$")

    expect(visitor.line(CLARIFYING_SKU).get_by_role("spinbutton")).to_have_value("2")
    visitor.sees("€44.00")


@pytest.mark.parametrize("typed", ["0", "-1", "1000000000", "1.5"])
def test_an_impossible_quantity_is_refused_and_changes_nothing(
    visit: Callable[..., Visitor], typed: str
) -> None:
    """R8: a clear word at the field, and the basket as it was."""
    visitor = visit(scripts=False)
    visitor.add(WASH)
    visitor.go("/basket/")
    # A browser would not even send it; a buyer's older browser does.
    visitor.watch.expect(422)
    visitor.page.locator("form").evaluate_all("forms => forms.forEach(f => f.noValidate = true)")

    _type_quantity(visitor, WASH_SKU, typed)

    expect(visitor.line().get_by_role("alert")).to_contain_text("from 1 to 99")
    expect(visitor.line().get_by_role("spinbutton")).to_have_value(typed)
    visitor.go("/basket/")
    expect(visitor.line().get_by_role("spinbutton")).to_have_value("1")
    visitor.sees("€24.00")


def _type_quantity(visitor: Visitor, sku: str, typed: str) -> None:
    field = visitor.line(sku).get_by_role("spinbutton")
    field.fill(typed)
    if visitor.scripts:
        field.press("Tab")
    else:
        visitor.line(sku).get_by_role("button", name="Update").click()
