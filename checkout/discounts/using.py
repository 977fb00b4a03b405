"""The only writer of what orders use of discounts: taken when placed, given back if unpaid.

How often a discount was used is counted by one conditional update and a constraint, so that of
many who want its last use one has it. Rows are locked after their order's, by id.
"""

import datetime as dt
from collections.abc import Iterator, Sequence

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet

from checkout.discounts import finding
from checkout.discounts.finding import DiscountRefused, Holder, NotForYou, UsedUp
from checkout.discounts.reckoning import Taken
from checkout.models import (
    Discount,
    DiscountCode,
    DiscountUse,
    LineReduction,
    Order,
    OrderLine,
)

__all__ = ["DiscountRefused", "contradictions", "release", "take", "take_again"]


def take(
    order: Order, lines: Sequence[OrderLine], taken: Sequence[Taken], *, at: dt.datetime
) -> None:
    """Use the discounts that an order is placed with; the caller's transaction places it.

    :param lines: the order's, as the reductions count them.
    :raises DiscountRefused: if one is used up, or not for whoever orders.
    """
    for each in sorted(taken, key=lambda each: each.rule.discount_id):
        if not each.rule.by_id:
            _count(each.rule.discount_id, each.rule.single_id, each.rule.code or each.rule.name)
            _check_person(order, each)
        use = DiscountUse.objects.create(
            order=order,
            discount_id=each.rule.discount_id or None,
            by_id=each.rule.by_id,
            single_id=each.rule.single_id,
            name=each.rule.name,
            code=each.rule.code,
            amount_minor=each.amount_minor,
            delivery_minor=each.delivery_minor,
            taken_at=at,
        )
        LineReduction.objects.bulk_create(
            LineReduction(use=use, line=line, name=use.name, amount_minor=off)
            for line, off in zip(lines, each.lines, strict=True)
            if off
        )


def release(order: Order, *, at: dt.datetime) -> None:
    """Give back what an order used that came to nothing; twice gives it back once."""
    for use in _of(order).filter(released_at=None):
        if not DiscountUse.objects.filter(pk=use.pk, released_at=None).update(released_at=at):
            continue
        Discount.objects.filter(pk=use.discount_id or 0).update(used=F("used") - 1)
        if use.single_id:
            DiscountCode.objects.filter(pk=use.single_id).update(is_used=False)


def take_again(order: Order) -> None:
    """Use once more what was given back, for an order that is paid for after all.

    :raises DiscountRefused: if others have used it up meanwhile.
    """
    with transaction.atomic():
        for use in _of(order).filter(released_at__isnull=False):
            _count(use.discount_id or 0, use.single_id, use.code or use.name)
            DiscountUse.objects.filter(pk=use.pk).update(released_at=None)


def contradictions() -> Iterator[str]:
    """Yield, in words, the discounts that are not counted as their uses say."""
    held = Count("uses", filter=Q(uses__released_at=None))
    wrong = Discount.objects.annotate(held=held).exclude(held=F("used")).order_by("pk")
    for name, ours, uses in wrong.values_list("name", "used", "held"):
        yield f"Discount {name}: counted {ours}, used by {uses}"


def _of(order: Order) -> QuerySet[DiscountUse]:
    return order.discount_uses.exclude(discount=None).order_by("discount_id")


def _count(discount_id: int, single_id: int | None, code: str) -> None:
    """Count one more use, if one is left: the row stays locked until the transaction ends."""
    left = Q(max_uses=None) | Q(used__lt=F("max_uses"))
    if not Discount.objects.filter(left, pk=discount_id).update(used=F("used") + 1):
        raise UsedUp(code)
    if single_id is None:
        return
    unused = DiscountCode.objects.filter(pk=single_id, is_used=False)
    if not unused.update(is_used=True):
        raise UsedUp(code)


def _check_person(order: Order, taken: Taken) -> None:
    """Look at who orders, now that it is known; nobody else uses the discount meanwhile.

    Who is signed in got what comes by itself for their account, whichever address they order with.
    """
    discount = Discount.objects.get(pk=taken.rule.discount_id)
    email = order.email if taken.rule.code else ""
    if not finding.may_have(discount, Holder(order.user_id, email, [order.pk])):
        raise NotForYou(taken.rule.code or taken.rule.name)
