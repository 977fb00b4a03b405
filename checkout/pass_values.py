"""What a customer would get back today for the sessions of a pass that are left."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from checkout.models import Order, OrderLine
from money.money import Money
from treatments.gift_exchanging import exchanged_of, is_exchange
from treatments.models import LedgerKind as K
from treatments.models import SessionPass
from treatments.refund_value import RefundValue, refund_value
from treatments.standing import standing_of

# As `OrderLine.reference_of_piece` names it: the order, its line, and the piece of the line.
_BOUGHT: Final = re.compile(r"order:(?P<number>[^:]+):line:(?P<position>\d+):unit:(?P<unit>\d+)")
_MOVES: Final = {K.TRANSFER_OUT, K.TRANSFER_IN}


@dataclass(frozen=True, slots=True)
class PassValue:
    """The formula with its amounts, as the terms of the line that sold the pass state it."""

    value: RefundValue
    line: OrderLine

    @property
    def terms_version(self) -> str:
        return self.line.refund_terms_version

    @property
    def paid(self) -> Money:
        return self._money(self.value.paid_minor)

    @property
    def single(self) -> Money | None:
        """What each used session counts for; none where it counts for its share."""
        each = self.value.each_used_minor
        return None if each is None else self._money(each)

    @property
    def used(self) -> Money:
        return self._money(self.value.used_minor)

    @property
    def passed_on(self) -> Money:
        return self._money(self.value.passed_on_minor)

    @property
    def exchanged(self) -> Money:
        return self._money(self.value.exchanged_minor)

    @property
    def refund(self) -> Money:
        return self._money(self.value.refund_minor)

    def _money(self, minor: int) -> Money:
        return Money(minor, self.line.order.currency)


def pass_value(session_pass: SessionPass, *, on: date) -> PassValue | None:
    """Say what would come back on a day for all sessions that are left; four queries at most.

    None for a pass that was not bought here, is over, has nothing left, or was refunded before.
    Whatever has left a pass without being passed on counts as used.
    """
    line, unit = _line_of(session_pass)
    if line is None or not line.sessions:
        return None
    entries = list(session_pass.entries.order_by("pk"))
    standing = standing_of(session_pass, entries)
    is_refunded = any(entry.kind == K.REFUND and not is_exchange(entry) for entry in entries)
    if is_refunded or standing.balance <= 0 or standing.is_expired(on):
        return None
    moved = sum(entry.sessions for entry in entries if entry.kind in _MOVES)
    exchanged, exchanged_minor = exchanged_of(session_pass, entries)
    passed_on = min(max(-moved, 0), line.sessions - exchanged)
    left = min(standing.balance, line.sessions - passed_on - exchanged)
    value = refund_value(
        paid_minor=line.paid_for_piece(unit),
        sessions=line.sessions,
        used=line.sessions - passed_on - exchanged - left,
        passed_on=passed_on,
        exchanged=exchanged,
        exchanged_minor=exchanged_minor,
        single_minor=line.single_price_minor,
    )
    return PassValue(value, line)


def lock_order_of(session_pass: SessionPass) -> None:
    """Lock the order that a pass was bought with, before gift and pass, as a dispute does.

    Which one it is never changes, so the pass itself need not be locked for it.
    """
    line, _ = _line_of(session_pass)
    if line is not None:
        Order.objects.select_for_update().get(pk=line.order_id)


def _line_of(session_pass: SessionPass) -> tuple[OrderLine | None, int]:
    """Return the line of the order that a pass was bought with, and which piece of it."""
    found = _BOUGHT.fullmatch(session_pass.grant_reference)
    if found is None:
        return None, 0
    lines = OrderLine.objects.filter(order__number=found["number"], position=found["position"])
    return lines.select_related("order").first(), int(found["unit"])
