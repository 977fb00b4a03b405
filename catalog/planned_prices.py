"""The only writer of planned prices: plan one, begin and end it in time, call it off.

The price itself is changed by `catalog.prices` alone, so every law of prices holds here too.
"""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils.timezone import localtime

from accounts.models import User
from catalog import prices
from catalog.models import Offer, OfferPrice, PlannedPrice, PlannedPriceStatus
from money.money import Money

# A plan without an end holds other plans off for a moment only.
_MOMENT = dt.timedelta(microseconds=1)
_REFUSALS = (
    prices.Backdated,
    prices.NegativePrice,
    prices.NotAReduction,
    prices.SamePrice,
)


class TooLate(ValueError):
    """A plan is for a moment to come."""

    def __init__(self) -> None:
        super().__init__("That moment has passed: choose one to come.")


class EndsTooSoon(ValueError):
    """A planned price ends after it begins."""

    def __init__(self) -> None:
        super().__init__("It must end after it begins.")


class Overlaps(ValueError):
    """Another plan for the offer holds at the same time."""

    def __init__(self, other: PlannedPrice) -> None:
        until = f" until {_in_words(other.ends_at)}" if other.ends_at else ""
        super().__init__(
            f"{other.price} is planned from {_in_words(other.starts_at)}{until} already."
        )


class NothingToCancel(ValueError):
    """What is over cannot be called off."""

    def __init__(self, plan: PlannedPrice) -> None:
        super().__init__(f"It is {plan.get_status_display()} already.")


@transaction.atomic
def plan(
    *,
    offer_id: int,
    price_minor: int,
    is_reduction: bool = False,
    starts_at: dt.datetime,
    ends_at: dt.datetime | None = None,
    reason: str,
    by: User | None,
    at: dt.datetime,
) -> PlannedPrice:
    """Plan a price from a moment on, and back to the one before at another; now counts too.

    Whether it reduces anything is decided when it begins, by the price that holds then.

    :raises TooLate: if it would begin before now.
    :raises EndsTooSoon: if it would end before it began.
    :raises Overlaps: if another plan for the offer holds at the same time.
    :raises NegativePrice: if the price is below zero.
    :raises ReasonMissing: if no reason is given.
    :raises Offer.DoesNotExist: if there is no such offer.
    """
    if starts_at < at:
        raise TooLate
    if ends_at is not None and ends_at <= starts_at:
        raise EndsTooSoon
    offer = Offer.objects.select_for_update().get(pk=offer_id)
    if price_minor < 0:
        raise prices.NegativePrice(Money(price_minor, offer.currency))
    if not reason.strip():
        raise prices.ReasonMissing
    other = overlapping(
        PlannedPrice.objects.open().filter(offer=offer).select_related("offer"), starts_at, ends_at
    )
    if other is not None:
        raise Overlaps(other)
    return PlannedPrice.objects.create(
        offer=offer,
        price_minor=price_minor,
        is_reduction=is_reduction,
        starts_at=starts_at,
        ends_at=ends_at,
        reason=reason.strip(),
        planned_by=by,
        planned_at=at,
    )


def overlapping(
    plans: Iterable[PlannedPrice],
    starts_at: dt.datetime,
    ends_at: dt.datetime | None,
) -> PlannedPrice | None:
    """Return the first plan that holds at some moment of a time; one may end as another begins."""
    end = ends_at or starts_at + _MOMENT
    return next(
        (
            each
            for each in plans
            if each.starts_at < end and (each.ends_at or each.starts_at + _MOMENT) > starts_at
        ),
        None,
    )


def apply_due(*, at: dt.datetime) -> int:
    """Begin and end what is due, in the order in which it should have happened.

    A lower price is written down from its planned moment, however late this runs: that can only
    lower what must be shown beside a later reduction. A higher one is written down from now,
    for until now buyers paid the lower one.

    One that fails does not hold up the others.

    :returns: how many plans moved.
    :raises Exception: what the last of those that failed raised, after all others have moved.
    """
    due = sorted(
        PlannedPrice.objects.due(at),
        # What ends goes before what begins at the same moment.
        key=lambda each: (_moment(each), each.status == PlannedPriceStatus.PLANNED, each.pk),
    )
    moved, failure = 0, None
    for each in due:
        try:
            moved += _move(each.pk, at)
        except Exception as problem:  # noqa: BLE001 - raised again below.
            failure = problem
    if failure is not None:
        raise failure
    return moved


@transaction.atomic
def plan_or_begin(
    *,
    offer_id: int,
    price_minor: int,
    is_reduction: bool,
    starts_at: dt.datetime | None,
    ends_at: dt.datetime | None,
    reason: str,
    by: User | None,
    at: dt.datetime,
) -> PlannedPrice:
    """Plan a price as `plan` does; without a moment to begin at, it begins now.

    :raises NotAReduction: if it begins now and is to be announced but is not lower.
    :raises SamePrice: if it begins now and the offer costs that already.
    """
    made = plan(
        offer_id=offer_id,
        price_minor=price_minor,
        is_reduction=is_reduction,
        starts_at=starts_at or at,
        ends_at=ends_at,
        reason=reason,
        by=by,
        at=at,
    )
    if starts_at is None:
        made = _locked(made.pk)
        _start(made, at, at)
    return made


@transaction.atomic
def cancel(*, plan_id: int, by: User | None, at: dt.datetime) -> PlannedPrice:
    """Call off a plan: one to come never begins, a running one ends now.

    :raises NothingToCancel: if it is over.
    :raises PlannedPrice.DoesNotExist: if there is no such plan.
    """
    found = _locked(plan_id)
    if found.status == PlannedPriceStatus.PLANNED:
        return _settle(found, PlannedPriceStatus.CANCELLED, "Called off before it began.", at)
    if found.status == PlannedPriceStatus.RUNNING:
        return _end(found, by, at, reason="Ended early")
    raise NothingToCancel(found)


def _in_words(at: dt.datetime) -> str:
    return f"{localtime(at):%Y-%m-%d %H:%M}"


def _moment(plan: PlannedPrice) -> dt.datetime:
    """Return when the next step of an open plan is due."""
    if plan.status == PlannedPriceStatus.RUNNING and plan.ends_at is not None:
        return plan.ends_at
    return plan.starts_at


@transaction.atomic
def _move(plan_id: int, at: dt.datetime) -> bool:
    """Take the step that is due, unless another worker was faster or the clock is behind."""
    found = _locked(plan_id)
    if not found.is_open or _moment(found) > at or _newest(found.offer).valid_from >= at:
        return False
    if found.status == PlannedPriceStatus.RUNNING:
        _end(found, found.planned_by, at, reason="Planned end")
    else:
        _begin(found, at)
    return True


def _begin(plan: PlannedPrice, at: dt.datetime) -> None:
    if plan.ends_at is not None and plan.ends_at <= at:
        missed = "It was over before it could begin: the worker was not running."
        _settle(plan, PlannedPriceStatus.REFUSED, missed, at)
        return
    newest = _newest(plan.offer)
    may_be_earlier = plan.price_minor < newest.price_minor and plan.starts_at > newest.valid_from
    try:
        # A refusal undoes only its own attempt, not that it is noted.
        with transaction.atomic():
            _start(plan, plan.starts_at if may_be_earlier else at, at)
    except _REFUSALS as refusal:
        _settle(plan, PlannedPriceStatus.REFUSED, str(refusal), at)


def _start(plan: PlannedPrice, valid_from: dt.datetime, at: dt.datetime) -> None:
    prices.change(
        offer_id=plan.offer_id,
        price_minor=plan.price_minor,
        is_reduction=plan.is_reduction,
        reason=plan.reason,
        by=plan.planned_by,
        at=valid_from,
    )
    plan.started = _newest(plan.offer)
    if plan.ends_at is None:
        _settle(plan, PlannedPriceStatus.DONE, "", at)
    else:
        plan.status = PlannedPriceStatus.RUNNING
        plan.save(update_fields=["status", "started"])


def _end(plan: PlannedPrice, by: User | None, at: dt.datetime, *, reason: str) -> PlannedPrice:
    """Bring back the price from before, unless another one holds by now."""
    newest = _newest(plan.offer)
    if newest.pk != plan.started_id:
        overtaken = f"Another price was set in the meantime: {newest.price}."
        return _settle(plan, PlannedPriceStatus.OVERTAKEN, overtaken, at)
    before = OfferPrice.objects.filter(offer=plan.offer, valid_from__lt=newest.valid_from)
    try:
        with transaction.atomic():
            prices.change(
                offer_id=plan.offer_id,
                price_minor=before.latest("valid_from").price_minor,
                reason=f"{reason}: {plan.reason}",
                by=by,
                at=at,
            )
    except prices.SamePrice:
        same = "The price is the same; it is not announced as reduced again."
        return _settle(plan, PlannedPriceStatus.DONE, same, at)
    return _settle(plan, PlannedPriceStatus.DONE, "", at)


def _locked(plan_id: int) -> PlannedPrice:
    """Lock a plan, then its offer: nobody sets another price while it begins or ends."""
    found = PlannedPrice.objects.select_for_update().get(pk=plan_id)
    found.offer = Offer.objects.select_for_update().get(pk=found.offer_id)
    return found


def _newest(offer: Offer) -> OfferPrice:
    return OfferPrice.objects.filter(offer=offer).latest("valid_from")


def _settle(
    plan: PlannedPrice, status: PlannedPriceStatus, outcome: str, at: dt.datetime
) -> PlannedPrice:
    plan.status, plan.outcome, plan.settled_at = status, outcome, at
    plan.save(update_fields=["status", "outcome", "settled_at", "started"])
    return plan
