"""Whether the rows of stock say what their reservations and movements do; nothing is written."""

from collections.abc import Iterator

from django.db.models import F, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from catalog.models import Reservation, Stock, StockMovement


def contradictions() -> Iterator[str]:
    """Yield, in words, every stock row that its reservations and movements contradict."""
    promised = Reservation.objects.promised().filter(offer=OuterRef("offer")).values("offer")
    left = Sum(F("quantity") - F("handed_over"))
    moved = StockMovement.objects.filter(stock=OuterRef("pk")).values("stock")
    counted = {
        "on_hand": moved.order_by().annotate(n=Sum("quantity")),
        "reserved": promised.filter(is_back_order=False).order_by().annotate(n=left),
        "back_ordered": promised.filter(is_back_order=True).order_by().annotate(n=left),
    }
    for field, rows in counted.items():
        total = Coalesce(Subquery(rows.values("n")), 0)
        for stock in Stock.objects.annotate(rows=total).exclude(rows=F(field)):
            yield f"Stock of {stock.offer}: {field} {getattr(stock, field)}, rows {stock.rows}"
