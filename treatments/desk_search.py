"""Find somebody's passes by what the desk has at hand: a code, a name, an address, a number.

What is typed is first taken for the beginning of something, which indexes answer among any number
of passes; only where nothing begins so, it is looked for anywhere.
"""

import re
from collections.abc import Sequence

from django.db.models import Q
from django.db.models.functions import Reverse

from accounts.models import User
from accounts.names import is_named
from treatments.models import SessionPass, SessionPassQuerySet
from treatments.phones import digits_of, looks_like_one

FOUND_AT_MOST = 20
SHORTEST_SEARCH = 2
SHORTEST_NUMBER = 4
# A scanner types what the code holds: an address of ours, or the pass alone.
_CODE = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)


def find(words: str) -> list[SessionPass]:
    """Return the passes that somebody at the desk means, the newest first."""
    wanted = words.replace("\0", "").strip()
    if len(wanted) < SHORTEST_SEARCH:
        return []
    passes: SessionPassQuerySet = SessionPass.objects.select_related("treatment", "owner")
    code = _CODE.search(wanted)
    if code is not None:
        return list(passes.filter(public_id=code.group()))
    number = digits_of(wanted) if looks_like_one(wanted) else ""
    if len(number) >= SHORTEST_NUMBER:
        return _by_number(passes, wanted, number)
    found = list(passes.filter(_begins(wanted))[:FOUND_AT_MOST])
    return found or list(passes.filter(_is_anywhere(wanted))[:FOUND_AT_MOST])


def _by_number(passes: SessionPassQuerySet, wanted: str, number: str) -> list[SessionPass]:
    """Look for a telephone number, with or without what dials into its country or town."""
    ends = passes.alias(backwards=Reverse("holder_phone")).filter(
        backwards__startswith=number[::-1]
    )
    found = list(ends[:FOUND_AT_MOST])
    anywhere = Q(holder_phone__contains=number) | _is_anywhere(wanted)
    return found or list(passes.filter(anywhere)[:FOUND_AT_MOST])


def _begins(wanted: str) -> Q:
    """Ask for a name with words that begin so, an address or the number of an order."""
    low, up = wanted.lower(), wanted.upper()
    people = User.objects.filter(is_named(wanted, of=User) | Q(email__startswith=low))
    # In no order: one would lead the planner past the indexes, through everybody.
    owners = list(people.order_by().values_list("pk", flat=True)[: FOUND_AT_MOST * 5])
    references = Q(grant_reference__startswith=f"order:{up}")
    return Q(owner__in=owners) | Q(holder_email__startswith=low) | references


def _is_anywhere(wanted: str) -> Q:
    named = Q(owner__name__icontains=wanted) | Q(owner__email__icontains=wanted)
    return named | Q(holder_email__icontains=wanted) | Q(grant_reference__icontains=wanted)


def is_cut(found: Sequence[SessionPass]) -> bool:
    """Tell whether there may be more than was found."""
    return len(found) == FOUND_AT_MOST
