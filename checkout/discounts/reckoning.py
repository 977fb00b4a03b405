"""What discounts take off a basket, to the last minor unit; no query.

Buyers get all discounts that may be combined, one after the other, or the best of those that
stand alone: whichever costs them less. Each is split over its lines by largest remainder, and
takes no more of a line than is left of it. What staff take off by hand comes before all of them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from checkout.models import DiscountKind as K
from money.money import allocate, round_half_up

# One after the other: pieces first, shares of the rest, then amounts; delivery is reckoned last.
_ORDER: Final = (K.FURTHER_PIECES, K.PERCENT, K.AMOUNT, K.FREE_DELIVERY)


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a basket: so many pieces at a price in minor units.

    :ivar path: where its page is in the tree; empty without one.
    """

    offer_id: int
    unit_minor: int
    quantity: int
    is_package: bool = False
    is_gift_card: bool = False
    path: str = ""

    @property
    def full_minor(self) -> int:
        return self.unit_minor * self.quantity

    @property
    def is_goods(self) -> bool:
        return not self.is_package and not self.is_gift_card


@dataclass(frozen=True, slots=True)
class Rule:
    """What one discount does, and for what; nothing named is everything.

    :ivar discount_id: 0 for what was taken off by hand.
    :ivar paths: where its categories are in the tree.
    :ivar by_id: who took it off by hand.
    """

    discount_id: int
    name: str
    kind: str
    percent: int = 0
    amount_minor: int = 0
    buy: int = 0
    get: int = 0
    minimum_minor: int = 0
    with_packages: bool = False
    is_combinable: bool = False
    paths: tuple[str, ...] = ()
    offer_ids: frozenset[int] = frozenset()
    code: str = ""
    single_id: int | None = None
    by_id: int | None = None

    def is_for(self, item: Item) -> bool:
        """Tell whether it may take something off a line; off a gift card, nothing ever does."""
        if item.is_gift_card or (item.is_package and not self.with_packages):
            return False
        if not self.paths and not self.offer_ids:
            return True
        return item.offer_id in self.offer_ids or item.path.startswith(self.paths)

    def value_of(self, items: Sequence[Item]) -> int:
        """Return what the things that it is for come to, nothing taken off."""
        return sum(item.full_minor for item in items if self.is_for(item))


@dataclass(frozen=True, slots=True)
class Taken:
    """What one discount takes off: of every line, and of the charge for delivery."""

    rule: Rule
    lines: tuple[int, ...]
    delivery_minor: int = 0

    @property
    def amount_minor(self) -> int:
        return sum(self.lines) + self.delivery_minor


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What all discounts of a basket take off; lines in the order of the items.

    :ivar left_out: those of the rules that others are better than.
    """

    taken: tuple[Taken, ...] = ()
    left_out: tuple[Rule, ...] = ()

    def of_line(self, place: int) -> int:
        """Return what is taken off the line at a place."""
        return sum(each.lines[place] for each in self.taken)

    @property
    def frees_delivery(self) -> bool:
        return any(each.rule.kind == K.FREE_DELIVERY for each in self.taken)

    def with_delivery(self, off_minor: int) -> "Reckoned":
        """Return the same with what is taken off delivery, and without what takes nothing off."""
        free = next((each for each in self.taken if each.rule.kind == K.FREE_DELIVERY), None)
        taken = (
            Taken(each.rule, each.lines, off_minor if each is free else 0) for each in self.taken
        )
        return Reckoned(tuple(each for each in taken if each.amount_minor), self.left_out)


NOTHING: Final = Reckoned()
# Returns the charge for delivery to the door of goods that cost so much, in minor units.
DoorPrice = Callable[[int], int]


def best(
    rules: Sequence[Rule], items: Sequence[Item], *, door: DoorPrice, by_hand: Sequence[Rule] = ()
) -> Reckoned:
    """Return which discounts a buyer gets, and what each of them takes off.

    :param rules: those that may be had; what they are not for, or not yet, they leave alone.
    :param by_hand: what staff take off first, whatever else there is.
    """
    first = _in_turn(by_hand, items)
    fitting = [rule for rule in rules if _fits(rule, items)]
    if not fitting:
        return Reckoned(first) if first else NOTHING
    alone = [[rule] for rule in fitting if not rule.is_combinable]
    together = [rule for rule in fitting if rule.is_combinable]
    ways = [way for way in (together, *alone) if way]
    reckoned = [_in_turn(way, items, first=first) for way in ways]
    costs = [_cost(each, items, door) for each in reckoned]
    cheapest = min(range(len(ways)), key=lambda place: (costs[place], place))
    left_out = tuple(rule for rule in fitting if rule not in ways[cheapest])
    return Reckoned(reckoned[cheapest], left_out)


def _fits(rule: Rule, items: Sequence[Item]) -> bool:
    return any(map(rule.is_for, items)) and rule.value_of(items) >= rule.minimum_minor


def _in_turn(
    rules: Sequence[Rule], items: Sequence[Item], *, first: tuple[Taken, ...] = ()
) -> tuple[Taken, ...]:
    """Take off what rules do, each of what those before it have left.

    :param first: what is taken off before; it is part of the answer.
    """
    left = _left(first, items)
    found = list(first)
    for rule in sorted(rules, key=lambda rule: (_ORDER.index(K(rule.kind)), rule.discount_id)):
        lines = _off(rule, items, left)
        left = [rest - off for rest, off in zip(left, lines, strict=True)]
        found.append(Taken(rule, tuple(lines)))
    return tuple(found)


def _cost(taken: Sequence[Taken], items: Sequence[Item], door: DoorPrice) -> int:
    left = _left(taken, items)
    if any(each.rule.kind == K.FREE_DELIVERY for each in taken):
        return sum(left)
    goods = sum(rest for item, rest in zip(items, left, strict=True) if item.is_goods)
    return sum(left) + door(goods)


def _left(taken: Sequence[Taken], items: Sequence[Item]) -> list[int]:
    return [
        item.full_minor - sum(each.lines[place] for each in taken)
        for place, item in enumerate(items)
    ]


def _off(rule: Rule, items: Sequence[Item], left: Sequence[int]) -> list[int]:
    """Return what a rule takes off each line, of which so much is left."""
    rooms = [rest if rule.is_for(item) else 0 for item, rest in zip(items, left, strict=True)]
    if rule.kind == K.PERCENT:
        return _spread(round_half_up(Fraction(sum(rooms) * rule.percent, 100)), rooms)
    if rule.kind == K.AMOUNT:
        return _spread(min(rule.amount_minor, sum(rooms)), rooms)
    if rule.kind == K.FURTHER_PIECES:
        return _off_pieces(rule, items, rooms)
    return [0] * len(items)


def _spread(amount_minor: int, rooms: Sequence[int]) -> list[int]:
    return allocate(amount_minor, rooms) if amount_minor else [0] * len(rooms)


def _off_pieces(rule: Rule, items: Sequence[Item], rooms: Sequence[int]) -> list[int]:
    """Take something off so many of the cheapest pieces as were earned by buying the others."""
    places = [place for place, item in enumerate(items) if rule.is_for(item)]
    pieces = sum(items[place].quantity for place in places)
    earned = pieces // (rule.buy + rule.get) * rule.get
    off = [0] * len(items)
    for place in sorted(places, key=lambda place: (items[place].unit_minor, place)):
        count = min(earned, items[place].quantity)
        earned -= count
        amount = round_half_up(Fraction(items[place].unit_minor * count * rule.percent, 100))
        off[place] = min(amount, rooms[place])
    return off
