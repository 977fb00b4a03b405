"""What an order promises, line by line: copies of what the basket said when it was placed."""

from collections.abc import Iterator
from datetime import datetime

from catalog.models import OfferKind
from catalog.offer_views import single_prices
from checkout.gift_cards import sold
from checkout.models import Order, OrderCard, OrderLine, OrderLinePart
from checkout.pricing import PricedBasket, PricedLine


def freeze(order: Order, priced: PricedBasket, *, at: datetime) -> None:
    """Write the lines of a new order, the parts of its kits, and whom its gift cards are for."""
    lines = OrderLine.objects.bulk_create(_frozen_lines(order, priced, at=at))
    pairs = list(zip(lines, priced.lines, strict=True))
    OrderLinePart.objects.bulk_create(
        [part for frozen, line in pairs for part in _frozen_parts(frozen, line)]
    )
    OrderCard.objects.bulk_create(
        [
            card
            for frozen, line in pairs
            if line.kind == OfferKind.GIFT_CARD
            for card in sold.freeze(frozen, line.cards)
        ]
    )


def _frozen_lines(order: Order, priced: PricedBasket, *, at: datetime) -> Iterator[OrderLine]:
    treatments = {line.treatment_id for line in priced.lines if line.treatment_id}
    singles = single_prices(treatments, at) if treatments else {}
    for position, line in enumerate(priced.lines, start=1):
        yield _frozen_line(order, position, line, singles.get(line.treatment_id or 0))


def _frozen_line(
    order: Order, position: int, line: PricedLine, single_price_minor: int | None
) -> OrderLine:
    return OrderLine(
        order=order,
        position=position,
        offer_id=line.offer_id,
        kind=line.kind,
        sku=line.sku,
        name=line.name,
        label=line.label,
        unit_price_minor=line.unit_price.minor,
        quantity=line.quantity,
        discount_minor=(line.full - line.total).minor,
        total_minor=line.total.minor,
        vat_rate_bp=line.vat_rate_bp,
        vat_minor=line.vat_minor,
        tax_code=line.tax_code,
        treatment_id=line.treatment_id,
        sessions=line.sessions,
        validity_days=line.validity_days,
        validity_rule=line.validity_rule,
        refund_terms_version=line.refund_terms_version,
        single_price_minor=single_price_minor,
        added_from_id=line.added_from_id,
    )


def _frozen_parts(frozen: OrderLine, line: PricedLine) -> Iterator[OrderLinePart]:
    for position, part in enumerate(line.parts, start=1):
        yield OrderLinePart(
            line=frozen,
            position=position,
            offer_id=part.offer_id,
            sku=part.sku,
            name=part.name,
            label=part.label,
            quantity=part.quantity,
            vat_rate_bp=part.vat_rate_bp,
            gross_minor=part.gross_minor,
            vat_minor=part.vat_minor,
        )
