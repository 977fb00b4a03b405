"""The rows of a basket: found, locked, checked and changed, for the verbs of `baskets` alone."""

import datetime as dt
import re
from collections import Counter
from typing import Final

from django.db.models import F

from accounts.models import User
from catalog import kits
from catalog.models import Offer
from checkout.kit_lines import too_few
from checkout.models import Basket, BasketCard, BasketLine, DeliveryMethod
from checkout.models.basket import new_key
from checkout.own_stock import held_for, room_for, unpaid_orders
from checkout.shares import Share, most_of
from checkout.shown import SKU, is_on_sale

_METHOD_CODE: Final = re.compile(r"[A-Za-z0-9_-]{1,40}")


class UnknownOffer(LookupError):
    """No offer has this SKU."""

    def __init__(self) -> None:
        super().__init__("We do not know this article. It may have been renamed.")


class NotOnSale(ValueError):
    """The offer exists but is not sold now."""

    def __init__(self) -> None:
        super().__init__("This is not sold at the moment.")


class QuantityNotAllowed(ValueError):
    """Not a whole number of pieces that one order may hold."""

    def __init__(self) -> None:
        super().__init__(f"Type a whole number from 1 to {Basket.MAX_QUANTITY}.")


class TooManyPieces(QuantityNotAllowed):
    """Together with what is in the basket it would be more than one order may hold."""

    def __init__(self, present: int) -> None:
        ValueError.__init__(
            self,
            f"One order holds up to {Basket.MAX_QUANTITY} of each article; "
            f"{present} are in your basket already.",
        )


class BasketFull(ValueError):
    """The basket already holds as many different articles as one order may."""

    def __init__(self) -> None:
        super().__init__(
            f"A basket holds up to {Basket.MAX_LINES} different articles. "
            "Remove one, or order in two parts."
        )


class NotEnoughStock(ValueError):
    """Fewer pieces can be sold than asked for.

    :ivar available: how many can be.
    """

    def __init__(self, *, available: int, present: int = 0, reason: str = "") -> None:
        self.available = available
        if available == 0:
            sentence = "This is sold out."
        elif present:
            sentence = f"Only {available} left, and {present} of them in your basket already."
        else:
            sentence = f"Only {available} left."
        super().__init__(reason or sentence)


class NotInBasket(LookupError):
    """The basket holds no such article, perhaps because another tab took it out."""

    def __init__(self) -> None:
        super().__init__("This is no longer in your basket.")


class CountryNotServed(ValueError):
    """The shop does not deliver there."""

    def __init__(self) -> None:
        super().__init__("We do not deliver to this country. Choose one from the list.")


class DeliveryNotOffered(ValueError):
    """The way of delivery does not exist in this country."""

    def __init__(self) -> None:
        super().__init__("This delivery is not offered here. Choose one from the list.")


def check_quantity(quantity: int) -> int:
    if not 1 <= quantity <= Basket.MAX_QUANTITY:
        raise QuantityNotAllowed
    return quantity


def clean_sku(sku: str) -> str:
    if not SKU.fullmatch(sku):
        raise UnknownOffer
    return sku


def find_on_sale(sku: str, *, at: dt.datetime) -> Offer:
    offer = (
        Offer.objects.filter(sku=clean_sku(sku))
        .select_related("stock", "page__productpage")
        .first()
    )
    if offer is None:
        raise UnknownOffer
    kits.load_parts([offer])
    if not is_on_sale(offer, at=at):
        raise NotOnSale
    return offer


def check_stock(offer: Offer, quantity: int, *, basket: Basket, present: int = 0) -> None:
    share = share_of(offer, basket=basket)
    if quantity > share.left:
        is_about_another = offer.is_kit or share.is_shared
        reason = too_few(offer, share) if is_about_another else ""
        raise NotEnoughStock(available=share.left, present=present, reason=reason)


def share_of(offer: Offer, *, basket: Basket) -> Share:
    """Say how many of an offer a basket may hold beside its other lines.

    What its own unpaid order holds counts as free.
    """
    room_of = room_for(held_for(unpaid_orders(basket)))
    return most_of(offer, others=_taken_by_others(offer, basket), room_of=room_of)


def _taken_by_others(offer: Offer, basket: Basket) -> Counter[int]:
    """Return the pieces that a basket's other lines take, by article."""
    lines = BasketLine.objects.filter(basket=basket).exclude(offer=offer).order_by()
    rows = lines.values_list("offer", "quantity", "offer__parts__part", "offer__parts__quantity")
    taken: Counter[int] = Counter()
    for offer_id, quantity, part_id, in_one in rows:
        taken[part_id or offer_id] += quantity * (in_one or 1)
    return taken


def lock(basket: Basket) -> Basket:
    """Lock a basket and read it anew.

    :raises NotInBasket: if it is gone, merged into an account's by another request.
    """
    locked = Basket.objects.select_for_update().filter(pk=basket.pk).first()
    if locked is None:
        raise NotInBasket
    return locked


def lock_or_make(basket: Basket | None, *, user: User | None, at: dt.datetime) -> Basket:
    locked = None
    if basket is not None:
        locked = Basket.objects.select_for_update().filter(pk=basket.pk).first()
    if locked is not None:
        return locked
    if user is None:
        return Basket.objects.create(created_at=at, updated_at=at)
    Basket.objects.get_or_create(user=user, defaults={"created_at": at, "updated_at": at})
    return Basket.objects.select_for_update().get(user=user)


def quantity_in(basket: Basket, offer: Offer) -> int:
    line = BasketLine.objects.filter(basket=basket, offer=offer).first()
    return line.quantity if line else 0


def put_line(
    basket: Basket,
    offer: Offer,
    *,
    more: int,
    at: dt.datetime,
    added_from: int | None = None,
) -> None:
    """Add to the offer's line; the price shown today is then the price the buyer has seen.

    :param added_from: the page that told of it; of a line that is there already, the first counts.
    """
    lines = BasketLine.objects.filter(basket=basket)
    seen = offer.price_minor
    if lines.filter(offer=offer).update(quantity=F("quantity") + more, price_seen_minor=seen):
        return
    if lines.count() >= Basket.MAX_LINES:
        raise BasketFull
    BasketLine.objects.create(
        basket=basket,
        offer=offer,
        quantity=more,
        price_seen_minor=seen,
        added_at=at,
        added_from_id=added_from,
    )


def put_card(basket: Basket, offer: Offer, wish: BasketCard) -> None:
    """Keep what is wished for one of the offer's gift cards, which are in the basket."""
    wish.line = BasketLine.objects.get(basket=basket, offer=offer)
    wish.save(force_insert=True)


def keep_cards(basket: Basket, offer_id: int, *, most: int) -> None:
    """Forget what was wished for more gift cards than there are."""
    _forget_cards(basket, offer_id, slice(most, None))


def drop_cards(basket: Basket, offer_id: int, *, first: int) -> None:
    """Forget what was wished for the gift cards that were ordered: the first ones."""
    _forget_cards(basket, offer_id, slice(first))


def _forget_cards(basket: Basket, offer_id: int, which: slice) -> None:
    cards = BasketCard.objects.filter(line__basket=basket, line__offer=offer_id)
    if gone := list(cards.values_list("pk", flat=True))[which]:
        BasketCard.objects.filter(pk__in=gone).delete()


def save_changed(basket: Basket, *, at: dt.datetime) -> Basket:
    """Give the changed basket a new token, so that an order placed from it is a new one."""
    basket.checkout_token = new_key()
    basket.updated_at = at
    basket.save(
        update_fields=["checkout_token", "updated_at", "country", "delivery_method", "gift_card"]
    )
    return basket


def find_method(country: str, code: str) -> DeliveryMethod | None:
    if not _METHOD_CODE.fullmatch(code):
        return None
    found = DeliveryMethod.objects.filter(code=code, is_active=True).select_related("zone").first()
    return found if found and country in found.zone.country_codes() else None
