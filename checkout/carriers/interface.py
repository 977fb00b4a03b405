"""What a carrier is to the shop: something that takes parcels and gives numbers."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from checkout.models import Shipment


@dataclass(frozen=True, slots=True)
class Announcement:
    """A file that tells a carrier of parcels."""

    filename: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Tracking:
    """The number that a carrier gave one of our parcels.

    :ivar row: where it stands in the carrier's file.
    :ivar parcel: our name of it, such as G-7K3M-9QXT/1.
    """

    row: int
    parcel: str
    carrier: str
    number: str
    url: str


@dataclass(frozen=True, slots=True)
class Problem:
    """One row of a carrier's answer that cannot be taken, counted as a spreadsheet counts."""

    row: int
    words: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a carrier's answer says, and what of it cannot be taken."""

    trackings: list[Tracking] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


class Carrier(Protocol):
    """One way for parcels to be told of and for their numbers to come back."""

    code: str
    name: str

    def announce(self, parcels: Sequence[Shipment]) -> Announcement | None:
        """Return the file that tells of parcels; nothing if the carrier is told by hand."""

    def read(self, answer: bytes) -> Reading:
        """Read the file in which the carrier gives parcels their numbers."""
