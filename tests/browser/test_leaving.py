"""A customer opens an account, takes the data along and leaves for good, without a script."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser import mailbox
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser


def test_a_customer_takes_the_data_along_and_leaves_without_javascript(
    visit: Callable[..., Visitor],
) -> None:
    """R43"""
    visitor = visit(scripts=False)
    visitor.go("/account/login/")
    visitor.page.get_by_label("E-mail address").fill(visitor.email)
    visitor.press("^Send me a code$")
    code = mailbox.sign_in_code(visitor)
    visitor.go("/account/login/code/confirm/")
    visitor.page.get_by_label("Code").fill(code)
    visitor.press("^Sign in$")

    visitor.go("/account/privacy/")
    with visitor.page.expect_download() as waiting:
        visitor.press("^Download my data$")
    with zipfile.ZipFile(io.BytesIO(Path(waiting.value.path()).read_bytes())) as packed:
        assert visitor.email in packed.read("data.html").decode()

    visitor.page.get_by_role("link", name="Delete my account").click()
    visitor.sees_heading("What stays")
    visitor.page.get_by_role("link", name="Go on").click()
    visitor.page.get_by_label("Your e-mail address").fill(visitor.email)
    visitor.press("^Delete my account for good$")

    visitor.sees_heading("Your account is deleted")
    mailbox.open_mail(visitor, "Your account has been deleted")
    visitor.go("/account/")
    assert visitor.path == "/account/login/"
