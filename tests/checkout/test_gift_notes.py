"""The words that lie in a present's parcel: from the checkout page to the card."""

from datetime import datetime
from io import BytesIO

from django.test import Client
from django.urls import reverse
import pytest
from pypdf import PdfReader

from accounts.models import User
from accounts.person import person_of
from checkout import gift_notes
from checkout.models import Basket, Order
from checkout.personal_data import ROOM
from checkout.print_runs.kinds import GIFT_NOTES
from tests.accounts.factories import UserFactory
from tests.checkout import buying
from tests.checkout.factories import OrderFactory
from tests.checkout.test_order_views import basket, pay
from tests.checkout.test_packing_desk import staff
from tests.checkout.test_print_runs import made
from tests.checkout.test_shipments import pack, paid
from tests.stripe_in_process import StripeInProcess

pytestmark = pytest.mark.django_db

WORDS = "For Bea,\nall the <best>!"

__all__ = ["basket"]


@pytest.fixture
def order(stripe: StripeInProcess, at: datetime) -> Order:
    """Two washes, a present, paid and still to be packed."""
    buying.courier()
    order = paid(stripe, (buying.product(at=at), 2), at=at)
    Order.objects.update(gift_note=WORDS)
    return order


@pytest.fixture
def person() -> User:
    return staff("view_order", "note_order", "pack_order")


@pytest.fixture
def desk(client: Client, person: User) -> Client:
    client.force_login(person)
    return client


def card(content: bytes) -> list[str]:
    """The words of each card."""
    return [page.extract_text() for page in PdfReader(BytesIO(content)).pages]


def test_a_buyer_leaves_words_and_sees_them_on_the_order(client: Client, basket: Basket) -> None:
    assert 'name="gift_note"' in client.get(reverse("checkout:checkout")).content.decode()

    pay(client, basket, gift_note=WORDS.replace("\n", "\r\n") + " \U0001f381 ")
    pay(client, basket, gift_note=WORDS.replace("\n", "\r\n"))

    order = Order.objects.get()
    assert order.gift_note == WORDS
    page = client.get(reverse("checkout:order", args=[order.access_token])).content.decode()
    assert "For Bea,<br>all the &lt;best&gt;!" in page


@pytest.mark.parametrize("is_guest", [True, False])
def test_words_still_stand_there_when_the_checkout_is_opened_again(
    is_guest: bool, client: Client, basket: Basket
) -> None:
    if not is_guest:
        buyer = UserFactory()
        Basket.objects.update(user=buyer)
        client.force_login(buyer)
    pay(client, basket, gift_note=WORDS)
    client.post(reverse("checkout:basket_add"), {"sku": "WASH-250", "quantity": "1"})

    form = client.get(reverse("checkout:checkout")).context["form"]
    pay(client, basket, agreed_total_minor="5290", gift_note=form["gift_note"].value())

    assert [each.gift_note for each in Order.objects.order_by("pk")] == [WORDS, WORDS]


def test_words_of_a_paid_order_or_of_another_basket_are_not_filled_in(
    client: Client, basket: Basket
) -> None:
    pay(client, basket, gift_note=WORDS)
    Order.objects.update(status="PAID")
    OrderFactory(gift_note="Mine")

    form = client.get(reverse("checkout:checkout")).context["form"]

    assert not form["gift_note"].value()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("x" * 301, "The card has room for 300 characters in 12 lines."),
        ("x\n" * 12 + "x", "The card has room for 300 characters in 12 lines."),
        ("生日快乐", "We can print Latin, Greek and Cyrillic letters."),
        ("Paid with 4242 4242 4242 4242", "This looks like the number of a payment card."),
    ],
)
def test_words_that_cannot_be_printed_are_named_and_stay_in_the_form(
    client: Client, basket: Basket, words: str, said: str
) -> None:
    answer = pay(client, basket, gift_note=words)

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert words[:20] in answer.content.decode()
    assert not Order.objects.exists()


def test_where_nothing_is_sent_nobody_is_asked_for_words(
    client: Client, stripe: StripeInProcess, at: datetime
) -> None:
    buying.package(at=at)
    client.post(reverse("checkout:basket_add"), {"sku": "MD-6", "quantity": "1"})

    page = client.get(reverse("checkout:checkout")).content.decode()
    pay(client, Basket.objects.get(), agreed_total_minor="42000", gift_note=WORDS)

    assert 'name="gift_note"' not in page
    assert Order.objects.get().gift_note == ""


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Für Bea 🎁❤️ \n", "Für Bea"),
        ("Χρόνια πολλά, Дарья\0\t!", "Χρόνια πολλά, Дарья!"),
        ("a\u202eb\u200b", "ab"),
        ("", ""),
    ],
)
def test_what_no_letter_of_ours_draws_is_left_out(typed: str, kept: str) -> None:
    assert gift_notes.clean(typed) == kept


def test_the_card_bears_the_words_the_shop_and_the_number(desk: Client, order: Order) -> None:
    answer = desk.get(reverse("orders:gift_note", args=[order.pk]))

    [words] = card(answer.content)
    assert "For Bea,\nall the <best>!" in words
    assert order.number in words
    assert "€" not in words
    assert answer["Content-Disposition"] == (f'attachment; filename="gift-note-{order.number}.pdf"')
    [page] = PdfReader(BytesIO(answer.content)).pages
    assert (round(page.mediabox.width), round(page.mediabox.height)) == (298, 420)


@pytest.mark.parametrize("words", ["wide words " * 27, "W\n" * 11 + "W" * 278, "short"])
def test_the_longest_words_stay_above_the_foot_of_their_card(order: Order, words: str) -> None:
    Order.objects.update(gift_note=gift_notes.clean(words))
    lowest = []

    content = made(GIFT_NOTES, {"id": [order.pk]})[-1][0]
    [page] = PdfReader(BytesIO(content)).pages
    page.extract_text(
        visitor_text=lambda text, _cm, tm, *_: (
            lowest.append(tm[5]) if text.strip() and order.number not in text else None
        )
    )

    foot = 14 / 25.4 * 72
    assert min(lowest) > foot
    drawn = page.extract_text().replace(order.number, "")  # It may have a W of its own.
    assert drawn.count("W") == words.count("W")


def test_the_packer_is_told_of_a_present(desk: Client, order: Order) -> None:
    address = reverse("orders:gift_note", args=[order.pk])

    for page in (
        reverse("orders:bench", args=[order.pk]),
        reverse("orders:inspect", args=[order.pk]),
    ):
        assert address in desk.get(page).content.decode()
    slip = desk.get(reverse("orders:slips"), {"id": order.pk}).content.decode()
    assert "A present: put the gift note in" in slip


def test_of_many_orders_those_with_words_have_a_card(order: Order) -> None:
    other, without = OrderFactory(paid=True, gift_note="Да здравствует"), OrderFactory(paid=True)

    pieces = made(GIFT_NOTES, {"id": [order.pk, other.pk, without.pk]})
    nothing = made(GIFT_NOTES, {"id": [without.pk]})

    assert len(card(pieces[-1][0])) == 2
    assert pieces[-1][1:] == (2, 2)
    assert card(nothing[-1][0]) == ["None of these orders has a gift note."]


def test_staff_change_the_words_until_all_is_packed(
    desk: Client, order: Order, at: datetime
) -> None:
    address = reverse("orders:write_gift_note", args=[order.pk])
    desk.post(address, {"text": "From Ada"})
    desk.post(address, {"text": "From Ada"})
    desk.post(address, {"text": ""})
    assert [event.message for event in order.events.filter(kind="GIFT_NOTE")] == [
        "Gift note written",
        "Gift note taken out",
    ]

    pack(Order.objects.get(), at, WASH_250=2)
    answer = desk.post(address, {"text": "Too late"}, follow=True)

    assert "Nothing of this order is still to be packed." in answer.content.decode()
    assert Order.objects.get().gift_note == ""
    assert desk.get(reverse("orders:gift_note", args=[order.pk])).status_code == 404


def test_who_may_only_look_changes_no_words(client: Client, order: Order) -> None:
    client.force_login(staff("view_order"))

    client.post(reverse("orders:write_gift_note", args=[order.pk]), {"text": "Mine"})

    assert Order.objects.get().gift_note == WORDS
    page = client.get(reverse("orders:inspect", args=[order.pk])).content.decode()
    assert "Change the gift note" not in page


def test_words_are_handed_out_and_go_with_the_account() -> None:
    buyer = UserFactory()
    OrderFactory(paid=True, user=buyer, gift_note=WORDS)
    somebody = person_of(buyer)

    [told] = ROOM.hand_out(somebody)["orders"]
    assert told["gift_note"] == WORDS
    ROOM.forget(somebody)

    assert Order.objects.get().gift_note == ""
