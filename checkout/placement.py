"""From basket to order: recompute, reserve, freeze, in one transaction and without the network."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from accounts.models import User
from catalog import stock
from checkout import clearance, frozen_lines, order_status, to_send
from checkout.discounts import using
from checkout.gift_cards import spending
from checkout.models import Basket, Order, OrderLine, OrderStatus
from checkout.pricing import PricedBasket, PricedLine, price_basket
from checkout.shipping import DeliveryFacts
from money.money import Money
from treatments.models import Treatment

TERMS_VERSION = "2026-11"
# Stripe lets a session live for 30 minutes at least; the rest is for clocks that disagree.
PAYMENT_WINDOW = timedelta(minutes=35)
# How much longer goods stay reserved, for a payment made in the last second.
RESERVATION_GRACE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Address:
    """Where goods go; empty for an order of packages alone."""

    name: str = ""
    line1: str = ""
    line2: str = ""
    postcode: str = ""
    city: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class BuyerDetails:
    """What the buyer says of themselves at checkout."""

    email: str
    name: str
    phone: str = ""
    address: Address = Address()
    gift_note: str = ""


@dataclass(frozen=True, slots=True)
class DeskSale:
    """That staff place an order for somebody, who pays it later or at once.

    :ivar held_until: how long it is kept, however many payment pages run out before.
    :ivar amends: the paid order that it goes along with; the caller has locked it.
    """

    by: User
    held_until: datetime
    amends: Order | None = None


# From such an order the basket has gone on, under another token.
_CAME_TO_NOTHING: Final = (OrderStatus.CANCELLED, OrderStatus.EXPIRED)


class PlacementRefused(Exception):
    """The order was not placed and nothing was reserved; the message says what to do."""


class BasketChanged(PlacementRefused):
    """The basket is not the one that the buyer agreed to."""

    def __init__(self) -> None:
        super().__init__("Your basket has changed since this page was opened. Please check it.")


class TotalChanged(PlacementRefused):
    """The total is not the one that the buyer agreed to."""

    def __init__(self, priced: PricedBasket) -> None:
        self.priced = priced
        super().__init__(f"The total is now {priced.total}. Please check it and confirm once more.")


class NothingToOrder(PlacementRefused):
    """The basket is empty or holds something that cannot be bought at present."""

    def __init__(self, problems: Sequence[str] = ()) -> None:
        super().__init__(
            " ".join(problems)
            or "Something in your basket cannot be bought right now. Please check it."
        )


class SuitabilityMissing(PlacementRefused):
    """Sessions of a treatment are bought by whoever it suits; nobody has looked, or not lately."""

    def __init__(self, treatments: Sequence[Treatment]) -> None:
        self.treatments = treatments
        names = " and ".join(treatment.name for treatment in treatments)
        super().__init__(f"Before you can buy {names}, please check whether it suits you.")


class DiscountLost(PlacementRefused):
    """A discount is used up meanwhile, or not for whoever orders."""


class GiftCardChanged(PlacementRefused):
    """The gift card pays another amount than the buyer agreed to, or nothing."""

    def __init__(self, pays: Money) -> None:
        super().__init__(
            f"Your gift card pays {pays} of this now. Please check what is left to pay and confirm"
            " once more."
        )


class AlreadyPlaced(PlacementRefused):
    """This basket has been paid for, or its payment is under way."""

    def __init__(self, order: Order) -> None:
        self.order = order
        super().__init__(f"You have already ordered this: order {order.number}.")


def place(
    *,
    basket: Basket,
    checkout_token: str,
    agreed_total_minor: int,
    details: BuyerDetails,
    user: User | None,
    at: datetime,
    facts: DeliveryFacts | None = None,
    sale: DeskSale | None = None,
    agreed_gift_card_minor: int = 0,
) -> Order:
    """Turn a basket into an order that awaits payment, and reserve its goods.

    The same basket content placed again, from another tab or by a second click, is the same
    order; new details replace the old ones while it is unpaid.

    :param agreed_total_minor: the total that the buyer saw, minor units.
    :param agreed_gift_card_minor: how much of it the buyer saw a gift card pay.
    :param facts: zones and holidays, where this request has read them; prices and stock are
        always read anew.
    :param sale: set where staff order for the buyer. Sessions may then be placed before it is
        known that they suit: the buyer takes the check on the order's page, and no payment of any
        kind is taken before.
    :raises PlacementRefused: for a reason that the buyer can do something about.
    """
    with transaction.atomic():
        current = Basket.objects.select_for_update().filter(pk=basket.pk).first()
        if current is None:  # It went into the basket of somebody who has just signed in.
            raise BasketChanged
        placed = Order.objects.filter(checkout_token=checkout_token, basket=current).first()
        if current.checkout_token != checkout_token and (
            placed is None or placed.status in _CAME_TO_NOTHING
        ):
            raise BasketChanged
        if placed is None:
            priced = price_basket(current, at=at, facts=facts, with_pictures=False)
            pays = priced.gift_card.amount if priced.gift_card else Money(0, priced.total.currency)
            if pays.minor != agreed_gift_card_minor:
                raise GiftCardChanged(pays)
            return _place_new(current, priced, agreed_total_minor, details, user, at, sale)
    return _update_placed(placed, details, at)


def _place_new(
    basket: Basket,
    priced: PricedBasket,
    agreed_total_minor: int,
    details: BuyerDetails,
    user: User | None,
    at: datetime,
    sale: DeskSale | None = None,
) -> Order:
    if priced.is_empty or not priced.can_check_out:
        raise NothingToOrder(
            [f"{line.full_name}: {line.problem}" for line in priced.lines if line.problem]
        )
    if priced.needs_delivery and details.address.country not in {"", priced.country}:
        # What may be sold, and delivery, were decided for another country.
        raise BasketChanged
    if priced.total.minor != agreed_total_minor:
        raise TotalChanged(priced)
    gate = clearance.gate_of_basket(basket, priced.asked_versions, at=at)
    if gate.missing and sale is None:
        raise SuitabilityMissing(gate.missing)
    order = _freeze(basket, priced, details, user, at, sale)
    clearance.copy_to_order(order, gate.checks)
    _use_discounts(order, priced, at)
    _hold_gift_card(order, priced, at)
    _hold(order, [piece for line in priced.lines for piece in _pieces_of(line)], at=at)
    message = "Order placed by staff, for the buyer" if sale else "Order placed"
    by = sale.by if sale else user
    order_status.record(order, kind="PLACED", message=message, at=at, by=by)
    if sale:
        _note_reductions(order, at)
    return order


def _note_reductions(order: Order, at: datetime) -> None:
    """Say on the timeline what was taken off by hand, by whom and why."""
    for use in order.discount_uses.filter(by__isnull=False).select_related("by"):
        off = Money(use.amount_minor, order.currency)
        message = f"{off} taken off by hand: {use.name}"
        order_status.record(order, kind="LESSENED", message=message, at=at, by=use.by)


def _use_discounts(order: Order, priced: PricedBasket, at: datetime) -> None:
    taken = priced.reckoned.taken
    if not taken:
        return
    try:
        using.take(order, list(order.lines.all()), taken, at=at)
    except using.DiscountRefused as refusal:
        raise DiscountLost(str(refusal)) from refusal


def _hold_gift_card(order: Order, priced: PricedBasket, at: datetime) -> None:
    if not order.gift_card_minor or priced.gift_card is None:
        return
    try:
        spending.hold(order, priced.gift_card, at=at)
    except spending.GiftCardRefused as refusal:
        raise GiftCardChanged(Money(0, order.currency)) from refusal


def reserve(order: Order, *, at: datetime) -> None:
    """Reserve an order's goods until its payment window closes.

    :raises stock.SoldOut: if one of them is gone; nothing is reserved then.
    """
    lines = order.lines.prefetch_related("parts")
    _hold(order, [piece for line in lines for piece in _pieces(line)], at=at)


def _hold(order: Order, pieces: Sequence[tuple[int, int]], *, at: datetime) -> None:
    stock.reserve(
        items=pieces,
        reference=order.reference,
        expires_at=(order.expires_at or at) + RESERVATION_GRACE,
        at=at,
    )


def _pieces_of(line: PricedLine) -> list[tuple[int, int]]:
    """Return the same for a line that is being frozen."""
    parts = [(part.offer_id, part.quantity * line.quantity) for part in line.parts]
    return parts or [(line.offer_id, line.quantity)]


def _pieces(line: OrderLine) -> list[tuple[int, int]]:
    """Return what a line takes from stock: of a kit, the parts that were promised."""
    parts = [(part.offer_id, part.quantity * line.quantity) for part in line.parts.all()]
    return parts or [(line.offer_id, line.quantity)]


def _update_placed(order: Order, details: BuyerDetails, at: datetime) -> Order:
    with transaction.atomic():
        order = Order.objects.select_for_update().get(pk=order.pk)
        if order.status != OrderStatus.AWAITING_PAYMENT:
            raise AlreadyPlaced(order)
        if details.address.country != order.delivery_country:
            # Delivery was priced for where the goods went when the order was placed.
            raise BasketChanged
        wanted = _buyer_fields(details)
        if any(getattr(order, name) != value for name, value in wanted.items()):
            Order.objects.filter(pk=order.pk).update(**wanted)
            order_status.record(order, kind="DETAILS", message="Buyer's details changed", at=at)
            order.refresh_from_db()
    return order


def _freeze(
    basket: Basket,
    priced: PricedBasket,
    details: BuyerDetails,
    user: User | None,
    at: datetime,
    sale: DeskSale | None,
) -> Order:
    delivery = priced.delivery
    order = Order.objects.create(
        checkout_token=basket.checkout_token,
        basket=basket,
        user=user,
        currency=priced.total.currency,
        goods_minor=priced.goods_total.minor,
        packages_minor=priced.packages_total.minor,
        delivery_minor=delivery.price.minor if delivery else 0,
        delivery_discount_minor=(delivery.full_price - delivery.price).minor if delivery else 0,
        discount_names=" + ".join(dict.fromkeys(each.name for each in priced.savings))[:200],
        vat_country=priced.vat_country,
        vat_minor=priced.vat.minor,
        total_minor=priced.total.minor,
        gift_card_minor=priced.gift_card.amount.minor if priced.gift_card else 0,
        needs_delivery=priced.needs_delivery,
        fulfilment=to_send.before_payment(needs_delivery=priced.needs_delivery),
        delivery_method_code=delivery.code if delivery else "",
        delivery_method_name=delivery.name if delivery else "",
        delivery_method_kind=delivery.kind if delivery else "",
        delivery_estimate=delivery.estimate if delivery else "",
        arrives_from_on=delivery.arrival.first if delivery else None,
        arrives_until_on=delivery.arrival.last if delivery else None,
        terms_version=TERMS_VERSION,
        placed_at=at,
        expires_at=sale.held_until if sale else at + PAYMENT_WINDOW,
        held_until=sale.held_until if sale else None,
        amends=sale.amends if sale else None,
        **_buyer_fields(details),
    )
    frozen_lines.freeze(order, priced, at=at)
    return order


def _buyer_fields(details: BuyerDetails) -> dict[str, str]:
    address = details.address
    return {
        "email": details.email.lower(),
        "name": details.name,
        "phone": details.phone,
        "gift_note": details.gift_note,
        "delivery_name": address.name,
        "delivery_line1": address.line1,
        "delivery_line2": address.line2,
        "delivery_postcode": address.postcode,
        "delivery_city": address.city,
        "delivery_country": address.country,
    }
