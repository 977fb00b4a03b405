"""One line of a basket: what it costs, what is left of it, and why it cannot be bought."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from catalog.availability import Availability, AvailabilityState
from catalog.markets import market_of
from checkout.countries import country_name
from checkout.kit_lines import amount_of, parts_of, too_few
from checkout.models import Basket, BasketLine
from checkout.priced import PricedLine, Saving
from checkout.shares import Share
from checkout.shown import Shown, is_on_sale
from checkout.totals import line_shares
from money.money import Money


def _problem(row: BasketLine, share: Share, *, country: str, at: dt.datetime) -> str:
    if not is_on_sale(row.offer, at=at):
        return "This is no longer sold. Remove it to go on."
    # Without any country nothing can be delivered, which is said apart.
    if country and not row.offer.may_be_sold_into(market_of(country)):
        return (
            f"We may not sell this where you want it delivered ({country_name(country)}). "
            "Remove it, or choose another country."
        )
    if row.quantity <= share.left:
        return ""
    remedy = "Change the quantity to go on." if share.left else "Remove it to go on."
    return f"{too_few(row.offer, share)} {remedy}"


def priced_line(
    row: Any,
    *,
    shown: Shown,
    there_is: Availability,
    share: Share,
    country: str,
    savings: tuple[Saving, ...],
    vat_rates: Mapping[str, int],
    at: dt.datetime,
) -> PricedLine:
    """Return one line of a basket at the prices and stock of a moment; no query."""
    offer = row.offer
    off_minor = sum(saving.amount.minor for saving in savings)
    amount = amount_of(offer, row.quantity, off_minor=off_minor, rates=vat_rates)
    rates = line_shares(amount)
    problem = _problem(row, share, country=country, at=at)
    most = share.most if problem else max(share.most, row.quantity)
    return PricedLine(
        offer_id=offer.pk,
        sku=offer.sku,
        name=shown.name,
        label=offer.label,
        url=shown.url,
        image=shown.image,
        image_alt=shown.image_alt,
        kind=offer.kind,
        quantity=row.quantity,
        typed_quantity=str(row.quantity),
        max_quantity=max(1, min(most, Basket.MAX_QUANTITY)),
        unit_price=offer.price,
        total=Money(amount.total_minor, offer.currency),
        vat=Money(sum(rate.vat_minor for rate in rates), offer.currency),
        vat_rate_bp=rates[0].vat_rate_bp if len(rates) == 1 else None,
        tax_code=offer.tax_code,
        weight_grams=offer.weight_grams,
        price_before=_price_before(row),
        problem=problem,
        availability_text=_availability_text(there_is, share) if offer.is_goods else "",
        treatment_id=offer.treatment_id,
        sessions=offer.sessions,
        validity_days=offer.validity_days,
        validity_rule=offer.validity_rule,
        refund_terms_version=offer.refund_terms_version,
        added_from_id=row.added_from_id,
        asked_version_id=row.asked_version_id,
        valid_text=shown.valid_text,
        amount=amount,
        back_order_days=share.back_order_days,
        parts=parts_of(offer, amount),
        savings=savings,
        cards=tuple(row.cards.all()[: row.quantity]) if offer.is_gift_card else (),
    )


def _price_before(row: BasketLine) -> Money | None:
    if row.price_seen_minor == row.offer.price_minor:
        return None
    return Money(row.price_seen_minor, row.offer.currency)


def _availability_text(there_is: Availability, share: Share) -> str:
    if there_is.state == AvailabilityState.SOLD_OUT:
        return "Sold out"
    if share.back_order_days is not None:
        return f"On back-order: sent in about {share.back_order_days} days"
    return f"Only {there_is.left} left" if there_is.left else "In stock"
