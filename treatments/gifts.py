"""Sessions as a gift: set aside on the giver's pass, then accepted, or free again.

The gift is locked before the pass. Whatever the recipient answers about their health, the giver
learns one of two things: it was accepted, or the sessions came back.
"""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.views.decorators.debug import sensitive_variables
from allauth.account.models import EmailAddress

from accounts.models import User
from accounts.person import person_of
from accounts.sealing import Sealer
from treatments import checking, gift_mailing, health_data, ledger
from treatments.giving import GiftRefused
from treatments.ledger.lasting import said
from treatments.models import (
    Gift,
    GiftStatus,
    QuestionnaireVersion,
    SessionPass,
    SuitabilityCheck,
)
from treatments.spacing import clinic_day

AT_ONCE: Final = 200
# Why staff called a gift off.
WHY: Final = Sealer("treatments.gift_why")

S = GiftStatus
# Why its sessions are free again, as the giver reads it on the pass. Nobody's name is in it:
# entries stay for good.
_REASONS: Final[Mapping[GiftStatus, str]] = {
    S.ACCEPTED: "Your gift was accepted",
    S.EXCHANGED: "Something else was taken for your gift",
    S.DECLINED: "Your gift came back to you",
    S.TAKEN_BACK: "You took your gift back",
    S.EXPIRED: "Your gift came back to you",
    S.CANCELLED: "Your gift came back to you",
}
_CAME_BACK: Final = {S.DECLINED, S.EXPIRED, S.CANCELLED}


class NotWaiting(GiftRefused):
    """The gift was accepted, taken back or has come back before."""

    def __init__(self) -> None:
        super().__init__("This gift is no longer there to be accepted or taken back.")


class NotKnownToSuit(GiftRefused):
    """The treatment asks for a check, and there is none that is clear and holds."""

    def __init__(self) -> None:
        super().__init__("Please check first whether these sessions suit you.")


@sensitive_variables()
@transaction.atomic
def take_check(
    *,
    gift_id: int,
    version: QuestionnaireVersion,
    answers: Mapping[str, str],
    born_on: dt.date,
    user: User | None,
    at: dt.datetime,
) -> SuitabilityCheck:
    """Weigh the recipient's answers; those before, which no clinician was shown, are forgotten.

    The check is an account's only if its address is the one that the gift was sent to: a link
    that was opened where somebody else is signed in gives nobody's answers away.

    :raises NotWaiting: if the gift waits no more.
    """
    gift = locked(gift_id)
    check_waiting(gift, at=at)
    forget_answers(gift)
    recipient = user if user and gift.recipient_email in person_of(user).emails else None
    gift.suitability_check = checking.take(
        version=version, answers=answers, born_on=born_on, user=recipient, at=at
    )
    gift.save(update_fields=["suitability_check"])
    return gift.suitability_check


def is_known_to_suit(gift: Gift, *, at: dt.datetime) -> bool:
    """Tell whether nothing is asked before the treatment, or the check that was taken holds."""
    asked = QuestionnaireVersion.objects.asked_today([gift.session_pass.treatment_id])
    check = gift.suitability_check
    return not checking.lacking(asked=asked, checks=[check] if check else [], at=at)


@transaction.atomic
def accept(*, gift_id: int, by: User | None, at: dt.datetime) -> SessionPass:
    """Make the sessions a pass of the recipient's own; said twice it is done once.

    :raises NotWaiting: if the gift waits no more.
    :raises NotKnownToSuit: if a check is asked for and none holds.
    :raises ledger.PassRefused: if the giver's pass is paused or expired.
    """
    gift = locked(gift_id)
    if gift.received_pass is not None:
        return gift.received_pass
    check_waiting(gift, at=at)
    if not is_known_to_suit(gift, at=at):
        raise NotKnownToSuit
    release(gift, S.ACCEPTED, by=by, at=at)
    gift.received_pass = ledger.transfer(
        pass_id=gift.session_pass_id,
        sessions=gift.sessions,
        to_email=gift.recipient_email,
        to=account_of(gift.recipient_email),
        reference=f"gift:{gift.pk}",
        reason="Given as a gift",
        by=by,
        at=at,
    )
    close(gift, S.ACCEPTED, by=by, at=at)
    gift_mailing.tell_giver(gift, gift_mailing.ACCEPTED, at=at)
    gift_mailing.tell_recipient(gift, gift_mailing.YOURS, at=at)
    return gift.received_pass


def take_back(*, gift_id: int, by: User, at: dt.datetime) -> Gift:
    """Let the giver have the sessions again; said twice it is done once.

    :raises NotWaiting: if the gift was accepted, or came back in another way.
    """
    return _end(gift_id, S.TAKEN_BACK, by=by, at=at)


def decline(*, gift_id: int, by: User | None, at: dt.datetime) -> Gift:
    """Let the sessions go back to the giver, who is told that and no more.

    :raises NotWaiting: if the gift waits no more.
    """
    return _end(gift_id, S.DECLINED, by=by, at=at)


def cancel(*, gift_id: int, note: str, by: User, at: dt.datetime) -> Gift:
    """Let staff call a gift off; what they write is sealed on the gift.

    The giver takes the ledger along as a signed statement, so no entry says that it was staff.

    :raises ledger.ReasonMissing: if the note does not say why.
    :raises NotWaiting: if the gift waits no more.
    """
    return _end(gift_id, S.CANCELLED, sealed_why=WHY.seal(said(note)), by=by, at=at)


def why_called_off(gift: Gift) -> str:
    """Return what staff wrote when they called a gift off, for those who may read notes.

    :raises accounts.sealing.Unreadable: if the key that it was sealed with is gone.
    """
    return WHY.unseal(gift.sealed_why)


def expire_due(*, at: dt.datetime) -> int:
    """End every gift that nobody accepted in time, or whose pass has ended; return how many."""
    today = clinic_day(at)
    is_over = Q(ends_on__lt=today) | Q(session_pass__expires_on__lt=today)
    ids = Gift.objects.waiting().filter(is_over).order_by("ends_on", "pk")
    ended = 0
    for gift_id in list(ids.values_list("pk", flat=True)[:AT_ONCE]):
        try:
            _end(gift_id, S.EXPIRED, by=None, at=at)
        except NotWaiting:
            continue  # Somebody was faster.
        ended += 1
    return ended


def said_to_giver(gift: Gift) -> str:
    """Say how a gift stands without a word of how it came to that."""
    if gift.status in {*_CAME_BACK, S.RETURNED}:
        return "came back to you"
    return str(gift.get_status_display())


def end_all_of(*, user: User, emails: Collection[str], at: dt.datetime) -> None:
    """End what somebody who is leaving has given, and what waits for them.

    The caller has locked it all: `treatments.locking`.
    """
    for gift in Gift.objects.waiting_with([user.pk], emails).order_by("pk"):
        _end(gift.pk, S.TAKEN_BACK if gift.giver_id == user.pk else S.DECLINED, by=user, at=at)


@transaction.atomic
def _end(
    gift_id: int, status: GiftStatus, *, by: User | None, at: dt.datetime, sealed_why: str = ""
) -> Gift:
    gift = locked(gift_id)
    if gift.status == status:
        return gift
    if not gift.is_waiting:
        raise NotWaiting
    release(gift, status, by=by, at=at)
    gift.sealed_why = sealed_why
    close(gift, status, by=by, at=at)
    gift_mailing.call_off(gift)
    forget_answers(gift)
    if status != S.TAKEN_BACK:
        gift_mailing.tell_giver(gift, gift_mailing.CAME_BACK, at=at)
    return gift


def locked(gift_id: int) -> Gift:
    """Lock a gift before any pass, with what its verbs look at."""
    gifts = Gift.objects.select_for_update(of=["self"])
    return gifts.select_related("hold", "giver", "session_pass").get(pk=gift_id)


def check_waiting(gift: Gift, *, at: dt.datetime) -> None:
    """Refuse what can only be done with a gift that waits.

    :raises NotWaiting: if it does not, or its last day is over.
    """
    if not gift.is_waiting or clinic_day(at) > gift.ends_on:
        raise NotWaiting


def release(gift: Gift, status: GiftStatus, *, by: User | None, at: dt.datetime) -> None:
    """Free what is set aside; a pass that has expired holds nothing any more.

    The giver reads the entry in the signed statement, so that nobody is named who declined or
    called it off: what they must not tell apart is the same to the letter.

    :raises NotWaiting: if its sessions are to move and nothing is held.
    """
    try:
        ledger.release(
            hold_id=gift.hold_id,
            reference=f"gift:{gift.pk}:released",
            reason=_REASONS[status],
            by=None if status in _CAME_BACK else by,
            at=at,
        )
    except ledger.AlreadyAnswered as refusal:
        if status in {S.ACCEPTED, S.EXCHANGED}:
            raise NotWaiting from refusal


def close(gift: Gift, status: GiftStatus, *, by: User | None, at: dt.datetime) -> None:
    """Write down how a locked gift ended, when and by whom."""
    gift.status, gift.ended_at, gift.ended_by = status, at, by
    fields = ["status", "ended_at", "ended_by", "received_pass", "sealed_why", "worth_minor"]
    gift.save(update_fields=fields)


def forget_answers(gift: Gift) -> None:
    """Keep no answers that nothing rests on, unless a clinician was asked about them."""
    check = gift.suitability_check
    if check is not None and not hasattr(check, "consultation"):
        health_data.forget_of([check.pk])


def account_of(email: str) -> User | None:
    """Return the account that has proved to own an address."""
    proved = EmailAddress.objects.filter(email__iexact=email, verified=True, user__is_active=True)
    found = proved.select_related("user").first()
    return found.user if found else None
