"""Find for whom an order is made, by name or address: an account, or a guest who bought before."""

from dataclasses import dataclass
from typing import Final

from django.db.models import Q

from accounts.models import User
from accounts.names import is_named
from checkout.order_search import of_buyers

SHOWN: Final = 10
# Of orders that match, the newest; a guest who ordered often appears once.
LOOKED_AT: Final = 50
SHORTEST: Final = 3


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody the shop knows; either the id of the account, or that of a guest's newest order."""

    name: str
    email: str
    user_id: int | None = None
    order_id: int | None = None


def find(words: str) -> list[Known]:
    """Return whom a name, or the beginning of an address, may mean: accounts before guests."""
    wanted = words.strip()
    if len(wanted) < SHORTEST:
        return []
    meant = is_named(wanted, of=User) | Q(email__startswith=wanted.lower())
    people = User.objects.filter(meant, is_active=True).order_by("name", "pk")[:SHOWN]
    found = [Known(user.name or user.email, user.email, user_id=user.pk) for user in people]
    known = {each.email.lower() for each in found}
    guests = of_buyers(wanted).filter(user=None).order_by("-placed_at", "-pk")
    for order in guests[:LOOKED_AT]:
        if order.email not in known and len(found) < 2 * SHOWN:
            known.add(order.email)
            found.append(Known(order.name, order.email, order_id=order.pk))
    return found
