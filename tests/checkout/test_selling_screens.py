"""The screens on which staff order for somebody: who may, and one order from search to payment."""

from datetime import datetime, timedelta

from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone
import pytest

from accounts.models import User
from catalog.models import Offer
from checkout import refunds, sales_report
from checkout.gift_cards import codes as gift_card_codes
from checkout.models import DeskBasket, HandReduction, Order, OrderStatus, PaymentWay, RefundStatus
from outbox.models import OutboundMail
from tests.checkout import buying, discounting
from tests.checkout.factories import OrderFactory
from tests.checkout.gift_cards_of import free_on, issued
from tests.checkout.history_of import history_of

pytestmark = pytest.mark.django_db

FOR_WHOM = "/admin/orders/for-customer/"
BUYER = {"name": "Ada Lindqvist", "email": "ada@example.com", "phone": ""}
ADDRESS = {"line1": "Turmstr. 4", "line2": "", "postcode": "10559", "city": "Berlin"}


def _login(client: Client, *codenames: str) -> Client:
    user = User.objects.create_user("mara@example.com", name="Mara Front", is_staff=True)
    permissions = Permission.objects.filter(codename__in=["access_admin", *codenames])
    user.user_permissions.set(permissions)
    client.force_login(user)
    return client


@pytest.fixture
def seller(client: Client) -> Client:
    return _login(client, "view_order", "sell_order")


@pytest.fixture
def wash(at: datetime) -> Offer:
    buying.courier()
    wash = buying.product(at=at)
    Offer.objects.filter(pk=wash.pk).update(barcode="2041700001018")
    return wash


def begun(seller: Client) -> str:
    """The address of a basket for somebody new."""
    answer = seller.post(FOR_WHOM, BUYER)
    return str(answer["Location"])


def act(seller: Client, address: str, act: str, **fields: str) -> list[str]:
    """Press a button of the basket's screen; return what it says."""
    answer = seller.post(address, {"act": act, **fields}, follow=True)
    assert answer.status_code == 200
    return [str(each).strip() for each in answer.context["messages"]]


def filled(seller: Client) -> str:
    address = begun(seller)
    act(seller, address, "add", code="2041700001018")
    act(seller, address, "buyer", **BUYER, **ADDRESS)
    return address


def placing(seller: Client, address: str, **fields: str) -> list[str]:
    basket = seller.get(address).context["basket"]
    sent = {
        "checkout_token": basket.checkout_token,
        "agreed_total_minor": str(basket.total.minor),
        "told": "1",
    }
    return act(seller, address, "place", **{**sent, **fields})


@pytest.mark.parametrize("codenames", [("view_order",), ("view_order", "pack_order")])
def test_only_those_who_sell_come_here(
    client: Client, wash: Offer, codenames: tuple[str, ...]
) -> None:
    order = OrderFactory()
    stranger = _login(client, *codenames)

    for address in (FOR_WHOM, "/admin/reports/cash-book/", f"{FOR_WHOM}1/"):
        assert stranger.get(address).status_code in {302, 404}
    stranger.post(FOR_WHOM, BUYER)
    taken = {"way": "CASH", "reference": "7"}
    stranger.post(reverse("orders:take_money", args=[order.pk]), taken)

    order.refresh_from_db()
    assert order.status == OrderStatus.AWAITING_PAYMENT
    assert not DeskBasket.objects.exists()
    assert FOR_WHOM not in stranger.get("/admin/orders/").content.decode()


def test_a_scanned_article_goes_in_and_words_find_it(seller: Client, wash: Offer) -> None:
    address = begun(seller)

    act(seller, address, "add", code=" 2041700001018 ")
    found = seller.post(address, {"act": "add", "code": "daily wash"})
    nothing = seller.post(address, {"act": "add", "code": "no such thing"})

    basket = seller.get(address).context["basket"]
    assert [(line.sku, line.quantity) for line in basket.lines] == [("WASH-250", 1)]
    assert [each.sku for each in found.context["found"]] == ["WASH-250"]
    assert "Nothing on sale is called" in nothing.content.decode()


def test_more_than_there_is_is_refused_in_the_shop_s_words(seller: Client, wash: Offer) -> None:
    address = filled(seller)

    said = act(seller, address, "quantity", sku="WASH-250", quantity="11")

    assert said == ["Only 10 left."]
    assert seller.get(address).context["basket"].lines[0].quantity == 1


def test_an_order_is_placed_and_its_link_mailed(seller: Client, wash: Offer) -> None:
    address = filled(seller)

    said = placing(seller, address, way="LINK")

    order = Order.objects.get()
    assert (order.total_minor, order.delivery_city) == (2890, "Berlin")
    assert said == ["The link to pay is on its way to ada@example.com."]
    assert OutboundMail.objects.filter(event="order_to_pay").count() == 1
    screen = seller.get(reverse("orders:inspect", args=[order.pk])).content.decode()
    assert "Change this order" in screen
    assert "Told the buyer the total" in screen
    done = [words for words, _ in history_of(order)]
    assert done == ["Ordered for a customer by staff", "The link to pay was mailed"]


def test_an_order_is_paid_in_cash_and_partly_handed_back(
    seller: Client, wash: Offer, at: datetime
) -> None:
    placing(seller, filled(seller), way="CASH", reference="Receipt 7")
    order = Order.objects.get()
    assert (order.status, order.payments.get().way) == (OrderStatus.PAID, PaymentWay.CASH)
    refund = refunds.request(
        payment=order.payments.get(), amount_minor=500, reason="Leaks", by=None, at=at
    )
    screen = reverse("orders:inspect", args=[order.pk])
    assert "then write down the receipt" in seller.get(screen).content.decode()

    seller.post(reverse("orders:hand_back", args=[order.pk, refund.pk]), {"reference": "R 8"})

    refund.refresh_from_db()
    assert (refund.status, refund.reference) == (RefundStatus.SUCCEEDED, "R 8")
    assert [words for words, _ in history_of(order)][1:] == [
        "Money was taken in cash or at the terminal",
        "Money was handed back",
    ]
    book = seller.get("/admin/reports/cash-book/").content.decode()
    for text in ("€28.90", "€5.00", "Receipt 7", "R 8", "Mara Front"):
        assert text in book


def test_without_the_word_of_staff_nothing_is_placed(seller: Client, wash: Offer) -> None:
    address = filled(seller)

    said = placing(seller, address, told="")

    assert not Order.objects.exists()
    assert said[0].startswith("Tell the buyer the total")


def test_nothing_but_numbers_and_known_acts_is_heard(seller: Client, wash: Offer) -> None:
    address = filled(seller)
    for fields in (
        {"act": "place", "agreed_total_minor": "NaN"},
        {"act": "explode"},
        {"act": "remove", "sku": "\0"},
        {"act": "delivery", "country": "XX"},
        {"act": "add", "sku": "../x"},
    ):
        assert seller.post(address, fields).status_code == 302
    assert seller.post(FOR_WHOM, {"user": "99999999"}).status_code == 404
    assert not Order.objects.exists()


def test_a_guest_who_bought_before_is_found_with_the_address(seller: Client, wash: Offer) -> None:
    order = OrderFactory(name="Ada Lindqvist", email="ada@example.com")

    page = seller.get(FOR_WHOM, {"q": "lindq"}).content.decode()
    address = seller.post(FOR_WHOM, {"order": str(order.pk)})["Location"]

    assert "Bought as a guest" in page
    assert seller.get(address).context["form"].initial["line1"] == "Turmstr. 4"


def test_only_those_who_may_take_something_off(seller: Client, wash: Offer) -> None:
    address = filled(seller)
    sent = {"sku": "WASH-250", "figure": "50", "unit": "PERCENT", "reason": "Dented box"}

    answer = seller.post(address, {"act": "lessen", **sent})

    assert answer.status_code in {302, 403}
    assert not HandReduction.objects.exists()
    assert "Take something off" not in seller.get(address).content.decode()


def test_something_is_taken_off_and_what_was_typed_wrongly_stays(
    client: Client, wash: Offer
) -> None:
    chief = _login(client, "view_order", "sell_order", "lessen_order")
    address = filled(chief)
    sent = {"act": "lessen", "sku": "WASH-250", "unit": "AMOUNT", "reason": "Dented box"}

    for figure in ("-1", "24.01", "٣"):
        wrong = chief.post(address, {**sent, "figure": figure})
        page = wrong.content.decode()
        assert "no more than the line costs" in page
        assert f'value="{figure}"' in page
        assert 'value="Dented box"' in page
    chief.post(address, {**sent, "figure": "2,40"})
    placing(chief, address, way="CASH", reference="7")

    order = Order.objects.get()
    assert order.lines.get().discount_minor == 240
    assert "taken off by hand: Dented box" in (
        chief.get(reverse("orders:inspect", args=[order.pk])).content.decode()
    )
    today = timezone.localdate()
    found = sales_report.taken_off(from_on=today - timedelta(days=1), until_on=today)
    assert [(each.name, each.orders, each.amount_minor) for each in found] == [
        ("By hand: Mara Front", 1, 240)
    ]


def test_what_was_taken_off_is_put_back(client: Client, wash: Offer) -> None:
    chief = _login(client, "view_order", "sell_order", "lessen_order")
    address = filled(chief)
    sent = {"sku": "WASH-250", "unit": "PERCENT", "figure": "10 %", "reason": "Dented box"}
    act(chief, address, "lessen", **sent)
    assert chief.get(address).context["basket"].saved.minor == 240

    act(chief, address, "undo", sku="WASH-250")

    assert chief.get(address).context["basket"].saved.minor == 0


def test_a_code_is_entered_for_a_customer(seller: Client, wash: Offer) -> None:
    discounting.percent()
    address = filled(seller)

    wrong = seller.post(address, {"act": "enter_code", "discount": "no such"}).content.decode()
    act(seller, address, "enter_code", discount="spring 10")

    assert "We do not know this code" in wrong
    assert 'value="no such"' in wrong
    basket = seller.get(address).context["basket"]
    assert (basket.codes, basket.saved.minor) == (("SPRING10",), 240)
    act(seller, address, "take_code", discount="SPRING10")
    act(seller, address, "take_code", discount="\0")
    assert seller.get(address).context["basket"].codes == ()


@pytest.mark.parametrize(("on_card", "way"), [(1000, PaymentWay.CASH), (9000, "LINK")])
def test_a_gift_card_pays_at_the_desk_in_part_or_whole(
    seller: Client, wash: Offer, at: datetime, on_card: int, way: str
) -> None:
    card = issued(on_card, at=at)
    address = filled(seller)
    code = gift_card_codes.code_of(card.public_id)

    act(seller, address, "enter_code", discount=code)
    act(seller, address, "take_card")
    assert seller.get(address).context["basket"].gift_card is None
    act(seller, address, "enter_code", discount=code)
    page = seller.get(address)
    pays = page.context["basket"].gift_card.amount.minor
    assert "Left to pay" in page.content.decode()
    refused = placing(seller, address, way=way, reference="R-1", told="on")
    said = placing(
        seller, address, way=way, reference="R-1", told="on", agreed_gift_card_minor=str(pays)
    )

    order = Order.objects.get()
    assert f"Your gift card pays {card.value if on_card < 2890 else '€28.90'}" in refused[0]
    assert (order.status, order.paid_minor) == (OrderStatus.PAID, order.total_minor)
    assert any("is paid" in each for each in said)
    assert free_on(card) == on_card - pays
    ways = {payment.way: payment.amount_minor for payment in order.payments.all()}
    rest = order.total_minor - pays
    assert ways == {PaymentWay.GIFT_CARD: pays} | ({PaymentWay.CASH: rest} if rest else {})
