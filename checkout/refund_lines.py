"""The only writer of what a refund falls on, and the account of what is left of an order's money.

A refund from before there were such rows has none: it counts as spread over all that was left then.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import QuerySet

from catalog.models import OfferKind
from checkout import refund_split
from checkout.models import Order, OrderLine, Refund, RefundLine, RefundRate, RefundStatus
from checkout.refund_split import LineMoney
from checkout.totals import RateShare, allocate_or_evenly
from money.money import included_vat


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a refund is for, by line of the order; none stands for delivery.

    :ivar gross: how much of the amount falls on which line; what is left of it is spread.
    :ivar pieces: how many pieces are paid back with it.
    :ivar called_off: how many of them were never sent.
    :ivar restocked: how many of them are back on the shelf.
    """

    gross: Mapping[int | None, int] = field(default_factory=dict)
    pieces: Mapping[int | None, int] = field(default_factory=dict)
    called_off: Mapping[int | None, int] = field(default_factory=dict)
    restocked: Mapping[int | None, int] = field(default_factory=dict)


NOTHING_NAMED = Wanted()


def left_of(order: Order, *, before: Refund | None = None) -> list[LineMoney]:
    """Return what has not been paid back of every line, then of delivery; five queries.

    :param before: a refund that does not count, nor do those that came after it.
    """
    lines = list(order.lines.prefetch_related("parts"))
    lefts = list(bought(order, lines))
    paid = order.paid_minor
    for refund in _counted(order, before).prefetch_related("lines__rates"):
        lefts = refund_split.after(lefts, _written(refund) or _spread(lefts, refund, paid))
        paid -= refund.amount_minor
    return lefts


def worth_of(line: OrderLine, left: LineMoney, pieces: int) -> int:
    """Return what so many pieces of a line bring back, minor units.

    The last ones bring all that is left of it, but none brings more than was paid for it: what was
    withheld of other pieces, or called off for less, stays with us.
    """
    paid_for_one = -(-line.total_minor // line.quantity)
    return min(refund_split.worth_of(left, pieces), paid_for_one * pieces)


def backs_of(refund: Refund) -> list[LineMoney]:
    """Return what a refund falls on, whether or not rows say so."""
    written = _written(refund)
    if written:
        return written
    order = refund.order
    paid = order.paid_minor - _gone(_counted(order, refund))
    return _spread(left_of(order, before=refund), refund, paid)


def write(refund: Refund, wanted: Wanted) -> None:
    """Write down what a new refund falls on, in the transaction that holds its amount.

    A refund for which nothing is named falls on what was paid too much, then on everything.
    """
    order = refund.order
    lefts = left_of(order, before=refund)
    if wanted.gross:
        backs = refund_split.fall(
            lefts, refund.amount_minor, wanted=wanted.gross, pieces=wanted.pieces
        )
    else:
        backs = _spread(lefts, refund, order.paid_minor - _gone(_counted(order, refund)))
    rows = RefundLine.objects.bulk_create(_row(refund, back, wanted) for back in backs)
    RefundRate.objects.bulk_create(
        RefundRate(
            refund_line=row,
            vat_rate_bp=share.vat_rate_bp,
            gross_minor=share.gross_minor,
            vat_minor=share.vat_minor,
        )
        for row, back in zip(rows, backs, strict=True)
        for share in back.rates
    )


def _row(refund: Refund, back: LineMoney, wanted: Wanted) -> RefundLine:
    called_off = min(wanted.called_off.get(back.line_id, 0), back.pieces)
    restocked = min(wanted.restocked.get(back.line_id, 0), back.pieces - called_off)
    return RefundLine(
        refund=refund,
        line_id=back.line_id,
        quantity=back.pieces,
        called_off=called_off,
        restocked=restocked,
        gross_minor=back.gross_minor,
        vat_minor=back.vat_minor,
    )


def _counted(order: Order, before: Refund | None) -> QuerySet[Refund]:
    refunds = order.refunds.exclude(status=RefundStatus.FAILED).order_by("pk")
    return refunds if before is None else refunds.filter(pk__lt=before.pk)


def _gone(refunds: QuerySet[Refund]) -> int:
    return sum(refunds.values_list("amount_minor", flat=True))


def _spread(lefts: Sequence[LineMoney], refund: Refund, paid_minor: int) -> list[LineMoney]:
    """Let a refund fall on all that is left, once what was paid too much has gone back.

    :param paid_minor: what was left of the payments before it.
    """
    overpaid = max(0, paid_minor - sum(left.gross_minor for left in lefts))
    amount = max(0, refund.amount_minor - overpaid)
    return refund_split.fall(lefts, amount, wanted={}, pieces={})


def _written(refund: Refund) -> list[LineMoney]:
    return [
        LineMoney(row.line_id, row.quantity, tuple(_shares(row.rates.all())))
        for row in refund.lines.all()
    ]


def _shares(rates: Iterable[RefundRate]) -> Iterator[RateShare]:
    for rate in rates:
        yield RateShare(rate.vat_rate_bp, rate.gross_minor, rate.vat_minor)


def bought(order: Order, lines: Sequence[OrderLine]) -> Iterator[LineMoney]:
    """Yield the money of every line, then of delivery, as it was promised; parts are loaded."""
    for line in lines:
        yield LineMoney(line.pk, line.quantity, _rates_of(line))
    yield LineMoney(None, 0, _rates_of_delivery(order, lines))


def _rates_of(line: OrderLine) -> tuple[RateShare, ...]:
    """Share a line over its VAT rates as it was promised: a kit by its parts."""
    parts = list(line.parts.all())
    if not parts:
        return (RateShare(line.vat_rate_bp or 0, line.total_minor, line.vat_minor),)
    at: dict[int, RateShare] = {}
    for part in parts:
        known = at.get(part.vat_rate_bp, RateShare(part.vat_rate_bp, 0, 0))
        at[part.vat_rate_bp] = RateShare(
            part.vat_rate_bp,
            known.gross_minor + part.gross_minor,
            known.vat_minor + part.vat_minor,
        )
    return tuple(at[rate] for rate in sorted(at))


def _rates_of_delivery(order: Order, lines: Sequence[OrderLine]) -> tuple[RateShare, ...]:
    """Share delivery over the goods' rates, as `checkout.totals` did when the order was placed."""
    goods = [line for line in lines if line.kind == OfferKind.PRODUCT]
    value_at: dict[int, int] = {}
    for share in (share for line in goods for share in _rates_of(line)):
        value_at[share.vat_rate_bp] = value_at.get(share.vat_rate_bp, 0) + share.gross_minor
    if not order.delivery_minor or not value_at:
        return ()
    rates = sorted(value_at)
    grosses = allocate_or_evenly(order.delivery_minor, [value_at[rate] for rate in rates])
    vats = [included_vat(gross, rate) for gross, rate in zip(grosses, rates, strict=True)]
    # Whoever reckoned the VAT, delivery holds what the lines do not.
    whole = order.vat_minor - sum(line.vat_minor for line in lines)
    whole = min(max(0, whole), order.delivery_minor) if any(vats) else 0
    return tuple(
        RateShare(rate, gross, min(vat, gross))
        for rate, gross, vat in zip(rates, grosses, allocate_or_evenly(whole, vats), strict=True)
    )
