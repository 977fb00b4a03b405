"""Carriers' files: parcels that one has to know of, and the numbers that it gives them."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import User
from checkout import shipments
from checkout.carriers import CARRIERS, Problem, Tracking
from checkout.models import OrderStatus, Shipment, ShipmentStatus
from checkout.models.shipment import ShipmentQuerySet


class FileNotTaken(Exception):
    """The file has rows that cannot be taken; none was."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__(f"{len(problems)} rows cannot be taken, so none was.")


@dataclass(frozen=True, slots=True)
class Planned:
    """A number that a parcel is to get."""

    shipment: Shipment
    tracking: Tracking


@dataclass(frozen=True, slots=True)
class DryRun:
    """What a carrier's file would do, row by row, and what is wrong with it."""

    planned: list[Planned]
    problems: list[Problem]


def waiting() -> ShipmentQuerySet:
    """Return the parcels that are packed and have not left, the oldest first."""
    packed: ShipmentQuerySet = Shipment.objects.filter(status=ShipmentStatus.PACKED)
    return packed.select_related("order").order_by("packed_at", "pk")


def to_announce() -> ShipmentQuerySet:
    """Return those that a carrier may fetch: what was paid back or is looked at stays here."""
    return waiting().filter(is_pickup=False, order__status=OrderStatus.PAID)


def look(carrier: str, answer: bytes) -> DryRun:
    """Say what a carrier's file would do; nothing is written."""
    reading = CARRIERS[carrier].read(answer)
    parcels = _parcels_named([tracking.parcel for tracking in reading.trackings])
    problems = list(reading.problems)
    planned = []
    for tracking in reading.trackings:
        shipment = parcels.get(tracking.parcel)
        if shipment is None:
            problems.append(Problem(tracking.row, f"{tracking.parcel} is no parcel of ours."))
        elif shipment.status == ShipmentStatus.CANCELLED:
            problems.append(Problem(tracking.row, f"{tracking.parcel} was unpacked."))
        else:
            planned.append(Planned(shipment, tracking))
    return DryRun(planned, sorted(problems, key=lambda problem: problem.row))


def take(carrier: str, answer: bytes, *, by: User, at: datetime) -> int:
    """Write the numbers of a carrier's file onto its parcels, all of them or none.

    :returns: how many parcels have another number now.
    :raises FileNotTaken: if a row cannot be taken.
    """
    found = look(carrier, answer)
    if found.problems:
        raise FileNotTaken(found.problems)
    with transaction.atomic():
        changed = [each for each in found.planned if _changes(each)]
        # In the order of their orders, as everybody locks them.
        for each in sorted(changed, key=lambda each: (each.shipment.order_id, each.shipment.pk)):
            shipments.follow(
                shipment_id=each.shipment.pk,
                carrier=each.tracking.carrier or each.shipment.carrier,
                number=each.tracking.number,
                url=each.tracking.url,
                by=by,
                at=at,
            )
    return len(changed)


def _changes(planned: Planned) -> bool:
    """Tell whether a row says anything of its parcel that is not written down."""
    parcel, said = planned.shipment, planned.tracking
    return (parcel.tracking_number, parcel.carrier, parcel.tracking_url) != (
        said.number,
        said.carrier or parcel.carrier,
        said.url or parcel.tracking_url,
    )


def _parcels_named(names: list[str]) -> dict[str, Shipment]:
    """Return parcels by their names, an order's number and the parcel's: G-7K3M-9QXT/1."""
    numbers = {name.partition("/")[0] for name in names}
    found = Shipment.objects.filter(order__number__in=numbers).select_related("order")
    return {str(shipment): shipment for shipment in found}
