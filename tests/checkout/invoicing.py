"""Who issues invoices in tests, and orders that are due one, as rows alone."""

from datetime import datetime
from typing import Any

from django.db import transaction

from checkout.invoices import issuing
from checkout.models import (
    Invoice,
    InvoiceSeller,
    Order,
    OrderLinePart,
    Refund,
    RefundStatus,
)
from tests.catalog.factories import OfferFactory
from tests.checkout.factories import OrderFactory, OrderLineFactory, PaymentFactory

SELLER = {
    "company": "Galea Scalp Studio GmbH",
    "line1": "Quellgasse 7",
    "postcode": "10119",
    "city": "Berlin",
    "country": "DE",
    "vat_id": "DE123456789",
    "register": "Amtsgericht Charlottenburg, HRB 12345",
    "email": "hello@galea.example",
    "iban": "DE02120300000000202051",
}


def name_seller(**changes: Any) -> InvoiceSeller:
    """Say who issues invoices."""
    seller, _ = InvoiceSeller.objects.update_or_create(pk=1, defaults={**SELLER, **changes})
    return seller


def paid_order(**facts: Any) -> Order:
    """An order of one product with delivery, paid by one payment."""
    order = OrderFactory(paid=True, **facts)
    OrderLineFactory(order=order, offer=OfferFactory(price_minor=2400))
    PaymentFactory(order=order)
    return order


def kit_order() -> Order:
    """An order of one kit at two rates: 60.00 with delivery 4.90."""
    order = OrderFactory(paid=True, goods_minor=6000, vat_minor=730 + 59)
    kit = OfferFactory(price_minor=6000)
    line = OrderLineFactory(
        order=order, offer=kit, name="Aftercare Kit", vat_rate_bp=None, vat_minor=730
    )
    for position, (name, rate_bp, gross_minor, vat_minor) in enumerate(
        [("Daily Wash", 1900, 3700, 591), ("Herbal Tea", 700, 2300, 139)], start=1
    ):
        OrderLinePart.objects.create(
            line=line,
            position=position,
            offer=OfferFactory(),
            sku=f"PART-{position}",
            name=name,
            quantity=position,
            vat_rate_bp=rate_bp,
            gross_minor=gross_minor,
            vat_minor=vat_minor,
        )
    PaymentFactory(order=order)
    return order


def issued(order: Order, *, at: datetime) -> Invoice:
    """Its invoice, written now."""
    with transaction.atomic():
        invoice = issuing.issue(order, at=at)
    assert invoice is not None
    return invoice


def refunded(order: Order, amount_minor: int, *, key: str, at: datetime) -> Refund:
    """A refund of an order that has arrived."""
    return Refund.objects.create(
        payment=order.payments.get(),
        order=order,
        amount_minor=amount_minor,
        currency=order.currency,
        status=RefundStatus.SUCCEEDED,
        idempotency_key=key,
        reason="Broken pump",
        created_at=at,
        next_try_at=at,
        finished_at=at,
    )


def credited(refund: Refund, *, at: datetime) -> Invoice:
    """Its credit note, written now."""
    with transaction.atomic():
        note = issuing.credit(refund, at=at)
    assert note is not None
    return note
