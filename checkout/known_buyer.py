"""What need not be asked of somebody who is signed in, and the addresses they can choose from."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from accounts.models import User
from checkout import address_book
from checkout.models import DeliveryAddress

_FACTS = ("line1", "line2", "postcode", "city")


@dataclass(frozen=True, slots=True)
class KnownBuyer:
    """What the form of the checkout begins with.

    :ivar addresses: those in the country of the basket, the usual one first.
    :ivar elsewhere: whether there are others, in another country.
    """

    facts: dict[str, str] = field(default_factory=dict)
    addresses: Sequence[DeliveryAddress] = ()
    chosen: DeliveryAddress | None = None
    elsewhere: bool = False
    is_signed_in: bool = False


NOBODY: Final = KnownBuyer()


def known_buyer(user: object, *, country: str, wanted: str) -> KnownBuyer:
    """Look up what is known of a buyer.

    :param wanted: the id of an address, as a link names it; anything else chooses the usual one.
    """
    if not isinstance(user, User):
        return NOBODY
    kept = list(address_book.addresses_of(user))
    here = [row for row in kept if row.country == country]
    chosen = next((row for row in here if str(row.pk) == wanted), here[0] if here else None)
    return KnownBuyer(
        facts=_facts(user, chosen, has_book=bool(kept)),
        addresses=here,
        chosen=chosen,
        elsewhere=len(here) < len(kept),
        is_signed_in=True,
    )


def _facts(user: User, chosen: DeliveryAddress | None, *, has_book: bool) -> dict[str, str]:
    known = {"email": user.email, "name": user.name}
    last = user.orders.exclude(delivery_line1="").order_by("-placed_at").first()
    if last is not None:
        known["phone"] = last.phone
    if chosen is not None:
        known["name"] = chosen.name
        return known | {name: getattr(chosen, name) for name in _FACTS}
    if last is not None and not has_book:
        known |= {name: getattr(last, f"delivery_{name}") for name in _FACTS}
    return known
