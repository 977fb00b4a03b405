"""An article's way: written, reviewed by a link, planned, live by itself, answered, moderated."""

import contextlib
import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as NotInTime

from tests.browser.test_accessibility import faults
from tests.browser.test_commenting import WRITING_MS, write
from tests.browser.test_guide import link_in_mail
from tests.browser.visitor import Visitor
from tests.browser.waiting import until

pytestmark = pytest.mark.browser

TITLE = "Which comb suits which hair"
SLUG = "which-comb-suits-which-hair"
INTRO = "A comb with wide teeth pulls least. Wet hair stretches, so comb it from the tips up."
TEXT = "Begin 5 cm above the tips. Go up once the comb passes without a pull."
CLAIM = "This comb regrows hair."
PRODUCT = "Low-foam daily wash"
LOOK_AGAIN_MS = 3_000
ASKED = "Does this hold for curls?"


def test_an_article_is_written_reviewed_and_goes_live_at_its_moment(
    visit: Callable[..., Visitor],
) -> None:
    writer, doctor, reader = visit(), visit(), visit()
    backstage = writer.shop.backstage
    # What Wagtail was saving by itself while a button was pressed comes too late.
    writer.watch.expect(400)
    _write(writer)
    _counts_a_claim(writer.page)
    writer.press("^Ask for clinical review$")
    writer.page.get_by_label("Reviewer").select_option(label="Dr Ines Albrecht")
    writer.page.get_by_label("Message").fill("Is 5 cm right?")
    writer.press("^Ask for clinical review$")
    writer.page.wait_for_url("**/edit/")
    edit = writer.path

    doctor = replace(doctor, email="ines.albrecht@galea.example")
    doctor.page.goto(link_in_mail(doctor, TITLE, "/review/"))
    doctor.sees("Is 5 cm right?")
    assert faults(doctor.page) == []
    doctor.page.get_by_label("Your name").fill("Dr Ines Albrecht")
    doctor.press("^Approve this article$")
    doctor.sees_heading("Thank you")

    writer.go(edit)
    writer.sees("Approved by Dr Ines Albrecht")
    _plan(writer.page)
    address = f"/scalp-guide/{SLUG}/"
    reader.watch.expect(404)
    reader.go(address)
    assert TITLE not in reader.page.content()

    # The worker may be at it as well: whoever publishes it, it is there.
    until(lambda: backstage.do("let_its_moment_come", slug=SLUG))

    reader.go(address)
    reader.sees_heading(TITLE)
    reader.sees("Dr Ines Albrecht")
    expect(reader.page.locator("aside.sold-here").filter(has_text=PRODUCT)).to_be_visible()
    _comment(reader)
    reader.go(address)
    writer.go("/admin/comments/")
    writer.page.get_by_role("row").filter(has_text=ASKED).get_by_role("link").first.click()
    writer.press("^Approve$")

    other = visit(scripts=False)
    other.go(address)
    other.sees(ASKED)


def _write(writer: Visitor) -> None:
    """Go the way of docs/writing.md: a text and a product, who wrote it, and how it looks."""
    writer.sign_in("Marketer", to="/admin/")
    page = writer.page
    page.get_by_role("button", name="Guide", exact=True).click()
    page.get_by_role("link", name="Articles", exact=True).click()
    page.get_by_role("link", name="Add article").first.click()
    page.locator("#id_title").fill(TITLE)
    page.locator("#id_intro").fill(INTRO)
    body = page.locator("#panel-child-content-body-section")
    _insert(page, "Text")
    body.locator("[contenteditable=true]").first.click()
    page.keyboard.type(TEXT)
    _insert(page, "Product")
    body.get_by_role("button", name="Choose a page (Product page)").click()
    page.get_by_role("textbox", name="Search term").fill(PRODUCT)
    page.get_by_role("link", name=PRODUCT).click()
    expect(body.get_by_text(PRODUCT).first).to_be_visible()
    page.get_by_role("tab", name="Promote").click()
    page.locator("#id_search_description").fill(INTRO)
    page.get_by_role("button", name="Choose a person").click()
    page.get_by_role("link", name="Maren Holt").click()
    expect(page.locator("#id_author")).not_to_have_value("")
    page.get_by_role("tab", name="Content").click()
    page.locator('[data-side-panel-toggle="preview"]').click()
    page.get_by_label("Preview in mobile size").check(force=True)
    shown = page.frame_locator("#w-preview-iframe")
    expect(shown.get_by_role("heading", level=1, name=TITLE)).to_be_visible()
    expect(shown.locator("aside.sold-here").filter(has_text=PRODUCT)).to_be_visible()


def _insert(page: Page, block: str) -> None:
    body = page.locator("#panel-child-content-body-section")
    body.get_by_role("button", name="Insert a block").last.click()
    page.get_by_role("option", name=block, exact=True).click()


def _counts_a_claim(page: Page) -> None:
    """Open the checks: words are counted, and one more issue while a claim is made."""
    panel = page.locator('[data-side-panel="checks"]')
    issues = panel.locator("[data-content-checker-count]")
    toggle = page.locator('[data-side-panel-toggle="checks"]')
    toggle.click()
    expect(panel.locator("[data-content-word-count]")).to_have_text(re.compile(r"^\d+$"))
    expect(issues).to_have_text("0")
    _say_until(page, f"{INTRO} {CLAIM}", panel.get_by_text("1 sentence must change"))
    expect(issues).to_have_text("1")
    expect(toggle.locator("[data-side-panel-toggle-counter]")).to_have_text("1")
    _say_until(page, INTRO, panel.get_by_text("No sentence promises more than care can do."))
    expect(issues).to_have_text("0")


def _say_until(page: Page, words: str, shown: Locator) -> None:
    """Write an introduction until its preview was checked, as somebody does who types on.

    What is typed in the moment in which Wagtail saves by itself is looked at with the next key.
    """

    def is_shown() -> bool:
        page.locator("#id_intro").press_sequentially(" ")
        with contextlib.suppress(NotInTime):
            shown.wait_for(timeout=LOOK_AGAIN_MS)
        return shown.is_visible()

    page.locator("#id_intro").fill(words)
    until(is_shown)
    page.locator("#id_intro").fill(words)


def _plan(page: Page) -> None:
    """Set the moment at which it goes live, and publish: it is planned, not shown."""
    page.locator('[data-side-panel-toggle="status"]').click()
    page.get_by_role("button", name=re.compile("Set schedule")).click()
    page.locator("#id_go_live_at").fill("2099-01-05 09:00")
    # With the pointer, the calendar that opened would be in the way.
    with page.expect_navigation():
        page.get_by_role("button", name="Save schedule").press("Enter")
    plan = page.get_by_role("button", name="Schedule to publish")
    plan.first.click()
    overtaken = page.get_by_role("dialog").filter(has_text="in another window")

    def is_planned() -> bool:
        if overtaken.is_visible():
            overtaken.get_by_role("button", name="Schedule to publish").click()
        return page.get_by_text("has been scheduled for publishing").is_visible()

    until(is_planned)


def _comment(reader: Visitor) -> None:
    reader.shop.backstage.do("forget_tries")
    reader.page.locator("#comment-form").scroll_into_view_if_needed()
    expect(reader.page.locator('input[name="stamp"]')).to_have_count(1)
    write(reader, ASKED)
    reader.page.wait_for_timeout(WRITING_MS)
    reader.press("^Send comment$")
    reader.sees_heading("Thank you for your comment")
