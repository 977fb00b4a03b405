"""Read a whole sheet and work out what it would change, and all that is wrong with it."""

import datetime as dt
from collections.abc import Callable
from typing import IO

from accounts.models import User
from catalog.imports import page_writer, sheets
from catalog.imports.columns import NAMES
from catalog.imports.offer_plans import OfferPlanner
from catalog.imports.page_plans import PagePlanner
from catalog.imports.plans import Plan
from catalog.imports.sheets import Row

# How many products are looked at between two words about how far it got.
STEP = 500
Tell = Callable[[str, int, int], None]


def check(
    file: IO[bytes], name: str, *, by: User, at: dt.datetime, tell: Tell, was_checked: bool = False
) -> Plan:
    """Plan what a file would do; the plan holds every complaint, not just the first.

    :param was_checked: this very file was checked before and found right; what its new products
        say is not weighed again, which takes as long as all the rest.
    :param tell: is told what is being done, how much of it is done, and how much there is.
    :raises sheets.FileRefused: if the file cannot be read at all.
    """
    plan = Plan()
    rows = _read(file, name, plan, tell)
    plan.rows = len(rows)
    products = _by_product(rows)
    planner = PagePlanner(plan, by, was_checked)
    done = 0
    for some in page_writer.in_batches(list(products.items()), STEP):
        planner.plan_products(some)
        done += len(some)
        tell("Checking products", done, len(products))
    offers = OfferPlanner(plan, by, at, planner.planned)
    done = 0
    for part in page_writer.in_batches(rows, STEP):
        offers.plan_rows(part)
        done += len(part)
        tell("Checking offers", done, len(rows))
    plan.complaints.sort(key=lambda each: each.row)
    return plan


def _read(file: IO[bytes], name: str, plan: Plan, tell: Tell) -> list[Row]:
    sheet = sheets.read(file, name)
    unknown = [column for column in sheet.columns if column not in NAMES]
    for column in unknown:
        plan.complain(1, column[:60], "There is no such column. Take it out, or see the template.")
    if not {"sku", "product"} & set(sheet.columns):
        raise sheets.FileRefused("The first line must name the column “sku” or “product”.")
    rows = []
    for row in sheet.rows:
        plan.complaints.extend(row.complaints)
        rows.append(row)
        if len(rows) % (4 * STEP) == 0:
            tell("Reading", len(rows), 0)
    if not rows:
        raise sheets.FileRefused("There is no row below the heading.")
    return rows


def _by_product(rows: list[Row]) -> dict[str, list[Row]]:
    products: dict[str, list[Row]] = {}
    for row in rows:
        slug = row.cells.get("product")
        if slug is not None:
            products.setdefault(slug, []).append(row)
    return products
