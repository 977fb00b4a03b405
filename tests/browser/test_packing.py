"""Somebody packs without a mouse: a scanner types, and Tab and Enter do the rest."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.test_accessibility import faults
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

BALM, BRUSH = "GAL-BRB-75", "GAL-SSB-01"
BUYER = "Tobias Brandt"


def test_an_order_leaves_in_two_parcels_by_keyboard(visit: Callable[..., Visitor]) -> None:
    packer = visit()
    page = packer.page
    packer.sign_in("Fulfilment", to="/admin/orders/packing/")
    found = faults(page)
    number = page.get_by_role("row", name=BUYER).get_by_role("link").inner_text()

    scan(packer, number)
    expect(page.get_by_text(BUYER)).to_be_visible()
    found += faults(page)
    scan(packer, "4000000000000")
    expect(page.locator("[data-said]")).to_have_text("4000000000000 is not in this order.")
    scan(packer, BALM)
    expect(page.locator("[data-said]")).to_have_text("1 of 1 × Barrier Balm, 75 ml")
    scan(packer, BALM)
    expect(page.locator("[data-said]")).to_contain_text("Enough: 1 of Barrier Balm")
    press(packer, "Pack and hand over")

    expect(page.get_by_text(f"Parcel {number}/1 is packed and handed over.")).to_be_visible()
    scan(packer, BRUSH)
    expect(page.locator("[data-said]")).to_contain_text("1 of 1 × Soft Scalp Brush")
    press(packer, "Pack and hand over")

    expect(page.get_by_text(f"Parcel {number}/2 is packed and handed over.")).to_be_visible()
    packer.go(f"/admin/orders/?q={number}")
    expect(page.get_by_role("row", name=number)).to_contain_text("Nothing: it is on its way")
    assert found == []


def scan(packer: Visitor, code: str) -> None:
    """Type as a scanner does: into the field that has the focus, with Enter at the end."""
    field = packer.page.locator(".packing__scan input[type=text]")
    expect(field).to_be_focused()
    packer.page.keyboard.type(code)
    packer.page.keyboard.press("Enter")


def press(packer: Visitor, label: str) -> None:
    """Go to a button by Tab and press it."""
    button = packer.page.get_by_role("button", name=label)
    for _ in range(20):
        packer.page.keyboard.press("Tab")
        if button.evaluate("each => each === document.activeElement"):
            packer.page.keyboard.press("Enter")
            return
    pytest.fail(f"{label} is not reached by Tab.")
