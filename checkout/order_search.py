"""Find an order by whatever somebody on the telephone or in Stripe's Dashboard can name.

What is typed is first taken for a number, or for the beginning of something, which indexes answer
among any number of orders; only where nothing begins so, it is looked for anywhere.
"""

import re
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.names import is_named
from catalog.models import Offer
from checkout.models import Dispute, Invoice, Order, OrderLine, Payment, Refund, Shipment
from checkout.models.order import OrderQuerySet

_NUMBER: Final = re.compile(r"G?([0-9A-Z]{4})([0-9A-Z]{4})")
# What people write for Crockford's digits: https://www.crockford.com/base32.html
_LOOKALIKES: Final = str.maketrans("OIL", "011", " -")
# So many are read by name; where there are more, the newest ones are soon met on the way back.
FEW: Final = 500
MOST_SKUS: Final = 50


def orders_matching(orders: OrderQuerySet, text: str) -> OrderQuerySet:
    """Narrow orders to those whose number, buyer, articles, payments or parcels a text names."""
    wanted = text.strip()
    number = read_number(wanted)
    if _NUMBER.fullmatch(number.replace("-", "")) and Order.objects.filter(number=number).exists():
        return orders.filter(number=number)
    papers = _by_papers(wanted)
    if papers:
        return orders.filter(pk__in=papers)
    named = Q(number__startswith=number.upper()) | _of_buyer(wanted)
    begins = _found(Order.objects.filter(named), "pk", named)
    holds = _holding(wanted)
    if begins is None and holds is None:
        return orders.filter(_is_anywhere(wanted, number))
    return orders.filter(Q(*(each for each in (begins, holds) if each), _connector=Q.OR))


def read_number(text: str) -> str:
    """Write an order number the shop's way: "g 7k3m 9qxt" is G-7K3M-9QXT."""
    found = _NUMBER.fullmatch(text.upper().translate(_LOOKALIKES))
    return f"G-{found[1]}-{found[2]}" if found else text.strip()


def _by_papers(wanted: str) -> list[int]:
    """Return the orders with a payment, refund, dispute, invoice or parcel of exactly this name."""
    if not wanted:
        return []
    named: tuple[QuerySet[Any], ...] = (
        Payment.objects.filter(Q(session_id=wanted) | Q(payment_intent=wanted)),
        Refund.objects.filter(stripe_refund_id=wanted),
        Dispute.objects.filter(stripe_dispute_id=wanted),
        Invoice.objects.filter(number=wanted.upper()),
        Shipment.objects.filter(tracking_number=wanted),
    )
    first, *others = (papers.order_by().values_list("order", flat=True) for papers in named)
    return sorted(first.union(*others)[:FEW])


def of_buyers(text: str) -> OrderQuerySet:
    """Return the orders of buyers with an address that begins so, or a name with words that do."""
    asked = _of_buyer(text.strip())
    found = _found(Order.objects.filter(asked), "pk", asked)
    return Order.objects.filter(found) if found else Order.objects.none()


def _of_buyer(wanted: str) -> Q:
    return Q(email__startswith=wanted.lower()) | is_named(wanted, of=Order)


def _holding(wanted: str) -> Q | None:
    """Ask for orders with an article whose SKU holds this, or held it when it was sold."""
    offers = Offer.objects.filter(sku__icontains=wanted).values_list("sku", flat=True)
    skus = {*offers[:MOST_SKUS], wanted.upper()}
    lines = OrderLine.objects.filter(sku__in=skus)
    return _found(lines, "order", Q(Exists(lines.filter(order=OuterRef("pk")))))


def _found(rows: QuerySet[Any], field: str, many: Q) -> Q | None:
    """Ask for the orders that rows lead to: by name if they are few, else by what they are.

    A few are looked up; of many, the newest are met soon on the way back through all orders.
    """
    few = list(rows.order_by().values_list(field, flat=True)[: FEW + 1])
    if not few:
        return None
    return many if len(few) > FEW else Q(pk__in=set(few))


def _is_anywhere(wanted: str, number: str) -> Q:
    return Q(number__icontains=number) | Q(name__icontains=wanted) | Q(email__icontains=wanted)
