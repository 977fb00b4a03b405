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
class RefundTable:
    """The packages of a page side by side, session by session.

    :ivar single: what a used session counts for; none where it counts for its share.
    """

    packages: tuple[OfferView, ...]
    single: Money | None
    rows: tuple[RefundRow, ...]


def refund_table(offers: Sequence[OfferView], single_minor: int | None) -> RefundTable | None:
    """Return what would come back for packages at full price; none for single sessions alone.

    :param single_minor: the price of one session of the treatment, as an order would keep it.
    """
    packages = tuple(offer for offer in offers if (offer.sessions or 0) > 1)
    if not packages:
        return None
    most = max(offer.sessions or 0 for offer in packages)
    return RefundTable(
        packages=packages,
        single=None if single_minor is None else Money(single_minor, packages[0].price.currency),
        rows=tuple(
            RefundRow(used, tuple(_back(offer, used, single_minor) for offer in packages))
            for used in range(most)
        ),
    )


def _back(offer: OfferView, used: int, single_minor: int | None) -> Money | None:
    sessions = offer.sessions or 0
    if used >= sessions:
        return None
    value = refund_value(
        paid_minor=offer.price.minor, sessions=sessions, used=used, single_minor=single_minor
    )
    return Money(value.refund_minor, offer.price.currency)
