"""A carrier who is told by hand: labels are written elsewhere, numbers typed on the order."""

from collections.abc import Sequence

from checkout.carriers.interface import Announcement, Problem, Reading
from checkout.models import Shipment


class Manual:
    """Announces nothing and reads nothing."""

    code = "manual"
    name = "By hand"

    def announce(self, parcels: Sequence[Shipment]) -> Announcement | None:  # noqa: ARG002
        return None

    def read(self, answer: bytes) -> Reading:  # noqa: ARG002
        return Reading(problems=[Problem(1, "This carrier sends no file: type the numbers.")])
