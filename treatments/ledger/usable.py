"""Whether sessions of a pass can be taken at all on a day; each refusal says why not."""

import datetime as dt

from treatments.standing import Standing


class PassRefused(ValueError):
    """A pass cannot be used in the way that was asked for; the message can be shown."""


class NotEnoughSessions(PassRefused):
    """Fewer sessions are free than were asked for."""

    def __init__(self, *, available: int, held: int) -> None:
        self.available, self.held = available, held
        if available:
            words = f"Only {_sessions(available)} free."
        elif held:
            words = f"No session is free: {_sessions(held)} set aside."
        else:
            words = "No session is left."
        super().__init__(words)


class PassExpired(PassRefused):
    """The last day is over, and so is the grace period."""

    def __init__(self, *, expires_on: dt.date) -> None:
        self.expires_on = expires_on
        super().__init__(f"This pass was valid until {expires_on:%-d %B %Y}.")


class PassFrozen(PassRefused):
    """A bank has still to say whether the money for the sessions stays here."""

    def __init__(self) -> None:
        super().__init__(
            "This pass is frozen: the payment for it is disputed, and the bank has not decided."
        )


class PassPaused(PassRefused):
    """The day lies in a pause."""

    def __init__(self, *, until_on: dt.date) -> None:
        self.until_on = until_on
        super().__init__(f"This pass is paused; it can be used again from {until_on:%-d %B %Y}.")


def check_usable(standing: Standing, *, sessions: int, on: dt.date) -> None:
    """Refuse what the days or the balance of a pass do not allow.

    :raises PassFrozen: if the payment for it is disputed.
    :raises PassPaused: if the day lies in a pause.
    :raises PassExpired: if the grace period is over.
    :raises NotEnoughSessions: if fewer sessions are free.
    """
    check_not_frozen(standing)
    pause = standing.pause_on(on)
    if pause is not None:
        raise PassPaused(until_on=pause.until_on)
    check_not_expired(standing, on=on)
    check_available(standing, sessions=sessions)


def check_not_frozen(standing: Standing) -> None:
    if standing.is_frozen:
        raise PassFrozen


def check_not_expired(standing: Standing, *, on: dt.date) -> None:
    if standing.expires_on is not None and standing.is_expired(on):
        raise PassExpired(expires_on=standing.expires_on)


def check_available(standing: Standing, *, sessions: int) -> None:
    if standing.available < sessions:
        raise NotEnoughSessions(available=standing.available, held=standing.held)


def _sessions(count: int) -> str:
    return "1 session is" if count == 1 else f"{count} sessions are"
