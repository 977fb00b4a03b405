"""What a basket adds up to, VAT included: whole minor units in, whole minor units out."""

from collections.abc import Sequence
from dataclasses import dataclass

from money.money import allocate, included_vat


@dataclass(frozen=True, slots=True)
class PartAmount:
    """What one part of a kit weighs in the kit's price.

    :param alone_minor: what its pieces in one kit cost by themselves, minor units.
    """

    vat_rate_bp: int
    alone_minor: int


@dataclass(frozen=True, slots=True)
class LineAmount:
    """The figures of one line that its amounts follow from.

    :param unit_price_minor: minor units for one piece, VAT included.
    :param vat_rate_bp: the rate in basis points: 1900 is 19 %; a kit has its parts' rates.
    :param is_goods: whether the line is sent to the buyer.
    :param off_minor: what discounts take off the line; no more than it costs.
    """

    unit_price_minor: int
    quantity: int
    vat_rate_bp: int
    is_goods: bool
    parts: tuple[PartAmount, ...] = ()
    off_minor: int = 0

    @property
    def total_minor(self) -> int:
        return self.unit_price_minor * self.quantity - self.off_minor


@dataclass(frozen=True, slots=True)
class RateShare:
    """The part of an amount that follows one VAT rate, in minor units."""

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

    Every line's VAT is rounded once for each of its rates, and the VAT of the whole is the sum of
    those figures, so what a receipt lists is what it adds up to.
    """
    line_totals = tuple(line.total_minor for line in lines)
    line_vats = tuple(sum(share.vat_minor for share in line_shares(line)) for line in lines)
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


def line_shares(line: LineAmount) -> tuple[RateShare, ...]:
    """Share a line over its VAT rates: one, or those of a kit's parts, the lowest first."""
    if not line.parts:
        vat_minor = included_vat(line.total_minor, line.vat_rate_bp)
        return (RateShare(line.vat_rate_bp, line.total_minor, vat_minor),)
    gross_at: dict[int, int] = {}
    for part, gross_minor in zip(line.parts, _part_grosses(line), strict=True):
        gross_at[part.vat_rate_bp] = gross_at.get(part.vat_rate_bp, 0) + gross_minor
    return tuple(
        RateShare(rate, gross_at[rate], included_vat(gross_at[rate], rate))
        for rate in sorted(gross_at)
    )


def part_shares(line: LineAmount) -> tuple[RateShare, ...]:
    """Share a kit's line over its parts, in their order; the shares sum to the line's own.

    The price of a bundle is split in proportion to what its parts cost by themselves (German VAT
    application decree, section 10.1 paragraph 11 UStAE). Within a rate the VAT follows the gross.
    """
    grosses = _part_grosses(line)
    vats = [0] * len(grosses)
    for share in line_shares(line):
        places = [n for n, part in enumerate(line.parts) if part.vat_rate_bp == share.vat_rate_bp]
        split = allocate_or_evenly(share.vat_minor, [grosses[place] for place in places])
        for place, vat_minor in zip(places, split, strict=True):
            vats[place] = vat_minor
    return tuple(
        RateShare(part.vat_rate_bp, gross_minor, vat_minor)
        for part, gross_minor, vat_minor in zip(line.parts, grosses, vats, strict=True)
    )


def _part_grosses(line: LineAmount) -> list[int]:
    return allocate_or_evenly(line.total_minor, [part.alone_minor for part in line.parts])


def allocate_or_evenly(amount_minor: int, weights: Sequence[int]) -> list[int]:
    """Split by weights, or equally where none weighs anything."""
    return allocate(amount_minor, weights if any(weights) else [1] * len(weights))


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
        for share in line_shares(line) if line.is_goods else ():
            value_at[share.vat_rate_bp] = value_at.get(share.vat_rate_bp, 0) + share.gross_minor
    if not value_at:
        raise ValueError("a delivery charge needs goods to deliver")
    rates = sorted(value_at)
    parts = allocate_or_evenly(delivery_minor, [value_at[rate] for rate in rates])
    return tuple(
        RateShare(rate, part, included_vat(part, rate))
        for rate, part in zip(rates, parts, strict=True)
    )
