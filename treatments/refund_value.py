"""What comes back for sessions that nobody has used: one formula, shown and paid alike.

The rule, as the terms of a package state it: what was paid, less the sessions that were used, each
at the price that a single session had on the day of purchase, never below zero. What was taken as
something else counts for what it was worth on that day, whatever is used afterwards.
"""

from dataclasses import dataclass

from money.money import allocate


@dataclass(frozen=True, slots=True)
class RefundValue:
    """How what was paid for a pass divides today; all in minor units, VAT included.

    `used_minor`, `passed_on_minor`, `exchanged_minor` and `refund_minor` always sum to
    `paid_minor`.
    """

    paid_minor: int
    sessions: int
    used: int
    passed_on: int
    each_used_minor: int | None
    used_minor: int
    passed_on_minor: int
    refund_minor: int
    exchanged: int = 0
    exchanged_minor: int = 0

    @property
    def unused(self) -> int:
        """Sessions that could be given back."""
        return self.sessions - self.used - self.passed_on - self.exchanged

    def worth_of(self, sessions: int) -> int:
        """Return what some of the sessions that are left count for, by their share.

        :raises ValueError: if so many are not left.
        """
        rest = self.unused - sessions
        if sessions < 1 or rest < 0:
            raise ValueError(f"{sessions} of {self.unused} sessions")
        left_minor = self.refund_minor + self.passed_on_minor
        return allocate(left_minor, [sessions, rest, self.passed_on])[0]


def refund_value(
    *,
    paid_minor: int,
    sessions: int,
    used: int,
    passed_on: int = 0,
    exchanged: int = 0,
    exchanged_minor: int = 0,
    single_minor: int | None,
) -> RefundValue:
    """Say what would come back for all the sessions that are left.

    Used sessions are worth the single price, and never more than was paid. What remains is
    shared among the sessions that are left and those that were passed on, without losing a cent.

    :param single_minor: the price of one session when it was bought; where there was none, a
        used session is worth its share of what was paid.
    :param exchanged: sessions that were taken as something else, for `exchanged_minor` in all.
    :raises ValueError: if more left the pass than was bought or paid, or a number is negative.
    """
    unused = sessions - used - passed_on - exchanged
    kept_minor = paid_minor - exchanged_minor
    if min(kept_minor, used, passed_on, exchanged, exchanged_minor, unused) < 0 or sessions < 1:
        raise ValueError("a pass has one session or more, and no more leave it than it had")
    used_minor = _used_minor(kept_minor, sessions - exchanged, used, single_minor)
    refund_minor, passed_on_minor = 0, 0
    if unused + passed_on:
        refund_minor, passed_on_minor = allocate(kept_minor - used_minor, [unused, passed_on])
    else:
        # Whoever has used everything has had everything.
        used_minor = kept_minor
    return RefundValue(
        paid_minor=paid_minor,
        sessions=sessions,
        used=used,
        passed_on=passed_on,
        each_used_minor=single_minor,
        used_minor=used_minor,
        passed_on_minor=passed_on_minor,
        refund_minor=refund_minor,
        exchanged=exchanged,
        exchanged_minor=exchanged_minor,
    )


def _used_minor(paid_minor: int, sessions: int, used: int, single_minor: int | None) -> int:
    if not used:
        return 0
    if single_minor is not None:
        return min(paid_minor, used * single_minor)
    share, _rest = allocate(paid_minor, [used, sessions - used])
    return share
