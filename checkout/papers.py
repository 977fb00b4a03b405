"""What is printed at the packing bench: pick lists over many orders, and packing slips."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Prefetch, QuerySet

from checkout.countries import country_name
from checkout.models import ItemToSend, Order

MOST_SLIPS = 200


@dataclass(slots=True)
class PickRow:
    """One article to fetch from the shelf, and for which orders."""

    name: str
    sku: str
    barcode: str
    quantity: int = 0
    orders: list[tuple[str, int]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Slip:
    """What lies in the parcel of one order: what is to be packed, or else all that was."""

    order: Order
    country: str
    rows: list[tuple[int, ItemToSend]]
    is_rest: bool


def with_items(orders: QuerySet[Order]) -> list[Order]:
    """Load what has to be sent along, for at most `MOST_SLIPS` orders, the oldest first."""
    items = ItemToSend.objects.select_related("line", "part", "offer")
    found = orders.prefetch_related(Prefetch("items_to_send", queryset=items))[:MOST_SLIPS]
    return sorted(found, key=lambda order: (order.placed_at, order.pk))


def pick_list(orders: Iterable[Order]) -> list[PickRow]:
    """Add up what orders still have to pack, article by article, by name."""
    rows: dict[int, PickRow] = {}
    for order in orders:
        for item in order.items_to_send.all():
            if not item.to_pack:
                continue
            row = rows.setdefault(
                item.offer_id, PickRow(item.name, item.offer.sku, item.offer.barcode)
            )
            row.quantity += item.to_pack
            row.orders.append((order.number, item.to_pack))
    return sorted(rows.values(), key=lambda row: (row.name, row.sku))


def slips(orders: Iterable[Order]) -> list[Slip]:
    """Return a packing slip for each order of goods."""
    return [_slip(order) for order in orders if order.items_to_send.all()]


def _slip(order: Order) -> Slip:
    items = list(order.items_to_send.all())
    to_pack = [(item.to_pack, item) for item in items if item.to_pack]
    everything = [(item.ordered - item.called_off, item) for item in items]
    return Slip(
        order=order,
        country=country_name(order.delivery_country) if order.delivery_country else "",
        rows=to_pack or [row for row in everything if row[0]],
        is_rest=bool(to_pack) and len(to_pack) < len(items),
    )
