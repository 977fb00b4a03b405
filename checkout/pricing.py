"""Price a basket: the only place that says what it costs, and why it cannot be bought."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from django.conf import settings
from django.db.models import F, Subquery, prefetch_related_objects
from django.urls import reverse
from django.utils import timezone

from catalog import kits
from catalog.models import OfferKind
from checkout import shipping, vat_abroad
from checkout.countries import country_name
from checkout.discounts import in_basket
from checkout.discounts.reckoning import Reckoned
from checkout.gift_cards import spending
from checkout.line_pricing import priced_line
from checkout.models import Basket, BasketLine, DeliveryMethod, DeliveryZone, Order
from checkout.own_stock import Held, availability_for, held_for, room_for, unpaid_orders
from checkout.priced import (
    GiftCardShare,
    Notice,
    PricedBasket,
    PricedDelivery,
    PricedLine,
    UnpaidOrder,
)
from checkout.shares import shares
from checkout.shipping import DeliveryFacts, DeliveryOption
from checkout.shown import shown_offers
from checkout.totals import Totals, totals
from money.money import Money
from treatments.models import QuestionnaireVersion

__all__ = ["Notice", "PricedBasket", "PricedDelivery", "PricedLine", "UnpaidOrder", "price_basket"]


def price_basket(
    basket: Basket | None,
    *,
    at: dt.datetime,
    facts: DeliveryFacts | None = None,
    with_pictures: bool = True,
) -> PricedBasket:
    """Return what a basket costs at a moment, at the prices and stock of that moment.

    The number of queries is the same for one line and for fifty.

    :param facts: zones and holidays, where this request has read them already.
    :param with_pictures: whether somebody will look at the lines.
    """
    facts = facts or DeliveryFacts()
    unpaid = unpaid_orders(basket) if basket else []
    rows = _rows(basket) if basket else []
    is_along = bool(rows and rows[0].along_with)
    served = facts.zones if any(row.offer.is_goods for row in rows) else []
    country, notices = _country(basket, served)
    found, reckoned = in_basket.reckon(
        basket, rows, unpaid=unpaid, country=country, facts=facts, is_along=is_along, at=at
    )
    price_lines = partial(
        _priced_lines,
        rows,
        held=held_for(unpaid),
        reckoned=reckoned,
        country=country,
        with_pictures=with_pictures,
        at=at,
    )
    taxes_there = any(zone.taxes_there for zone in served)  # type: ignore[attr-defined]
    vat_rates = vat_abroad.rates_in(country) if taxes_there else vat_abroad.HOME
    goods, packages = price_lines(vat_rates=vat_rates)
    options, more_notices = _options(basket, goods, country=country, facts=facts, at=at)
    options = _along(options) if is_along else in_basket.freed(options, reckoned)
    chosen = next((option for option in options if option.is_chosen), None)
    if vat_rates and chosen and chosen.kind == DeliveryMethod.Kind.PICKUP:
        vat_rates = vat_abroad.HOME
        goods, packages = price_lines(vat_rates=vat_rates)
    reckoned = reckoned.with_delivery(chosen.off_minor if chosen else 0)
    lines = [*goods, *packages]
    sums = totals(
        [line.amount for line in lines],
        delivery_minor=chosen.price.minor if chosen else 0,
    )
    gift_card = spending.share_of(
        basket,
        total_minor=sums.total_minor,
        others_minor=sum(line.total.minor for line in lines if line.kind == OfferKind.GIFT_CARD),
        unpaid=unpaid,
        at=at,
    )
    return PricedBasket(
        basket_id=basket.pk if basket else None,
        checkout_token=basket.checkout_token if basket else "",
        goods=goods,
        packages=packages,
        goods_total=_money(sums.goods_minor),
        packages_total=_money(sums.packages_minor),
        delivery=_priced_delivery(chosen, sums, reckoned, at=at) if chosen else None,
        delivery_options=options,
        country=country,
        countries=shipping.countries(served),
        needs_delivery=bool(goods),
        vat_country=country if vat_rates else "",
        vat=_money(sums.vat_minor),
        total=_money(sums.total_minor),
        free_delivery_missing=_missing_for_free(chosen, sums) if chosen else None,
        notices=[
            *_price_notices(lines),
            *notices,
            *more_notices,
            *_gift_card_notices(gift_card, at=at),
            *in_basket.notices(found, reckoned, total_minor=sums.total_minor),
        ],
        can_check_out=_can_check_out(lines, has_delivery=chosen is not None or not goods)
        and not in_basket.is_too_small(sums.total_minor, reckoned),
        count=sum(line.quantity for line in lines),
        unpaid_order=_unpaid_order(unpaid, token=basket.checkout_token) if basket else None,
        reckoned=reckoned,
        codes=found.entered,
        gift_card=gift_card,
    )


def _can_check_out(lines: Sequence[PricedLine], *, has_delivery: bool) -> bool:
    return bool(lines) and has_delivery and not any(line.problem for line in lines)


# --- Lines --------------------------------------------------------------------------------


def _rows(basket: Basket) -> list[Any]:
    """Return the lines, goods first as an order has them.

    Each comes with the questions that are asked before its sessions are sold, and with the order
    that the basket's goods go along with.
    """
    asked = QuestionnaireVersion.objects.newest_asked("offer__treatment_id").values("pk")
    lines = BasketLine.objects.filter(basket=basket).annotate(
        asked_version_id=Subquery(asked), along_with=F("basket__desk__amends")
    )
    found = lines.select_related("offer__stock", "offer__page__productpage", "by_hand")
    rows = sorted(found, key=lambda row: not row.offer.is_goods)
    prefetch_related_objects([row for row in rows if row.offer.is_gift_card], "cards")
    return rows


def _priced_lines(
    rows: Sequence[Any],
    *,
    held: Held,
    reckoned: Reckoned,
    country: str,
    vat_rates: Mapping[str, int],
    with_pictures: bool,
    at: dt.datetime,
) -> tuple[list[PricedLine], list[PricedLine]]:
    """Return the lines of goods, and those of packages."""
    if not rows:
        return [], []
    kits.load_parts([row.offer for row in rows], at=at)
    shown = shown_offers((row.offer for row in rows), with_pictures=with_pictures)
    wanted = [(row.offer, row.quantity) for row in rows]
    lines = [
        priced_line(
            row,
            shown=shown[row.offer_id],
            there_is=availability_for(row.offer, held=held),
            country=country,
            vat_rates=vat_rates,
            share=share,
            savings=in_basket.savings_of_line(reckoned, place),
            at=at,
        )
        for place, (row, share) in enumerate(
            zip(rows, shares(wanted, room_of=room_for(held)), strict=True)
        )
    ]
    goods = [line for line in lines if line.kind == OfferKind.PRODUCT]
    return goods, [line for line in lines if line.kind != OfferKind.PRODUCT]


def _unpaid_order(orders: Sequence[Order], *, token: str) -> UnpaidOrder | None:
    if not orders:
        return None
    return UnpaidOrder(
        number=orders[0].number,
        url=reverse("checkout:order", args=[orders[0].access_token]),
        is_same=orders[0].checkout_token == token,
        gift_note=orders[0].gift_note,
    )


def _price_notices(lines: Sequence[PricedLine]) -> list[Notice]:
    return [
        Notice(
            "warning" if line.price_before < line.unit_price else "info",
            f"The price of {line.full_name} has changed from {line.price_before} "
            f"to {line.unit_price} since you put it in the basket.",
        )
        for line in lines
        if line.price_before is not None
    ]


def _gift_card_notices(share: GiftCardShare | None, *, at: dt.datetime) -> Iterator[Notice]:
    """Say why an entered card pays nothing."""
    if share is None or share.amount or share.left:
        return
    name = f"The gift card …{share.last_four}"
    if share.expires_on < timezone.localdate(at):
        yield Notice("warning", f"{name} could be used until {share.expires_on:%-d %B %Y}.")
    elif share.is_frozen:
        yield Notice("warning", f"{name} cannot be used at the moment. Please ask us.")
    else:
        yield Notice("warning", f"{name} has nothing left on it.")


# --- Delivery -----------------------------------------------------------------------------


def _country(basket: Basket | None, served: Sequence[DeliveryZone]) -> tuple[str, list[Notice]]:
    wanted = basket.country if basket else ""
    default = shipping.default_country(served)
    if not served or not wanted:
        return wanted or default, []
    if any(wanted in zone.country_codes() for zone in served):
        return wanted, []
    sentence = f"We no longer deliver to {country_name(wanted)}. Please choose another country."
    return default, [Notice("warning", sentence)]


def _options(
    basket: Basket | None,
    goods: Sequence[PricedLine],
    *,
    country: str,
    facts: DeliveryFacts,
    at: dt.datetime,
) -> tuple[list[DeliveryOption], list[Notice]]:
    if basket is None or not goods:
        return [], []
    options = shipping.options(
        country=country,
        goods_value=_money(sum(line.total.minor for line in goods)),
        weight_grams=sum(line.weight_grams * line.quantity for line in goods),
        at=at,
        facts=facts,
        back_order_days=max(
            (line.back_order_days for line in goods if line.back_order_days is not None),
            default=None,
        ),
    )
    if not options:
        sentence = (
            f"We cannot deliver this basket to {country_name(country)}."
            if country
            else "We cannot deliver goods at the moment."
        )
        return [], [Notice("error", sentence)]
    return _choose(options, method_id=basket.delivery_method_id)


def _choose(
    options: Sequence[DeliveryOption], *, method_id: int | None
) -> tuple[list[DeliveryOption], list[Notice]]:
    """Mark the buyer's choice, or the cheapest delivery to the door where it is not offered."""
    chosen = next((option for option in options if option.method_id == method_id), None)
    notices = []
    if chosen is None:
        chosen = shipping.cheapest(options)
        if method_id is not None:
            sentence = f"The delivery you chose is not offered here. {chosen.name} was chosen."
            notices = [Notice("warning", sentence)]
    return [replace(option, is_chosen=option is chosen) for option in options], notices


def _along(options: Sequence[DeliveryOption]) -> list[DeliveryOption]:
    """Return the one way of goods that lie in the parcel of an order paid before: it is paid."""
    nothing = _money(0)
    return [
        replace(option, price=nothing, free_from=None) for option in options if option.is_chosen
    ]


def _priced_delivery(
    chosen: DeliveryOption, sums: Totals, reckoned: Reckoned, *, at: dt.datetime
) -> PricedDelivery:
    return PricedDelivery(
        method_id=chosen.method_id,
        code=chosen.code,
        name=chosen.name,
        kind=chosen.kind,
        carrier=chosen.carrier,
        price=chosen.price,
        arrival=chosen.arrival,
        promise=chosen.arrival.promise(at, zone=shipping.shop_zone()),
        vat=_money(sums.delivery_vat_minor),
        shares=sums.delivery_shares,
        savings=in_basket.savings_of_delivery(reckoned),
    )


def _missing_for_free(chosen: DeliveryOption, sums: Totals) -> Money | None:
    if chosen.free_from is None or not chosen.price:
        return None
    return chosen.free_from - _money(sums.goods_minor)


def _money(minor: int) -> Money:
    return Money(minor, settings.SHOP_CURRENCY)
