"""Staff import a thousand products, see them in the shop, and take them back."""

import csv
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser
PRODUCTS = 1_000
# The worker shares the machine with everything else that runs.
LONGEST_MS = 240_000
CHECK, APPLIED, UNDONE = "Checked, waiting for you", "Applied", "Undone"


def sheet(count: int, **cells: str) -> bytes:
    """Write a sheet of new products in the demo's category of washes."""
    rows = [
        {
            "product": f"imported-{number:04}",
            "category": "wash",
            "status": "live",
            "title": f"Imported wash {number:04}",
            "benefit": "Cleans without stripping.",
            "sku": f"IMP-{number:04}",
            "label": "250 ml",
            "content": "250",
            "unit": "ML",
            "price": "12.50",
            "stock": "7",
            **cells,
        }
        for number in range(count)
    ]
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


@pytest.fixture
def manager(visit: Callable[..., Visitor]) -> Visitor:
    """The manager of the demo shop, signed in, in front of the list of imports."""
    staff = visit()
    return _signed_in(staff)


def _signed_in(staff: Visitor) -> Visitor:
    staff.sign_in("Manager", to="/admin/imports/")
    return staff


def _upload(staff: Visitor, content: bytes, name: str = "spring.csv") -> None:
    staff.go("/admin/imports/new/")
    file: Any = {"name": name, "mimeType": "text/csv", "buffer": content}
    staff.page.get_by_label("File").set_input_files(file)
    staff.page.get_by_role("button", name="Check the file").click()
    staff.page.wait_for_url(re.compile(r"/admin/imports/inspect/\d+/"))


def _reaches(page: Page, status: str) -> None:
    heading = page.get_by_role("heading", name=status, exact=True)
    expect(heading).to_be_visible(timeout=LONGEST_MS)


def test_a_thousand_products_are_imported_and_taken_back(
    manager: Visitor, visit: Callable[..., Visitor]
) -> None:
    page = manager.page
    _upload(manager, sheet(PRODUCTS))
    _reaches(page, CHECK)
    expect(page.locator(".import-counts")).to_contain_text("products added")
    expect(page.locator(".import-counts")).to_contain_text("1,000")

    page.get_by_role("button", name="Apply 1,000 rows").click()
    _reaches(page, APPLIED)

    buyer = visit()
    buyer.go("/shop/wash/imported-0999/")
    buyer.sees_heading("Imported wash 0999")

    page.get_by_text("Undo this import…").click()
    page.get_by_role("button", name="Undo all of it").click()
    _reaches(page, UNDONE)
    manager.sees("1,000 added products deleted")
    buyer.watch.expect(404)
    buyer.go("/shop/wash/imported-0999/")
    expect(buyer.page).to_have_title(re.compile("This page is not here"))


def test_a_wrong_cell_is_named_and_nothing_changes(manager: Visitor) -> None:
    _upload(manager, sheet(3, price="twelve"), "wrong.csv")

    _reaches(manager.page, "Refused")
    rows = manager.page.get_by_role("row")
    expect(rows.filter(has_text="price").first).to_contain_text("Type an amount such as 24.00.")
    expect(manager.page.get_by_role("button", name=re.compile("^Apply"))).to_have_count(0)
    manager.watch.expect(404)
    manager.go("/shop/wash/imported-0001/")
    assert manager.page.url.endswith("/shop/wash/imported-0001/")


def test_an_import_works_without_javascript(visit: Callable[..., Visitor]) -> None:
    staff = _signed_in(visit(scripts=False))
    _upload(staff, sheet(2, product="one-of-two", sku="ONE-OF-TWO"), "twice.csv")

    # Without a script the page asks again by itself every few seconds.
    _reaches(staff.page, "Refused")
    expect(staff.page.get_by_role("row").filter(has_text="sku").first).to_contain_text(
        "Row 2 has it already."
    )
