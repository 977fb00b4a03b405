"""What would come back for a package, told before it is bought: the formula with its amounts."""

from collections.abc import Sequence
from dataclasses import dataclass

from catalog.offer_views import OfferView
from money.money import Money
from treatments.refund_value import refund_value


@dataclass(frozen=True, slots=True)
class RefundRow:
    """What comes back once so many sessions are used.

    :ivar amounts: one for each package of the table; none where it has no more sessions.
    """

    used: int
    amounts: tuple[Money | None, ...]


@dataclass(frozen=True, slots=True)
class PrepaidPackage:
    """So many sessions for one price."""

    sessions: int
    price: Money


@dataclass(frozen=True, slots=True)
class RefundTable:
    """The packages of a page side by side, session by session; equal ones tell the same.

    :ivar single: what a used session counts for; none where it counts for its share.
    """

    packages: tuple[PrepaidPackage, ...]
    single: Money | None

    @property
    def rows(self) -> list[RefundRow]:
        """What comes back for each number of used sessions, the fewest first."""
        most = max(package.sessions for package in self.packages)
        return [
            RefundRow(used, tuple(self._back(package, used) for package in self.packages))
            for used in range(most)
        ]

    def _back(self, package: PrepaidPackage, used: int) -> Money | None:
        if used >= package.sessions:
            return None
        value = refund_value(
            paid_minor=package.price.minor,
            sessions=package.sessions,
            used=used,
            single_minor=None if self.single is None else self.single.minor,
        )
        return Money(value.refund_minor, package.price.currency)


def refund_table(offers: Sequence[OfferView], single_minor: int | None) -> RefundTable | None:
    """Return what would come back for packages at full price; none for single sessions alone.

    :param single_minor: the price of one session of the treatment, as an order would keep it.
    """
    packages = tuple(
        PrepaidPackage(offer.sessions, offer.price)
        for offer in offers
        if offer.sessions and offer.sessions > 1
    )
    if not packages:
        return None
    single = None if single_minor is None else Money(single_minor, packages[0].price.currency)
    return RefundTable(packages, single)
