"""Take somebody's second factor away, because the device is lost: they set up a new one."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction
from wagtail.log_actions import log
from allauth.mfa.models import Authenticator

from accounts.models import User
from accounts.sessions import end_all
from outbox import mail

TAKEN_AWAY: Final = "second_factor_taken_away"
LOG_ACTION: Final = "accounts.second_factor.take_away"


class ResettingRefused(ValueError):
    """The second factor stays as it is; the message can be shown."""


class OwnSecondFactor(ResettingRefused):
    """Whoever sits before a screen that was left open could else take its lock off."""

    def __init__(self) -> None:
        super().__init__("Your own is changed under Account, with the app that you have.")


class AboveYou(ResettingRefused):
    """Only a superuser decides over one."""

    def __init__(self) -> None:
        super().__init__("Only a superuser can do this for a superuser.")


class ReasonMissing(ResettingRefused):
    """Nobody will know later why it was done."""

    def __init__(self) -> None:
        super().__init__("Say how you know that it is them who ask.")


class NothingToTakeAway(ResettingRefused):
    """There is none, or somebody else was quicker."""

    def __init__(self) -> None:
        super().__init__("There is no second factor to take away.")


@transaction.atomic
def take_away(*, of_id: int, reason: str, by: User | None, at: dt.datetime) -> User:
    """Take a second factor away with its recovery codes, and sign the person out everywhere.

    :param by: who decides it; None from the server itself.
    :raises ReasonMissing: if no reason is given.
    :raises OwnSecondFactor: if it is the actor's own.
    :raises AboveYou: if it is a superuser's, and the actor is none.
    :raises NothingToTakeAway: if there is none.
    """
    if not reason.strip():
        raise ReasonMissing
    user = User.objects.select_for_update().get(pk=of_id)
    if by is not None and by.pk == user.pk:
        raise OwnSecondFactor
    if by is not None and user.is_superuser and not by.is_superuser:
        raise AboveYou
    taken = Authenticator.objects.filter(user=user)
    count = taken.count()
    if not count:
        raise NothingToTakeAway
    last_id = taken.order_by("-pk").values_list("pk", flat=True).first()
    taken.delete()
    end_all(of_id=user.pk)
    log(instance=user, action=LOG_ACTION, user=by, data={"reason": reason.strip()})
    mail.queue(
        effect_key=f"second-factor:{user.pk}:{last_id}:taken-away",
        event=TAKEN_AWAY,
        to=user.email,
        reference="",
        context={"name": user.get_short_name()},
        at=at,
    )
    return user


def render(context: Mapping[str, Any]) -> mail.RenderedMail:
    """Write to the person, who may not be the one that asked for it."""
    return mail.render(
        event=TAKEN_AWAY, subject="Your second factor was taken away", context=context
    )


def register() -> None:
    """Tell the outbox who writes the mail."""
    mail.register_renderer(TAKEN_AWAY, render)
