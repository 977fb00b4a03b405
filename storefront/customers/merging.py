"""Make two accounts of one person one: every room moves its own, or nothing is moved.

The addresses of the account that goes lead to the one that stays, so whatever is bought under
either later finds its way by itself.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction
from wagtail.log_actions import log

from accounts import merging as accounts
from accounts.merging import Mover, Outlook
from accounts.models import User
from accounts.person import Person, person_of
from checkout import merging as checkout
from checkout import ownership
from outbox import mail
from storefront.account.claiming import claim_all
from treatments import locking
from treatments import merging as treatments

MERGED: Final = "accounts_merged"
LOG_ACTION: Final = "storefront.merge_accounts"

_NEWSLETTER: Final = "newsletter, comments and private questions stay with the address they are of"


def _nothing(*, gone: Person, stays: Person, by: User, at: dt.datetime) -> None:
    """These belong to addresses, and addresses go along."""


# Accounts come last: the others know by them who is meant.
MOVERS: Final = (
    treatments.MOVER,
    checkout.MOVER,
    Mover(
        "Comments and newsletter",
        frozenset(),
        lambda _gone, _stays: Outlook(stays=[_NEWSLETTER]),
        _nothing,
    ),
    accounts.MOVER,
)

_ACT: Final = "who did it, for good; a customer's own act, or one of staff"
_OF_STAFF: Final = "of staff, whose accounts are never merged"

# Fields that lead to an account and are left as they are; a trailing dot means all of a room's.
NOT_MOVED: Final[Mapping[str, str]] = {
    "accounts.AccountSession.user": "ends with the account that goes",
    "accounts.User_groups.user": _OF_STAFF,
    "accounts.User_user_permissions.user": _OF_STAFF,
    "blog.": _OF_STAFF,
    "catalog.": _OF_STAFF,
    "claims.": _OF_STAFF,
    "checkout.DeskBasket.begun_by": _OF_STAFF,
    "checkout.DiscountUse.by": _OF_STAFF,
    "checkout.GiftCardEvent.actor": _ACT,
    "checkout.HandReduction.by": _OF_STAFF,
    "checkout.OrderEvent.actor": _ACT,
    "checkout.OrderFile.by": _OF_STAFF,
    "checkout.OrderNote.by": _OF_STAFF,
    "checkout.Payment.taken_by": _OF_STAFF,
    "checkout.Recall.sent_by": _OF_STAFF,
    "checkout.Recall.started_by": _OF_STAFF,
    "checkout.Refund.by": _ACT,
    "checkout.Refund.handed_back_by": _OF_STAFF,
    "checkout.Return.decided_by": _OF_STAFF,
    "checkout.Return.inspected_by": _OF_STAFF,
    "checkout.SavedView.user": _OF_STAFF,
    "checkout.Shipment.handed_over_by": _OF_STAFF,
    "checkout.Shipment.packed_by": _OF_STAFF,
    "checkout.WithdrawalDecision.by": _OF_STAFF,
    "cms.": _OF_STAFF,
    "mfa.Authenticator.user": _OF_STAFF,
    "treatments.Appointment.answered_by": _OF_STAFF,
    "treatments.ConsultationRequest.answered_by": _OF_STAFF,
    "treatments.Gift.ended_by": _ACT,
    "treatments.LedgerEntry.actor": _ACT,
    "treatments.Protocol.created_by": _OF_STAFF,
    "treatments.QuestionnaireVersion.published_by": _OF_STAFF,
    "wagtailadmin.": _OF_STAFF,
    "wagtailcore.": _OF_STAFF,
    "wagtaildocs.": _OF_STAFF,
    "wagtailimages.": _OF_STAFF,
    "wagtailusers.": _OF_STAFF,
}


class MergeRefused(ValueError):
    """The two accounts stay as they are; the message can be shown."""


class SameAccount(MergeRefused):
    """Both addresses are of one account already."""

    def __init__(self) -> None:
        super().__init__("Both addresses belong to one account already.")


class NoSuchAccount(MergeRefused):
    """One of the two is gone, or was merged before."""

    def __init__(self) -> None:
        super().__init__("One of the two accounts is not there any more. Look again.")


class StaffAccount(MergeRefused):
    """Whoever works here is in the shop's books under their own account."""

    def __init__(self) -> None:
        super().__init__("An account of staff cannot be merged.")


class WhyMissing(MergeRefused):
    """Nobody will know later why it was done."""

    def __init__(self) -> None:
        super().__init__("Say how you know that both belong to one person.")


class Hindered(MergeRefused):
    """Something has to come to its end before."""

    def __init__(self, what: Iterable[str]) -> None:
        super().__init__(f"Not yet: {'; '.join(what)}.")


@dataclass(frozen=True, slots=True)
class RoomOutlook:
    """What a merge comes to in one room."""

    title: str
    outlook: Outlook


def outlook(*, gone: User, stays: User) -> list[RoomOutlook]:
    """Say what would move, what would not, and what stands in the way; nothing is changed."""
    one, other = person_of(gone), person_of(stays)
    return [RoomOutlook(mover.title, mover.look(one, other)) for mover in MOVERS]


@transaction.atomic
def merge(*, gone_id: int, stays_id: int, reason: str, by: User, at: dt.datetime) -> User:
    """Move all that one account has to another of the same person, and close it.

    Orders and passes that were bought as a guest under any of their addresses come along.

    :raises SameAccount: if it is one account.
    :raises NoSuchAccount: if one of them is gone.
    :raises StaffAccount: if one belongs to staff.
    :raises WhyMissing: if no reason is given.
    :raises Hindered: if something has to come to its end before.
    """
    if not reason.strip():
        raise WhyMissing
    gone, stays = map(person_of, _locked(gone_id, stays_id))
    ownership.lock_orders_of([gone, stays])
    locking.lock_all_of([gone, stays])
    for person in (gone, stays):
        claim_all(person, at=at)
    said = [mover.look(gone, stays) for mover in MOVERS]
    if hinders := [each for one in said for each in one.hinders]:
        raise Hindered(hinders)
    addresses = (stays.user.email, gone.user.email)
    for mover in MOVERS:
        mover.move(gone=gone, stays=stays, by=by, at=at)
    _note(stays.user, gone_id, said, reason=reason, by=by)
    _tell(addresses, gone_id=gone_id, at=at)
    return stays.user


def _locked(gone_id: int, stays_id: int) -> tuple[User, User]:
    """Lock both accounts, in the order of their ids: of two merges at once one comes second.

    Not their keys: whoever has locked an order and writes who did it does not wait for us.
    """
    if gone_id == stays_id:
        raise SameAccount
    rows = User.objects.select_for_update(no_key=True)
    both = rows.filter(pk__in=[gone_id, stays_id], is_active=True)
    users = {user.pk: user for user in both.order_by("pk")}
    if len(users) < 2:
        raise NoSuchAccount
    if any(user.is_staff or user.is_superuser for user in users.values()):
        raise StaffAccount
    return users[gone_id], users[stays_id]


def _note(stays: User, gone_id: int, said: Sequence[Outlook], *, reason: str, by: User) -> None:
    """Write it into the history of the account that stays, which forgets it when that leaves."""
    data = {
        "reason": reason.strip(),
        "account": gone_id,
        "moved": [each for one in said for each in one.moves],
    }
    log(instance=stays, action=LOG_ACTION, user=by, data=data)


def _tell(addresses: Iterable[str], *, gone_id: int, at: dt.datetime) -> None:
    """Tell both addresses; neither mail names the other, in case they are not one person's."""
    for number, address in enumerate(addresses):
        mail.queue(
            effect_key=f"account:{gone_id}:{MERGED}:{number}",
            event=MERGED,
            to=address,
            reference="",
            context={"event": MERGED, "address": address},
            at=at,
        )


def render(context: Mapping[str, Any]) -> mail.RenderedMail:
    """Write the news that two accounts are one."""
    return mail.render(
        event=context["event"], subject="Your two accounts are one now", context=context
    )


def register() -> None:
    """Tell the outbox who writes the news."""
    mail.register_renderer(MERGED, render)
