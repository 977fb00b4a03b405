"""How many forms one sender may send: by address, by network, by the mailbox they name."""

import datetime as dt
from typing import Final

from django.utils.crypto import salted_hmac

from blog.spam import rates
from blog.spam.networks import Origin
from blog.spam.rates import Limit

TEN_MINUTES: Final = dt.timedelta(minutes=10)
ADDRESS_LIMITS: Final = (
    Limit("address-10m", 3, TEN_MINUTES),
    Limit("address-1d", 15, dt.timedelta(days=1)),
)
NETWORK_LIMITS: Final = (
    Limit("network-10m", 3, TEN_MINUTES),
    Limit("network-1d", 40, dt.timedelta(days=1)),
)
MAILBOX_LIMIT: Final = Limit("mailbox-1h", 5, dt.timedelta(hours=1))


def count(origin: Origin, *, email: str, at: dt.datetime) -> None:
    """Count one more form of a sender.

    :raises TooMany: if it was one too many.
    """
    limits = [(limit, origin.address) for limit in ADDRESS_LIMITS]
    limits += [(limit, origin.network) for limit in NETWORK_LIMITS]
    rates.count([*limits, (MAILBOX_LIMIT, mailbox(email))], at=at)


def mailbox(email: str) -> str:
    """Name a mailbox so that its address cannot be read from the name."""
    return salted_hmac("blog.mailbox", email.lower()).hexdigest()[:32]
