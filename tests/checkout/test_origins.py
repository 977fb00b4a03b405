"""What was put into a basket from a page that tells of it is counted for that page."""

from datetime import UTC, date, datetime

from django.test import Client
import pytest

from checkout import baskets, origins
from checkout.models import AdditionCount, BasketLine, OrderLine
from tests.accounts.factories import UserFactory
from tests.catalog.factories import CategoryPageFactory
from tests.checkout import buying

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def add(sku: str, **further: object) -> object:
    known = {"basket": None, "user": None, "sku": sku, "quantity": 1, "at": NOW}
    return baskets.add(**(known | further))


@pytest.mark.parametrize(
    ("text", "page_id"),
    [
        ("12", 12),
        ("", None),
        ("0", None),
        ("-1", None),
        ("1e3", None),
        ("9" * 19, None),
        ("٣", None),
    ],
)
def test_only_a_page_number_is_read(text: str, page_id: int | None) -> None:
    assert origins.read(text) == page_id


def test_an_addition_is_counted_for_its_page_and_day() -> None:
    article = CategoryPageFactory()
    buying.product("WASH-250", at=NOW)
    buying.product("BALM-75", at=NOW)

    basket = add("WASH-250", added_from=article.pk)
    add("BALM-75", basket=basket, added_from=article.pk)

    rows = AdditionCount.objects.values_list("page_id", "on", "times")
    assert list(rows) == [(article.pk, date(2026, 11, 23), 2)]
    lines = BasketLine.objects.values_list("added_from_id", flat=True)
    assert list(lines) == [article.pk, article.pk]


def test_of_a_line_that_is_there_already_the_first_page_counts() -> None:
    first, second = CategoryPageFactory(slug="one"), CategoryPageFactory(slug="two")
    buying.product("WASH-250", at=NOW)

    basket = add("WASH-250", added_from=first.pk)
    add("WASH-250", basket=basket, added_from=second.pk)

    assert BasketLine.objects.get().added_from_id == first.pk
    assert AdditionCount.objects.get(page=second).times == 1


def test_an_unpublished_or_unknown_page_is_no_origin() -> None:
    draft = CategoryPageFactory(live=False)
    buying.product("WASH-250", at=NOW)

    basket = add("WASH-250", added_from=draft.pk)
    add("WASH-250", basket=basket, added_from=999_999)

    assert BasketLine.objects.get().added_from_id is None
    assert not AdditionCount.objects.exists()


def test_a_refused_addition_counts_for_nobody() -> None:
    article = CategoryPageFactory()
    buying.product("WASH-250", on_hand=0, at=NOW)

    with pytest.raises(baskets.NotEnoughStock):
        add("WASH-250", added_from=article.pk)

    assert not AdditionCount.objects.exists()


def test_the_order_keeps_where_its_lines_came_from() -> None:
    article = CategoryPageFactory()
    buying.courier()
    buying.product("WASH-250", at=NOW)
    basket = add("WASH-250", added_from=article.pk)

    buying.place(basket, at=NOW)

    assert OrderLine.objects.get().added_from_id == article.pk


def test_the_origin_comes_along_when_a_guest_signs_in() -> None:
    article = CategoryPageFactory()
    buying.product("WASH-250", at=NOW)
    buying.product("BALM-75", at=NOW)
    user = UserFactory()
    add("BALM-75", user=user)
    guest = add("WASH-250", added_from=article.pk)

    baskets.adopt(key=guest.key, user=user, at=NOW)

    line = BasketLine.objects.get(offer__sku="WASH-250")
    assert (line.basket.user, line.added_from_id) == (user, article.pk)


def test_the_form_of_a_card_says_where_it_stands(client: Client) -> None:
    article = CategoryPageFactory()
    buying.product("WASH-250", at=NOW)

    answer = client.post(
        "/basket/add/",
        {"sku": "WASH-250", "quantity": "1", "from": str(article.pk)},
        HTTP_ORIGIN="http://testserver",
    )

    assert answer.status_code == 303
    assert BasketLine.objects.get().added_from_id == article.pk
