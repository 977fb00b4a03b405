"""What a buyer sees of an order, on the landing page, behind the link and in the account."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from checkout import clearance
from checkout.countries import country_name
from checkout.models import Order, OrderStatus
from checkout.pass_cards import pass_cards
from treatments.models import SessionPass, SessionPassQuerySet

_UNDECIDED = {
    OrderStatus.AWAITING_PAYMENT,
    OrderStatus.PAYMENT_PROCESSING,
    OrderStatus.NEEDS_REVIEW,
}
_PAID = {OrderStatus.PAID, OrderStatus.SHIPPED, OrderStatus.COMPLETED}


@dataclass(frozen=True, slots=True)
class Step:
    """One station on an order's way."""

    label: str
    done: bool
    at: datetime | None = None


def order_context(order: Order, *, at: datetime, is_landing: bool = False) -> dict[str, Any]:
    """Return the template context of an order's page."""
    lines = list(order.lines.prefetch_related("parts"))
    can_pay = order.status == OrderStatus.AWAITING_PAYMENT
    return {
        "order": order,
        "unchecked": clearance.missing_for_order(order, at=at) if can_pay else [],
        "lines": lines,
        "passes": pass_cards(passes_of(order), at=at),
        "refunds": list(order.refunds.all()),
        "state": _state(order),
        "steps": _steps(order, has_packages=any(line.sessions for line in lines)),
        "can_pay": can_pay,
        "can_cancel": can_pay,
        "can_order_again": order.status not in _UNDECIDED and not is_landing,
        "is_landing": is_landing,
        "delivery_country": country_name(order.delivery_country),
        "invite_to_account": order.user_id is None and order.paid_at is not None,
    }


def passes_of(order: Order) -> SessionPassQuerySet:
    """Return the passes that an order's packages became."""
    prefix = f"{order.reference}:line:"
    return SessionPass.objects.filter(grant_reference__startswith=prefix).order_by("pk")


def _state(order: Order) -> str:
    return "paid" if order.status in _PAID else _STATES[OrderStatus(order.status)]


_STATES = {
    OrderStatus.AWAITING_PAYMENT: "awaiting_payment",
    OrderStatus.PAYMENT_PROCESSING: "processing",
    OrderStatus.CANCELLED: "cancelled",
    OrderStatus.EXPIRED: "expired",
    OrderStatus.NEEDS_REVIEW: "needs_review",
    OrderStatus.REFUNDING: "refunding",
    OrderStatus.REFUNDED: "refunded",
}


def _steps(order: Order, *, has_packages: bool) -> list[Step]:
    is_paid = order.paid_at is not None
    is_shipped = order.status in {OrderStatus.SHIPPED, OrderStatus.COMPLETED}
    steps = [Step("Ordered", done=True, at=order.placed_at)]
    steps.append(Step("Paid", done=is_paid, at=order.paid_at))
    if has_packages:
        steps.append(Step("Sessions ready", done=is_paid, at=order.paid_at))
    if order.needs_delivery:
        label = "Ready to collect" if order.delivery_method_kind == "PICKUP" else "Sent"
        steps.append(Step(label, done=is_shipped))
    return steps
