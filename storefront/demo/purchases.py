"""Past orders: placed, paid and refunded through the shop's own verbs, without asking Stripe.

What Stripe would have answered is made up here, so the ids lead nowhere in Stripe.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import F
from django.utils import timezone

from accounts.models import User
from checkout import (
    baskets,
    payments,
    placement,
    refunds,
    settlement,
    shipments,
    stripe_gateway,
)
from checkout.discounts import codes
from checkout.models import (
    Basket,
    BasketCard,
    DeliveryMethod,
    DeliveryRate,
    DeliveryZone,
    InvoiceSeller,
    Order,
    OrderStatus,
    Payment,
    PaymentStatus,
    Refund,
)
from checkout.placement import Address, BuyerDetails
from checkout.pricing import price_basket
from checkout.session_params import session_params
from checkout.stripe_objects import CheckoutSession, StripeRefund
from money.money import Money
from outbox.models import MailStatus, OutboundMail
from storefront.demo import content, people

S = OrderStatus

PAID_AFTER = dt.timedelta(minutes=4)
SHIPPED_AFTER = dt.timedelta(hours=20)
LEFT_AFTER = dt.timedelta(hours=2)
ARRIVED_AFTER = dt.timedelta(days=5)
RETURNED_AFTER = dt.timedelta(days=12)
# Stripe has no such refund: the worker is not to ask for it.
NEVER_ASKED = dt.timedelta(days=3650)


@dataclass(frozen=True)
class LatePayment:
    """Money that arrives after its order has expired."""

    order: Order
    at: dt.datetime


def add_delivery() -> None:
    """Add the zones, methods and rates of delivery."""
    for order, zone in enumerate(content.facts("delivery")["zone"]):
        _add_zone(zone, order)


def name_seller() -> None:
    """Say who issues the invoices; those of orders that are there already are written later."""
    InvoiceSeller.objects.create(**content.facts("shop")["seller"])


def orders() -> list[content.Facts]:
    """Return the facts of the demo's past orders, the oldest first."""
    found: list[content.Facts] = content.facts("orders")["order"]
    return sorted(found, key=lambda facts: -facts["days_ago"])


def add_orders(at: dt.datetime) -> None:
    """Let the demo's customers buy what the data file says, one after the other."""
    late: list[LatePayment] = []
    for facts in orders():
        placed_at = at - dt.timedelta(days=facts["days_ago"])
        while late and late[0].at <= placed_at:
            _settle_late(late.pop(0))
        order = _place(facts, placed_at)
        _bring_to_its_end(order, facts)
        if "pays_late_after_hours" in facts:
            hours = dt.timedelta(hours=facts["pays_late_after_hours"])
            late.append(LatePayment(order, placed_at + hours))
    for payment in late:
        _settle_late(payment)


# --- Delivery -----------------------------------------------------------------------------


def _add_zone(facts: content.Facts, order: int) -> None:
    zone = DeliveryZone.objects.create(
        name=facts["name"], countries=", ".join(facts["countries"]), sort_order=order
    )
    for place, method in enumerate(facts["method"]):
        added = DeliveryMethod.objects.create(
            zone=zone,
            code=method["code"],
            name=method["name"],
            kind=method["kind"],
            carrier=method["carrier"],
            min_days=method["min_days"],
            max_days=method["max_days"],
            free_from_minor=_minor(method.get("free_from")),
            sort_order=place,
        )
        DeliveryRate.objects.bulk_create(_rates(added, method))


def _rates(method: DeliveryMethod, facts: content.Facts) -> Iterator[DeliveryRate]:
    for rate in facts["rate"]:
        yield DeliveryRate(
            method=method,
            up_to_grams=rate.get("up_to_grams"),
            from_value_minor=_minor(rate.get("from_value")) or 0,
            price_minor=Money.parse(rate["price"]).minor,
        )


def _minor(text: str | None) -> int | None:
    return None if text is None else Money.parse(text).minor


# --- Placing ------------------------------------------------------------------------------


def _place(facts: content.Facts, at: dt.datetime) -> Order:
    buyer = _buyers()[facts["buyer"]]
    basket = _fill_basket(facts, buyer["country"], at)
    return placement.place(
        basket=basket,
        checkout_token=basket.checkout_token,
        agreed_total_minor=price_basket(basket, at=at).total.minor,
        details=_details(buyer, needs_delivery="delivery" in facts),
        user=User.objects.filter(email=buyer["email"]).first(),
        at=at,
    )


def _buyers() -> dict[str, content.Facts]:
    everybody = content.facts("people")
    return {buyer["email"]: buyer for buyer in [*everybody["customer"], *everybody["guest"]]}


def _fill_basket(facts: content.Facts, country: str, at: dt.datetime) -> Basket:
    basket = None
    for sku, quantity in facts["lines"]:
        basket = baskets.add(basket=basket, user=None, sku=sku, quantity=quantity, at=at)
    for card in facts.get("cards", ()):
        said = {**card, "mail_on": timezone.localdate(at) + dt.timedelta(card["mailed_after_days"])}
        del said["mailed_after_days"]
        sku = said.pop("sku")
        wish = BasketCard(**said)
        basket = baskets.add_card(basket=basket, user=None, sku=sku, wish=wish, at=at)
    if basket is None:
        raise placement.NothingToOrder
    if "delivery" in facts:
        basket = baskets.choose_delivery(
            basket=basket, country=country, method_code=facts["delivery"], at=at
        )
    if "code" in facts:
        basket = codes.enter(basket=basket, code=facts["code"], at=at)
    return basket


def _details(buyer: content.Facts, *, needs_delivery: bool) -> BuyerDetails:
    address = Address(
        name=buyer["name"],
        line1=buyer["line1"],
        line2=buyer.get("line2", ""),
        postcode=buyer["postcode"],
        city=buyer["city"],
        country=buyer["country"],
    )
    return BuyerDetails(
        email=buyer["email"],
        name=buyer["name"],
        phone=buyer.get("phone", ""),
        address=address if needs_delivery else Address(),
    )


# --- What became of it --------------------------------------------------------------------


def _bring_to_its_end(order: Order, facts: content.Facts) -> None:
    end = S(facts["ends"])
    placed_at = order.placed_at
    if end == S.AWAITING_PAYMENT:
        return
    _open_payment(order)
    if end in {S.EXPIRED, S.CANCELLED}:
        _give_up(order, end)
    elif end == S.PAYMENT_PROCESSING:
        _apply(order, placed_at + PAID_AFTER, payment_status="unpaid")
    elif end == S.NEEDS_REVIEW:
        # The amounts differ by a cent: nobody but a person may decide what that means.
        _apply(order, placed_at + PAID_AFTER, amount_minor=order.total_minor - 1)
    else:
        _pay(order, placed_at + PAID_AFTER)
        _after_payment(order, facts, end)
    _note_mails_as_sent(order)
    Basket.objects.filter(orders=order).delete()


def _give_up(order: Order, end: OrderStatus) -> None:
    if end == S.EXPIRED:
        moment = order.placed_at + placement.PAYMENT_WINDOW
        _apply(order, moment, status="expired", payment_status="unpaid")
        return
    order.payments.update(status=PaymentStatus.CLOSED)
    moment = order.placed_at + dt.timedelta(minutes=9)
    payments.close(order_id=order.pk, to=end, at=moment, by=order.user)


def _after_payment(order: Order, facts: content.Facts, end: OrderStatus) -> None:
    order.refresh_from_db()
    if end == S.PAID:
        _send(order, facts.get("packed", 0), leaves=False)
        _send(order, facts.get("sent", 0))
        return
    packer, placed_at = people.packer(), order.placed_at
    _send(order, order.pieces_to_pack)
    order.refresh_from_db()
    if end == S.REFUNDED:
        _refund(order, facts["refund_reason"], placed_at + RETURNED_AFTER)
    elif end == S.COMPLETED:
        for shipment in order.shipments.filter(is_pickup=False):
            shipments.arrive(shipment_id=shipment.pk, at=placed_at + ARRIVED_AFTER, by=packer)


def _send(order: Order, pieces: int, *, leaves: bool = True) -> None:
    """Pack the first so many pieces of an order, and let them leave."""
    packer, at = people.packer(), order.placed_at + SHIPPED_AFTER
    wanted = {}
    for item in order.items_to_send.select_related("line", "part"):
        wanted[item.pk] = min(item.to_pack, pieces)
        pieces -= wanted[item.pk]
    if not any(wanted.values()):
        return
    parcel = shipments.Parcel(
        carrier="Parcel post", tracking_number=f"PP{order.pk:08}DE", weight_grams=640
    )
    packed = shipments.pack(
        order_id=order.pk,
        pieces=wanted,
        reference=f"demo:{order.number}:{'sent' if leaves else 'packed'}",
        parcel=shipments.Parcel() if order.delivery_method_kind == "PICKUP" else parcel,
        by=packer,
        at=at,
    )
    if leaves:
        shipments.hand_over(shipment_id=packed.pk, by=packer, at=at + LEFT_AFTER)


def _refund(order: Order, reason: str, at: dt.datetime) -> None:
    payment = order.payments.get()
    refund = refunds.request(
        payment=payment,
        amount_minor=order.total_minor,
        reason=reason,
        by=people.manager(),
        at=at,
    )
    answer = StripeRefund(
        id=f"re_demo_{order.number}",
        status="succeeded",
        amount_minor=refund.amount_minor,
        currency=refund.currency,
        payment_intent=payment.payment_intent or "",
        metadata={"refund": refund.idempotency_key},
        failure="",
    )
    refunds.mirror_answer(answer, at=at + dt.timedelta(minutes=1))


# --- Paying -------------------------------------------------------------------------------


def _open_payment(order: Order) -> None:
    key = f"{order.number}-attempt-1"
    expires_at = order.expires_at or order.placed_at
    Payment.objects.create(
        order=order,
        attempt=1,
        status=PaymentStatus.OPEN,
        idempotency_key=key,
        params=session_params(order, list(order.lines.all()), key=key, expires_at=expires_at),
        amount_minor=order.total_minor,
        currency=order.currency,
        session_id=_session_id(order),
        created_at=order.placed_at,
        expires_at=expires_at,
    )


def _settle_late(payment: LatePayment) -> None:
    _pay(payment.order, payment.at)


def _pay(order: Order, at: dt.datetime) -> None:
    """Let the payment of an order arrive; after it expired, perhaps too late for its goods."""
    _apply(order, at)
    Refund.objects.filter(order=order, stripe_refund_id=None).update(
        stripe_refund_id=f"re_demo_{order.number}", next_try_at=F("created_at") + NEVER_ASKED
    )
    _note_mails_as_sent(order)


def _apply(
    order: Order,
    at: dt.datetime,
    *,
    status: str = "complete",
    payment_status: str = "paid",
    amount_minor: int | None = None,
) -> None:
    is_paid = payment_status == "paid"
    session = CheckoutSession(
        id=_session_id(order),
        status=status,
        payment_status=payment_status,
        amount_total_minor=order.total_minor if amount_minor is None else amount_minor,
        currency=order.currency,
        livemode=stripe_gateway.is_live(),
        client_reference_id=order.number,
        metadata={"order": order.number, "payment": f"{order.number}-attempt-1"},
        payment_intent=f"pi_demo_{order.number}" if is_paid else None,
        payment_intent_status="succeeded" if is_paid else None,
        url="",
        tax_minor=0,
    )
    settlement.apply(session, at=at)


def _session_id(order: Order) -> str:
    return f"cs_test_demo_{order.number}"


def _note_mails_as_sent(order: Order) -> None:
    """The mails of the past went out in the past; the worker is not to send them now."""
    queued = OutboundMail.objects.about(order.reference).filter(status=MailStatus.QUEUED)
    queued.update(status=MailStatus.SENT, attempts=1, sent_at=F("queued_at"))
