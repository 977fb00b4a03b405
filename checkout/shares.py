"""Share stock among the lines of one basket: a kit and its parts bought singly take from one shelf.

Lines take their pieces in the order in which they were put in, so it is the later line that is
told what is left for it.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from catalog.availability import MAX_PER_LINE, Room, Supply, supplies
from catalog.models import Offer

RoomOf = Callable[[Offer], Room]


@dataclass(frozen=True, slots=True)
class Share:
    """What a line can have.

    :ivar left: how many of its offer, after the lines before it.
    :ivar most: how many, if all other lines keep what they have.
    :ivar short: the article of which there is least.
    :ivar is_shared: whether another line of the basket takes of that article too.
    :ivar back_order_days: how long its goods are waited for; none if all are in stock.
    """

    left: int = MAX_PER_LINE
    most: int = MAX_PER_LINE
    short: Offer | None = None
    is_shared: bool = False
    back_order_days: int | None = None


def shares(lines: Sequence[tuple[Offer, int]], *, room_of: RoomOf) -> list[Share]:
    """Return what each line of a basket, an offer and its quantity, can have; no query."""
    needs = [(supplies(offer), quantity) for offer, quantity in lines]
    wanted: Counter[int] = Counter()
    for parts, quantity in needs:
        wanted.update({part.article.pk: part.pieces * quantity for part in parts})
    taken: Counter[int] = Counter()
    found = []
    for parts, quantity in needs:
        share = _share(parts, quantity, taken=taken, wanted=wanted, room_of=room_of)
        had = max(0, min(quantity, share.left))
        taken.update({part.article.pk: part.pieces * had for part in parts})
        found.append(share)
    return found


def most_of(offer: Offer, *, others: Mapping[int, int], room_of: RoomOf) -> Share:
    """Return how many of an offer fit beside what other lines take.

    :param others: pieces that other lines take, by article.
    """
    parts = supplies(offer)
    if not parts:
        return Share()
    left, short = _least(parts, others, room_of)
    is_shared = bool(others.get(short.pk))
    return Share(left=left, most=left, short=short, is_shared=is_shared)


def _share(
    parts: Sequence[Supply],
    quantity: int,
    *,
    taken: Mapping[int, int],
    wanted: Mapping[int, int],
    room_of: RoomOf,
) -> Share:
    if not parts:
        return Share()
    left, short = _least(parts, taken, room_of)
    others = {part.article.pk: wanted[part.article.pk] - part.pieces * quantity for part in parts}
    rooms = [(room_of(part.article), wanted[part.article.pk]) for part in parts]
    waits = [
        room.back_order_days for room, all_ in rooms if room.in_stock < all_ <= room.on_back_order
    ]
    return Share(
        left=left,
        most=_least(parts, others, room_of)[0],
        short=short,
        is_shared=others[short.pk] > 0,
        back_order_days=max(waits, default=None),
    )


def _least(parts: Sequence[Supply], taken: Mapping[int, int], room_of: RoomOf) -> tuple[int, Offer]:
    """Find the article that allows the fewest, and how many it allows."""
    scarcest = min(parts, key=lambda part: _fits(part, taken, room_of))
    return min(MAX_PER_LINE, _fits(scarcest, taken, room_of)), scarcest.article


def _fits(part: Supply, taken: Mapping[int, int], room_of: RoomOf) -> int:
    left = room_of(part.article).most - taken.get(part.article.pk, 0)
    return max(0, left // part.pieces)
