"""Take back the sessions of a pass that are left, for the amount that was shown."""

import datetime as dt

from django.db import transaction

from accounts.models import User
from checkout import refund_ways, refunds
from checkout.models import Refund
from checkout.pass_values import PassValue, lock_order_of, pass_value
from checkout.refund_lines import Wanted
from treatments import ledger
from treatments.models import SessionPass


class NothingToGiveBack(Exception):
    """The pass has no sessions left, is over, was given back before, or was not bought here."""

    def __init__(self) -> None:
        super().__init__("Nothing comes back for this pass; nothing was changed.")


class ValueChanged(Exception):
    """Something happened to the pass since the amount was shown; `value` is what it is now."""

    def __init__(self, value: PassValue) -> None:
        super().__init__(
            f"The amount has changed: it is {value.refund} now. Nothing was changed;"
            " look again and confirm."
        )
        self.value = value


def give_back(
    *,
    pass_id: int,
    agreed_minor: int,
    by: User | None,
    at: dt.datetime,
    on: dt.date,
    most_minor: int | None = None,
) -> Refund | None:
    """Take all sessions that are left off a pass and decide the refund, or neither.

    None where the terms bring nothing back for them: the sessions are taken all the same.

    :param agreed_minor: the amount that was shown, minor units.
    :param on: today, in the clinic's zone.
    :param most_minor: how much may have gone back for the order then, all its refunds together,
        minor units; none for no limit.
    :raises refund_ways.AboveLimit: if that is more.
    :raises NothingToGiveBack: if there is nothing to take.
    :raises ValueChanged: if another amount was shown.
    :raises refunds.PaymentDisputed: if the buyer's bank holds the money.
    :raises refunds.RefundRefused: if the order was refunded in another way.
    :raises ledger.NotEnoughSessions: if a session is set aside.
    """
    with transaction.atomic():
        lock_order_of(SessionPass.objects.get(pk=pass_id))
        row = SessionPass.objects.select_for_update(of=["self"]).get(pk=pass_id)
        found = pass_value(row, on=on)
        if found is None:
            raise NothingToGiveBack
        refunds.demand_undisputed(found.line.order)
        if found.refund.minor != agreed_minor:
            raise ValueChanged(found)
        ledger.refund(
            pass_id=pass_id,
            sessions=found.value.unused,
            reference=f"{row.grant_reference}:given-back",
            reason="Given back for money",
            by=by,
            at=at,
        )
        if not agreed_minor:
            return None
        return refund_ways.request(
            found.line.order,
            amount_minor=agreed_minor,
            reason=f"{found.value.unused} unused of {found.line.name} {found.line.label}"[:200],
            by=by,
            at=at,
            wanted=Wanted(gross={found.line.pk: agreed_minor}, pieces={found.line.pk: 1}),
            most_minor=most_minor,
        )
