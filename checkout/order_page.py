"""What a buyer sees of an order, on the landing page, behind the link and in the account."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse

from checkout import clearance
from checkout.countries import country_name
from checkout.discounts.shown import lines_of
from checkout.models import (
    Fulfilment,
    Invoice,
    Order,
    OrderCard,
    OrderLine,
    OrderStatus,
    Return,
    Shipment,
    ShipmentStatus,
)
from checkout.pass_cards import pass_cards
from money.money import Money
from treatments.models import SessionPass, SessionPassQuerySet

_UNDECIDED = {
    OrderStatus.AWAITING_PAYMENT,
    OrderStatus.PAYMENT_PROCESSING,
    OrderStatus.NEEDS_REVIEW,
}
_LEFT = {Fulfilment.PARTLY, Fulfilment.FULFILLED}
_GIVEN_UP = {OrderStatus.EXPIRED, OrderStatus.CANCELLED}
_PAID = {OrderStatus.PAID, OrderStatus.SHIPPED, OrderStatus.COMPLETED}


@dataclass(frozen=True, slots=True)
class Step:
    """One station on an order's way."""

    label: str
    done: bool
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DocumentLink:
    """An invoice or a credit note, and where it is downloaded."""

    title: str
    amount: Money
    url: str


def order_context(
    order: Order, *, at: datetime, is_landing: bool = False, is_own: bool = False
) -> dict[str, Any]:
    """Return the template context of an order's page.

    :param is_own: whether it is shown in its buyer's account, which outlives its link.
    """
    lines = list(lines_of(order))
    can_pay = order.status == OrderStatus.AWAITING_PAYMENT
    return {
        "order": order,
        "together": together(order),
        "unchecked": clearance.missing_for_order(order, at=at) if can_pay else [],
        "lines": lines,
        "passes": pass_cards(passes_of(order), at=at),
        "cards": _cards(order),
        "refunds": list(order.refunds.all()),
        "documents": [_document(each, is_own=is_own) for each in order.invoices.order_by("pk")],
        "parcels": [_parcel(each) for each in order.shipments.kept().with_contents()],
        "returns": returns_of(order),
        "can_return": may_have_left(order) and not is_landing,
        "state": _state(order),
        "steps": _steps(order, has_packages=any(line.sessions for line in lines)),
        "can_pay": can_pay,
        "can_cancel": can_pay,
        "can_order_again": order.status not in _UNDECIDED and not is_landing,
        "is_landing": is_landing,
        "delivery_country": country_name(order.delivery_country),
        "invite_to_account": order.user_id is None and order.paid_at is not None,
    }


def _cards(order: Order) -> list[OrderCard]:
    """Return the gift cards that an order bought; without a query where it bought no such thing."""
    if not order.packages_minor:
        return []
    return list(OrderCard.objects.filter(line__order=order).select_related("card", "line"))


def _document(invoice: Invoice, *, is_own: bool) -> DocumentLink:
    if is_own:
        url = reverse("checkout:my_document", args=[invoice.order.number, invoice.number])
    else:
        url = reverse("checkout:order_document", args=[invoice.order.access_token, invoice.number])
    return DocumentLink(
        title=f"{invoice.get_kind_display()} {invoice.number}",
        amount=Money(invoice.gross_minor, invoice.currency),
        url=url,
    )


@dataclass(frozen=True, slots=True)
class ParcelCard:
    """One parcel as its buyer sees it: what is in it, how far it is, and where it is followed.

    :ivar code: what to show at the clinic while it waits to be collected.
    """

    title: str
    contents: list[str]
    steps: list[Step]
    code: str
    tracking_number: str
    tracking_url: str
    carrier: str


def _parcel(shipment: Shipment) -> ParcelCard:
    has_left = shipment.status == ShipmentStatus.HANDED_OVER
    labels = ("Ready to collect", "Collected") if shipment.is_pickup else ("Packed", "Sent")
    return ParcelCard(
        title=f"Parcel {shipment.position}",
        contents=[f"{line.quantity} × {line.item.name}" for line in shipment.lines.all()],
        steps=[
            Step(labels[0], done=True, at=shipment.packed_at),
            Step(labels[1], done=has_left, at=shipment.handed_over_at),
            *([Step("Arrived", done=True, at=shipment.arrived_at)] if shipment.arrived_at else []),
        ],
        code="" if has_left else shipment.pickup_code,
        tracking_number=shipment.tracking_number,
        tracking_url=shipment.tracking_url,
        carrier=shipment.carrier,
    )


def passes_of(order: Order) -> SessionPassQuerySet:
    """Return the passes that an order's packages became."""
    prefix = f"{order.reference}:line:"
    return SessionPass.objects.filter(grant_reference__startswith=prefix).order_by("pk")


def sessions_left(orders: Iterable[Order]) -> dict[int, str]:
    """Say how many of what orders sold are left, as in "4 of 6 sessions left", by their ids."""
    sold: Counter[int] = Counter()
    bought_in: dict[str, int] = {}
    paid = [order for order in orders if order.packages_minor and order.paid_at]
    lines = OrderLine.objects.filter(order__in=paid, sessions__gt=0).select_related("order")
    for line in lines if paid else ():
        sold[line.order_id] += line.quantity * (line.sessions or 0)
        for unit in range(1, line.quantity + 1):
            bought_in[line.reference_of_piece(unit)] = line.order_id
    left: Counter[int] = Counter()
    if bought_in:
        passes = SessionPass.objects.filter(grant_reference__in=bought_in).with_balance()
        for each in passes:
            left[bought_in[each.grant_reference]] += each.balance  # type: ignore[attr-defined]
    return {
        order_id: f"{left[order_id]} of {count} sessions left" for order_id, count in sold.items()
    }


def together(order: Order) -> list[Order]:
    """Return the orders that are packed with one: the one it goes along with, and what goes along.

    Those that came to nothing are left out.
    """
    first = order.amends_id or order.pk
    found = Order.objects.filter(Q(pk=first) | Q(amends=first)).exclude(pk=order.pk)
    return list(found.exclude(status__in=_GIVEN_UP).order_by("placed_at", "pk"))


def returns_of(order: Order) -> list[Return]:
    """Return what was asked to be sent back; without a query while nothing has left."""
    if order.fulfilment not in _LEFT:
        return []
    return list(order.returns.defer("label").prefetch_related("lines__line"))


def may_have_left(order: Order) -> bool:
    """Tell, without a query, whether it is worth asking what of an order can be sent back."""
    is_kept = order.status in _PAID and order.paid_minor > order.refunded_minor
    return is_kept and order.fulfilment in _LEFT


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
    is_all_sent = order.fulfilment == Fulfilment.FULFILLED
    is_shipped = is_all_sent or order.status in {OrderStatus.SHIPPED, OrderStatus.COMPLETED}
    steps = [Step("Ordered", done=True, at=order.placed_at)]
    if order.total_minor or order.status not in _PAID:
        steps.append(Step("Paid", done=is_paid, at=order.paid_at))
    if has_packages:
        steps.append(Step("Sessions ready", done=is_paid, at=order.paid_at))
    if order.needs_delivery:
        if order.fulfilment == Fulfilment.PARTLY:
            steps.append(Step("Partly sent", done=True))
        label = "Collected" if order.delivery_method_kind == "PICKUP" else "Sent"
        steps.append(Step(label, done=is_shipped))
    return steps
