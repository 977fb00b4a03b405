"""What a comparable amount costs, as shops must say beside the price.

Directive 98/6/EC, article 3: https://eur-lex.europa.eu/eli/dir/1998/6/2022-05-28
"""

from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a comparable amount costs: `price` for `amount` of a unit."""

    price: Money
    amount: int
    unit: ContentUnit


def comparison(price: Money, amount: Decimal, unit: ContentUnit) -> Comparison | None:
    """Work out what 100 ml, a litre, 100 g, a kilogram or a piece costs; none for one piece."""
    if unit == ContentUnit.PIECE and amount <= 1:
        return None
    base = 1 if unit == ContentUnit.PIECE else _LARGE if amount > _LARGE else _SMALL
    minor = round_half_up(Fraction(price.minor * base) / Fraction(amount))
    return Comparison(Money(minor, price.currency), base, unit)


def offer_comparison(offer: Offer) -> Comparison | None:
    """Work out an offer's unit price; none where its content is unknown."""
    if offer.content_amount is None:
        return None
    return comparison(offer.price, offer.content_amount, ContentUnit(offer.content_unit))


def unit_price(price: Money, amount: Decimal, unit: ContentUnit) -> str:
    """Say what 100 ml, a litre, 100 g, a kilogram or a piece costs: “€9.60 per 100 ml”.

    A single piece needs no comparison and says nothing.
    """
    compared = comparison(price, amount, unit)
    if compared is None:
        return ""
    return f"{compared.price} per {_WORDS[unit, compared.amount]}"


def offer_unit_price(offer: Offer) -> str:
    """Say an offer's unit price; nothing where its content is unknown."""
    if offer.content_amount is None:
        return ""
    return unit_price(offer.price, offer.content_amount, ContentUnit(offer.content_unit))
