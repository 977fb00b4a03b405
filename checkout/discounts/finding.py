"""Which discounts somebody may have now, and why they may not have another."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import F, FilteredRelation, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from catalog.models import Offer
from checkout.discounts.reckoning import Item, Rule
from checkout.models import Basket, DeskBasket, Discount, DiscountTrigger, DiscountUse, Order
from money.money import Money


class DiscountRefused(ValueError):
    """A discount is not to be had; the message says why, and what to do."""


class UnknownCode(DiscountRefused):
    """No discount has this code."""

    def __init__(self) -> None:
        super().__init__("We do not know this code. Please look at how it is spelt.")


class NotYet(DiscountRefused):
    """It begins later."""

    def __init__(self, code: str, starts_at: dt.datetime) -> None:
        super().__init__(f"{code} is valid from {_day(starts_at)} on.")


class Ended(DiscountRefused):
    """It is over, or staff have switched it off."""

    def __init__(self, code: str) -> None:
        super().__init__(f"{code} has ended.")


class UsedUp(DiscountRefused):
    """It was used as often as it may be."""

    def __init__(self, code: str) -> None:
        super().__init__(f"{code} has been used already.")


class NotForYou(DiscountRefused):
    """It is for first orders, or this person has had it as often as one may."""

    def __init__(self, code: str) -> None:
        super().__init__(f"{code} cannot be used for this order.")


class NotForThese(DiscountRefused):
    """Nothing of what it is for is in the basket."""

    def __init__(self, code: str) -> None:
        super().__init__(f"{code} is not for what is in your basket.")


class MinimumNotReached(DiscountRefused):
    """What it is for does not come to enough yet."""

    def __init__(self, code: str, missing: Money) -> None:
        super().__init__(f"{code} counts once you add {missing} more of what it is for.")


class NotCombinable(DiscountRefused):
    """It or another one that was entered stands alone."""

    def __init__(self, code: str, other: str) -> None:
        super().__init__(f"{code} cannot be used together with {other}. Take that out first.")


@dataclass(frozen=True, slots=True)
class Found:
    """What a basket may have: rules that hold, and codes that were entered but do not.

    :ivar entered: the codes that were entered, whether they hold or not.
    """

    rules: tuple[Rule, ...] = ()
    refusals: tuple[DiscountRefused, ...] = ()
    entered: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Holder:
    """Who would use a discount, as far as it is known, and which orders of theirs do not count.

    :ivar own_orders: unpaid orders of the same basket: what they hold is the basket's.
    """

    user_id: int | None = None
    email: str = ""
    own_orders: Collection[int] = ()

    @property
    def is_known(self) -> bool:
        return self.user_id is not None or bool(self.email)

    def orders(self) -> QuerySet[Order]:
        """Return their other orders: of their account, and under their addresses."""
        mine = Q(email=self.email.lower()) if self.email else Q(pk__in=[])
        if self.user_id is not None:
            own_address = User.objects.filter(pk=self.user_id).values("email")
            mine |= Q(user=self.user_id) | Q(email__in=own_address)
        return Order.objects.filter(mine).exclude(pk__in=self.own_orders).order_by()


def for_basket(
    basket: Basket, items: Sequence[Item], *, own_orders: Collection[int], at: dt.datetime
) -> Found:
    """Return what a basket may have now: one query, a few more where there are discounts."""
    discounts = list(_candidates(basket, at))
    is_personal = any(each.first_order_only or each.max_uses_each for each in discounts)
    holder = holder_of(basket, own_orders) if is_personal else Holder()
    own = own_uses(own_orders) if discounts else {}
    rules: list[Rule] = []
    refusals: list[DiscountRefused] = []
    for discount in discounts:
        rule = rule_of(discount, code=code_of(discount), single_id=discount.single_id)
        try:
            check(discount, holder, own=own, at=at)
            if rule.code:
                check_things(rule, items)
        except DiscountRefused as refusal:
            refusals += [refusal] if rule.code else []
        else:
            rules.append(rule)
    entered = tuple(code for each in discounts if (code := code_of(each)))
    return Found(tuple(rules), tuple(refusals), entered)


def holder_of(basket: Basket, own_orders: Collection[int]) -> Holder:
    """Return whose a basket is: an account's own, or of whoever staff fill it for."""
    user_id = basket.user_id
    if user_id is None:
        filled_for = DeskBasket.objects.filter(basket=basket.pk)
        user_id = filled_for.values_list("customer", flat=True).first()
    return Holder(user_id, "", own_orders)


def _candidates(basket: Basket, at: dt.datetime) -> QuerySet[Any]:
    """Return the discounts that come by themselves now, and those whose code was entered."""
    running = Q(starts_at=None) | Q(starts_at__lte=at)
    running &= Q(ends_at=None) | Q(ends_at__gt=at)
    by_itself = Q(trigger=DiscountTrigger.AUTOMATIC, is_active=True) & running
    return (
        Discount.objects.annotate(
            mine=FilteredRelation("entered", condition=Q(entered__basket=basket.pk))
        )
        .filter(by_itself | Q(mine__pk__isnull=False))
        .annotate(
            entered_id=F("mine__pk"),
            single_id=F("mine__single"),
            single_code=F("mine__single__code"),
            single_is_used=F("mine__single__is_used"),
        )
        .prefetch_related("categories", "offers")
        .order_by("pk")
    )


def code_of(discount: Any) -> str:
    """Return the code under which a candidate was entered; empty for one that comes by itself."""
    if discount.entered_id is None:
        return ""
    return str(discount.single_code or discount.code)


def rule_of(discount: Discount, *, code: str = "", single_id: int | None = None) -> Rule:
    """Return what a discount does; its categories and offers are loaded."""
    return Rule(
        discount_id=discount.pk,
        name=discount.name,
        kind=discount.kind,
        percent=discount.percent or 0,
        amount_minor=discount.amount_minor or 0,
        buy=discount.buy or 0,
        get=discount.get or 0,
        minimum_minor=discount.minimum_minor or 0,
        with_packages=discount.with_packages,
        is_combinable=discount.is_combinable,
        paths=tuple(page.path for page in discount.categories.all()),
        offer_ids=frozenset(offer.pk for offer in discount.offers.all()),
        code=code,
        single_id=single_id,
    )


def own_uses(own_orders: Collection[int]) -> dict[int, int | None]:
    """Return the discounts that some orders hold, each with the code for one use it came by."""
    if not own_orders:
        return {}
    held = DiscountUse.objects.filter(order__in=own_orders, released_at=None)
    return dict(held.values_list("discount", "single"))


def check(
    discount: Any,
    holder: Holder,
    *,
    own: dict[int, int | None],
    at: dt.datetime,
) -> None:
    """Check what does not depend on the basket's things.

    :param discount: as `for_basket` and `codes.enter` load it.
    :param own: what the basket's own unpaid orders hold.
    :raises DiscountRefused: for its first reason.
    """
    code = code_of(discount) or discount.name
    if discount.starts_at and at < discount.starts_at:
        raise NotYet(code, discount.starts_at)
    if not discount.is_active or (discount.ends_at and at >= discount.ends_at):
        raise Ended(code)
    used = discount.used - (discount.pk in own)
    if discount.max_uses is not None and used >= discount.max_uses:
        raise UsedUp(code)
    if discount.single_is_used and own.get(discount.pk) != discount.single_id:
        raise UsedUp(code)
    if not may_have(discount, holder):
        raise NotForYou(code)


def may_have(discount: Discount, holder: Holder) -> bool:
    """Tell whether somebody may have a discount as far as it depends on them.

    Nobody knows a guest before they say who they are: a code is looked at again then, and what
    comes by itself waits for a sign-in.
    """
    if not (discount.first_order_only or discount.max_uses_each):
        return True
    if not holder.is_known:
        return discount.trigger == DiscountTrigger.CODE
    orders = holder.orders()
    if discount.first_order_only and orders.filter(paid_at__isnull=False).exists():
        return False
    most = 1 if discount.first_order_only else discount.max_uses_each or 0
    uses = DiscountUse.objects.filter(discount=discount, released_at=None)
    return uses.filter(order__in=orders).count() < most


def item_of(offer: Offer, quantity: int) -> Item:
    """Return what discounts know of so many of an offer, its page loaded along."""
    return Item(
        offer_id=offer.pk,
        unit_minor=offer.price_minor,
        quantity=quantity,
        is_package=offer.is_package,
        is_gift_card=offer.is_gift_card,
        path=offer.page.path if offer.page else "",
    )


def check_things(rule: Rule, items: Sequence[Item]) -> None:
    """Check that a basket holds what a rule is for, and enough of it.

    :raises NotForThese: if it holds nothing of it.
    :raises MinimumNotReached: if it does not come to enough.
    """
    if not any(map(rule.is_for, items)):
        raise NotForThese(rule.code)
    missing = rule.minimum_minor - rule.value_of(items)
    if missing > 0:
        raise MinimumNotReached(rule.code, Money(missing, settings.SHOP_CURRENCY))


def _day(moment: dt.datetime) -> str:
    return f"{timezone.localtime(moment):%-d %B}"
