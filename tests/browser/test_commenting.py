"""A reader comments, a moderator replies, and the reader is told."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.mailbox import open_mail
from tests.browser.test_accessibility import faults
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

ARTICLE = "/scalp-guide/how-to-read-an-ingredient-list/"
TALKED_OF = "/scalp-guide/microdermabrasion-on-the-scalp/"
# A person needs longer; a form that comes back sooner is shown once more.
WRITING_MS = 3_500


def write(visitor: Visitor, text: str, *, name: str = "Ana", wants_replies: bool = False) -> None:
    """Fill in the form below an article, or the one that checks it."""
    page = visitor.page
    page.get_by_label("Comment", exact=True).fill(text)
    page.get_by_label("Name", exact=True).fill(name)
    page.locator("#comment-email").fill(visitor.email)
    if wants_replies:
        page.get_by_label("Write to me when somebody replies").check()


def comment(visitor: Visitor, text: str, **fields: Any) -> None:
    """Send a comment from an article, by way of the check where there are no scripts."""
    visitor.shop.backstage.do("forget_tries")
    visitor.go(ARTICLE)
    page = visitor.page
    page.locator("#comment-form").scroll_into_view_if_needed()
    if visitor.scripts:
        expect(page.locator('input[name="stamp"]')).to_have_count(1)
    write(visitor, text, **fields)
    page.wait_for_timeout(WRITING_MS)
    visitor.press("^Send comment$")
    if not visitor.scripts:
        visitor.sees_heading("Check your comment")
        expect(page.get_by_label("Comment", exact=True)).to_have_value(text)
        page.wait_for_timeout(WRITING_MS)
        visitor.press("^Send comment$")


@pytest.mark.parametrize(
    ("scripts", "width"), [(True, PHONE), (False, DESKTOP)], ids=["scripts", "no-scripts"]
)
def test_a_reader_comments_a_moderator_replies_and_the_reader_is_told(
    visit: Callable[..., Visitor], scripts: bool, width: int
) -> None:
    reader = visit(scripts=scripts, width=width)
    words = f"Where in the list do I find the scent, with scripts {scripts}?"

    comment(reader, words, wants_replies=True)

    reader.sees_heading("Thank you for your comment")
    reader.sees("Awaiting review")
    if scripts:
        assert faults(reader.page) == []
        reader.go(ARTICLE)
        reader.page.locator("#comment-form").scroll_into_view_if_needed()
        reader.sees("Awaiting review")
        reader.sees(words)
        assert faults(reader.page) == []
    mail = open_mail(reader, "Do you want to hear of replies")
    link = re.search(
        r"http://\S+/comments/replies/\S+", mail.locator("pre").first.text_content() or ""
    )
    assert link
    reader.page.goto(link[0])
    reader.press("Yes, tell me of replies")
    reader.sees_heading("We tell you of replies")

    staff = visit()
    staff.sign_in("Marketer", to="/admin/comments/")
    staff.page.get_by_role("row").filter(has_text=words).get_by_role("link").first.click()
    staff.page.get_by_role("textbox", name="Reply").fill("Near its end, after the word parfum.")
    staff.press("^Approve and reply$")
    staff.sees("Your reply is public.")

    reader.go(ARTICLE)
    reader.sees(words)
    reader.sees("Near its end, after the word parfum.")
    reader.sees("Galea team")
    told = open_mail(reader, "A reply to your comment")
    assert "Near its end" in (told.locator("pre").first.text_content() or "")


def test_what_is_missing_is_said_with_the_focus_and_every_word_kept(
    visit: Callable[..., Visitor],
) -> None:
    reader = visit()
    reader.watch.expect(422)
    reader.go(ARTICLE)
    reader.page.get_by_label("Comment", exact=True).fill("Half a comment")

    reader.press("^Send comment$")

    summary = reader.page.get_by_role("alert").filter(has_text="There is a problem")
    expect(summary).to_be_focused()
    expect(reader.page.get_by_label("Comment", exact=True)).to_have_value("Half a comment")
    summary.get_by_role("link").first.click()
    expect(reader.page.get_by_label("Name", exact=True)).to_be_focused()
    assert faults(reader.page) == []


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_health_is_asked_in_private_and_read_by_clinical_roles(
    visit: Callable[..., Visitor], scripts: bool
) -> None:
    reader = visit(scripts=scripts)
    words = f"I have psoriasis on my scalp, may I come? {scripts}"

    comment(reader, words)
    reader.sees_heading("Is this about your own health?")
    if scripts:
        assert faults(reader.page) == []
    reader.page.get_by_label("I agree that the clinic").check()
    reader.press("Send to the clinic, in private")
    reader.sees_heading("Your question is with the clinic")

    reader.go(ARTICLE)
    assert words not in reader.page.content()


def test_more_comments_are_shown_in_place_and_by_an_address(visit: Callable[..., Visitor]) -> None:
    reader = visit()
    article = reader.shop.backstage.do("fill_comments", slug="sun-and-the-scalp", count=55)

    reader.go(article)
    shown = reader.page.locator("#comment-list > .comment")
    expect(shown).to_have_count(40)
    reader.page.get_by_role("link", name="Show more comments").click()
    expect(shown).to_have_count(55)

    plain = visit(scripts=False)
    plain.go(article)
    plain.page.get_by_role("link", name="Show more comments").click()
    expect(plain.page.locator("#comment-list > .comment")).to_have_count(15)
