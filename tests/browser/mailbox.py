"""The demo's outbox as a visitor reads it."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.visitor import Visitor
from tests.browser.waiting import until

_CODE = re.compile(r"your code to sign in is:\s+(\S+)")


def open_mail(visitor: Visitor, subject: str) -> Page:
    """Open the newest mail to this visitor with such a subject, as soon as it was sent."""
    row = visitor.page.get_by_role("navigation", name="Mails").get_by_role("link")

    def is_there() -> Locator | None:
        visitor.go("/demo/mail/")
        found = row.filter(has_text=subject).filter(has_text=visitor.email)
        return found.first if found.count() else None

    until(is_there).click()
    expect(visitor.page.get_by_role("heading", level=2, name=subject)).to_be_visible()
    return visitor.page


def sign_in_code(visitor: Visitor) -> str:
    """Read the code of the newest mail that was sent to sign this visitor in."""
    page = open_mail(visitor, "sign-in code")
    match = _CODE.search(page.locator("pre").first.text_content() or "")
    assert match, page.locator("pre").first.text_content()
    return match[1]


def sign_in(visitor: Visitor) -> None:
    """Sign a visitor in by the code in their mail."""
    visitor.go("/account/login/")
    visitor.page.get_by_label("E-mail address").fill(visitor.email)
    visitor.press("^Send me a code$")
    visitor.sees_heading("Type your sign-in code")
    code = sign_in_code(visitor)
    visitor.go("/account/login/code/confirm/")
    visitor.page.get_by_label("Code").fill(code)
    visitor.press("^Sign in$")
    visitor.page.wait_for_url("**/account/")


def link_in_mail(visitor: Visitor, subject: str, pattern: str) -> str:
    """Return an address of this shop out of a visitor's newest mail."""
    words = open_mail(visitor, subject).locator("pre").first.text_content() or ""
    found = re.search(rf"http://\S+{pattern}\S*", words)
    assert found, words
    return found[0]
