"""What of baskets and orders belongs to one person: handed out whole, then kept without them.

Law wants orders kept for years; it does not want the person in them once the money is settled.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from accounts.person import NOBODYS_NAME, Person, Room
from checkout import clearance
from checkout.models import Basket, Order, OrderLine, OrderStatus, Payment
from checkout.models.basket import new_key
from money.money import Money
from treatments import health_data
from treatments.personal_data import told_of

# The buyer must be reachable until these have come to their end.
_UNDER_WAY: Final = (
    OrderStatus.AWAITING_PAYMENT,
    OrderStatus.PAYMENT_PROCESSING,
    OrderStatus.REFUNDING,
    OrderStatus.NEEDS_REVIEW,
)
# What is paid is sent within this time, and whoever packs it needs the address.
_SENT_WITHIN: Final = dt.timedelta(days=30)
_ADDRESS: Final = ("name", "line1", "line2", "postcode", "city")


def orders_under_way(person: Person, *, at: dt.datetime) -> list[Order]:
    """Return the orders that somebody still has to pay, send, look at or pay back."""
    orders = Order.objects.visible_to(person.user)
    to_send = orders.to_pack().filter(paid_at__gt=at - _SENT_WITHIN)
    return list((orders.filter(status__in=_UNDER_WAY) | to_send).order_by("pk"))


def _hand_out(person: Person) -> Mapping[str, Any]:
    orders = Order.objects.visible_to(person.user).prefetch_related(
        "lines__parts", "payments", "refunds", "disputes", "events"
    )
    basket = Basket.objects.filter(user=person.user).first()
    return {
        "basket": [] if basket is None else _basket(basket),
        "orders": [_order(order) for order in orders],
        "suitability_checks_with_them": [told_of(each) for each in clearance.checks_with(person)],
    }


def _basket(basket: Basket) -> list[Mapping[str, Any]]:
    lines = basket.lines.select_related("offer")
    return [
        {"article": line.offer.sku, "quantity": line.quantity, "added_at": line.added_at}
        for line in lines
    ]


def _order(order: Order) -> Mapping[str, Any]:
    def money(minor: int) -> str:
        return str(Money(minor, order.currency))

    return {
        "number": order.number,
        "status": order.get_status_display(),
        "placed_at": order.placed_at,
        "paid_at": order.paid_at,
        "email": order.email,
        "name": order.name,
        "phone": order.phone,
        "delivery": {field: getattr(order, f"delivery_{field}") for field in (*_ADDRESS, "country")}
        | {"method": order.delivery_method_name, "estimate": order.delivery_estimate},
        "total": money(order.total_minor),
        "vat_included": money(order.vat_minor),
        "delivery_costs": money(order.delivery_minor),
        "paid": money(order.paid_minor),
        "refunded": money(order.refunded_minor),
        "terms_agreed_to": order.terms_version,
        "lines": [_line(line, order.currency) for line in order.lines.all()],
        "payments": [
            {
                "status": payment.get_status_display(),
                "amount": money(payment.amount_minor),
                "opened_at": payment.created_at,
                "paid_at": payment.paid_at,
                "number_at_stripe": payment.payment_intent,
            }
            for payment in order.payments.all()
        ],
        "refunds": [
            {
                "status": refund.get_status_display(),
                "amount": money(refund.amount_minor),
                "reason": refund.reason,
                "begun_at": refund.created_at,
                "finished_at": refund.finished_at,
            }
            for refund in order.refunds.all()
        ],
        "disputes": [
            {"status": each.status, "reason": each.reason, "opened_at": each.opened_at}
            for each in order.disputes.all()
        ],
        "timeline": [
            {"what": event.message, "happened_at": event.happened_at}
            for event in order.events.all()
        ],
    }


def _line(line: OrderLine, currency: str) -> Mapping[str, Any]:
    return {
        "article": line.sku,
        "name": " ".join(filter(None, [line.name, line.label])),
        "quantity": line.quantity,
        "total": str(Money(line.total_minor, currency)),
        "sessions": line.sessions,
        "refund_terms_agreed_to": line.refund_terms_version,
        "parts": [f"{part.quantity} x {part.full_name}" for part in line.parts.all()],
    }


def _forget(person: Person) -> None:
    """Keep the figures of every order, and nothing that says whose it was or where it went."""
    health_data.forget_of([check.pk for check in clearance.checks_with(person)])
    Basket.objects.filter(user=person.user).delete()
    for order in Order.objects.select_for_update().filter(user=person.user).order_by("pk"):
        order.email, order.name, order.phone = person.nobodys_address, NOBODYS_NAME, ""
        for field in _ADDRESS:
            setattr(order, f"delivery_{field}", "")
        # Links that were mailed lead nowhere any more.
        order.access_token = new_key()
        order.save()
    for payment in Payment.objects.filter(order__user=person.user):
        payment.params.pop("customer_email", None)
        payment.params.get("payment_intent_data", {}).pop("shipping", None)
        payment.url = ""
        payment.save(update_fields=["params", "url"])


ROOM: Final = Room(
    title="Basket and orders",
    holds=frozenset(
        f"checkout.{model}"
        for model in (
            "Basket", "BasketCheck", "BasketLine", "Dispute", "Order", "OrderCheck", "OrderEvent",
            "OrderLine", "OrderLinePart", "Payment", "Refund",
        )
    ),
    hand_out=_hand_out,
    forget=_forget,
)  # fmt: skip
