"""The files over many orders that staff can ask for, and how the worker makes each."""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Final

from django.db.models import Q, QuerySet
from django.http import QueryDict

from checkout import papers
from checkout.invoices import issuing, pdf
from checkout.invoices.content import Content
from checkout.models import Invoice, Order
from checkout.print_runs import gift_notes_pdf, slips_pdf
from checkout.viewsets.order_list import EXPORTED, orders_named
from cms.downloads.kinds import Kind, Piece
from cms.inert_export import inert

SLIPS: Final = "order-slips"
GIFT_NOTES: Final = "order-gift-notes"
INVOICES: Final = "order-documents"
LIST: Final = "order-list"
MOST_ON_PAPER: Final = 200
ROWS_A_PIECE: Final = 1_000
# So many documents are drawn between two looks at how far it is.
_STEP: Final = 5


def _slips(asked: str) -> Iterator[Piece]:
    orders = papers.with_items(orders_named(QueryDict(asked)))
    yield Piece(b"", 0, len(orders))
    yield from slips_pdf.drawn(papers.slips(orders))


def _gift_notes(asked: str) -> Iterator[Piece]:
    orders = orders_named(QueryDict(asked)).exclude(gift_note="").order_by("placed_at", "pk")
    found = list(orders[:MOST_ON_PAPER])
    yield Piece(b"", 0, len(found))
    yield Piece(gift_notes_pdf.drawn(found), len(found), len(found))


def _invoices(asked: str) -> Iterator[Piece]:
    orders = orders_named(QueryDict(asked)).order_by("placed_at", "pk")
    ids = list(orders.values_list("pk", flat=True)[:MOST_ON_PAPER])
    documents = list(Invoice.objects.filter(order__in=ids).order_by("pk"))
    yield Piece(b"", 0, len(documents))
    sheets = pdf.Together()
    for number, document in enumerate(documents, start=1):
        sheets.add(Content.from_json(document.content), issuing.buyer_of(document))
        if number % _STEP == 0:
            yield Piece(b"", number, len(documents))
    yield Piece(sheets.drawn(), len(documents), len(documents))


def _list(asked: str) -> Iterator[Piece]:
    """Write the list as its own export does, however long it is."""
    orders = orders_named(QueryDict(asked))
    total, done = orders.order_by().count(), 0
    yield Piece(_lines([list(EXPORTED)]), 0, total)
    for page in _pages(orders.prefetch_related("tags").order_by("-placed_at", "-pk")):
        rows = [[inert(tell(order)) for tell in EXPORTED.values()] for order in page]
        done += len(rows)
        yield Piece(_lines(rows), done, max(done, total))


def _pages(orders: QuerySet[Order]) -> Iterator[list[Order]]:
    """Yield orders page by page, the newest first, each where the last one ended."""
    page = list(orders[:ROWS_A_PIECE])
    while page:
        yield page
        last = page[-1]
        older = Q(placed_at__lt=last.placed_at) | Q(placed_at=last.placed_at, pk__lt=last.pk)
        page = list(orders.filter(older)[:ROWS_A_PIECE])


def _lines(rows: Sequence[Sequence[object]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


KINDS: Final = (
    Kind(
        SLIPS,
        f"Packing slips, {MOST_ON_PAPER} orders at most",
        "packing-slips.pdf",
        "application/pdf",
        "checkout.view_order",
        _slips,
    ),
    Kind(
        GIFT_NOTES,
        f"Gift notes, {MOST_ON_PAPER} orders at most",
        "gift-notes.pdf",
        "application/pdf",
        "checkout.view_order",
        _gift_notes,
    ),
    Kind(
        INVOICES,
        f"Invoices and credit notes, {MOST_ON_PAPER} orders at most",
        "documents.pdf",
        "application/pdf",
        "checkout.view_order",
        _invoices,
    ),
    Kind(
        LIST,
        "The list of orders as CSV",
        "orders.csv",
        "text/csv; charset=utf-8",
        "checkout.view_order",
        _list,
    ),
)
