"""Who may buy sessions: the suitability checks that baskets and orders rest on.

The rule itself is `treatments.checking.lacking`; this knows only which checks are whose.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.models import User
from accounts.person import Person
from checkout import basket_rows
from checkout.models import Basket, BasketCheck, Order, OrderCheck, OrderStatus
from treatments.checking import lacking
from treatments.models import QuestionnaireVersion, SuitabilityCheck, Treatment

# An order takes part for as long as it can still be paid.
_PAYABLE: Final = OrderStatus.AWAITING_PAYMENT


@dataclass(frozen=True, slots=True)
class Gate:
    """Whether a basket's sessions may be bought: if nothing is missing.

    :ivar missing: treatments that its owner may not buy yet.
    :ivar checks: what they did take, of the questions that are asked today.
    """

    missing: Sequence[Treatment] = ()
    checks: Sequence[SuitabilityCheck] = ()


@transaction.atomic
def keep(
    *, basket: Basket | None, user: User | None, check: SuitabilityCheck, at: datetime
) -> Basket:
    """Keep a check with a visitor's basket, making one if there is none; twice keeps it once.

    Orders from this basket that are not paid yet rest on it too.
    """
    unpaid = Order.objects.filter(basket=basket, status=_PAYABLE) if basket else []
    for order in unpaid:
        keep_with_order(order=order, check=check)
    basket = basket_rows.lock_or_make(basket, user=user, at=at)
    BasketCheck.objects.get_or_create(basket=basket, suitability_check=check)
    return basket


def keep_with_order(*, order: Order, check: SuitabilityCheck) -> None:
    """Let an order that is not paid yet rest on a check that was taken since."""
    if order.status == _PAYABLE:
        OrderCheck.objects.get_or_create(order=order, suitability_check=check)


def is_kept(basket: Basket | None, check: SuitabilityCheck) -> bool:
    """Tell whether a check belongs to whoever has this basket."""
    found = BasketCheck.objects.filter(basket=basket, suitability_check=check)
    return basket is not None and found.exists()


def bring_along(*, guest: Basket, into: Basket) -> None:
    """Hand a guest's checks to the basket of the account that signed in."""
    kept = BasketCheck.objects.filter(basket=into).values("suitability_check")
    BasketCheck.objects.filter(basket=guest).exclude(suitability_check__in=kept).update(basket=into)


def gate_of_basket(basket: Basket, asked: Mapping[int, int], *, at: datetime) -> Gate:
    """Return what the owner of a basket may not buy yet, and the checks that the rest rests on.

    :param asked: the version that is asked today for each of its treatments.
    """
    if not asked:
        return Gate()
    kept = BasketCheck.objects.filter(basket=basket).values("suitability_check")
    checks = list(SuitabilityCheck.objects.filter(pk__in=kept, version__in=asked.values()))
    return Gate(lacking(asked=asked, checks=checks, at=at), checks)


def missing_for_order(order: Order, *, at: datetime) -> list[Treatment]:
    """Return the treatments of an order that its buyer may not pay for yet."""
    treatment_ids = {line.treatment_id for line in order.lines.all() if line.treatment_id}
    if not treatment_ids:
        return []
    asked = QuestionnaireVersion.objects.asked_today(treatment_ids)
    if not asked:
        return []
    kept = OrderCheck.objects.filter(order=order).values("suitability_check")
    checks = SuitabilityCheck.objects.filter(pk__in=kept)
    return lacking(asked=asked, checks=checks, at=at)


def copy_to_order(order: Order, checks: Iterable[SuitabilityCheck]) -> None:
    """Let an order that is being placed rest on the checks of its basket."""
    OrderCheck.objects.bulk_create(
        [OrderCheck(order=order, suitability_check=check) for check in checks]
    )


def checks_with(person: Person) -> QuerySet[SuitabilityCheck]:
    """Return the checks that are known by a person's basket and orders, not by an account."""
    in_basket = BasketCheck.objects.filter(basket__user=person.user).values("suitability_check")
    in_orders = OrderCheck.objects.filter(order__user=person.user).values("suitability_check")
    known = Q(pk__in=in_basket) | Q(pk__in=in_orders)
    rows = SuitabilityCheck.objects.filter(known).exclude(user=person.user)
    return rows.select_related("version__treatment", "consultation")
