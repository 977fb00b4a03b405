"""Where documents and what they were written for say different things, in words."""

from collections.abc import Iterator
from typing import Final

from django.db.models import Count, F, Max, Q

from checkout.invoices import issuing
from checkout.invoices.content import Content
from checkout.models import Invoice, InvoiceCounter, InvoiceKind

# So many of the newest documents are read whole; of all others the sums alone.
READ_WHOLE: Final = 500


def found() -> Iterator[str]:
    """Yield every contradiction; what is merely due yields nothing while nobody may issue it."""
    yield from _missing()
    yield from _other_sums()
    yield from _gaps()
    yield from _changed()


def _missing() -> Iterator[str]:
    try:
        issuing.seller_now()
    except issuing.SellerUnknown:
        return
    for number in issuing.orders_due().order_by("pk").values_list("number", flat=True):
        yield f"Order {number}: paid, and has no invoice"
    refunds = issuing.refunds_due().order_by("pk")
    for number, key in refunds.values_list("order__number", "idempotency_key"):
        yield f"Order {number}: refund {key} arrived, and has no credit note"


def _other_sums() -> Iterator[str]:
    invoices = Invoice.objects.filter(kind=InvoiceKind.INVOICE)
    same = Q(gross_minor=F("order__total_minor"), vat_minor=F("order__vat_minor"))
    wrong = invoices.exclude(same).order_by("pk")
    for number, ours, order in wrong.values_list("number", "gross_minor", "order__total_minor"):
        yield f"Invoice {number}: {ours}, its order {order}"


def _gaps() -> Iterator[str]:
    """Yield the series in which a number is missing, or that end elsewhere than their counter."""
    series = Invoice.objects.order_by().values_list("series", "year")
    ends = {
        (name, year): (count, last)
        for name, year, count, last in series.annotate(Count("pk"), Max("serial"))
    }
    for counter in InvoiceCounter.objects.order_by("series", "year"):
        count, last = ends.pop((counter.series, counter.year), (0, 0))
        if not count == last == counter.last:
            yield f"Series {counter}: {count} documents, the last is {last}"
    for (name, year), (count, _) in sorted(ends.items()):
        yield f"Series {name}-{year}: {count} documents, and no counter"


def _changed() -> Iterator[str]:
    for invoice in Invoice.objects.order_by("-pk")[:READ_WHOLE]:
        said = Content.from_json(invoice.content)
        sums = (said.net_minor, said.vat_minor, said.gross_minor)
        if said.digest != invoice.content_hash:
            yield f"Invoice {invoice.number}: it is not what was issued"
        elif sums != (invoice.net_minor, invoice.vat_minor, invoice.gross_minor):
            yield f"Invoice {invoice.number}: its lines do not sum to it"
