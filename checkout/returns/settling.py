"""End a return: with money back, with other goods, or with neither."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from accounts.models import User
from catalog import stock
from checkout import emails, order_status, paying_back, refunds, settlement
from checkout.models import Order, OrderLine, Return, ReturnStatus
from checkout.models.basket import new_key
from checkout.models.returning import LONGEST_ANSWER
from checkout.paying_back import Quote, Wish
from checkout.returns import exchangeable, status
from checkout.returns.asking import locked
from checkout.returns.deciding import AnswerMissing

# What a replacement has of the order whose goods it replaces.
_COPIED = (
    "user", "email", "name", "phone", "currency", "needs_delivery", "delivery_name",
    "delivery_line1", "delivery_line2", "delivery_postcode", "delivery_city", "delivery_country",
    "vat_country",
    "delivery_method_code", "delivery_method_name", "delivery_method_kind", "terms_version",
)  # fmt: skip

REFUSALS = (
    AnswerMissing,
    exchangeable.NotForThis,
    paying_back.AmountChanged,
    paying_back.LiesInReturn,
    paying_back.NothingToPayBack,
    paying_back.TooMuch,
    refunds.PaymentDisputed,
    refunds.RefundRefused,
    status.ReturnRefused,
    stock.SoldOut,
)


def wish_of(row: Return, *, with_delivery: bool, withheld_minor: int) -> Wish:
    """Return what is paid back for a return: all its pieces, less what they have lost in value.

    :param withheld_minor: minor units of the order's currency.
    """
    pieces = {each.line_id: each.quantity for each in row.lines.all()}
    delivery = paying_back.delivery_left(row.order) if with_delivery else 0
    return Wish(gone=pieces, delivery_minor=delivery, withheld_minor=withheld_minor)


def quote(row: Return, *, with_delivery: bool, withheld_minor: int) -> Quote:
    """Return what would be paid back, line by line.

    :raises paying_back.NothingToPayBack: if nothing would.
    :raises paying_back.TooMuch: if some of it was paid back already, or more would be withheld
        than there is.
    """
    wish = wish_of(row, with_delivery=with_delivery, withheld_minor=withheld_minor)
    return paying_back.quote(row.order, wish, settling=row.pk)


def pay_back(
    *,
    return_id: int,
    with_delivery: bool,
    withheld_minor: int,
    agreed_minor: int,
    by: User,
    at: datetime,
    most_minor: int | None = None,
) -> Return:
    """End a return with money back; what can be sold again is on the shelf since it was inspected.

    :param agreed_minor: the amount that was shown, minor units of the order's currency.
    :param most_minor: how much may have gone back for the order then, all its refunds together,
        minor units; none for no limit.
    :raises refund_ways.AboveLimit: if that is more.
    :raises status.ReturnRefused: if it was not inspected, or has ended.
    :raises paying_back.AmountChanged: if another amount was shown.
    :raises paying_back.NothingToPayBack: if nothing would go back.
    :raises paying_back.TooMuch: if some of it was paid back already.
    :raises refunds.PaymentDisputed: if the buyer's bank holds the money.
    :raises refunds.RefundRefused: if no payment has so much left.
    """
    with transaction.atomic():
        row = locked(return_id)
        status.demand(row, ReturnStatus.REFUNDED)
        refund = paying_back.pay_back(
            order_id=row.order_id,
            wish=wish_of(row, with_delivery=with_delivery, withheld_minor=withheld_minor),
            agreed_minor=agreed_minor,
            reason=f"Return: {row.get_reason_display()}",
            by=by,
            at=at,
            settling=row.pk,
            most_minor=most_minor,
        )
        message = "Return paid back"
        status.move(row, ReturnStatus.REFUNDED, message=message, at=at, by=by, refund=refund)
    return row


def exchange(*, return_id: int, offers: Mapping[int, int], by: User, at: datetime) -> Return:
    """End a return with other goods: an order of its own that costs nothing and is to be packed.

    :param offers: what is sent for each line's pieces.
    :raises status.ReturnRefused: if it was not inspected, or has ended.
    :raises exchangeable.NotForThis: if something cannot be exchanged for that.
    :raises stock.SoldOut: if it is gone meanwhile.
    """
    with transaction.atomic():
        row = locked(return_id)
        status.demand(row, ReturnStatus.EXCHANGED)
        lines = list(row.lines.select_related("line__order"))
        chosen = [
            exchangeable.demand(each.line, offers.get(each.line_id, 0), at=at) for each in lines
        ]
        replacement = _order_like(row.order, at=at)
        OrderLine.objects.bulk_create(
            OrderLine(
                order=replacement,
                position=position,
                offer=offer,
                kind=offer.kind,
                sku=offer.sku,
                name=each.line.name,
                label=offer.label,
                unit_price_minor=0,
                quantity=each.quantity,
                total_minor=0,
                vat_rate_bp=each.line.vat_rate_bp or 0,
                vat_minor=0,
                tax_code=each.line.tax_code,
            )
            for position, (each, offer) in enumerate(zip(lines, chosen, strict=True), start=1)
        )
        settlement.send_for_nothing(
            replacement, message=f"Replaces goods of order {row.order.number}", by=by, at=at
        )
        status.move(
            row,
            ReturnStatus.EXCHANGED,
            message=f"Exchanged: order {replacement.number} replaces it",
            at=at,
            by=by,
            replacement=replacement,
        )
        emails.queue(
            row.order, emails.RETURN_EXCHANGED, at=at, key=str(row.pk), **{"return": row.pk}
        )
    return row


def close(*, return_id: int, answer: str, by: User, at: datetime) -> Return:
    """End a return with neither, and say why; the buyer gets it by mail.

    :raises AnswerMissing: if nothing is said.
    :raises status.ReturnRefused: if it was not inspected, or has ended.
    """
    words = answer.replace("\0", "").strip()
    if not words:
        raise AnswerMissing
    with transaction.atomic():
        row = locked(return_id)
        status.move(
            row,
            ReturnStatus.CLOSED,
            message="Return closed without money",
            at=at,
            by=by,
            answer=words[:LONGEST_ANSWER],
        )
        emails.queue(
            row.order,
            emails.RETURN_REJECTED,
            at=at,
            key=f"{row.pk}:closed",
            **{"return": row.pk},
        )
    return row


def _order_like(order: Order, *, at: datetime) -> Order:
    """Place an order for the same person and address, at no price."""
    copied = {name: getattr(order, name) for name in _COPIED}
    replacement = Order.objects.create(
        checkout_token=new_key(),
        goods_minor=0,
        packages_minor=0,
        delivery_minor=0,
        vat_minor=0,
        total_minor=0,
        fulfilment="UNFULFILLED",
        placed_at=at,
        **copied,
    )
    order_status.record(replacement, kind="PLACED", message="Placed as an exchange", at=at)
    return replacement
