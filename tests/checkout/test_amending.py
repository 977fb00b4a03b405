"""Paid orders that are amended before they leave: what goes along, what is taken out."""

from datetime import datetime

from django.contrib.auth.models import Permission
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
import pytest

from accounts.models import User
from catalog.models import Offer, Stock
from checkout import baskets, calling_off, emails, packing, refund_ways, shipments
from checkout.models import DeskBasket, Order, OrderStatus, PaymentWay, Refund
from checkout.order_page import together
from checkout.pricing import price_basket
from checkout.selling import amending, placing, taking
from money.money import Money
from outbox.models import OutboundMail
from tests.accounts.factories import UserFactory
from tests.checkout import buying
from tests.checkout.factories import OrderFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def by() -> User:
    return UserFactory.create(email="mara@example.com", name="Mara Front", is_staff=True)


@pytest.fixture
def wash(at: datetime) -> Offer:
    buying.courier()
    return buying.product(at=at)


@pytest.fixture
def balm(wash: Offer, at: datetime) -> Offer:
    return buying.product("BALM", at=at, price_minor=1900)


@pytest.fixture
def paid(wash: Offer, by: User, at: datetime) -> Order:
    """Two pieces, sent to an address of their own, paid in cash."""
    order = buying.place(buying.basket_with((wash, 2), at=at), at=at)
    taking.take(order_id=order.pk, way=PaymentWay.CASH, reference="R 1", by=by, at=at)
    order.refresh_from_db()
    return order


def amended(paid: Order, *offers: Offer, by: User, at: datetime) -> DeskBasket:
    begun = amending.begin(order_id=paid.pk, by=by, at=at)
    for offer in offers:
        baskets.add(basket=begun.basket, user=None, sku=offer.sku, quantity=1, at=at)
    begun.basket.refresh_from_db()
    return begun


def placed(begun: DeskBasket, *, back: int | None = None, by: User, at: datetime) -> Order:
    begun.basket.refresh_from_db()
    return placing.place(
        desk=begun,
        checkout_token=begun.basket.checkout_token,
        agreed_total_minor=price_basket(begun.basket, at=at).total.minor,
        was_told=True,
        by=by,
        at=at,
        agreed_back_minor=back,
    )


def test_what_is_added_is_an_order_of_its_own_that_goes_along_for_nothing(
    paid: Order, balm: Offer, by: User, at: datetime
) -> None:
    added = placed(amended(paid, balm, by=by, at=at), by=by, at=at)
    placing.send_link(order_id=added.pk, by=by, at=at)

    assert (added.amends, added.email) == (paid, paid.email)
    assert (added.goods_minor, added.delivery_minor, added.total_minor) == (1900, 0, 1900)
    assert added.vat_minor == 303
    assert added.delivery_line1 == paid.delivery_line1
    assert added.delivery_method_code == paid.delivery_method_code
    assert Stock.objects.get(offer=balm).reserved == 1
    assert paid.events.get(kind="AMENDED").message == (
        f"Amended: order {added.number} over €19.00 added"
    )
    assert (together(paid), together(added)) == ([added], [paid])
    to_pay = emails.render(OutboundMail.objects.get(event="order_to_pay").context)
    assert f"It adds to your order {paid.number} and comes in the same parcel" in to_pay.text


def test_a_swap_takes_out_and_adds_in_one_confirmation(
    paid: Order, wash: Offer, balm: Offer, by: User, at: datetime
) -> None:
    line = paid.lines.get()
    begun = amended(paid, balm, by=by, at=at)
    amending.choose(begun=begun, units={line.pk: 1})

    added = placed(begun, back=2400, by=by, at=at)

    refund = Refund.objects.get(order=paid)
    assert (refund.amount_minor, refund.lines.get(line=line).vat_minor) == (2400, 383)
    paid.refresh_from_db()
    assert (paid.pieces_to_pack, paid.status) == (1, OrderStatus.PAID)
    assert Stock.objects.get(offer=wash).reserved == 1
    assert paid.events.get(kind="AMENDED").message.endswith("€19.00 added, €24.00 paid back")
    # Pressed twice: the same order, and nothing more comes back.
    assert placed(begun, back=None, by=by, at=at) == added
    assert Refund.objects.count() == 1


def test_what_went_back_before_does_not_come_back_with_a_swap(
    paid: Order, balm: Offer, by: User, at: datetime
) -> None:
    """€10 of €52.90 went back: of €48, €9.07; of delivery, €0.93."""
    refund_ways.request(paid, amount_minor=1000, reason="Kind", by=by, at=at)
    paid.refresh_from_db()
    begun = amended(paid, balm, by=by, at=at)
    amending.choose(begun=begun, units={paid.lines.get().pk: 2})

    assert amending.amount_out(begun) == Money(4290)
    with pytest.raises(calling_off.AmountChanged, match=r"€42\.90 now"):
        placed(begun, back=5290, by=by, at=at)
    placed(begun, back=4290, by=by, at=at)

    falls = [(row.line_id, row.gross_minor) for row in Refund.objects.latest("pk").lines.all()]
    assert falls == [(paid.lines.get().pk, 3893), (None, 397)]


def test_of_a_swap_that_cannot_be_nothing_is_done(
    paid: Order, balm: Offer, by: User, at: datetime
) -> None:
    line = paid.lines.get()
    begun = amended(paid, balm, by=by, at=at)
    amending.choose(begun=begun, units={line.pk: 1})

    with pytest.raises(calling_off.AmountChanged):
        placed(begun, back=2399, by=by, at=at)
    with pytest.raises(calling_off.NothingToCallOff):
        amending.choose(begun=begun, units={line.pk: 3})

    assert Order.objects.count() == 1
    assert not Refund.objects.exists()
    assert Stock.objects.get(offer=balm).reserved == 0


def test_one_amendment_is_open_and_placing_anew_replaces_it(
    paid: Order, balm: Offer, by: User, at: datetime
) -> None:
    begun = amended(paid, balm, by=by, at=at)
    first = placed(begun, by=by, at=at)
    assert amending.begin(order_id=paid.pk, by=by, at=at) == begun
    assert amending.begin(order_id=paid.pk, by=by, at=at).basket_id == first.basket_id
    baskets.set_quantity(basket=begun.basket, sku=balm.sku, quantity=2, at=at)

    second = placed(begun, by=by, at=at)

    first.refresh_from_db()
    assert (first.status, second.total_minor) == (OrderStatus.CANCELLED, 3800)
    assert together(paid) == [second]
    with pytest.raises(IntegrityError), transaction.atomic():
        OrderFactory(amends=paid)


def test_what_is_sent_or_not_paid_is_not_amended(
    paid: Order, balm: Offer, by: User, at: datetime
) -> None:
    begun = amended(paid, balm, by=by, at=at)
    unpaid = OrderFactory()
    pieces = packing.everything(paid)
    shipments.pack(order_id=paid.pk, pieces=pieces, reference="bench:1", by=by, at=at)

    for order in (paid, unpaid):
        with pytest.raises(amending.AmendmentRefused):
            amending.begin(order_id=order.pk, by=by, at=at)
    with pytest.raises(amending.AmendmentRefused):
        placed(DeskBasket.objects.get(pk=begun.pk), by=by, at=at)

    assert not Order.objects.filter(amends=paid).exists()
    assert Stock.objects.get(offer=balm).reserved == 0


def test_both_are_packed_one_after_the_other(
    paid: Order, balm: Offer, wash: Offer, by: User, at: datetime
) -> None:
    earlier = buying.place(buying.basket_with((wash, 1), at=at), at=at)
    taking.take(order_id=earlier.pk, way=PaymentWay.CASH, reference="R 2", by=by, at=at)
    added = placed(amended(paid, balm, by=by, at=at), by=by, at=at)
    taking.take(order_id=added.pk, way=PaymentWay.CASH, reference="R 3", by=by, at=at)

    assert packing.next_after(paid) == added
    assert packing.next_after(added) == paid
    assert amending.begin(order_id=added.pk, by=by, at=at).amends == paid


# --- Screens --------------------------------------------------------------------------------


def _staff(client: Client, *codenames: str) -> Client:
    user = UserFactory.create(email="desk@example.com", name="Dora Desk", is_staff=True)
    wanted = ["access_admin", "view_order", "pack_order", *codenames]
    user.user_permissions.set(Permission.objects.filter(codename__in=wanted))
    client.force_login(user)
    return client


def test_a_swap_on_the_screens(client: Client, wash: Offer, balm: Offer, by: User) -> None:
    at = timezone.now()
    paid = buying.place(buying.basket_with((wash, 2), at=at), at=at)
    taking.take(order_id=paid.pk, way=PaymentWay.CASH, reference="R 1", by=by, at=at)
    chief = _staff(client, "sell_order", "refund_order")
    order_page = reverse("orders:inspect", args=[paid.pk])
    assert "Amend this order" in chief.get(order_page).content.decode()
    address = chief.post(reverse("orders:for_whom"), {"amend": str(paid.pk)})["Location"]
    chief.post(address, {"act": "add", "code": balm.sku})
    # It goes as the first order goes, whatever is sent.
    chief.post(address, {"act": "delivery", "country": "AT", "method": ""})
    chief.post(address, {"act": "take_out", f"line-{paid.lines.get().pk}": "1"})
    shown = chief.get(address)
    assert "Place the order, €19.00, and pay back €24.00" in shown.content.decode()

    basket = shown.context["basket"]
    sent = {
        "act": "place",
        "checkout_token": basket.checkout_token,
        "agreed_total_minor": "1900",
        "agreed_back_minor": "2400",
        "told": "1",
        "way": "LINK",
    }
    chief.post(address, sent)

    added = Order.objects.get(amends=paid)
    assert Refund.objects.get().amount_minor == 2400
    for page in (order_page, reverse("orders:bench", args=[paid.pk])):
        assert added.number in chief.get(page).content.decode()
    buyer = Client().get(reverse("checkout:order", args=[added.access_token])).content.decode()
    assert f"order {paid.number}</a>, in the same parcel" in buyer


def test_who_may_not_pay_back_takes_nothing_out(
    client: Client, paid: Order, balm: Offer, by: User, at: datetime
) -> None:
    begun = amended(paid, balm, by=by, at=at)
    address = reverse("orders:sell", args=[begun.pk])
    seller = _staff(client, "sell_order")

    seller.post(address, {"act": "take_out", f"line-{paid.lines.get().pk}": "1"})
    begun.refresh_from_db()
    assert begun.take_out == {}
    assert "Take out of order" not in seller.get(address).content.decode()

    amending.choose(begun=begun, units={paid.lines.get().pk: 1})
    sent = {"act": "place", "agreed_total_minor": "1900", "agreed_back_minor": "2400", "told": "1"}
    seller.post(address, {**sent, "checkout_token": begun.basket.checkout_token})

    assert Order.objects.count() == 1
    assert not Refund.objects.exists()


def test_who_may_not_sell_amends_nothing(client: Client, paid: Order) -> None:
    packer = _staff(client)

    packer.post(reverse("orders:for_whom"), {"amend": str(paid.pk)})

    assert not DeskBasket.objects.exists()
    assert "Amend this order" not in (
        packer.get(reverse("orders:inspect", args=[paid.pk])).content.decode()
    )
