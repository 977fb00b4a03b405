"""Other people's orders, guessed links, and fields that nobody offered: R19, R20, R21."""

import re
import secrets
import uuid

from django.http import HttpResponse
from django.test import Client
import pytest

from accounts.models import User
from checkout.models import Basket, Order, OrderStatus
from checkout.order_links import MISSES_ALLOWED
from tests.checkout import buying
from tests.fuzz.conftest import Target

VERBS = (
    ("GET", "/orders/{}/"),
    ("POST", "/orders/{}/pay/"),
    ("POST", "/orders/{}/cancel/"),
    ("POST", "/orders/{}/again/"),
    ("GET", "/checkout/return/{}/"),
)


@pytest.mark.parametrize("who", ["nobody", "customer"])
def test_a_stranger_s_order_is_not_told_from_none(
    target: Target, request: pytest.FixtureRequest, who: str
) -> None:
    """R19: the number of somebody else's order answers as a number that does not exist."""
    client: Client = request.getfixturevalue(who)

    strangers = client.get(f"/account/orders/{target.order.number}/")
    random = client.get("/account/orders/G-0000-0000/")

    assert strangers.status_code == random.status_code
    assert strangers.status_code in {302, 404}
    assert _body(strangers, target.order.number) == _body(random, "G-0000-0000")


@pytest.mark.parametrize(
    "path",
    ["/account/passes/{}/", "/account/passes/{}/code.svg", "/account/passes/{}/statement.json"],
)
def test_a_stranger_s_pass_is_not_told_from_none(
    target: Target, customer: Client, path: str
) -> None:
    """R19: the number of somebody else's pass answers as a number that does not exist."""
    random = str(uuid.uuid4())
    theirs = str(target.strangers_pass.public_id)

    none, strangers = customer.get(path.format(random)), customer.get(path.format(theirs))

    assert (none.status_code, strangers.status_code) == (404, 404)
    assert _body(strangers, theirs) == _body(none, random)
    assert customer.get(path.format(target.own_pass.public_id)).status_code == 200


@pytest.mark.parametrize(("method", "path"), VERBS)
def test_no_id_but_the_token_opens_an_order(
    target: Target, customer: Client, method: str, path: str
) -> None:
    """R19, R20: number, row id, other case or half a token lead nowhere, all alike."""
    token = target.order.access_token
    near = [target.order.number, str(target.order.pk), token.swapcase(), token[:-1], f"{token}x"]
    random = customer.generic(method, path.format("x" * 32))

    for guess in near:
        answer = customer.generic(method, path.format(guess))
        assert answer.status_code == 404
        assert answer.content == random.content
    target.order.refresh_from_db()
    assert target.order.status == OrderStatus.AWAITING_PAYMENT


def _body(answer: HttpResponse, asked: str) -> bytes:
    """The answer without what was asked for, which a page may repeat."""
    return answer.content.replace(asked.encode(), b"")


def test_guessing_links_ends_soon(target: Target, nobody: Client) -> None:
    """R20: after a few misses there is no answer but 429, not even for the right link."""
    answers = [
        nobody.get(f"/orders/{secrets.token_urlsafe(24)}/").status_code
        for _ in range(MISSES_ALLOWED + 30)
    ]

    assert answers[:MISSES_ALLOWED] == [404] * MISSES_ALLOWED
    assert set(answers[MISSES_ALLOWED:]) == {429}
    tired = nobody.get(f"/orders/{target.order.access_token}/")
    assert tired.status_code == 429
    assert int(tired["Retry-After"]) > 0


def test_no_id_but_the_token_opens_a_gift(target: Target, customer: Client) -> None:
    """R19, R20: row id, pass, other case or half a token lead nowhere, all alike."""
    token = target.gift.token
    near = [str(target.gift.pk), str(target.gift.session_pass.public_id), token.swapcase(),
            token[:-1], f"{token}x"]  # fmt: skip
    random = customer.get(f"/gifts/{'x' * 32}/")

    for verb in ("", "check/"):
        for guess in near:
            answer = customer.get(f"/gifts/{guess}/{verb}")
            assert (answer.status_code, answer.content) == (404, random.content)
    for verb in ("accept", "decline", "ask", "check"):
        assert customer.post(f"/gifts/{token[:-1]}/{verb}/").status_code == 404
    target.gift.refresh_from_db()
    assert target.gift.is_waiting


@pytest.mark.parametrize("path", ["/orders/{}/", "/checkout/return/{}/"])
def test_an_order_s_page_stays_between_the_shop_and_its_reader(
    target: Target, nobody: Client, path: str
) -> None:
    """R20: no cache keeps it, no referrer tells it, and 128 random bits or more lead to it."""
    answer = nobody.get(path.format(target.order.access_token))

    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["X-Robots-Tag"] == "noindex"
    assert re.fullmatch(r"[A-Za-z0-9_-]{22,}", target.order.access_token)


def test_checkout_takes_only_the_fields_it_shows(target: Target, nobody: Client) -> None:
    """R8, R21: prices, status and owner in the form are nobody's business."""
    nobody.post("/basket/add/", {"sku": target.package.sku, "quantity": "1"})
    basket = Basket.objects.exclude(orders=target.order).get()
    columns = {field.attname: "1" for field in Order._meta.concrete_fields}
    columns |= {"status": "PAID", "paid_minor": "1", "total_minor": "1", "user": "1", "total": "1"}

    answer = nobody.post(
        "/checkout/",
        {
            **columns,
            "email": "me@example.com",
            "name": "Me",
            "phone": "",
            "accept_terms": "on",
            "checkout_token": basket.checkout_token,
            "agreed_total_minor": "42000",
        },
    )

    assert answer.status_code == 303
    order = Order.objects.exclude(pk=target.order.pk).get()
    assert order.status == OrderStatus.AWAITING_PAYMENT
    assert order.user is None
    assert (order.total_minor, order.paid_minor, order.refunded_minor) == (42000, 0, 0)
    assert order.number != "1"
    assert order.access_token != "1"


def test_a_basket_takes_only_an_offer_and_a_quantity(target: Target, nobody: Client) -> None:
    """R8, R21: a price in the form changes nothing."""
    fields = {"price_minor": "1", "unit_price": "0.01", "price_seen_minor": "1", "total": "1"}
    nobody.post("/basket/add/", {"sku": target.product.sku, "quantity": "2", **fields})

    line = Basket.objects.exclude(orders=target.order).get().lines.get()

    assert (line.quantity, line.price_seen_minor) == (2, target.product.price_minor)


def test_signing_in_takes_only_an_address(target: Target, nobody: Client) -> None:
    """R21: nobody makes themselves staff."""
    columns = {field.attname: "1" for field in User._meta.concrete_fields if field.name != "email"}
    before = User.objects.count()

    nobody.post("/account/login/", {**columns, "login": "new@example.com", "password": ""})
    nobody.post("/account/signup/", {**columns, "email": "new@example.com"})

    assert User.objects.count() == before
    assert not User.objects.filter(is_staff=True).exists()
    assert not User.objects.filter(is_superuser=True).exists()


def test_orders_of_others_do_not_show_in_an_account(target: Target, customer: Client) -> None:
    """R19: a list holds one's own."""
    for path in ("/account/", "/account/orders/"):
        assert target.order.number.encode() not in customer.get(path).content
    assert buying.DETAILS.email != target.customer.email
