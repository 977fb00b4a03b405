"""The only writer of prices: what an offer costs, since when, and what it cost before."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from accounts.models import User
from catalog.models import Offer, OfferKind, OfferPrice, Stock
from catalog.price_law import PricePoint, check_earlier, lowest_before
from freshness.changes import changed, offers_of
from money.money import Money

# How many rows of many go to the database in one statement.
BATCH = 500


class AlreadyPriced(ValueError):
    """The offer has a price already; a new one is a change."""

    def __init__(self, offer: Offer) -> None:
        super().__init__(f"{offer.sku} has a price already.")


class SamePrice(ValueError):
    """The offer costs just that, in the same words, already."""

    def __init__(self, price: Money) -> None:
        super().__init__(f"The price is {price} already.")


class NegativePrice(ValueError):
    """A price is nothing or more."""

    def __init__(self, price: Money) -> None:
        super().__init__(f"{price} is no price.")


class NotAReduction(ValueError):
    """A reduction must be lower than the price it reduces."""

    def __init__(self, price: Money, current: Money) -> None:
        super().__init__(f"{price} is no reduction: the price is {current} now.")


class Backdated(ValueError):
    """A price cannot begin before the one that holds now did."""

    def __init__(self, valid_from: dt.datetime) -> None:
        super().__init__(f"The price that holds now began at {valid_from:%Y-%m-%d %H:%M:%S}.")


class ReasonMissing(ValueError):
    """Every price says why it was set."""

    def __init__(self) -> None:
        super().__init__("Say why the price changes.")


@dataclass(frozen=True, slots=True)
class NewPrice:
    """What an offer is to cost from now on, in minor units of its currency, VAT included."""

    offer_id: int
    price_minor: int
    is_reduction: bool = False


@transaction.atomic
def create_first(
    *, offer: Offer, by: User | None, at: dt.datetime, reason: str = "First price"
) -> Offer:
    """Store a new offer with the price it carries as the first of its history.

    A product offer gets its stock, which is empty until goods are received.

    :raises AlreadyPriced: if the offer was stored before.
    :raises NegativePrice: if the price is below zero.
    :raises ReasonMissing: if no reason is given.
    """
    if not offer._state.adding:
        raise AlreadyPriced(offer)
    offer.currency = settings.SHOP_CURRENCY
    _check(offer.price, reason)
    offer.lowest_before_minor = None
    offer.save(force_insert=True)
    _row(offer, _first_point(offer, at), reason=reason, by=by).save(force_insert=True)
    if offer.kind == OfferKind.PRODUCT:
        Stock.objects.create(offer=offer)
    return offer


@transaction.atomic
def create_first_many(
    *, offers: Sequence[Offer], by: User | None, at: dt.datetime, reason: str = "First price"
) -> Sequence[Offer]:
    """Do `create_first` for many offers at once, or for none.

    :raises AlreadyPriced: if an offer was stored before.
    :raises NegativePrice: if a price is below zero.
    :raises ReasonMissing: if no reason is given.
    """
    for offer in offers:
        if not offer._state.adding:
            raise AlreadyPriced(offer)
        offer.currency = settings.SHOP_CURRENCY
        _check(offer.price, reason)
        offer.lowest_before_minor = None
    Offer.objects.bulk_create(offers, batch_size=BATCH)
    OfferPrice.objects.bulk_create(
        [_row(offer, _first_point(offer, at), reason=reason, by=by) for offer in offers],
        batch_size=BATCH,
    )
    counted = [Stock(offer=offer) for offer in offers if offer.kind == OfferKind.PRODUCT]
    Stock.objects.bulk_create(counted, batch_size=BATCH)
    _note_changed(offers)
    return offers


@transaction.atomic
def change(
    *,
    offer_id: int,
    price_minor: int,
    is_reduction: bool = False,
    reason: str,
    by: User | None,
    at: dt.datetime,
) -> Offer:
    """Give an offer a new price from a moment on.

    :param price_minor: minor units of the offer's currency, VAT included.
    :param is_reduction: whether the shop announces it as reduced; the page then shows the lowest
        price of the 30 days before.
    :raises SamePrice: if the offer costs that already, announced in the same way.
    :raises NotAReduction: if it is to be announced as a reduction but is not lower than now.
    :raises Backdated: if the price that holds now began later.
    :raises NegativePrice: if the price is below zero.
    :raises ReasonMissing: if no reason is given.
    :raises Offer.DoesNotExist: if there is no such offer.
    """
    changes = [NewPrice(offer_id, price_minor, is_reduction)]
    [offer] = change_many(changes=changes, reason=reason, by=by, at=at)
    return offer


@transaction.atomic
def change_many(
    *, changes: Sequence[NewPrice], reason: str, by: User | None, at: dt.datetime
) -> list[Offer]:
    """Do `change` for many different offers at once, or for none, in the order of their ids.

    :raises SamePrice: as `change` does for one of them, and likewise the others.
    """
    wanted = {each.offer_id: each for each in changes}
    offers = _locked(sorted(wanted))
    # Also what begins later than now: nothing may be written before it.
    known = histories(list(wanted), until=None)
    rows = []
    for offer in offers:
        new, history = wanted[offer.pk], known[offer.pk]
        _check(Money(new.price_minor, offer.currency), reason)
        _check_change(offer, new, history[0] if history else None, at)
        point = PricePoint(new.price_minor, new.is_reduction, at)
        offer.price_minor = new.price_minor
        offer.lowest_before_minor = lowest_before([point, *history])
        rows.append(_row(offer, point, reason=reason, by=by))
    OfferPrice.objects.bulk_create(rows, batch_size=BATCH)
    Offer.objects.bulk_create(
        offers,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["price_minor", "lowest_before_minor"],
    )
    _note_changed(offers)
    return offers


def lowest_before_reduction(offer: Offer, at: dt.datetime) -> Money | None:
    """Return the lowest price of the 30 days before the current reduction began.

    None when the offer is not reduced. A reduction that goes further step by step is one
    reduction, as the directive's article 6a(5) allows. It never moves while the reduction lasts,
    so `Offer.lowest_before_minor` holds it for lists.
    """
    history = histories([offer.pk], until=at)[offer.pk]
    lowest = lowest_before(history)
    return None if lowest is None else Money(lowest, offer.currency)


def histories(
    offer_ids: Collection[int], *, until: dt.datetime | None
) -> dict[int, list[PricePoint]]:
    """Return what each of many offers cost, newest first, up to a moment if there is one."""
    ids, found = list(offer_ids), defaultdict[int, list[PricePoint]](list)
    for start in range(0, len(ids), BATCH):
        rows = OfferPrice.objects.filter(offer_id__in=ids[start : start + BATCH])
        rows = rows if until is None else rows.filter(valid_from__lte=until)
        for row in rows.order_by("-valid_from"):
            point = PricePoint(row.price_minor, row.is_reduction, row.valid_from)
            found[row.offer_id].append(point)
    return found


@transaction.atomic
def backfill(
    *, offer_id: int, earlier: Sequence[PricePoint], reason: str, by: User | None, at: dt.datetime
) -> Offer:
    """Add prices the offer had before its history here begins, such as those of another shop.

    They can only lower the price that must stand beside a reduction, never raise it: no "was"
    price can be made up. Nothing that is known changes.

    :raises ContradictsHistory: if one cannot be true beside the others or what is known.
    :raises NegativePrice: if a price is below zero.
    :raises ReasonMissing: if no reason is given.
    :raises Offer.DoesNotExist: if there is no such offer.
    """
    [offer] = _locked([offer_id])
    points = sorted(earlier, key=lambda point: point.valid_from)
    for point in points:
        _check(Money(point.price_minor, offer.currency), reason)
    check_earlier(points, OfferPrice.objects.filter(offer=offer).earliest("valid_from").valid_from)
    why = f"Earlier price: {reason.strip()}"[:200]
    OfferPrice.objects.bulk_create([_row(offer, point, reason=why, by=by) for point in points])
    lowest = lowest_before_reduction(offer, at)
    offer.lowest_before_minor = None if lowest is None else lowest.minor
    offer.save(update_fields=["lowest_before_minor"])
    return offer


def _note_changed(offers: Iterable[Offer]) -> None:
    """Say which pages show other prices now: writing many at once tells nobody by itself."""
    changed(*offers_of(*sorted({offer.page_id for offer in offers if offer.page_id is not None})))


def _check(price: Money, reason: str) -> None:
    if price.minor < 0:
        raise NegativePrice(price)
    if not reason.strip():
        raise ReasonMissing


def _locked(offer_ids: Sequence[int]) -> list[Offer]:
    """Lock offers in the order of their ids.

    :raises Offer.DoesNotExist: if one of them is missing.
    """
    offers: list[Offer] = []
    for start in range(0, len(offer_ids), BATCH):
        rows = Offer.objects.filter(pk__in=offer_ids[start : start + BATCH]).order_by("pk")
        offers += rows.select_for_update()
    if len(offers) < len(offer_ids):
        raise Offer.DoesNotExist
    return offers


def _check_change(offer: Offer, new: NewPrice, current: PricePoint | None, at: dt.datetime) -> None:
    price = Money(new.price_minor, offer.currency)
    if current is None:
        raise OfferPrice.DoesNotExist
    if new.price_minor == current.price_minor and new.is_reduction == current.is_reduction:
        raise SamePrice(price)
    if new.is_reduction and new.price_minor >= current.price_minor:
        raise NotAReduction(price, Money(current.price_minor, offer.currency))
    if at <= current.valid_from:
        raise Backdated(current.valid_from)


def _row(offer: Offer, point: PricePoint, *, reason: str, by: User | None) -> OfferPrice:
    return OfferPrice(
        offer=offer,
        price_minor=point.price_minor,
        currency=offer.currency,
        is_reduction=point.is_reduction,
        valid_from=point.valid_from,
        set_by=by,
        reason=reason.strip(),
    )


def _first_point(offer: Offer, at: dt.datetime) -> PricePoint:
    return PricePoint(offer.price_minor, is_reduction=False, valid_from=at)
