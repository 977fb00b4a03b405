"""What a piece can be exchanged for: another one of the same page, for what was paid for it."""

from datetime import datetime

from catalog.models import Offer, OfferKind
from checkout.models import OrderLine


class NotForThis(Exception):
    """Something was wanted that costs more or less, is gone, or is of another page."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} cannot be exchanged for that: it is not on sale for the same price now."
            " Choose the money back, and order what you like."
        )


def choices(line: OrderLine, *, at: datetime) -> list[Offer]:
    """Return the offers that a piece of a line can be exchanged for, itself first.

    The same article is a choice at any price: a broken bottle is replaced by a whole one.
    """
    if line.kind != OfferKind.PRODUCT:
        return []
    page_id = Offer.objects.filter(pk=line.offer_id).values("page")
    on_sale = Offer.objects.on_sale(at).in_stock().filter(is_kit=False, kind=OfferKind.PRODUCT)
    same_price = on_sale.filter(
        page__in=page_id, price_minor=line.unit_price_minor, currency=line.order.currency
    )
    found = (same_price | on_sale.filter(pk=line.offer_id)).distinct().order_by("label", "pk")
    return sorted(found, key=lambda offer: offer.pk != line.offer_id)


def demand(line: OrderLine, offer_id: int, *, at: datetime) -> Offer:
    """Return the offer that is wanted for a piece of a line.

    :raises NotForThis: if it cannot be exchanged for it.
    """
    for offer in choices(line, at=at):
        if offer.pk == offer_id:
            return offer
    raise NotForThis(line.name)
