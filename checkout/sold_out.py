"""Which line of a basket could not be had, in the buyer's words."""

from catalog.stock import SoldOut
from checkout.priced import PricedBasket


def sold_out_text(priced: PricedBasket, refusal: SoldOut) -> str:
    """Name the article that ran out, and the kit whose part it is."""
    for line in priced.lines:
        if line.offer_id == refusal.offer_id:
            return f"{line.full_name}: {refusal}"
    for line in priced.lines:
        for part in line.parts:
            if part.offer_id == refusal.offer_id:
                return f"{part.full_name}, which is in {line.full_name}: {refusal}"
    return str(refusal)
