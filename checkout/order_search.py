"""Find an order by whatever somebody on the telephone or in Stripe's Dashboard can name."""

import re
from typing import Final

from django.db.models import Exists, OuterRef, Q

from checkout.models import OrderLine, Payment
from checkout.models.order import OrderQuerySet

_NUMBER: Final = re.compile(r"G?([0-9A-Z]{4})([0-9A-Z]{4})")
# What people write for Crockford's digits: https://www.crockford.com/base32.html
_LOOKALIKES: Final = str.maketrans("OIL", "011", " -")


def orders_matching(orders: OrderQuerySet, text: str) -> OrderQuerySet:
    """Narrow orders to those whose number, buyer, articles or payments a text names."""
    lines = OrderLine.objects.filter(order=OuterRef("pk"), sku__icontains=text)
    payments = Payment.objects.filter(order=OuterRef("pk")).filter(
        Q(session_id=text) | Q(payment_intent=text)
    )
    return orders.filter(
        Q(number__icontains=read_number(text))
        | Q(name__icontains=text)
        | Q(email__icontains=text)
        | Exists(lines)
        | Exists(payments)
    )


def read_number(text: str) -> str:
    """Write an order number the shop's way: "g 7k3m 9qxt" is G-7K3M-9QXT."""
    found = _NUMBER.fullmatch(text.upper().translate(_LOOKALIKES))
    return f"G-{found[1]}-{found[2]}" if found else text.strip()
