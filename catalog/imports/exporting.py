"""Write products, offers, prices and stock as a sheet that can be imported again."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import IO

from django.db.models import QuerySet
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from catalog.imports import facts, indexing, offer_plans
from catalog.imports.columns import ALL, FACT_NAMES, NAMES
from catalog.imports.sheets import as_cell
from catalog.models import CategoryPage, Offer, ProductPage

BATCH = 250
# A workbook is built in one go; beyond this many products only CSV is offered.
MOST_IN_A_WORKBOOK = 20_000


class TooManyForAWorkbook(ValueError):
    """A workbook would take too long to write; CSV has no limit."""

    def __init__(self) -> None:
        super().__init__(f"More than {MOST_IN_A_WORKBOOK:,} products: choose CSV.")


def rows(pages: QuerySet[ProductPage] | None = None) -> Iterator[list[str]]:
    """Yield the heading, then a row for each offer, or one for a product without any."""
    yield list(NAMES)
    chosen = ProductPage.objects.all() if pages is None else pages
    ids = list(chosen.order_by("path").values_list("pk", flat=True))
    categories = {page.path: page.slug for page in CategoryPage.objects.all()}
    for start in range(0, len(ids), BATCH):
        some = indexing.load(ids[start : start + BATCH])
        offers = _offers(some)
        for page in some:
            cells = _page_cells(page, categories)
            for offer in offers.get(page.pk, [None]):
                own = {**cells, **(_offer_cells(offer) if offer else {})}
                yield [as_cell(own.get(name, "")) for name in NAMES]
                # The facts stand in the first row of a product only.
                cells = {"product": page.slug}


def template_rows() -> Iterator[list[str]]:
    """Yield the heading and two examples: one product in two sizes."""
    yield list(NAMES)
    yield [as_cell(column.example) for column in ALL]
    yield [as_cell(column.example_of_sibling) for column in ALL]


def as_csv(lines: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """Write lines as CSV that spreadsheets read as UTF-8."""
    yield b"\xef\xbb\xbf"
    for line in lines:
        text = io.StringIO()
        csv.writer(text).writerow(line)
        yield text.getvalue().encode()


def as_workbook(lines: Iterable[Sequence[str]], file: IO[bytes]) -> None:
    """Write lines as a workbook whose cells are all texts, with a second sheet that explains.

    :raises TooManyForAWorkbook: beyond `MOST_IN_A_WORKBOOK` products.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Products")
    sheet.freeze_panes = "B2"
    for number, line in enumerate(lines):
        cells = [WriteOnlyCell(sheet, value=value or None) for value in line]
        for cell in cells:
            # Never a formula, whatever it begins with.
            cell.data_type = "s" if cell.value is not None else cell.data_type
            cell.font = _HEADING if number == 0 else _BODY
        sheet.append(cells)
    _explain(book)
    book.save(file)


_HEADING, _BODY = Font(bold=True), Font()


def _explain(book: Workbook) -> None:
    sheet = book.create_sheet("Columns")
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 24, 90
    sheet.append(["Column", "What it says"])
    for column in ALL:
        sheet.append([column.name, column.about])


def _offers(pages: Sequence[ProductPage]) -> dict[int, list[Offer | None]]:
    found: dict[int, list[Offer | None]] = {}
    offers = Offer.objects.filter(page__in=[page.pk for page in pages]).with_stock()
    for offer in offers.order_by("sort_order", "pk"):
        found.setdefault(offer.page_id or 0, []).append(offer)
    return found


def _page_cells(page: ProductPage, categories: dict[str, str]) -> dict[str, str]:
    return {
        "product": page.slug,
        "category": categories.get(page.path[: -page.steplen], ""),
        "status": "live" if page.live else "draft",
        **{name: facts.read(page, name) for name in FACT_NAMES},
    }


def _offer_cells(offer: Offer) -> dict[str, str]:
    cells = {
        "sku": offer.sku,
        **{name: offer_plans.read(offer, name) for name in offer_plans.FIELDS},
        "price": str(offer.price.decimal()),
        "reduction": "no" if offer.lowest_before_minor is None else "yes",
    }
    stock = getattr(offer, "stock", None)
    if stock is not None:
        cells |= {
            "stock": str(stock.on_hand),
            "stock_was": str(stock.on_hand),
            "low_from": str(stock.low_from),
            "back_order_limit": str(stock.back_order_limit),
            "back_order_days": str(stock.back_order_days),
        }
    return cells
