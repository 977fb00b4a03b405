"""Accepted sessions that go back to whoever gave them: all that are left, once."""

import datetime as dt
from typing import Final

from django.db import transaction

from accounts.models import User
from treatments import gift_mailing, gifts, ledger
from treatments.giving import GiftRefused, PassEnded
from treatments.models import Gift, GiftStatus, SessionPass
from treatments.spacing import clinic_day
from treatments.standing import Standing, standing_of

RETURNED: Final = GiftStatus.RETURNED


class NotAccepted(GiftRefused):
    """The gift was never accepted, so nothing of it is the recipient's."""

    def __init__(self) -> None:
        super().__init__("There is no accepted gift here that could be given back.")


class NothingLeft(GiftRefused):
    """All of its sessions are used or were given to somebody else."""

    def __init__(self) -> None:
        super().__init__("No session of this gift is left to give back.")


class SetAside(GiftRefused):
    """A session is kept for an appointment or for somebody else."""

    def __init__(self) -> None:
        super().__init__(
            "A session is set aside. Cancel the appointment, or take your own gift back, first."
        )


class GiverGone(GiftRefused):
    """Whoever gave them has no account any more that could receive them."""

    def __init__(self) -> None:
        super().__init__("Whoever gave you these sessions is no longer our customer. Keep them.")


@transaction.atomic
def give_back(*, gift_id: int, by: User | None, at: dt.datetime) -> Gift:
    """Let what is left of an accepted gift be the giver's again; said twice it is done once.

    The giver is told that it came back; the sessions are good as long as the giver's pass is, and
    can be used, given or given back for money like any other of it.

    :raises NotAccepted: if it was not accepted.
    :raises PassEnded: if the last day of the sessions is over.
    :raises GiverGone: if the giver's account is closed.
    :raises NothingLeft: if none is left.
    :raises SetAside: if one is set aside.
    """
    gift = gifts.locked(gift_id)
    if gift.status == RETURNED:
        return gift
    if gift.received_pass_id is None:
        raise NotAccepted
    if not gift.giver.is_active:
        raise GiverGone
    standing = _standing_under_lock(gift.received_pass_id, gift.session_pass_id)
    sessions = what_goes_back(gift, standing, on=clinic_day(at))
    ledger.return_sessions(
        pass_id=gift.received_pass_id,
        sessions=sessions,
        reference=f"gift:{gift.pk}:returned",
        reason="A gift was given back",
        by=by,
        at=at,
    )
    gifts.close(gift, RETURNED, by=by, at=at)
    gift_mailing.tell_giver(gift, gift_mailing.CAME_BACK, at=at)
    return gift


def what_goes_back(gift: Gift, standing: Standing, *, on: dt.date) -> int:
    """Count the sessions of an accepted gift that would go back on a day.

    No more than were given: what staff have added since is the recipient's own.

    :raises PassEnded, NothingLeft, SetAside: if nothing would.
    """
    if standing.expires_on is not None and on > standing.expires_on:
        raise PassEnded
    if standing.balance < 1:
        raise NothingLeft
    if standing.held:
        raise SetAside
    return min(standing.balance, gift.sessions)


def _standing_under_lock(received_id: int, origin_id: int) -> Standing:
    """Lock both passes in the order of their ids, and fold the recipient's."""
    wanted = SessionPass.objects.filter(pk__in=[received_id, origin_id]).order_by("pk")
    row = {each.pk: each for each in wanted.select_for_update(of=["self"])}[received_id]
    return standing_of(row, row.entries.order_by("pk"))
