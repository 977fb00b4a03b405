"""What a comparable amount costs, as shops must say beside the price.

Directive 98/6/EC, article 3: https://eur-lex.europa.eu/eli/dir/1998/6/2022-05-28
"""

from decimal import Decimal
from fractions import Fraction

from catalog.models.offers import ContentUnit, Offer
from money.money import Money, round_half_up

# Small amounts are compared by 100 units, those above a litre or a kilogram by that.
_SMALL, _LARGE = 100, 1000
_WORDS = {
    (ContentUnit.ML, _SMALL): "100 ml",
    (ContentUnit.ML, _LARGE): "litre",
    (ContentUnit.G, _SMALL): "100 g",
    (ContentUnit.G, _LARGE): "kg",
    (ContentUnit.PIECE, 1): "piece",
}


def unit_price(price: Money, amount: Decimal, unit: ContentUnit) -> str:
    """Say what 100 ml, a litre, 100 g, a kilogram or a piece costs: “€9.60 per 100 ml”.

    A single piece needs no comparison and says nothing.
    """
    if unit == ContentUnit.PIECE:
        base = 1
        if amount <= 1:
            return ""
    else:
        base = _LARGE if amount > _LARGE else _SMALL
    minor = round_half_up(Fraction(price.minor * base) / Fraction(amount))
    return f"{Money(minor, price.currency)} per {_WORDS[unit, base]}"


def offer_unit_price(offer: Offer) -> str:
    """Say an offer's unit price; nothing where its content is unknown."""
    if offer.content_amount is None:
        return ""
    return unit_price(offer.price, offer.content_amount, ContentUnit(offer.content_unit))
