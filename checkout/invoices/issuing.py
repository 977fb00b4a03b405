"""The only writer of invoices and credit notes: one for what was paid, one for what went back.

Every verb belongs into a transaction that has locked the order, and is its last one: the number
is taken there. As long as nobody has said who issues them, no document is written; all that are
due are written, in the order of their payments, once somebody has.
"""

import datetime as dt
import secrets
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.sealing import Sealer
from checkout import order_status, refund_lines
from checkout.discounts.shown import lines_of
from checkout.invoices import figures, numbers
from checkout.invoices.content import Address, Buyer, Content, Line, RateAmount, Seller
from checkout.models import (
    Invoice,
    InvoiceBuyer,
    InvoiceKind,
    InvoiceSeller,
    Order,
    OrderLine,
    Payment,
    PaymentStatus,
    PaymentWay,
    Refund,
    RefundStatus,
)

SEALER: Final = Sealer("checkout.invoices")
# How long a copy is kept, from the end of its year: German VAT law, section 14b paragraph 1 UStG.
YEARS_KEPT: Final = 8
PER_RUN: Final = 200


class SellerUnknown(Exception):
    """Nobody has said yet who issues the shop's invoices; nothing was written."""

    def __init__(self) -> None:
        super().__init__("Say first who issues the invoices, under Settings, Invoices.")


@dataclass(frozen=True, slots=True)
class _Matter:
    """What a document is about, beside its figures."""

    kind: InvoiceKind
    order: Order
    payment: Payment | None
    refund: Refund | None = None
    corrects: Invoice | None = None


def invoice_of(order: Order) -> Invoice | None:
    """Return an order's invoice, if it has one yet."""
    return Invoice.objects.filter(order=order, kind=InvoiceKind.INVOICE).first()


def issue(order: Order, *, at: dt.datetime) -> Invoice | None:
    """Write the invoice of a paid order; again, it returns the one there is.

    Returns nothing while it is not known who issues it.
    """
    found = invoice_of(order)
    if found is not None:
        return found
    try:
        seller = seller_now()
    except SellerUnknown:
        return None
    lines = list(lines_of(order))
    payment = (
        order.payments.filter(status=PaymentStatus.SUCCEEDED).order_by("paid_at", "pk").first()
    )
    listed, delivery = figures.of_order(order, lines)
    buyer = _buyer(order)
    content = _content(
        _Matter(InvoiceKind.INVOICE, order, payment),
        seller=seller,
        buyer=buyer,
        lines=listed,
        delivery=delivery,
        supplied=_supplied(order, lines, at),
        at=at,
    )
    return _write(_Matter(InvoiceKind.INVOICE, order, payment), content, buyer, at=at)


def credit(refund: Refund, *, at: dt.datetime) -> Invoice | None:
    """Write the credit note of a refund that arrived; again, it returns the one there is.

    Returns nothing if no invoice was made out for the payment that goes back.
    """
    return _answer(InvoiceKind.CREDIT_NOTE, refund, at=at)


def take_back(refund: Refund, *, at: dt.datetime) -> Invoice | None:
    """Take a refund's credit note back, by a document of its own: the money did not arrive.

    Returns nothing if there is no credit note.
    """
    return _answer(InvoiceKind.CORRECTION, refund, at=at)


def catch_up(*, at: dt.datetime) -> int:
    """Write the documents that are still due, the earliest payment first; return how many."""
    try:
        seller_now()
    except SellerUnknown:
        return 0
    written = 0
    for order_id in orders_due().order_by("paid_at", "pk").values_list("pk", flat=True)[:PER_RUN]:
        with transaction.atomic():
            order = Order.objects.select_for_update().get(pk=order_id)
            written += issue(order, at=at) is not None
    for refund in refunds_due().order_by("finished_at", "pk")[:PER_RUN]:
        with transaction.atomic():
            Order.objects.select_for_update().get(pk=refund.order_id)
            written += credit(refund, at=at) is not None
    return written


def orders_due() -> QuerySet[Order]:
    """Orders that were paid and fulfilled, and have no invoice."""
    return Order.objects.filter(paid_at__isnull=False).exclude(invoices__kind=InvoiceKind.INVOICE)


def refunds_due() -> QuerySet[Refund]:
    """Refunds that arrived, of payments with an invoice, and have no credit note."""
    invoices = Invoice.objects.filter(kind=InvoiceKind.INVOICE)
    invoiced = Exists(invoices.filter(payment=OuterRef("payment")))
    with_card = Q(Exists(invoices.filter(order=OuterRef("order"))))
    with_card &= Q(payment__way=PaymentWay.GIFT_CARD)
    return Refund.objects.filter(invoiced | with_card, status=RefundStatus.SUCCEEDED).exclude(
        invoices__kind=InvoiceKind.CREDIT_NOTE
    )


def seller_now() -> Seller:
    """Return who issues documents today.

    :raises SellerUnknown: if somebody has still to say so.
    """
    row = InvoiceSeller.load()
    if not row.is_complete:
        raise SellerUnknown
    return Seller(**{name: getattr(row, name) for name in Seller.__dataclass_fields__})


def buyer_of(invoice: Invoice) -> Buyer | None:
    """Return whom a document was made out to, or nothing once that was dropped."""
    row = InvoiceBuyer.objects.filter(invoice=invoice).first()
    return Buyer.from_text(SEALER.unseal(row.sealed)) if row else None


def forget_old(*, on: dt.date) -> int:
    """Drop the names on documents that law no longer wants kept; return how many."""
    dropped, _ = InvoiceBuyer.objects.filter(keep_until_on__lt=on).delete()
    return dropped


def _answer(kind: InvoiceKind, refund: Refund, *, at: dt.datetime) -> Invoice | None:
    """Write the document that answers another one of the same order."""
    found = Invoice.objects.filter(refund=refund, kind=kind).first()
    corrects = _answered(kind, refund)
    if found is not None or corrects is None:
        return found
    try:
        seller = seller_now()
    except SellerUnknown:
        return None
    said = Content.from_json(corrects.content)
    buyer = buyer_of(corrects)
    if kind == InvoiceKind.CREDIT_NOTE:
        lines, delivery = _credited(refund)
    else:
        lines, delivery = said.lines, said.delivery
    if not lines and not delivery:
        return None
    matter = _Matter(kind, refund.order, refund.payment, refund, corrects)
    content = _content(
        matter,
        seller=seller,
        buyer=buyer,
        lines=lines,
        delivery=delivery,
        supplied=(said.supplied_from_on, said.supplied_until_on),
        at=at,
    )
    return _write(matter, content, buyer, at=at)


def _answered(kind: InvoiceKind, refund: Refund) -> Invoice | None:
    if kind == InvoiceKind.CREDIT_NOTE:
        # The invoice names one payment of an order; what a gift card paid beside it is on it too.
        is_card = refund.payment.way == PaymentWay.GIFT_CARD
        paid = Q(order=refund.order_id) if is_card else Q(payment=refund.payment_id)
        return Invoice.objects.filter(paid, kind=InvoiceKind.INVOICE).first()
    return Invoice.objects.filter(refund=refund, kind=InvoiceKind.CREDIT_NOTE).first()


def _credited(refund: Refund) -> figures.Figures:
    """Return what goes back with a refund; nothing of it may have been sold."""
    lines = list(refund.order.lines.prefetch_related("parts"))
    backs = [back for back in refund_lines.backs_of(refund) if back.gross_minor]
    return figures.of_refund(lines, backs)


def _content(
    matter: _Matter,
    *,
    seller: Seller,
    buyer: Buyer | None,
    lines: tuple[Line, ...],
    delivery: tuple[RateAmount, ...],
    supplied: tuple[dt.date, dt.date],
    at: dt.datetime,
) -> Content:
    """Put the facts together; the number comes last, when nothing can go wrong any more."""
    order, payment = matter.order, matter.payment
    corrects = matter.corrects
    paid_at = (payment.paid_at if payment else None) or order.paid_at or at
    way = payment.way if payment else PaymentWay.STRIPE.value
    if matter.refund is not None:
        is_moved = matter.refund.moved_to_id is not None
        way = PaymentWay.GIFT.value if is_moved else matter.refund.payment.bearer.way
    return Content(
        kind=matter.kind,
        number="",
        issued_on=timezone.localdate(at),
        currency=order.currency,
        seller=seller,
        buyer_digest=buyer.digest if buyer else "",
        order_number=order.number,
        ordered_on=timezone.localdate(order.placed_at),
        lines=lines,
        delivery=delivery,
        delivery_name=order.delivery_method_name,
        supplied_from_on=supplied[0],
        supplied_until_on=supplied[1],
        paid_on=timezone.localdate(paid_at),
        paid_reference=(payment.payment_intent or payment.reference) if payment else "",
        paid_way=way,
        gift_card_minor=_by_card_beside(matter),
        corrects=corrects.number if corrects else "",
        corrects_on=timezone.localdate(corrects.issued_at) if corrects else None,
        reason=matter.refund.reason if matter.refund else "",
    )


def _by_card_beside(matter: _Matter) -> int:
    """Return what a gift card paid of an order whose rest came by another way."""
    if matter.kind != InvoiceKind.INVOICE or matter.payment is None:
        return 0
    is_alone = matter.payment.way == PaymentWay.GIFT_CARD
    return 0 if is_alone else matter.order.gift_card_minor


def _write(matter: _Matter, content: Content, buyer: Buyer | None, *, at: dt.datetime) -> Invoice:
    number = numbers.take(matter.kind, year=content.issued_on.year)
    numbered = content.numbered(str(number))
    invoice = Invoice.objects.create(
        kind=matter.kind,
        series=number.series,
        year=number.year,
        serial=number.serial,
        number=numbered.number,
        order=matter.order,
        payment=matter.payment,
        refund=matter.refund,
        corrects=matter.corrects,
        issued_at=at,
        currency=numbered.currency,
        net_minor=numbered.net_minor,
        vat_minor=numbered.vat_minor,
        gross_minor=numbered.gross_minor,
        content=numbered.to_json(),
        content_hash=numbered.digest,
    )
    if buyer is not None:
        InvoiceBuyer.objects.create(
            invoice=invoice,
            sealed=SEALER.seal(buyer.to_text()),
            keep_until_on=dt.date(number.year + YEARS_KEPT, 12, 31),
        )
    order_status.record(
        matter.order, kind=matter.kind, message=f"{invoice.get_kind_display()} {number}", at=at
    )
    return invoice


def _buyer(order: Order) -> Buyer:
    address = None
    if order.delivery_line1:
        names = Address.__dataclass_fields__
        address = Address(**{name: getattr(order, f"delivery_{name}") for name in names})
    return Buyer(secrets.token_hex(16), order.name, order.email, address)


def _supplied(order: Order, lines: list[OrderLine], at: dt.datetime) -> tuple[dt.date, dt.date]:
    """Return the days of supply: of goods when they arrive, of prepaid sessions when they are sold.

    A voucher for one known service is supplied when it is issued: section 3 paragraph 14 UStG.
    """
    sold_on = timezone.localdate(at)
    days = [sold_on] if any(line.sessions for line in lines) else []
    if order.needs_delivery:
        days += [order.arrives_from_on or sold_on, order.arrives_until_on or sold_on]
    return (min(days), max(days)) if days else (sold_on, sold_on)
