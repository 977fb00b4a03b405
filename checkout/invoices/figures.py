"""The figures of a document, from what an order froze and from what a refund falls on."""

from collections.abc import Iterable, Sequence

from catalog.models import OfferKind
from checkout.invoices.content import Line, RateAmount, Reduction
from checkout.models import Order, OrderLine
from checkout.refund_lines import bought
from checkout.refund_split import LineMoney

Figures = tuple[tuple[Line, ...], tuple[RateAmount, ...]]


def of_order(order: Order, lines: Sequence[OrderLine]) -> Figures:
    """Return an order's lines as its invoice lists them, and its charge for delivery."""
    return _figures(lines, bought(order, lines), is_whole=True)


def of_refund(lines: Sequence[OrderLine], backs: Iterable[LineMoney]) -> Figures:
    """Return which lines a credit note lists, and what of the charge for delivery."""
    return _figures(lines, backs, is_whole=False)


def _figures(lines: Sequence[OrderLine], moneys: Iterable[LineMoney], *, is_whole: bool) -> Figures:
    by_id = {line.pk: line for line in lines}
    listed: list[Line] = []
    delivery: tuple[RateAmount, ...] = ()
    for money in moneys:
        rates = tuple(
            RateAmount(rate.vat_rate_bp, rate.gross_minor, rate.vat_minor) for rate in money.rates
        )
        if money.line_id is None:
            delivery = rates
        else:
            listed.append(_line(by_id[money.line_id], money.pieces, rates, is_whole=is_whole))
    return tuple(listed), delivery


def _line(line: OrderLine, quantity: int, rates: tuple[RateAmount, ...], *, is_whole: bool) -> Line:
    """List a line; on a credit note a piece may be worth less than it was bought for."""
    return Line(
        name=", ".join(filter(None, [line.name, line.label])),
        sku=line.sku,
        quantity=quantity,
        unit_gross_minor=line.unit_price_minor if is_whole else None,
        rates=rates,
        parts=tuple(f"{part.quantity} × {part.full_name}" for part in line.parts.all()),
        reductions=_reductions(line) if is_whole and line.discount_minor else (),
        is_gift_card=line.kind == OfferKind.GIFT_CARD,
    )


def _reductions(line: OrderLine) -> tuple[Reduction, ...]:
    return tuple(Reduction(each.name, each.amount_minor) for each in line.reductions.all())
