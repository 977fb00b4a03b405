"""What a kit is on a line: its parts with their share of the price, and which of them is short."""

from collections.abc import Mapping

from catalog.models import Offer
from checkout.priced import PricedPart
from checkout.shares import Share
from checkout.shown import full_name, page_name
from checkout.totals import LineAmount, PartAmount, part_shares
from checkout.vat_abroad import HOME, rate_of


def amount_of(
    offer: Offer, quantity: int, *, off_minor: int = 0, rates: Mapping[str, int] = HOME
) -> LineAmount:
    """Return the figures that the amounts of so many of an offer follow from.

    :param off_minor: what discounts take off.
    :param rates: VAT where it is sent, by tax code.
    """
    parts = offer.parts.all() if offer.is_kit else ()
    return LineAmount(
        unit_price_minor=offer.price_minor,
        quantity=quantity,
        vat_rate_bp=rate_of(offer, rates),
        is_goods=offer.is_goods,
        off_minor=off_minor,
        parts=tuple(
            PartAmount(rate_of(each.part, rates), each.part.price_minor * each.quantity)
            for each in parts
        ),
    )


def parts_of(offer: Offer, amount: LineAmount) -> tuple[PricedPart, ...]:
    """Return the parts of a kit's line; nothing for what is no kit."""
    if not offer.is_kit:
        return ()
    return tuple(
        PricedPart(
            offer_id=each.part_id,
            sku=each.part.sku,
            name=page_name(each.part),
            label=each.part.label if each.part.page else "",
            quantity=each.quantity,
            vat_rate_bp=share.vat_rate_bp,
            gross_minor=share.gross_minor,
            vat_minor=share.vat_minor,
        )
        for each, share in zip(offer.parts.all(), part_shares(amount), strict=True)
    )


def too_few(offer: Offer, share: Share) -> str:
    """Say in one sentence why a line cannot have what it wants, and what of it is short."""
    left = share.left
    if not offer.is_kit:
        if not share.is_shared:
            return f"Only {left} left." if left else "This is sold out."
        in_kits = "the others are in a kit in your basket"
        return f"Only {left} left: {in_kits}." if left else f"None is left: {in_kits}."
    part = full_name(share.short) if share.short else "A part"
    if left:
        return f"Only {left} left: there is no more of {part}, which is in it."
    if share.is_shared:
        return f"The last of {part}, which is in it, is in your basket already."
    return f"{part}, which is in it, is sold out."
