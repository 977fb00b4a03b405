"""How money that goes back falls on what was bought, to the last minor unit; no query.

Each step splits what is *left* by largest remainder, so parts in any order sum to the whole, and
nothing falls below zero.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from checkout.totals import RateShare
from money.money import allocate


@dataclass(frozen=True, slots=True)
class LineMoney:
    """Money of one line of an order, by VAT rate: what is left of it, or what comes back.

    :ivar line_id: the order's line; none for delivery.
    :ivar pieces: whole pieces, for a kit whole kits; none of delivery.
    """

    line_id: int | None
    pieces: int
    rates: tuple[RateShare, ...]

    @property
    def gross_minor(self) -> int:
        """VAT included."""
        return sum(rate.gross_minor for rate in self.rates)

    @property
    def vat_minor(self) -> int:
        return sum(rate.vat_minor for rate in self.rates)


def worth_of(left: LineMoney, pieces: int) -> int:
    """Return what so many of the pieces that are left are worth; the last ones all that is left.

    :raises ValueError: if so many are not left.
    """
    if not 0 <= pieces <= left.pieces:
        raise ValueError(f"{pieces} of {left.pieces} pieces")
    if not pieces:
        return 0
    return allocate(left.gross_minor, [pieces, left.pieces - pieces])[0]


def take(left: LineMoney, gross_minor: int, *, pieces: int = 0) -> LineMoney:
    """Return which part of what is left comes back, with its VAT at each rate.

    :raises ValueError: if so much is not left.
    """
    if not 0 <= gross_minor <= left.gross_minor or not 0 <= pieces <= left.pieces:
        raise ValueError(f"{gross_minor} of {left.gross_minor}, {pieces} of {left.pieces}")
    if not gross_minor:
        return LineMoney(left.line_id, pieces, ())
    grosses = allocate(gross_minor, [rate.gross_minor for rate in left.rates])
    shares = (
        RateShare(rate.vat_rate_bp, gross, _vat_of(rate, gross))
        for rate, gross in zip(left.rates, grosses, strict=True)
    )
    return LineMoney(left.line_id, pieces, tuple(share for share in shares if share.gross_minor))


def _vat_of(rate: RateShare, gross_minor: int) -> int:
    if not rate.gross_minor:
        return 0
    return allocate(rate.vat_minor, [gross_minor, rate.gross_minor - gross_minor])[0]


def without(left: LineMoney, back: LineMoney) -> LineMoney:
    """Return what is still left once a part has come back."""
    at = {share.vat_rate_bp: share for share in back.rates}
    nothing = RateShare(0, 0, 0)
    rates = tuple(
        replace(
            rate,
            gross_minor=rate.gross_minor - at.get(rate.vat_rate_bp, nothing).gross_minor,
            vat_minor=rate.vat_minor - at.get(rate.vat_rate_bp, nothing).vat_minor,
        )
        for rate in left.rates
    )
    return LineMoney(left.line_id, left.pieces - back.pieces, rates)


def after(lefts: Sequence[LineMoney], backs: Iterable[LineMoney]) -> list[LineMoney]:
    """Return what is left of every line once a refund has come back."""
    of = {back.line_id: back for back in backs}
    nothing = LineMoney(None, 0, ())
    return [without(left, of.get(left.line_id, nothing)) for left in lefts]


def spread(lefts: Sequence[LineMoney], amount_minor: int) -> dict[int | None, int]:
    """Say how much of an amount falls on each line, in proportion to what is left of it.

    What is more than all that is left falls on nothing.
    """
    rooms = [left.gross_minor for left in lefts]
    amount_minor = min(amount_minor, sum(rooms))
    if not amount_minor:
        return {}
    shares = allocate(amount_minor, rooms)
    return {left.line_id: share for left, share in zip(lefts, shares, strict=True) if share}


def fall(
    lefts: Sequence[LineMoney],
    amount_minor: int,
    *,
    wanted: Mapping[int | None, int],
    pieces: Mapping[int | None, int],
) -> list[LineMoney]:
    """Return what a refund takes of each line: what is wanted of it first, the rest spread.

    :param wanted: how much shall fall on which line; no more than is left of it does.
    :param pieces: how many pieces of which line come back with it.
    """
    grosses = {left.line_id: min(wanted.get(left.line_id, 0), left.gross_minor) for left in lefts}
    fallen = [take(left, grosses[left.line_id]) for left in lefts]
    rest = spread(after(lefts, fallen), amount_minor - sum(grosses.values()))
    backs = [
        take(
            left,
            grosses[left.line_id] + rest.get(left.line_id, 0),
            pieces=min(pieces.get(left.line_id, 0), left.pieces),
        )
        for left in lefts
    ]
    return [back for back in backs if back.gross_minor or back.pieces]
