"""What a basket adds up to, VAT included: whole minor units in, whole minor units out."""

from collections.abc import Sequence
from dataclasses import dataclass

from money.money import allocate, included_vat


@dataclass(frozen=True, slots=True)
class LineAmount:
    """The figures of one line that its amounts follow from.

    :param unit_price_minor: minor units for one piece, VAT included.
    :param vat_rate_bp: the rate in basis points: 1900 is 19 %.
    :param is_goods: whether the line is sent to the buyer.
    """

    unit_price_minor: int
    quantity: int
    vat_rate_bp: int
    is_goods: bool


@dataclass(frozen=True, slots=True)
class RateShare:
    """The part of the delivery charge that follows one VAT rate, in minor units."""

    vat_rate_bp: int
    gross_minor: int
    vat_minor: int


@dataclass(frozen=True, slots=True)
class Totals:
    """A basket's amounts in minor units; the parts sum to the whole."""

    line_totals: tuple[int, ...]
    line_vats: tuple[int, ...]
    goods_minor: int
    packages_minor: int
    delivery_minor: int
    delivery_shares: tuple[RateShare, ...]
    delivery_vat_minor: int
    vat_minor: int
    total_minor: int


def totals(lines: Sequence[LineAmount], *, delivery_minor: int) -> Totals:
    """Add up a basket and the VAT it contains.

    Every line's VAT is rounded once, and the VAT of the whole is the sum of those figures, so
    what a receipt lists is what it adds up to.
    """
    line_totals = tuple(line.unit_price_minor * line.quantity for line in lines)
    line_vats = tuple(
        included_vat(amount, line.vat_rate_bp)
        for line, amount in zip(lines, line_totals, strict=True)
    )
    goods_minor = sum(
        amount for line, amount in zip(lines, line_totals, strict=True) if line.is_goods
    )
    shares = share_delivery(lines, delivery_minor=delivery_minor)
    delivery_vat_minor = sum(share.vat_minor for share in shares)
    whole = sum(line_totals)
    return Totals(
        line_totals=line_totals,
        line_vats=line_vats,
        goods_minor=goods_minor,
        packages_minor=whole - goods_minor,
        delivery_minor=delivery_minor,
        delivery_shares=shares,
        delivery_vat_minor=delivery_vat_minor,
        vat_minor=sum(line_vats) + delivery_vat_minor,
        total_minor=whole + delivery_minor,
    )


def share_delivery(lines: Sequence[LineAmount], *, delivery_minor: int) -> tuple[RateShare, ...]:
    """Share the delivery charge over the goods' VAT rates, by what is bought at each rate.

    Delivery is ancillary to the goods and follows their rate (German VAT application decree,
    section 3.10 UStAE). Goods that cost nothing share equally by rate.

    :raises ValueError: if there is a charge but nothing to deliver.
    """
    if not delivery_minor:
        return ()
    value_at: dict[int, int] = {}
    for line in lines:
        if line.is_goods:
            amount = line.unit_price_minor * line.quantity
            value_at[line.vat_rate_bp] = value_at.get(line.vat_rate_bp, 0) + amount
    if not value_at:
        raise ValueError("a delivery charge needs goods to deliver")
    rates = sorted(value_at)
    weights = [value_at[rate] for rate in rates]
    parts = allocate(delivery_minor, weights if any(weights) else [1] * len(weights))
    return tuple(
        RateShare(rate, part, included_vat(part, rate))
        for rate, part in zip(rates, parts, strict=True)
    )
