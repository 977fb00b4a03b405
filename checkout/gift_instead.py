"""Something else for a gift: a kit or a consultation, for what its sessions are worth.

Anybody whom sessions were given can take it, whatever a check came to, so that taking it says
nothing of anybody's health. What was paid for the sessions pays for it: a refund of the giver's
order that is the payment of the recipient's. What is left over goes back to the giver.

Rows are locked in the order order, basket, discounts, stock, gift, pass, and last the invoice
numbers.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from catalog import stock
from catalog.models import Offer
from checkout import baskets, placement, refund_ways, refunds, settlement
from checkout.models import (
    DeliveryMethod,
    Order,
    OrderStatus,
    Payment,
    PaymentWay,
    Refund,
    RefundStatus,
)
from checkout.pass_values import PassValue, lock_order_of, pass_value
from checkout.placement import Address, BuyerDetails
from checkout.pricing import PricedBasket, price_basket
from checkout.refund_lines import Wanted
from checkout.shown import full_name
from money.money import Money
from treatments import gift_exchanging, gifts, ledger
from treatments.giving import GiftRefused
from treatments.models import Gift, QuestionnaireVersion, SessionPass
from treatments.spacing import clinic_day


class NotOffered(GiftRefused):
    """The gift cannot pay for anything, or not for that, or it is gone meanwhile."""

    def __init__(self) -> None:
        super().__init__("This cannot be had for the gift at the moment. Please choose again.")


class CostsMore(GiftRefused):
    """It costs more than the sessions are worth, delivery included."""

    def __init__(self) -> None:
        super().__init__(
            "With its delivery this costs more than the gift is worth. Choose something smaller,"
            " or collect it at the clinic."
        )


REFUSALS = (
    GiftRefused,
    ledger.PassRefused,
    placement.PlacementRefused,
    stock.SoldOut,
    *baskets.REFUSALS,
)


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that can be taken instead."""

    sku: str
    name: str
    is_goods: bool


@dataclass(frozen=True, slots=True)
class Wish:
    """What the recipient takes, and where it goes.

    :ivar method_code: of the delivery; empty for what is not sent.
    :ivar address: of the recipient; its country is where goods go, collected there or sent.
    """

    sku: str
    name: str
    method_code: str = ""
    address: Address | None = None


def choices(gift: Gift, *, at: datetime) -> list[Choice]:
    """Return what a waiting gift could pay for at a moment, delivery left aside."""
    value = _value_of(gift, at=at)
    return _choices(gift, value, at=at) if value else []


def order_of(gift: Gift) -> Order | None:
    """Return the order that a gift has paid for."""
    paid = Payment.objects.filter(idempotency_key=_key(gift)).select_related("order").first()
    return paid.order if paid else None


def left_over(gift: Gift) -> Money | None:
    """Return what of a gift's worth went back to the giver; none if it was not exchanged."""
    order = order_of(gift)
    return Money(gift.worth_minor - order.total_minor, order.currency) if order else None


@transaction.atomic
def take(*, gift_id: int, wish: Wish, by: User | None, at: datetime) -> Order:
    """Take something else for a gift, or leave everything as it is; said twice it is done once.

    :raises gifts.NotWaiting: if the gift waits no more.
    :raises NotOffered: if it cannot be had for the gift.
    :raises CostsMore: if the sessions are worth less.
    :raises placement.PlacementRefused, stock.SoldOut, baskets.REFUSALS: as any order would be.
    """
    lock_order_of(SessionPass.objects.get(gifts=gift_id))
    gift = Gift.objects.select_related("session_pass").get(pk=gift_id)
    if (known := order_of(gift)) is not None:
        return known
    gifts.check_waiting(gift, at=at)
    value = _value_of(gift, at=at)
    offered = _choices(gift, value, at=at) if value else []
    chosen = next((each for each in offered if each.sku == wish.sku), None)
    if value is None or chosen is None:
        raise NotOffered
    worth_minor = value.value.worth_of(gift.sessions)
    origin = value.line.order
    order = _place(gift, wish, is_goods=chosen.is_goods, worth_minor=worth_minor, at=at)
    gift, value = _locked(gift, worth_minor=worth_minor, at=at)
    gift_exchanging.exchange(gift_id=gift.pk, worth_minor=worth_minor, by=by, at=at)
    payment = _payment(gift, order, at=at)
    moved, rest = order.total_minor, worth_minor - order.total_minor
    try:
        bearer = refund_ways.payment_with(origin, moved)
        taken = _told(gift, value, moved, "taken as something else")
        passed_on = refunds.request(payment=bearer, **taken, by=None, at=at)
        if rest:
            left = _told(gift, value, rest, "left over of something else")
            refund_ways.request(origin, **left, by=None, at=at)
    except refunds.RefundRefused as refusal:
        raise NotOffered from refusal
    Refund.objects.filter(pk=passed_on.pk).update(moved_to=payment)
    settlement.take_by_hand(order, payment, at=at)
    refunds.end(
        passed_on.pk, RefundStatus.SUCCEEDED, failure="", stripe_id=None, at=at, is_told=False
    )
    return order


def _locked(gift: Gift, *, worth_minor: int, at: datetime) -> tuple[Gift, PassValue]:
    """Lock gift and pass now that stock is locked, if both are still as they were looked at.

    :raises gifts.NotWaiting: if the gift waits no more.
    :raises NotOffered: if its sessions are worth something else by now.
    """
    gift = gifts.locked(gift.pk)
    gifts.check_waiting(gift, at=at)
    SessionPass.objects.select_for_update(of=["self"]).get(pk=gift.session_pass_id)
    value = _value_of(gift, at=at)
    if value is None or value.value.worth_of(gift.sessions) != worth_minor:
        raise NotOffered
    return gift, value


def _value_of(gift: Gift, *, at: datetime) -> PassValue | None:
    """Return what the giver's pass is worth; nothing if no money of it can pay for anything."""
    value = pass_value(gift.session_pass, on=clinic_day(at))
    if value is None or gift.sessions > value.value.unused:
        return None
    order = value.line.order
    is_free = order.status not in {OrderStatus.REFUNDING, OrderStatus.NEEDS_REVIEW}
    # While the bank only inquires, too: what has left cannot be had back.
    is_free = is_free and not order.disputes.open().exists()
    is_free = is_free and not gift_exchanging.is_frozen(gift.session_pass)
    # What a gift has paid for is nobody's to pay with once more.
    is_free = is_free and not order.payments.filter(way=PaymentWay.GIFT).exists()
    return value if is_free and value.value.worth_of(gift.sessions) else None


def _choices(gift: Gift, value: PassValue, *, at: datetime) -> list[Choice]:
    return [
        Choice(offer.sku, full_name(offer), not offer.is_package)
        for offer in _offers(gift, at=at)
        if 0 < offer.price_minor <= value.value.worth_of(gift.sessions)
        and offer.currency == value.line.order.currency
    ]


def _offers(gift: Gift, *, at: datetime) -> Iterator[Offer]:
    """Yield kits, then the consultation that the treatment's questions name."""
    treatment_id = gift.session_pass.treatment_id
    version = QuestionnaireVersion.objects.newest_of(treatment_id)
    wanted = Q(is_kit=True)
    if version is not None and version.consultation_id not in {None, treatment_id}:
        wanted |= Q(treatment=version.consultation_id)
    found = Offer.objects.on_sale(at).in_stock().filter(wanted).select_related("page")
    offers = list(found.order_by("-is_kit", "sort_order", "pk"))
    asked = QuestionnaireVersion.objects.asked_today(
        {offer.treatment_id for offer in offers if offer.treatment_id}
    )
    yield from (offer for offer in offers if offer.treatment_id not in asked)


def _place(gift: Gift, wish: Wish, *, is_goods: bool, worth_minor: int, at: datetime) -> Order:
    """Place an order as the shop places any, of one piece."""
    basket = baskets.add(basket=None, user=None, sku=wish.sku, quantity=1, at=at)
    if is_goods:
        basket = baskets.choose_delivery(
            basket=basket,
            country=wish.address.country if wish.address else "",
            method_code=wish.method_code,
            at=at,
        )
    priced = price_basket(basket, at=at, with_pictures=False)
    _check(priced, wish, is_goods=is_goods, worth_minor=worth_minor)
    is_sent = priced.delivery is not None and priced.delivery.kind == DeliveryMethod.Kind.COURIER
    return placement.place(
        basket=basket,
        checkout_token=basket.checkout_token,
        agreed_total_minor=priced.total.minor,
        details=BuyerDetails(
            email=gift.recipient_email,
            name=wish.name,
            address=wish.address if is_sent and wish.address else Address(),
        ),
        user=gifts.account_of(gift.recipient_email),
        at=at,
    )


def _check(priced: PricedBasket, wish: Wish, *, is_goods: bool, worth_minor: int) -> None:
    if is_goods and (priced.delivery is None or priced.delivery.code != wish.method_code):
        raise baskets.DeliveryNotOffered
    if priced.total.minor > worth_minor:
        raise CostsMore
    if priced.total.minor < 1:
        raise NotOffered


def _payment(gift: Gift, order: Order, *, at: datetime) -> Payment:
    return Payment.objects.create(
        order=order,
        attempt=1,
        idempotency_key=_key(gift),
        params={},
        amount_minor=order.total_minor,
        currency=order.currency,
        created_at=at,
        expires_at=at,
        way=PaymentWay.GIFT,
        reference=_key(gift),
    )


def _told(gift: Gift, value: PassValue, amount_minor: int, what: str) -> dict[str, Any]:
    """Say of a refund that it is of the line that sold the sessions; nobody is named in it."""
    return {
        "amount_minor": amount_minor,
        "reason": f"Given away, {what}: {gift.sessions_text}",
        "wanted": Wanted(gross={value.line.pk: amount_minor}),
    }


def _key(gift: Gift) -> str:
    return f"gift-{gift.pk}"
