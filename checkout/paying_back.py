"""Pay back what was bought, by piece, delivery or amount, whether or not it has left us.

Sessions of a package come back by their frozen terms instead: `checkout.giving_back`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from accounts.models import User
from catalog import stock
from catalog.models import MovementKind
from checkout import calling_off, order_status, refund_lines, refund_split, refund_ways, refunds
from checkout.batches import returning
from checkout.models import Order, Refund
from checkout.payable import Payable, PayableLine, payable
from checkout.refund_lines import Wanted
from checkout.refund_split import LineMoney
from money.money import Money, allocate


class NothingToPayBack(Exception):
    """Nothing was named, or nothing of what was paid is left."""

    def __init__(self) -> None:
        super().__init__("Nothing is paid back: say how many pieces, or which amount.")


class TooMuch(Exception):
    """More pieces or money were named than are left."""

    def __init__(self, what: str, left: str) -> None:
        super().__init__(f"{what}: only {left} can be paid back. Nothing was changed.")


class LiesInReturn(Exception):
    """Pieces were named that a return has: paid back here, it could only be closed."""

    def __init__(self, what: str, pieces: int) -> None:
        lies = "1 piece lies" if pieces == 1 else f"{pieces} pieces lie"
        super().__init__(
            f"{what}: {lies} in a return. Settle the return, or call it off first."
            " Nothing was changed."
        )


class AmountChanged(Exception):
    """Something was sent, packed or paid back since the amount was shown."""

    def __init__(self, amount: Money) -> None:
        super().__init__(f"The amount is {amount} now. Nothing was changed; confirm it again.")
        self.amount = amount


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be paid back.

    :ivar unsent: pieces by line that lie in no parcel; they are not sent any more.
    :ivar gone: pieces by line that have left us.
    :ivar shelved: the lines of which what has left is back on the shelf.
    :ivar delivery_minor: how much of the costs of delivery.
    :ivar free_minor: an amount besides, spread over goods and delivery.
    :ivar withheld_minor: how much less than the pieces are worth, because they have lost in value.
    """

    unsent: Mapping[int, int] = field(default_factory=dict)
    gone: Mapping[int, int] = field(default_factory=dict)
    shelved: frozenset[int] = frozenset()
    delivery_minor: int = 0
    free_minor: int = 0
    withheld_minor: int = 0

    def pieces_of(self, line_id: int) -> int:
        """Return how many pieces of a line are named."""
        return self.unsent.get(line_id, 0) + self.gone.get(line_id, 0)


@dataclass(frozen=True, slots=True)
class QuoteRow:
    """What would come back of one line, or of delivery."""

    name: str
    unsent: int
    gone: int
    shelved: int
    gross: Money
    vat: Money


@dataclass(frozen=True, slots=True)
class Quote:
    """What would come back for a wish, line by line.

    :ivar left: what could be paid back, from which it was worked out.
    """

    rows: list[QuoteRow]
    amount: Money
    vat: Money
    wanted: Wanted
    left: Payable


def quote(order: Order, wish: Wish, *, settling: int = 0) -> Quote:
    """Return what comes back for a wish, with its VAT.

    :param settling: the return that is settled by it; pieces in others are not for this.

    :raises NothingToPayBack: if it names nothing.
    :raises TooMuch: if it names more than is left.
    :raises LiesInReturn: if a return that is not settled has the pieces.
    :raises refunds.PaymentDisputed: if the buyer's bank holds the money.
    """
    refunds.demand_undisputed(order)
    found = payable(order, settling=settling)
    _check(order, found, wish)
    gross = _gross_of(order, found, wish)
    amount = sum(gross.values())
    free = order.paid_minor - order.refunded_minor - order.refund_reserved_minor
    if not amount:
        raise NothingToPayBack
    if amount > free:
        raise TooMuch("Of what was paid", str(Money(free, order.currency)))
    lines = {each.line.pk: each for each in found.lines}
    wanted = Wanted(
        gross=gross,
        pieces={pk: wish.pieces_of(pk) for pk in lines},
        called_off={pk: wish.unsent.get(pk, 0) for pk in lines},
        restocked={pk: _shelved(each, wish) for pk, each in lines.items()},
    )
    backs = refund_split.fall(
        [*(each.left for each in found.lines), found.delivery],
        amount,
        wanted=gross,
        pieces=wanted.pieces,
    )
    return Quote(
        rows=[_row(order, back, lines, wanted) for back in backs],
        amount=Money(amount, order.currency),
        vat=Money(sum(back.vat_minor for back in backs), order.currency),
        wanted=wanted,
        left=found,
    )


def pay_back(
    *,
    order_id: int,
    wish: Wish,
    agreed_minor: int,
    reason: str,
    by: User | None,
    at: datetime,
    settling: int = 0,
    most_minor: int | None = None,
) -> Refund:
    """Decide that money goes back for what a wish names; its goods move in the same moment.

    What was never sent is called off, what is named as back on the shelf is booked there. Should
    the refund fail later, those stay as they are.

    :param agreed_minor: the amount that was shown, minor units of the order's currency.
    :param settling: the return that is settled by it.
    :param most_minor: how much may have gone back for the order then, all its refunds together,
        minor units; none for no limit.
    :raises refund_ways.AboveLimit: if that is more.
    :raises NothingToPayBack: if the wish names nothing.
    :raises TooMuch: if it names more than is left.
    :raises LiesInReturn: if a return that is not settled has the pieces.
    :raises refunds.PaymentDisputed: if the buyer's bank holds the money.
    :raises AmountChanged: if another amount was shown.
    :raises refunds.RefundRefused: if its payments have not so much left.
    """
    with transaction.atomic():
        order = Order.objects.select_for_update().get(pk=order_id)
        found = quote(order, wish, settling=settling)
        if found.amount.minor != agreed_minor:
            raise AmountChanged(found.amount)
        refund = refund_ways.request(
            order,
            amount_minor=agreed_minor,
            reason=reason[:200],
            by=by,
            at=at,
            wanted=found.wanted,
            most_minor=most_minor,
        )
        order.refresh_from_db()
        _move_goods(order, found.left, found.wanted, refund, at)
        order_status.record(order, kind="PAID_BACK", message=_words(found), at=at, by=by)
    return refund


def _check(order: Order, found: Payable, wish: Wish) -> None:
    if {*wish.unsent, *wish.gone} - {each.line.pk for each in found.lines}:
        raise NothingToPayBack
    for each in found.lines:
        _check_pieces(each, wish)
    if not 0 <= wish.delivery_minor <= found.delivery.gross_minor:
        raise TooMuch("Delivery", str(Money(found.delivery.gross_minor, order.currency)))
    if wish.free_minor < 0:
        raise NothingToPayBack
    if wish.free_minor > found.most_minor:
        raise TooMuch("Goods and delivery", str(Money(found.most_minor, order.currency)))


def _check_pieces(each: PayableLine, wish: Wish) -> None:
    pk = each.line.pk
    for named, left in ((wish.unsent, each.unsent), (wish.gone, each.gone)):
        if not 0 <= named.get(pk, 0) <= left:
            raise TooMuch(each.name, str(left))
    if wish.gone.get(pk, 0) > each.free:
        raise LiesInReturn(each.name, each.in_returns)


def _gross_of(order: Order, found: Payable, wish: Wish) -> dict[int | None, int]:
    """Return how much comes back of each line: its pieces, and its share of the free amount."""
    gross: dict[int | None, int] = {None: wish.delivery_minor}
    for each in found.lines:
        pieces = wish.pieces_of(each.line.pk)
        gross[each.line.pk] = refund_lines.worth_of(each.line, each.left, pieces)
    _withhold(order, gross, wish.withheld_minor)
    lefts = [*(each.left for each in found.lines), found.delivery]
    taken = [refund_split.take(left, gross[left.line_id]) for left in lefts]
    lefts = refund_split.after(lefts, taken)
    room = sum(left.gross_minor for left in lefts)
    if wish.free_minor > room:
        raise TooMuch("Besides the pieces", str(Money(room, order.currency)))
    for line_id, share in refund_split.spread(lefts, wish.free_minor).items():
        gross[line_id] += share
    return gross


def _withhold(order: Order, gross: dict[int | None, int], withheld_minor: int) -> None:
    """Take off what is withheld, shared by what the pieces are worth; delivery is not touched."""
    goods = [line_id for line_id in gross if line_id is not None]
    worth = sum(gross[line_id] for line_id in goods)
    if not 0 <= withheld_minor <= worth:
        raise TooMuch("Withheld of the goods", str(Money(worth, order.currency)))
    if withheld_minor:
        shares = allocate(withheld_minor, [gross[line_id] for line_id in goods])
        for line_id, share in zip(goods, shares, strict=True):
            gross[line_id] -= share


def delivery_left(order: Order) -> int:
    """Return how much of the costs of delivery was not paid back, in minor units."""
    return payable(order).delivery.gross_minor


def _shelved(each: PayableLine, wish: Wish) -> int:
    if each.line.pk not in wish.shelved:
        return 0
    return min(wish.gone.get(each.line.pk, 0), each.shelvable)


def _row(
    order: Order, back: LineMoney, lines: Mapping[int, PayableLine], wanted: Wanted
) -> QuoteRow:
    unsent = wanted.called_off.get(back.line_id, 0)
    return QuoteRow(
        name="Delivery" if back.line_id is None else lines[back.line_id].name,
        unsent=unsent,
        gone=back.pieces - unsent,
        shelved=wanted.restocked.get(back.line_id, 0),
        gross=Money(back.gross_minor, order.currency),
        vat=Money(back.vat_minor, order.currency),
    )


def _move_goods(order: Order, found: Payable, wanted: Wanted, refund: Refund, at: datetime) -> None:
    """Call off what is not sent any more, and put on the shelf what came back."""
    back = list(_returning(found, wanted, refund))
    unsent = {each.line.pk: wanted.called_off[each.line.pk] for each in found.lines}
    offers = {item.offer_id for each in found.lines for item in each.items}
    stock.lock(sorted(offers))
    if any(unsent.values()):
        calling_off.leave_unsent(order, unsent, name=refund.idempotency_key, by=refund.by, at=at)
    for offer_id, pieces, reference, batch_id in back:
        stock.adjust(
            offer_id=offer_id,
            change=pieces,
            kind=MovementKind.RETURNED,
            reason=f"{order.number}: {refund.reason}"[:200],
            by=refund.by,
            at=at,
            reference=reference,
            batch_id=batch_id,
        )


def _returning(
    found: Payable, wanted: Wanted, refund: Refund
) -> Iterator[tuple[int, int, str, int | None]]:
    """Yield offer, pieces, reference and batch of each article that is back on the shelf.

    Where several batches went out, nobody has looked which of them came back.
    """
    gone = returning.gone_out(item for each in found.lines for item in each.items)
    for each in found.lines:
        units = wanted.restocked[each.line.pk]
        for item in each.items if units else ():
            pieces = units * (item.part.quantity if item.part else 1)
            name = f"{refund.idempotency_key}:{each.line.position}:{item.offer_id}:back"
            yield item.offer_id, pieces, name, returning.only_of(gone[item.pk])


def _words(found: Quote) -> str:
    """Say for the timeline what was paid back."""
    named = [_words_of(row) for row in found.rows]
    return f"Paid back {found.amount}: {'; '.join(named)}"


def _words_of(row: QuoteRow) -> str:
    pieces = row.unsent + row.gone
    words = f"{pieces} × {row.name}" if pieces else f"{row.gross} of {row.name}"
    return f"{words}, {row.shelved} back on the shelf" if row.shelved else words
