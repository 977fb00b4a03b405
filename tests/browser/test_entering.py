"""The door of the staff: a password, and the code that a phone would show, or a passkey."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.test_accessibility import faults
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser


def test_a_newcomer_gets_into_the_demo_s_admin(visit: Callable[..., Visitor]) -> None:
    """R23: without a script, and with the code that the demo shows in place of a phone."""
    packer = visit(scripts=False)
    email, password = packer.shop.logins["Fulfilment"]
    packer.go("/account/login/?next=/admin/orders/packing/")
    packer.page.get_by_label("E-mail address").fill(email)
    packer.page.get_by_label("Password").fill(password)
    packer.press("^Sign in with the password$")
    packer.sees_heading("Your second factor")
    with packer.context.expect_page() as opened:
        packer.page.get_by_role("link", name="see the codes of its staff").click()
    row = opened.value.get_by_role("row").filter(has_text=email)
    code = row.get_by_role("cell").inner_text()

    packer.page.get_by_label("Code").fill(code)
    packer.press("^Sign in$")

    expect(packer.page).to_have_url(re.compile("/admin/orders/packing/$"))


def test_a_passkey_is_added_and_lets_in(visit: Callable[..., Visitor]) -> None:
    """R23: by a device that Chromium makes up, which answers as one of steel would."""
    seller = visit()
    page = seller.page
    devices = seller.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    made_up = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True}
    made_up |= {"hasUserVerification": True, "isUserVerified": True}
    added = devices.send("WebAuthn.addVirtualAuthenticator", {"options": made_up})
    seller.sign_in("Front desk", to="/account/second-factor/")
    page.get_by_role("link", name="Add a passkey").click()
    found = faults(page)
    page.get_by_label("Name").fill("Laptop at the desk")
    seller.press("^Add it$")
    seller.sees("Laptop at the desk")
    found += faults(page)

    page.context.clear_cookies()
    email, password = seller.shop.logins["Front desk"]
    seller.go("/account/login/?next=/admin/orders/")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(password)
    seller.press("^Sign in with the password$")
    present = {"authenticatorId": added["authenticatorId"]}
    devices.send("WebAuthn.setUserVerified", present | {"isUserVerified": False})
    seller.press("^Use my passkey$")
    seller.sees("That did not work, or was cancelled. Try again.")
    found += faults(page)
    devices.send("WebAuthn.setUserVerified", present | {"isUserVerified": True})
    seller.press("^Use my passkey$")

    expect(page).to_have_url(re.compile("/admin/orders/$"))
    assert found == []
