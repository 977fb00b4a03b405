"""The door of the staff: a password, and the code that a phone would show."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

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
