"""Codes in the basket's page, without any script; and staff's screens of discounts."""

import csv
import io
from datetime import datetime

from django.db import connection
from django.test import Client
from django.urls import reverse
import pytest

from checkout.discounts import codes
from checkout.models import Basket, Discount, DiscountKind, EnteredCode
from checkout.views.discount_code import MISSES_ALLOWED
from checkout.viewsets.discounts import DiscountForm
from tests.checkout import buying, discounting
from tests.checkout.test_packing_desk import staff

pytestmark = pytest.mark.django_db

SHOP = {"HTTP_ORIGIN": "http://testserver"}


@pytest.fixture
def buyer(client: Client, at: datetime) -> Client:
    buying.courier()
    buying.product(at=at)
    client.post("/basket/add/", {"sku": "WASH-250", "quantity": "2"}, **SHOP)  # type: ignore[arg-type]
    return client


def post(client: Client, **fields: str) -> tuple[int, str]:
    answer = client.post("/basket/code/", fields, **SHOP)  # type: ignore[arg-type]
    return answer.status_code, answer.content.decode()


def test_a_code_is_entered_shown_line_by_line_and_taken_out(buyer: Client) -> None:
    discounting.percent(name="Spring")

    assert post(buyer, code="spring10")[0] == 303

    page = buyer.get("/basket/").content.decode()
    assert "Spring: −€4.80" in page
    assert "Taken off: Spring (SPRING10)" in page
    checkout = buyer.get("/checkout/").content.decode()
    assert "Spring: −€4.80" in checkout
    assert post(buyer, remove="SPRING10")[0] == 303
    assert not EnteredCode.objects.exists()
    assert "Spring" not in buyer.get("/basket/").content.decode()


def test_a_refused_code_is_told_at_its_field_and_changes_nothing(buyer: Client) -> None:
    token = Basket.objects.get().checkout_token

    status, page = post(buyer, code="NOSUCH")

    assert status == 422
    assert "We do not know this code." in page
    assert 'value="NOSUCH"' in page
    assert Basket.objects.get().checkout_token == token


def test_guessing_codes_ends_early(buyer: Client) -> None:
    discounting.percent()
    for number in range(MISSES_ALLOWED):
        assert post(buyer, code=f"GUESS{number}")[0] == 422

    status, page = post(buyer, code="SPRING10")

    assert (status, EnteredCode.objects.count()) == (429, 0)
    assert "Too many codes were tried" in page


def test_without_a_basket_there_is_nothing_to_enter_a_code_for(client: Client) -> None:
    answer = client.post("/basket/code/", {"code": "SPRING10"}, **SHOP)  # type: ignore[arg-type]

    assert (answer.status_code, answer["Location"]) == (303, "/basket/")


# --- Staff ----------------------------------------------------------------------------------

RIGHTS = ("view_discount", "add_discount", "change_discount", "delete_discount")
FORM = {
    "name": "Spring",
    "kind": "PERCENT",
    "trigger": "CODE",
    "percent": "10",
    "code": "spring-10",
    "is_active": "on",
    "amount_minor": "",
}


@pytest.fixture
def marketer(client: Client) -> Client:
    client.force_login(staff(*RIGHTS))
    return client


def test_a_discount_is_made_and_reads_its_code_as_buyers_type_it(marketer: Client) -> None:
    answer = marketer.post("/admin/discounts/new/", {**FORM, "amount_minor": "5.00"}, **SHOP)  # type: ignore[arg-type]

    assert answer.status_code == 302
    made = Discount.objects.get()
    assert (made.code, made.percent, made.amount_minor) == ("SPRING10", 10, None)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"percent": ""}, "This is needed, and more than nothing."),
        ({"trigger": "AUTOMATIC"}, "What everybody gets by itself has no code."),
        ({"code": "?"}, "3 to 24 letters and digits."),
        ({"kind": "FURTHER_PIECES", "buy": "2"}, "This is needed, and more than nothing."),
    ],
)
def test_a_discount_that_says_too_little_is_not_made(
    marketer: Client, changes: dict[str, str], sentence: str
) -> None:
    answer = marketer.post("/admin/discounts/new/", {**FORM, **changes}, **SHOP)  # type: ignore[arg-type]

    assert sentence in answer.content.decode()
    assert not Discount.objects.exists()


@pytest.mark.parametrize(("allowed", "is_saved"), [("1", False), ("2", True), ("", True)])
def test_a_discount_is_allowed_no_fewer_uses_than_it_has_had(
    marketer: Client, allowed: str, is_saved: bool
) -> None:
    discount = discounting.percent(max_uses=5, used=2)
    fields = {**FORM, "name": "Autumn", "max_uses": allowed}

    answer = marketer.post(f"/admin/discounts/edit/{discount.pk}/", fields, **SHOP)  # type: ignore[arg-type]

    assert (answer.status_code == 302) is is_saved
    assert ("It has been used 2 times already." in answer.content.decode()) is not is_saved
    assert (Discount.objects.get().name == "Autumn") is is_saved


@pytest.mark.django_db(transaction=True)
def test_uses_are_looked_at_in_the_transaction_that_saves(
    marketer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[bool] = []
    check = DiscountForm._check_uses

    def noted(form: DiscountForm, allowed: int | None) -> None:
        seen.append(connection.in_atomic_block)
        check(form, allowed)

    monkeypatch.setattr(DiscountForm, "_check_uses", noted)
    discount = discounting.percent(max_uses=5, used=2)

    answer = marketer.post(f"/admin/discounts/edit/{discount.pk}/", FORM, **SHOP)  # type: ignore[arg-type]

    assert (answer.status_code, seen) == (302, [True])


def test_codes_for_one_use_are_made_and_downloaded(marketer: Client, at: datetime) -> None:
    discount = discounting.make(DiscountKind.PERCENT, percent=10, code="X99")

    marketer.post(f"/admin/discounts/codes/{discount.pk}/", {"count": "3"}, **SHOP)  # type: ignore[arg-type]

    answer = marketer.get(f"/admin/discounts/codes/{discount.pk}/file/")
    rows = list(csv.reader(io.StringIO(answer.content.decode())))
    assert rows[0] == ["Code", "State", "Made on"]
    assert [row[0] for row in rows[1:]] == list(discount.codes.values_list("code", flat=True))
    assert {row[1] for row in rows[1:]} == {"free"}
    assert len(rows) == 4


def test_a_discount_is_switched_off_and_on(marketer: Client) -> None:
    discount = discounting.percent()
    address = reverse("discounts:switch", args=[discount.pk])

    for is_active in (False, True):
        assert marketer.get(address).status_code == 200
        marketer.post(address, {}, **SHOP)  # type: ignore[arg-type]
        discount.refresh_from_db()
        assert discount.is_active is is_active


def test_a_copy_begins_with_everything_but_the_code(marketer: Client, at: datetime) -> None:
    discount = discounting.percent(name="Spring", max_uses=7)
    discount.offers.add(buying.product(at=at))

    page = marketer.get(f"/admin/discounts/copy/{discount.pk}/").content.decode()

    assert 'value="Spring"' in page
    assert "SPRING10" not in page.partition('name="code"')[2][:200]
    assert "checked" in page


def test_the_screen_of_a_discount_lists_the_orders_that_used_it(
    marketer: Client, at: datetime
) -> None:
    buying.courier()
    discount = discounting.percent(max_uses=5)
    basket = buying.basket_with((buying.product(at=at), 1), at=at)
    codes.enter(basket=basket, code="SPRING10", at=at)
    basket.refresh_from_db()
    order = buying.place(basket, at=at)

    page = marketer.get(f"/admin/discounts/inspect/{discount.pk}/").content.decode()

    assert order.number in page
    assert "€2.40" in page
    assert "used 1 of 5" in page


def test_who_only_looks_changes_nothing(client: Client) -> None:
    client.force_login(staff("view_discount"))
    discount = discounting.percent()

    for address in (
        f"switch/{discount.pk}/",
        f"codes/{discount.pk}/",
        f"codes/{discount.pk}/file/",
    ):
        answer = client.get(f"/admin/discounts/{address}")
        assert answer.status_code == 302
    assert client.get("/admin/discounts/").status_code == 200
