"""The only writer of baskets: what is put in, changed, taken out and brought along at sign-in.

A basket's row is locked before its lines are read. SQLite has no row locks: there a write
transaction is alone from its first statement on.
"""

import datetime as dt
import re
from collections.abc import Sequence
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import F
from django.http import HttpRequest

from accounts.models import User
from catalog import kits
from checkout import basket_cookie, clearance, origins, shipping
from checkout import basket_rows as rows
from checkout.basket_rows import (
    BasketFull,
    CountryNotServed,
    DeliveryNotOffered,
    NotEnoughStock,
    NotInBasket,
    NotOnSale,
    QuantityNotAllowed,
    TooManyPieces,
    UnknownOffer,
)
from checkout.discounts import codes
from checkout.models import Basket, BasketCard, BasketLine, Order
from checkout.models.basket import new_key
from checkout.shown import full_name

__all__ = [
    "REFUSALS",
    "BasketFull",
    "CountryNotServed",
    "DeliveryNotOffered",
    "NotEnoughStock",
    "NotInBasket",
    "NotOnSale",
    "QuantityNotAllowed",
    "TooManyPieces",
    "UnknownOffer",
    "add",
    "add_card",
    "adopt",
    "choose_delivery",
    "count",
    "find",
    "forget_abandoned",
    "read_quantity",
    "remove",
    "renew_token",
    "restore",
    "set_quantity",
    "take_out_ordered",
]

_QUANTITY: Final = re.compile(r"0*[0-9]{1,2}", re.ASCII)

REFUSALS: Final = (
    UnknownOffer,
    NotOnSale,
    QuantityNotAllowed,
    BasketFull,
    NotEnoughStock,
    NotInBasket,
    CountryNotServed,
    DeliveryNotOffered,
)


def find(request: HttpRequest) -> Basket | None:
    """Return the visitor's basket: the account's own, or a guest's by the signed cookie.

    A cookie never leads to a basket that belongs to an account.
    """
    if request.user.is_authenticated:
        return Basket.objects.filter(user=request.user).first()
    key = basket_cookie.key_from(request)
    return Basket.objects.filter(key=key, user=None).first() if key else None


def count(basket: Basket | None) -> int:
    """Return how many pieces and packages a basket holds."""
    if basket is None:
        return 0
    return sum(BasketLine.objects.filter(basket=basket).values_list("quantity", flat=True))


def read_quantity(text: str) -> int:
    """Read a quantity as a person types it.

    :raises QuantityNotAllowed: if it is no whole number from 1 to 99.
    """
    cleaned = text.strip()
    if len(cleaned) > 10 or not _QUANTITY.fullmatch(cleaned):
        raise QuantityNotAllowed
    return rows.check_quantity(int(cleaned))


@transaction.atomic
def add(
    *,
    basket: Basket | None,
    user: User | None,
    sku: str,
    quantity: int,
    at: dt.datetime,
    added_from: int | None = None,
) -> Basket:
    """Put so many more of an offer into the basket; the first thing put in makes the basket.

    :param added_from: the page that told of it, such as an article; counted if it is public.
    :raises UnknownOffer: if no offer has the SKU.
    :raises NotOnSale: if it is not sold at this moment.
    :raises QuantityNotAllowed: if the quantity, alone or in sum, is not from 1 to 99.
    :raises NotEnoughStock: if fewer are available than the basket would hold.
    :raises BasketFull: if one more article does not fit.
    """
    rows.check_quantity(quantity)
    offer = rows.find_on_sale(sku, at=at)
    basket = rows.lock_or_make(basket, user=user, at=at)
    present = rows.quantity_in(basket, offer)
    if present + quantity > Basket.MAX_QUANTITY:
        raise TooManyPieces(present)
    rows.check_stock(offer, present + quantity, basket=basket, present=present)
    page_id = origins.known(added_from)
    rows.put_line(basket, offer, more=quantity, at=at, added_from=page_id)
    origins.count(page_id, at=at)
    return rows.save_changed(basket, at=at)


@transaction.atomic
def add_card(
    *, basket: Basket | None, user: User | None, sku: str, wish: BasketCard, at: dt.datetime
) -> Basket:
    """Put one more gift card into the basket, with what is wished for it.

    :param wish: not stored yet.
    :raises UnknownOffer: if no gift card has the SKU.
    :raises NotOnSale, TooManyPieces, BasketFull: as `add` does.
    """
    offer = rows.find_on_sale(sku, at=at)
    if not offer.is_gift_card:
        raise UnknownOffer
    basket = add(basket=basket, user=user, sku=sku, quantity=1, at=at)
    rows.put_card(basket, offer, wish)
    return basket


@transaction.atomic
def set_quantity(*, basket: Basket, sku: str, quantity: int, at: dt.datetime) -> Basket:
    """Make the basket hold exactly so many of an offer that is in it.

    :raises NotInBasket: if the basket does not hold it.
    :raises NotOnSale: if it is not sold at this moment.
    :raises QuantityNotAllowed: if the quantity is not from 1 to 99.
    :raises NotEnoughStock: if fewer are available.
    """
    rows.check_quantity(quantity)
    offer = rows.find_on_sale(sku, at=at)
    basket = rows.lock(basket)
    rows.check_stock(offer, quantity, basket=basket)
    changed = BasketLine.objects.filter(basket=basket, offer=offer).update(
        quantity=quantity, price_seen_minor=offer.price_minor
    )
    if not changed:
        raise NotInBasket
    rows.keep_cards(basket, offer.pk, most=quantity)
    return rows.save_changed(basket, at=at)


@transaction.atomic
def remove(*, basket: Basket, sku: str, at: dt.datetime) -> int:
    """Take an offer out of the basket and return how many of it were there.

    :raises NotInBasket: if the basket does not hold it.
    """
    basket = rows.lock(basket)
    line = BasketLine.objects.filter(basket=basket, offer__sku=rows.clean_sku(sku)).first()
    if line is None:
        raise NotInBasket
    line.delete()
    rows.save_changed(basket, at=at)
    return line.quantity


@transaction.atomic
def restore(
    *, basket: Basket | None, user: User | None, sku: str, quantity: int, at: dt.datetime
) -> Basket:
    """Undo a removal; pressing it twice restores once.

    :raises UnknownOffer, NotOnSale, QuantityNotAllowed, NotEnoughStock, BasketFull: as `add` does.
    """
    rows.check_quantity(quantity)
    offer = rows.find_on_sale(sku, at=at)
    basket = rows.lock_or_make(basket, user=user, at=at)
    if rows.quantity_in(basket, offer):
        return basket
    rows.check_stock(offer, quantity, basket=basket)
    rows.put_line(basket, offer, more=quantity, at=at)
    return rows.save_changed(basket, at=at)


@transaction.atomic
def choose_delivery(*, basket: Basket, country: str, method_code: str, at: dt.datetime) -> Basket:
    """Choose where the goods go and how.

    A method that belongs to another country is dropped when the country changes: the page then
    shows what the new one offers.

    :param method_code: empty to let the shop choose.
    :raises CountryNotServed: if the shop does not deliver there.
    :raises DeliveryNotOffered: if the country is the same and has no such method.
    """
    served = shipping.zones()
    if country not in dict(shipping.countries(served)):
        raise CountryNotServed
    basket = rows.lock(basket)
    method = rows.find_method(country, method_code)
    shown = basket.country or shipping.default_country(served)
    if method is None and method_code and country == shown:
        raise DeliveryNotOffered
    basket.country = country
    basket.delivery_method = method
    return rows.save_changed(basket, at=at)


@transaction.atomic
def take_out_ordered(
    *, basket_id: int | None, lines: Sequence[tuple[int, int]], at: dt.datetime
) -> None:
    """Take what was paid for out of the basket it was ordered from, and leave what came since.

    :param basket_id: nothing if the basket is gone; then there is nothing to take out.
    :param lines: offer id and quantity of every ordered line.
    """
    found = Basket.objects.select_for_update()
    basket = None if basket_id is None else found.filter(pk=basket_id).first()
    if basket is None:
        return
    for offer_id, quantity in lines:
        present = BasketLine.objects.filter(basket=basket, offer_id=offer_id)
        if not present.filter(quantity__gt=quantity).update(quantity=F("quantity") - quantity):
            present.delete()
        rows.drop_cards(basket, offer_id, first=quantity)
    rows.save_changed(basket, at=at)


@transaction.atomic
def renew_token(*, basket_id: int, spent: str, at: dt.datetime) -> None:
    """Let the unchanged basket be ordered once more, after an order of it came to nothing.

    :param spent: the token of that order; a basket that has changed since needs no new one.
    """
    basket = Basket.objects.select_for_update().filter(pk=basket_id, checkout_token=spent).first()
    if basket is not None:
        rows.save_changed(basket, at=at)


def forget_abandoned(*, at: dt.datetime, limit: int = 1_000) -> int:
    """Drop guests' baskets whose cookie has run out; return how many."""
    ended = at - dt.timedelta(seconds=basket_cookie.MAX_AGE)
    old = Basket.objects.filter(user=None, updated_at__lt=ended).order_by("pk")
    found = list(old.values_list("pk", flat=True)[:limit])
    Basket.objects.filter(pk__in=found, user=None).delete()
    return len(found)


# --- Sign-in ------------------------------------------------------------------------------


@transaction.atomic
def adopt(*, key: str, user: User, at: dt.datetime) -> list[str]:
    """Bring a guest's basket into the account that signed in; return what the buyer must know.

    Quantities add up, as far as stock and the limits of one order go. Only a guest's basket is
    taken: the key of somebody's account leads nowhere. The key that the browser held stops
    working.
    """
    guest_id = Basket.objects.filter(key=key, user=None).values_list("pk", flat=True).first()
    if guest_id is None or _is_taken_over(guest_id, user=user, at=at):
        return []
    own = Basket.objects.get(user=user)
    # Orders are locked before baskets everywhere: a payment that lands now does the same.
    Order.objects.filter(basket_id=guest_id).update(basket=own)
    both = Basket.objects.select_for_update().filter(pk__in=[guest_id, own.pk]).order_by("pk")
    locked = {basket.pk: basket for basket in both}
    if guest_id not in locked:
        return []
    return _merge(locked[guest_id], into=locked[own.pk], at=at)


def hand_over(*, gone: User, stays: User, at: dt.datetime) -> None:
    """Put what one account's basket holds into the basket of another one of the same person."""
    basket = Basket.objects.filter(user=gone).first()
    if basket is not None:
        Basket.objects.filter(pk=basket.pk).update(user=None)
        adopt(key=basket.key, user=stays, at=at)


def _is_taken_over(guest_id: int, *, user: User, at: dt.datetime) -> bool:
    """Make a guest's basket the account's, unless the account has one already."""
    try:
        with transaction.atomic():
            guest = Basket.objects.filter(pk=guest_id, user=None)
            guest.update(user=user, key=new_key(), updated_at=at)
    except IntegrityError:
        return False
    return True


def _merge(guest: Basket, *, into: Basket, at: dt.datetime) -> list[str]:
    notices = []
    lines = list(guest.lines.select_related("offer__stock", "offer__page"))
    kits.load_parts([line.offer for line in lines])
    for line in lines:
        notice = _merge_line(line, into=into)
        if notice:
            notices.append(notice)
    clearance.bring_along(guest=guest, into=into)
    codes.bring_along(guest=guest, into=into)
    into.gift_card_id = into.gift_card_id or guest.gift_card_id
    into.country = into.country or guest.country
    into.delivery_method_id = into.delivery_method_id or guest.delivery_method_id
    guest.delete()
    rows.save_changed(into, at=at)
    return notices


def _merge_line(line: BasketLine, *, into: Basket) -> str:
    """Add one guest line to the account's basket; return what could not be done as wished."""
    name = full_name(line.offer)
    present = rows.quantity_in(into, line.offer)
    if not present and into.lines.count() >= Basket.MAX_LINES:
        return f"{name} did not fit: a basket holds up to {Basket.MAX_LINES} different articles."
    wanted = present + line.quantity
    limit = min(Basket.MAX_QUANTITY, rows.share_of(line.offer, basket=into).left)
    # What is sold out stays as it was, so that the basket can say so.
    quantity = min(wanted, max(limit, present, 1))
    merged, _ = into.lines.update_or_create(
        offer=line.offer,
        defaults={"quantity": quantity, "price_seen_minor": line.price_seen_minor},
        create_defaults={
            "quantity": quantity,
            "price_seen_minor": line.price_seen_minor,
            "added_at": line.added_at,
            "added_from_id": line.added_from_id,
        },
    )
    line.cards.update(line=merged)
    if quantity == wanted:
        return ""
    return f"You had {wanted} of {name} in two baskets; {quantity} is the most we can sell you now."
