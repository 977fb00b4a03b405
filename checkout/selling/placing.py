"""Turn a desk basket into an order: priced and reserved as in the shop, paid by link or by hand.

The order is kept for two days. Each payment page lives for half an hour, as every one does; the
link leads to the order, from where a new page opens until the two days are over.
"""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from accounts.person import person_of
from checkout import clearance, emails, order_status, payments, placement
from checkout.models import BasketCheck, DeskBasket, Order, OrderStatus
from checkout.placement import Address, BuyerDetails, DeskSale, PlacementRefused
from checkout.pricing import PricedBasket, price_basket
from checkout.selling import amending
from treatments.models import SuitabilityCheck

HELD_FOR: Final = timedelta(days=2)
MOST_LINKS: Final = 5


class TermsNotTold(PlacementRefused):
    """Nobody bought what they were not told the terms of."""

    def __init__(self) -> None:
        super().__init__(
            "Tell the buyer the total, the terms and the right to withdraw, then tick that you did."
        )


class AddressMissing(PlacementRefused):
    """A courier has to find the buyer."""

    def __init__(self) -> None:
        super().__init__("Write down street, postcode and town: a courier brings this.")


class NoMoreLinks(Exception):
    """The buyer has had the link often enough."""

    def __init__(self) -> None:
        super().__init__(
            f"The link was sent {MOST_LINKS} times. Read it out, or check the e-mail address."
        )


def place(
    *,
    desk: DeskBasket,
    checkout_token: str,
    agreed_total_minor: int,
    was_told: bool,
    by: User,
    at: datetime,
    agreed_back_minor: int | None = None,
    agreed_gift_card_minor: int = 0,
    most_back_minor: int | None = None,
) -> Order:
    """Place the order of a desk basket; an unpaid one placed from it before is replaced.

    :param agreed_total_minor: the total that the buyer was told, minor units.
    :param was_told: that the buyer heard total, terms and the right to withdraw, and agreed.
    :param agreed_back_minor: what comes back for what is taken out of the order that this one
        amends, minor units; none if nothing is.
    :param agreed_gift_card_minor: how much of the total a gift card pays, as the buyer was told.
    :param most_back_minor: how much may have gone back for the amended order then, all its refunds
        together, minor units; none for no limit.
    :raises refund_ways.AboveLimit: if that is more; nothing is placed.
    :raises PlacementRefused: for a reason that can be mended; nothing is reserved.
    :raises catalog.stock.SoldOut: if a product is gone; nothing is reserved.
    :raises payments.PaymentNotOpened: if an older order's page could not be closed.
    :raises calling_off.AmountChanged, calling_off.NothingToCallOff, refunds.PaymentDisputed,
        refunds.RefundRefused: if what is taken out cannot be; nothing is placed.
    """
    if not was_told:
        raise TermsNotTold
    priced = price_basket(desk.basket, at=at, with_pictures=False)
    details = _details(desk, priced)
    _check(priced, agreed_total_minor)
    if desk.amends and not amending.may_amend(desk.amends):
        raise amending.AmendmentRefused(desk.amends)
    _bring_checks(desk)
    unpaid = Order.objects.filter(basket=desk.basket_id, status=OrderStatus.AWAITING_PAYMENT)
    for order in unpaid.exclude(checkout_token=checkout_token, total_minor=agreed_total_minor):
        payments.withdraw_older(order, at=at, by=by)
    with transaction.atomic():
        amended = amending.lock(desk)
        order = placement.place(
            basket=desk.basket,
            checkout_token=checkout_token,
            agreed_total_minor=agreed_total_minor,
            details=details,
            user=desk.customer,
            at=at,
            sale=DeskSale(by=by, held_until=at + HELD_FOR, amends=amended),
            agreed_gift_card_minor=agreed_gift_card_minor,
        )
        if not order.events.filter(kind="TERMS_TOLD").exists():
            order_status.record(
                order,
                kind="TERMS_TOLD",
                message=f"Told the buyer the total, the terms ({order.terms_version}) and the"
                " right to withdraw; the buyer agreed",
                at=at,
                by=by,
            )
        amending.take_out(
            begun=desk,
            added=order,
            agreed_minor=agreed_back_minor,
            by=by,
            at=at,
            most_minor=most_back_minor,
        )
    return order


def send_link(*, order_id: int, by: User, at: datetime) -> Order:
    """Mail the buyer the link on which an order is paid.

    :raises placement.AlreadyPlaced: if it no longer awaits payment.
    :raises NoMoreLinks: if the link was sent too often.
    """
    with transaction.atomic():
        order = Order.objects.select_for_update().get(pk=order_id)
        if order.status != OrderStatus.AWAITING_PAYMENT:
            raise placement.AlreadyPlaced(order)
        sent = order.events.filter(kind="LINK_SENT").count()
        if sent >= MOST_LINKS:
            raise NoMoreLinks
        emails.queue(order, emails.ORDER_TO_PAY, at=at, key=str(sent + 1))
        order_status.record(
            order, kind="LINK_SENT", message="A link to pay was mailed", at=at, by=by
        )
    return order


def _check(priced: PricedBasket, agreed_total_minor: int) -> None:
    """Refuse before an older order is given up what `placement` would refuse afterwards."""
    if priced.is_empty or not priced.can_check_out:
        raise placement.NothingToOrder(
            [f"{line.full_name}: {line.problem}" for line in priced.lines if line.problem]
        )
    if priced.total.minor != agreed_total_minor:
        raise placement.TotalChanged(priced)


def _details(desk: DeskBasket, priced: PricedBasket) -> BuyerDetails:
    address = Address()
    if priced.needs_delivery and priced.delivery and priced.delivery.kind == "COURIER":
        if desk.amends:
            return _details_along(desk, desk.amends)
        address = Address(
            name=desk.name,
            line1=desk.line1,
            line2=desk.line2,
            postcode=desk.postcode,
            city=desk.city,
            country=priced.country,
        )
        if not (desk.line1 and desk.postcode and desk.city):
            raise AddressMissing
    return BuyerDetails(email=desk.email, name=desk.name, phone=desk.phone, address=address)


def _details_along(desk: DeskBasket, amended: Order) -> BuyerDetails:
    """What goes along goes to where the first order goes."""
    names = ("name", "line1", "line2", "postcode", "city", "country")
    address = Address(**{name: getattr(amended, f"delivery_{name}") for name in names})
    return BuyerDetails(email=desk.email, name=desk.name, phone=desk.phone, address=address)


def _bring_checks(desk: DeskBasket) -> None:
    """Let the basket rest on the suitability checks that its buyer's account has taken."""
    if desk.customer is None:
        return
    own = Q(user=desk.customer) | Q(pk__in=clearance.checks_with(person_of(desk.customer)))
    kept = BasketCheck.objects.filter(basket=desk.basket_id).values("suitability_check")
    BasketCheck.objects.bulk_create(
        BasketCheck(basket=desk.basket, suitability_check=check)
        for check in SuitabilityCheck.objects.filter(own).exclude(pk__in=kept)
    )
