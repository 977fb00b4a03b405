"""What of baskets and orders belongs to one person: handed out whole, then kept without them.

Law wants orders kept for years; it does not want the person in them once the money is settled.
"""

import base64
import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from accounts.person import NOBODYS_NAME, Person, Room
from checkout import address_book, clearance
from checkout.address_form import facts_of
from checkout.invoices import issuing
from checkout.models import (
    Basket,
    DeskBasket,
    GiftCard,
    Invoice,
    Order,
    OrderCard,
    OrderFile,
    OrderLine,
    OrderNote,
    OrderStatus,
    Payment,
    Return,
    SavedView,
    Shipment,
)
from checkout.models.basket import new_key
from checkout.models.sold_card import CardWish
from checkout.returns import forgetting
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
    """Return the orders that somebody still has to pay, send, look at, pay back or send back."""
    orders = Order.objects.visible_to(person.user)
    # What replaces returned goods was never paid for.
    since = Coalesce("paid_at", "placed_at")
    to_send = orders.to_pack() | orders.to_hand_over()
    young = to_send.alias(since=since).filter(since__gt=at - _SENT_WITHIN).values("pk")
    back = Return.objects.filter(ended_at=None, asked_at__gt=at - _SENT_WITHIN).values("order")
    wanted = Q(status__in=_UNDER_WAY) | Q(pk__in=young) | Q(pk__in=back)
    return list(orders.filter(wanted).order_by("pk"))


def _hand_out(person: Person) -> Mapping[str, Any]:
    orders = Order.objects.visible_to(person.user).prefetch_related(
        "lines__parts",
        "lines__cards",
        "discount_uses",
        "payments",
        "refunds__lines__line",
        "withdrawals__lines__line",
        "returns__lines__line",
        "returns__photos",
        "disputes",
        "events",
        "shipments__lines__item__line",
        "shipments__lines__item__part",
        "shipments__lines__batches__batch",
        "recall_notices__recall__batch__offer",
        "notes",
        "files",
        "tags",
        "invoices",
    )
    basket = Basket.objects.filter(user=person.user).first()
    return {
        "basket": [] if basket is None else _basket(basket),
        "baskets_filled_for_you": [_filled(each) for each in person.user.desk_baskets.all()],
        "delivery_addresses": [facts_of(row) for row in address_book.addresses_of(person.user)],
        "customer_at_stripe": [each.customer_id for each in person.user.stripe_customers.all()],
        "orders": [_order(order) for order in orders],
        "gift_cards_for_you": [_gift_card(card) for card in _gift_cards_for(person)],
        "suitability_checks_with_them": [told_of(each) for each in clearance.checks_with(person)],
    }


def _basket(basket: Basket) -> list[Mapping[str, Any]]:
    lines = basket.lines.select_related("offer").prefetch_related("cards")
    return [
        {
            "article": line.offer.sku,
            "quantity": line.quantity,
            "added_at": line.added_at,
            "gift_cards": [_wish(card) for card in line.cards.all()],
        }
        for line in lines
    ]


def _wish(card: CardWish) -> Mapping[str, Any]:
    facts = ("recipient_name", "recipient_email", "giver_name", "message", "mail_on")
    return {name: getattr(card, name) for name in facts}


def _gift_cards_for(person: Person) -> QuerySet[GiftCard]:
    return GiftCard.objects.filter(recipient_email__in=person.emails)


def _gift_card(card: GiftCard) -> Mapping[str, Any]:
    return {
        "ends_in": card.last_four,
        "value": str(card.value),
        "for": card.recipient_name,
        "message": card.message,
        "expires_on": card.expires_on,
    }


def _filled(desk: DeskBasket) -> Mapping[str, Any]:
    facts = ("email", "name", "phone", "line1", "line2", "postcode", "city")
    return {
        "begun_at": desk.begun_at,
        "articles": _basket(desk.basket),
        **{name: getattr(desk, name) for name in facts},
    }


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
        "gift_note": order.gift_note,
        "delivery": {field: getattr(order, f"delivery_{field}") for field in (*_ADDRESS, "country")}
        | {"method": order.delivery_method_name, "estimate": order.delivery_estimate},
        "total": money(order.total_minor),
        "paid_with_gift_card": money(order.gift_card_minor),
        "vat_included": money(order.vat_minor),
        "delivery_costs": money(order.delivery_minor),
        "discounts": [
            {"name": use.name, "code": use.code, "amount": money(use.amount_minor)}
            for use in order.discount_uses.all()
        ],
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
                "way": payment.get_way_display(),
                "receipt": payment.reference,
            }
            for payment in order.payments.all()
        ],
        "refunds": [
            {
                "status": refund.get_status_display(),
                "amount": money(refund.amount_minor),
                "reason": refund.reason,
                "of": [
                    f"{row.quantity} x {row.line.name}" if row.line else "Delivery"
                    for row in refund.lines.all()
                ],
                "begun_at": refund.created_at,
                "finished_at": refund.finished_at,
                "receipt": refund.reference,
            }
            for refund in order.refunds.all()
        ],
        "invoices": [_invoice(each) for each in order.invoices.all()],
        "withdrawals": [
            {
                "stated_at": each.stated_at,
                "from": [f"{row.quantity} x {row.line.name}" for row in each.lines.all()],
            }
            for each in order.withdrawals.all()
        ],
        "returns": [_return(each) for each in order.returns.all()],
        "parcels": [_parcel(each) for each in order.shipments.all()],
        "batches_called_back": [
            {"batch": str(row.recall.batch), "pieces": row.quantity, "told_at": row.recall.sent_at}
            for row in order.recall_notices.all()
            if not row.recall.is_drill
        ],
        "notes": [{"text": each.text, "written_at": each.written_at} for each in order.notes.all()],
        "files": [
            {"name": each.name, "content": base64.b64encode(each.data).decode()}
            for each in order.files.all()
        ],
        "tags": [each.name for each in order.tags.all()],
        "disputes": [
            {"status": each.status, "reason": each.reason, "opened_at": each.opened_at}
            for each in order.disputes.all()
        ],
        "timeline": [
            {"what": event.message, "happened_at": event.happened_at}
            for event in order.events.all()
        ],
    }


def _invoice(invoice: Invoice) -> Mapping[str, Any]:
    buyer = issuing.buyer_of(invoice)
    return {
        "kind": invoice.get_kind_display(),
        "number": invoice.number,
        "issued_at": invoice.issued_at,
        "total": str(Money(invoice.gross_minor, invoice.currency)),
        "made_out_to": buyer.name if buyer else "",
    }


def _return(row: Return) -> Mapping[str, Any]:
    return {
        "status": row.get_status_display(),
        "asked_at": row.asked_at,
        "of": [f"{each.quantity} x {each.line.name}" for each in row.lines.all()],
        "reason": row.get_reason_display(),
        "your_words": row.words,
        "our_answer": row.answer,
        "photos": [base64.b64encode(each.data).decode() for each in row.photos.all()],
    }


def _parcel(shipment: Shipment) -> Mapping[str, Any]:
    return {
        "status": shipment.get_status_display(),
        "contents": [f"{line.quantity} x {line.item.name}" for line in shipment.lines.all()],
        "batches": [
            f"{row.quantity} of batch {row.batch.name}"
            for line in shipment.lines.all()
            for row in line.batches.all()
        ],
        "carrier": shipment.carrier,
        "tracking_number": shipment.tracking_number,
        "packed_at": shipment.packed_at,
        "handed_over_at": shipment.handed_over_at,
    }


def _line(line: OrderLine, currency: str) -> Mapping[str, Any]:
    return {
        "article": line.sku,
        "name": " ".join(filter(None, [line.name, line.label])),
        "quantity": line.quantity,
        "total": str(Money(line.total_minor, currency)),
        "sessions": line.sessions,
        "gift_cards": [_wish(card) for card in line.cards.all()],
        "refund_terms_agreed_to": line.refund_terms_version,
        "parts": [f"{part.quantity} x {part.full_name}" for part in line.parts.all()],
    }


def _forget(person: Person) -> None:
    """Keep the figures of every order, and nothing that says whose it was or where it went.

    Whom an invoice was made out to stays sealed until law no longer wants it kept, then it goes
    (`issuing.forget_old`): article 17 paragraph 3 letter b GDPR.
    """
    health_data.forget_of([check.pk for check in clearance.checks_with(person)])
    Basket.objects.filter(user=person.user).delete()
    Basket.objects.filter(desk__customer=person.user).delete()
    address_book.addresses_of(person.user).delete()
    for order in Order.objects.select_for_update().filter(user=person.user).order_by("pk"):
        order.email, order.name, order.phone = person.nobodys_address, NOBODYS_NAME, ""
        order.gift_note = ""
        for field in _ADDRESS:
            setattr(order, f"delivery_{field}", "")
        # Links that were mailed lead nowhere any more.
        order.access_token = new_key()
        order.save()
    # What a giver wrote goes with the giver, what was written to a recipient with the recipient;
    # once an address was corrected, the card alone says who that is.
    received = Q(recipient_email__in=person.emails) | Q(card__in=_gift_cards_for(person))
    OrderCard.objects.filter(Q(line__order__user=person.user) | received).update(
        recipient_name="", recipient_email="", giver_name="", message=""
    )
    _gift_cards_for(person).update(recipient_name="", recipient_email="", message="")
    OrderNote.objects.filter(order__user=person.user).delete()
    OrderFile.objects.filter(order__user=person.user).delete()
    forgetting.forget(Return.objects.filter(order__user=person.user))
    SavedView.objects.filter(user=person.user).delete()
    # A carrier knows by its number where a parcel went.
    Shipment.objects.filter(order__user=person.user).update(
        tracking_number="", tracking_url="", pickup_code=""
    )
    for payment in Payment.objects.filter(order__user=person.user):
        payment.params.pop("customer_email", None)
        payment.params.pop("customer", None)
        payment.params.get("payment_intent_data", {}).pop("shipping", None)
        payment.url = ""
        payment.save(update_fields=["params", "url"])


ROOM: Final = Room(
    title="Basket and orders",
    holds=frozenset(
        f"checkout.{model}"
        for model in (
            "Basket", "BasketCard", "BasketCheck", "BasketLine", "DeliveryAddress", "DeskBasket",
            "DiscountUse", "Dispute", "EnteredCode", "GiftCard", "GiftCardEvent", "GiftCardUse",
            "HandReduction", "Invoice", "InvoiceBuyer", "ItemToSend", "LineReduction", "Order",
            "OrderCard", "OrderCheck", "OrderEvent", "OrderFile", "OrderLine", "OrderLinePart",
            "OrderNote", "OrderTag", "ParcelBatch", "Payment", "RecallNotice", "Refund",
            "RefundLine", "RefundRate", "Return", "ReturnLine", "ReturnPhoto", "SavedView",
            "Shipment", "ShipmentLine", "StripeCustomer", "Withdrawal", "WithdrawalDecision",
            "WithdrawalLine",
        )
    ),
    hand_out=_hand_out,
    forget=_forget,
)  # fmt: skip
