"""Find accounts by what staff have at hand: a name, an address, the number of an order."""

from collections.abc import Sequence

from django.db.models import Q, QuerySet
from allauth.account.models import EmailAddress

from accounts.models import User
from accounts.names import is_named
from checkout.models import Order
from treatments.desk_search import SHORTEST_SEARCH

FOUND_AT_MOST = 20


def find(words: str) -> list[User]:
    """Return the customers whom somebody means, the newest first; guests have no account."""
    wanted = words.replace("\0", "").strip()
    if len(wanted) < SHORTEST_SEARCH:
        return []
    begins = is_named(wanted, of=User) | Q(email__startswith=wanted.lower())
    # In no order: one would lead the planner past the indexes, through everybody.
    found = customers().filter(begins | Q(pk__in=_otherwise_known(wanted)))[:FOUND_AT_MOST]
    return sorted(found, key=lambda user: (user.joined_at, user.pk), reverse=True)


def customers() -> QuerySet[User]:
    """Return the accounts that are open and not staff's."""
    return User.objects.filter(is_active=True, is_staff=False, is_superuser=False)


def is_cut(found: Sequence[User]) -> bool:
    """Tell whether there may be more than was found."""
    return len(found) == FOUND_AT_MOST


def _otherwise_known(wanted: str) -> set[int | None]:
    """Return whose further proved address begins so, and who bought under that number."""
    proved = EmailAddress.objects.filter(email__startswith=wanted.lower(), verified=True)
    buyers = Order.objects.filter(number=wanted.upper(), user__isnull=False)
    return {
        *proved.values_list("user_id", flat=True)[:FOUND_AT_MOST],
        *buyers.values_list("user_id", flat=True),
    }
