"""Which pieces go into a parcel: the batch that a packer names, then what expires first."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence

from django.db import transaction
from django.db.models import F

from catalog import stock
from catalog.batches import pieces
from catalog.batches.pieces import NotOfThisArticle
from catalog.models import Batch, Offer, Stock


class TooFewThatMayGo(Exception):
    """What is here is stopped, or too short to be used up by who gets it."""

    def __init__(self, offer: Offer, left: int) -> None:
        super().__init__(
            f"Of {offer.sku} only {left} can be packed by themselves: the others are stopped, or"
            " expire too soon. Name a batch, or call them off."
        )


class MayNotLeave(Exception):
    """A batch was stopped, or is past its last day."""

    def __init__(self, batch: Batch) -> None:
        why = "is stopped" if batch.stopped_at else "has expired"
        super().__init__(f"Batch {batch.name} of {batch.offer.sku} {why}: leave it out.")


@transaction.atomic
def allot(
    *, wanted: Mapping[int, int], named: Mapping[int, int], on: dt.date
) -> dict[int, Counter[int]]:
    """Put pieces of batches aside for a parcel; return how many of which, by article.

    An article without batches is left out. Of a named batch as many are taken as it has, of the
    others those that expire first; these must be good for a whole use.

    :param wanted: how many pieces of each article.
    :param named: the batch that a packer has chosen for an article.
    :raises TooFewThatMayGo: if there are not so many good pieces.
    :raises MayNotLeave: if the named batch is stopped or has expired.
    :raises NotOfThisArticle: if it is another article's.
    """
    stock.lock(sorted(wanted))
    kept = Stock.objects.filter(offer_id__in=wanted, in_batches__isnull=False)
    found = {}
    for row in kept.select_related("offer").order_by("offer_id"):
        chosen = _chosen(row.offer, named.get(row.offer_id), on=on)
        found[row.offer_id] = _allot(row.offer, wanted[row.offer_id], chosen=chosen, on=on)
    return found


def to_choose_from(offer_ids: Collection[int], *, on: dt.date) -> dict[int, list[Batch]]:
    """Return the batches that a packer may take pieces from, by article; in one query."""
    found: dict[int, list[Batch]] = defaultdict(list)
    rows = Batch.objects.filter(offer_id__in=offer_ids, on_hand__gt=F("packed"))
    for batch in rows.may_leave_on(on).first_to_expire():
        found[batch.offer_id].append(batch)
    return {
        offer_id: sorted(batches, key=lambda each: each.state_on(on) != "sold")
        for offer_id, batches in found.items()
    }


@transaction.atomic
def put_back(packed: Mapping[int, int]) -> None:
    """Take pieces out of a parcel that has not left: they are free again."""
    for batch_id, count in sorted(packed.items()):
        Batch.objects.filter(pk=batch_id).update(packed=F("packed") - count)


def demand_may_leave(batch_ids: Sequence[int], *, on: dt.date) -> None:
    """Make sure that packed pieces may still be handed over.

    :raises MayNotLeave: if a batch was stopped meanwhile, or has expired.
    """
    batches = Batch.objects.filter(pk__in=batch_ids)
    for batch in batches.exclude(pk__in=batches.may_leave_on(on)).select_related("offer"):
        raise MayNotLeave(batch)


def _chosen(offer: Offer, batch_id: int | None, *, on: dt.date) -> list[Batch]:
    if batch_id is None:
        return []
    batch = Batch.objects.filter(pk=batch_id, offer=offer).select_related("offer").first()
    if batch is None:
        raise NotOfThisArticle
    demand_may_leave([batch.pk], on=on)
    return [batch]


def _allot(offer: Offer, quantity: int, *, chosen: Sequence[Batch], on: dt.date) -> Counter[int]:
    in_turn = Batch.objects.filter(offer=offer).sold_on(on).first_to_expire()
    others = in_turn.exclude(pk__in=[batch.pk for batch in chosen])
    taken = pieces.take_in_turn([*chosen, *others], quantity)
    for batch_id, count in taken.items():
        room = Batch.objects.filter(pk=batch_id, on_hand__gte=F("packed") + count)
        if not room.update(packed=F("packed") + count):
            raise TooFewThatMayGo(offer, 0)
    if taken.total() < quantity:
        raise TooFewThatMayGo(offer, taken.total())
    return +taken
