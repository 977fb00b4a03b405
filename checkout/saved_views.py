"""The only writer of saved views: filters of the list of orders under names of one's own."""

from dataclasses import dataclass
from typing import Final

from django.http import QueryDict

from accounts.models import User
from checkout.models import SavedView

LONGEST_NAME: Final = 40
LONGEST_QUERY: Final = 1000
MOST_VIEWS: Final = 30
_NOT_KEPT: Final = ("p", "export", "id", "next", "csrfmiddlewaretoken")


class ViewRefused(Exception):
    """The view has no name, is everything, or is one too many."""


@dataclass(frozen=True, slots=True)
class ViewLink:
    """A view as the list offers it; those of the shop have no id and stay."""

    name: str
    query: str
    is_shown: bool
    own_id: int | None = None


OF_THE_SHOP: Final = (
    ("To pack", "to_do=PACK"),
    ("To hand over", "to_do=HAND_OVER"),
    ("Needs review", "to_do=REVIEW"),
    ("Disputed", "to_do=DISPUTE"),
    ("Awaiting bank", "status=PAYMENT_PROCESSING"),
)


def links(user: User, shown: QueryDict) -> list[ViewLink]:
    """Return the views of the shop and somebody's own, the one that is shown marked."""
    now = _kept(shown)
    shops = [ViewLink(name, query, query == now) for name, query in OF_THE_SHOP]
    own = SavedView.objects.filter(user=user)
    return shops + [ViewLink(each.name, each.query, each.query == now, each.pk) for each in own]


def save(*, user: User, name: str, query: str) -> SavedView:
    """Keep a filter under a name; the same name again keeps the new one.

    :raises ViewRefused: without a name or a filter, or with too many views.
    """
    name = " ".join(name.replace("\0", "").split())
    kept = _kept(QueryDict(query.replace("\0", "")[: 2 * LONGEST_QUERY].removeprefix("?")))
    if not name or len(name) > LONGEST_NAME:
        raise ViewRefused(f"A view has a name of 1 to {LONGEST_NAME} characters.")
    if not kept or len(kept) > LONGEST_QUERY:
        raise ViewRefused("Choose a filter or search first, then save it.")
    others = SavedView.objects.filter(user=user).exclude(name=name)
    if others.count() >= MOST_VIEWS:
        raise ViewRefused(f"Nobody has more than {MOST_VIEWS} views; delete one first.")
    view, _ = SavedView.objects.update_or_create(user=user, name=name, defaults={"query": kept})
    return view


def drop(*, user: User, view_id: int) -> bool:
    """Delete one of somebody's own views; somebody else's is as good as none."""
    return bool(SavedView.objects.filter(user=user, pk=view_id).delete()[0])


def _kept(query: QueryDict) -> str:
    """Write a filter in one way, without what is no part of it."""
    pairs = [
        (key, value)
        for key, values in sorted(query.lists())
        for value in values
        if value and key not in _NOT_KEPT
    ]
    kept = QueryDict(mutable=True)
    for key, value in pairs:
        kept.appendlist(key, value)
    return kept.urlencode()
