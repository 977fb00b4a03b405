"""A kit and its parts bought singly share one shelf, line by line."""

from types import SimpleNamespace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from catalog.availability import Room
from catalog.models import Offer, OfferKind
from checkout.shares import Share, most_of, shares


def article(pk: int) -> Offer:
    return Offer(pk=pk, sku=f"A-{pk}", kind=OfferKind.PRODUCT)


def a_kit(pk: int, *parts: tuple[Offer, int]) -> Any:
    rows = [SimpleNamespace(part=part, quantity=count) for part, count in parts]
    return SimpleNamespace(
        pk=pk,
        kind=OfferKind.PRODUCT,
        is_goods=True,
        is_kit=True,
        parts=SimpleNamespace(all=lambda: rows),
    )


def rooms(**in_stock: int) -> Any:
    """So many of article 1, 2, … as `a1`, `a2`; `b1` of them on back-order."""

    def room_of(offer: Offer) -> Room:
        return Room(
            in_stock.get(f"a{offer.pk}", 0), in_stock.get(f"b{offer.pk}", 0), 5, 7 * offer.pk
        )

    return room_of


BALM, MIST = article(1), article(2)
KIT = a_kit(9, (BALM, 2), (MIST, 1))


def test_a_kit_takes_what_the_line_before_it_leaves() -> None:
    single, kit = shares([(BALM, 3), (KIT, 1)], room_of=rooms(a1=5, a2=9))

    assert single == Share(left=5, most=3, short=BALM, is_shared=True)
    assert kit == Share(left=1, most=1, short=BALM, is_shared=True)


def test_the_later_line_is_the_one_that_is_short() -> None:
    kit, single = shares([(KIT, 2), (BALM, 2)], room_of=rooms(a1=5, a2=9))

    assert (kit.left, kit.most) == (2, 1)
    assert (single.left, single.most, single.is_shared) == (1, 1, True)


def test_a_line_that_cannot_be_had_takes_no_more_than_there_is() -> None:
    kit, single = shares([(KIT, 90), (MIST, 1)], room_of=rooms(a1=5, a2=9))

    assert (kit.left, kit.short) == (2, BALM)
    assert single.left == 7


def test_together_they_wait_for_what_is_not_there() -> None:
    single, kit = shares([(BALM, 4), (KIT, 1)], room_of=rooms(a1=5, b1=8, a2=9))

    assert (single.back_order_days, kit.back_order_days) == (7, 7)


def test_sessions_share_nothing() -> None:
    package = Offer(pk=3, kind=OfferKind.PACKAGE)

    assert shares([(package, 50)], room_of=rooms()) == [Share()]
    assert most_of(package, others={}, room_of=rooms()) == Share()


def test_what_others_take_is_not_left() -> None:
    assert most_of(KIT, others={1: 2, 2: 1}, room_of=rooms(a1=7, a2=9)) == Share(
        left=2, most=2, short=BALM, is_shared=True
    )


carts = st.lists(
    st.tuples(st.sampled_from([BALM, MIST, KIT, a_kit(8, (MIST, 3))]), st.integers(1, 9)),
    max_size=4,
    unique_by=lambda line: line[0].pk,
)


@given(carts, st.integers(0, 30), st.integers(0, 30), st.integers(0, 30))
def test_a_basket_without_a_problem_is_one_that_can_be_reserved(
    cart: list[tuple[Any, int]], balms: int, mists: int, later: int
) -> None:
    """No line is short exactly if each article has as many as all lines together take."""
    room_of = rooms(a1=balms, a2=mists, b2=later)
    each = dict.fromkeys((1, 2), 0)
    for offer, quantity in cart:
        parts = (
            [(part.part.pk, part.quantity) for part in offer.parts.all()]
            if (offer.pk in {8, 9})
            else [(offer.pk, 1)]
        )
        for pk, count in parts:
            each[pk] += count * quantity

    found = shares(cart, room_of=room_of)

    is_fine = all(share.left >= quantity for share, (_, quantity) in zip(found, cart, strict=True))
    assert is_fine == (each[1] <= balms and each[2] <= max(mists, later))
