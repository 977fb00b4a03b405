"""The admin's calendars, choosers and panels work under a policy that refuses scripts in pages.

Whatever the policy refuses stands in the console, and `watching.py` fails the test over it.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser


def test_calendars_choosers_and_rows_work_without_scripts_in_pages(
    visit: Callable[..., Visitor],
) -> None:
    boss = visit()
    page = boss.page
    boss.sign_in("Owner", to="/admin/reports/site-history/")
    page.get_by_role("button", name="Show filters").click()
    page.get_by_role("button", name="Date", exact=True).click()
    page.get_by_placeholder("Date from").click()
    expect(page.locator(".xdsoft_datetimepicker:visible")).to_have_count(1)

    boss.go("/admin/redirects/add/")
    page.get_by_role("button", name="Choose a page").click()
    page.get_by_role("textbox", name="Search term").fill("Low-foam")
    page.get_by_role("link", name="Low-foam daily wash").click()
    expect(page.locator("#id_redirect_page")).not_to_have_value("")

    boss.go("/admin/searchpicks/add/")
    page.get_by_role("button", name="Choose from popular search terms").click()
    expect(page.get_by_role("heading", name="Popular search terms")).to_be_visible()
    page.get_by_role("button", name="Close").last.click()
    page.get_by_role("button", name="Add a recommended result").click()
    # What starts the chooser of a new row came with the row.
    page.get_by_role("button", name="Choose a page").click()
    expect(page.get_by_role("heading", name="Choose a page")).to_be_visible()

    boss.go("/admin/images/1/")
    expect(page.locator(".jcrop-holder")).to_be_visible()
