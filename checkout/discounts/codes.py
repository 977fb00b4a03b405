"""The only writer of codes: for one use, by the hundred; and of what buyers have entered."""

import datetime as dt
import secrets
from collections.abc import Iterable
from typing import Any, Final

from django.db import transaction
from django.db.models import BooleanField, CharField, F, Value

from checkout import basket_rows
from checkout.discounts import finding
from checkout.discounts.finding import (
    DiscountRefused,
    NotCombinable,
    UnknownCode,
)
from checkout.discounts.reckoning import Item
from checkout.models import Basket, Discount, DiscountCode, DiscountTrigger, EnteredCode
from checkout.models.discount import CODE
from checkout.own_stock import unpaid_orders

# No letter or digit that is taken for another one, so that codes can be read out and typed.
_ALPHABET: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # pragma: allowlist secret
LENGTH: Final = 10
MOST_AT_ONCE: Final = 5_000


class TooManyCodes(DiscountRefused):
    """The basket holds as many codes as one may."""

    def __init__(self) -> None:
        super().__init__("A basket takes up to 5 codes. Take one out first.")


def read(text: str) -> str:
    """Read a code as a person types it: spaces, dashes and small letters do not matter.

    :raises UnknownCode: if no code looks like this.
    """
    code = "".join(text[:60].split()).replace("-", "").upper()
    if not CODE.fullmatch(code):
        raise UnknownCode
    return code


@transaction.atomic
def enter(*, basket: Basket, code: str, at: dt.datetime) -> Basket:
    """Enter a code for a basket; one that is entered already is simply there.

    :param code: as `read` returns it.
    :raises DiscountRefused: if it cannot be used, or not for this basket; nothing changes.
    :raises basket_rows.NotInBasket: if the basket is gone.
    """
    basket = basket_rows.lock(basket)
    discount = _with_code(code)
    if discount.trigger != DiscountTrigger.CODE:
        raise UnknownCode
    others = list(EnteredCode.objects.filter(basket=basket).select_related("discount", "single"))
    if any(other.discount_id == discount.pk for other in others):
        return basket
    own_orders = [order.pk for order in unpaid_orders(basket)]
    holder = finding.holder_of(basket, own_orders)
    finding.check(discount, holder, own=finding.own_uses(own_orders), at=at)
    rule = finding.rule_of(discount, code=code, single_id=discount.single_id)
    finding.check_things(rule, _items_of(basket))
    for other in others:
        if not (discount.is_combinable and other.discount.is_combinable):
            raise NotCombinable(code, _code_of(other))
    if len(others) >= Basket.MAX_CODES:
        raise TooManyCodes
    EnteredCode.objects.create(
        basket=basket, discount=discount, single_id=discount.single_id, entered_at=at
    )
    return basket_rows.save_changed(basket, at=at)


@transaction.atomic
def take_out(*, basket: Basket, code: str, at: dt.datetime) -> Basket:
    """Take a code out of a basket; one that is not there is out already.

    :raises basket_rows.NotInBasket: if the basket is gone.
    """
    basket = basket_rows.lock(basket)
    entered = EnteredCode.objects.filter(basket=basket).select_related("discount", "single")
    gone = [each.pk for each in entered if _code_of(each) == code]
    if not gone:
        return basket
    EnteredCode.objects.filter(pk__in=gone).delete()
    return basket_rows.save_changed(basket, at=at)


def bring_along(*, guest: Basket, into: Basket) -> None:
    """Hand a guest's codes to the basket of the account that signed in."""
    present = EnteredCode.objects.filter(basket=into).values("discount")
    EnteredCode.objects.filter(basket=guest).exclude(discount__in=present).update(basket=into)


def forget_used(*, basket_id: int, discount_ids: Iterable[int]) -> None:
    """Take the codes out of a basket that an order from it has used."""
    EnteredCode.objects.filter(basket=basket_id, discount__in=list(discount_ids)).delete()


@transaction.atomic
def make(*, discount: Discount, count: int, at: dt.datetime) -> list[DiscountCode]:
    """Make so many new codes for one use each.

    :raises ValueError: if that is not from 1 to `MOST_AT_ONCE`.
    """
    if not 1 <= count <= MOST_AT_ONCE:
        raise ValueError(f"{count} codes")
    wanted = {_new_code() for _ in range(count)}
    while len(wanted) < count:
        wanted.add(_new_code())
    return DiscountCode.objects.bulk_create(
        DiscountCode(discount=discount, code=code, made_at=at) for code in sorted(wanted)
    )


def _new_code() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(LENGTH))


def _with_code(code: str) -> Any:
    """Find a discount by its shared code or by one for a single use, as `finding` reads it."""
    shared = Discount.objects.filter(code=code).annotate(
        entered_id=Value(0),
        single_id=Value(None, output_field=CharField(null=True)),
        single_code=Value(""),
        single_is_used=Value(value=False, output_field=BooleanField()),
    )
    single = Discount.objects.filter(codes__code=code).annotate(
        entered_id=Value(0),
        single_id=F("codes__pk"),
        single_code=F("codes__code"),
        single_is_used=F("codes__is_used"),
    )
    found = shared.first() or single.first()
    if found is None:
        raise UnknownCode
    return found


def _code_of(entered: EnteredCode) -> str:
    return entered.single.code if entered.single else entered.discount.code


def _items_of(basket: Basket) -> list[Item]:
    lines = basket.lines.select_related("offer__page")
    return [finding.item_of(line.offer, line.quantity) for line in lines]
