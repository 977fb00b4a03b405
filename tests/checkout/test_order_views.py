"""Checkout and order pages: what is posted, what is shown, who may look."""

from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.core.mail import EmailMessage
from django.http import Http404
from django.test import Client, RequestFactory
from django.urls import reverse
import pytest
from pytest_django.asserts import assertContains

from catalog import prices
from checkout import basket_cookie, payments
from checkout.models import Basket, Order, OrderStatus
from checkout.order_links import order_behind
from tests.checkout.buying import basket_with, check_out, courier, package, product, session_id_of
from tests.stripe_in_process import StripeInProcess

pytestmark = pytest.mark.django_db

BUYER = {
    "email": "Ada@Example.com",
    "name": "Ada Lindqvist",
    "phone": "",
    "line1": "Turmstr. 4",
    "line2": "",
    "postcode": "10559",
    "city": "Berlin",
    "accept_terms": "on",
}


@pytest.fixture
def basket(client: Client, stripe: StripeInProcess, at: datetime) -> Basket:
    """A guest's basket with one product, known to the client by its cookie."""
    courier()
    product(at=at)
    client.post(reverse("checkout:basket_add"), {"sku": "WASH-250", "quantity": "1"})
    return Basket.objects.get()


def pay(client: Client, basket: Basket, **changes: Any) -> Any:
    basket.refresh_from_db()
    fields = {
        **BUYER,
        "checkout_token": basket.checkout_token,
        "agreed_total_minor": "2890",
        **changes,
    }
    return client.post(reverse("checkout:checkout"), fields)


def test_the_checkout_page_of_an_empty_basket_leads_to_the_basket(client: Client) -> None:
    answer = client.get(reverse("checkout:checkout"))

    assert (answer.status_code, answer["Location"]) == (302, reverse("checkout:basket"))


def test_what_is_ordered_stands_before_the_button_that_orders_it(
    client: Client, basket: Basket
) -> None:
    """§ 312j (2) of Germany's civil code: goods and total right before the order is made."""
    page = client.get(reverse("checkout:checkout")).content.decode()

    line, total, button = (
        page.index(words) for words in ("1 × Daily Wash", ">Total<", "Order and pay €")
    )
    assert page.index("Town or city") < line < total < button


def test_placing_an_order_leads_to_stripe(client: Client, basket: Basket) -> None:
    answer = pay(client, basket)

    order = Order.objects.get()
    assert answer.status_code == 303
    assert answer["Location"] == order.payments.get().url
    assert (order.email, order.delivery_city, order.delivery_country) == (
        "ada@example.com",
        "Berlin",
        "DE",
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("price", "1"),
        ("total", "1"),
        ("total_minor", "1"),
        ("unit_price_minor", "1"),
        ("discount", "100"),
        ("delivery_minor", "0"),
        ("currency", "JPY"),
        ("tax", "0"),
        ("status", "PAID"),
        ("paid_minor", "999999"),
        ("country", "CH"),
        ("user", "1"),
    ],
)
def test_what_a_buyer_has_no_say_in_is_ignored(
    client: Client, basket: Basket, field: str, value: str
) -> None:
    """R8, R21: the stored order is what the server computes."""
    pay(client, basket, **{field: value})

    order = Order.objects.get()
    assert (order.total_minor, order.currency, order.status) == (2890, "EUR", "AWAITING_PAYMENT")
    assert (order.paid_minor, order.delivery_country, order.user) == (0, "DE", None)


@pytest.mark.parametrize("agreed", ["0", "1", "2889", "2891", "100000000000"])
def test_a_total_that_was_not_agreed_to_is_shown_not_charged(
    client: Client, basket: Basket, agreed: str
) -> None:
    """R8, R9: the page comes back with the true total and everything that was typed."""
    answer = pay(client, basket, agreed_total_minor=agreed)

    assert answer.status_code == 409
    assert "The total is now €28.90" in answer.content.decode()
    assert 'value="Ada Lindqvist"' in answer.content.decode()
    assert not Order.objects.exists()


@pytest.mark.parametrize("agreed", ["", "-1", "NaN", "1e9", "28.90", "1" * 30, "²"])
def test_a_total_that_is_no_amount_is_refused(client: Client, basket: Basket, agreed: str) -> None:
    assert pay(client, basket, agreed_total_minor=agreed).status_code == 422
    assert not Order.objects.exists()


@pytest.mark.parametrize("field", ["email", "name", "line1", "postcode", "city", "accept_terms"])
def test_a_missing_field_is_named_and_nothing_typed_is_lost(
    client: Client, basket: Basket, field: str
) -> None:
    answer = pay(client, basket, **{field: ""})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert sum(value in page for value in ("Ada@Example.com", "Ada Lindqvist", "10559")) >= 2
    assert not Order.objects.exists()


def test_packages_alone_ask_for_no_address(
    client: Client, stripe: StripeInProcess, at: datetime
) -> None:
    package(at=at)
    client.post(reverse("checkout:basket_add"), {"sku": "MD-6", "quantity": "1"})

    page = client.get(reverse("checkout:checkout")).content.decode()
    answer = pay(client, Basket.objects.get(), agreed_total_minor="42000", line1="", city="")

    assert 'name="line1"' not in page
    assert answer.status_code == 303
    assert Order.objects.get().delivery_city == ""


def test_a_price_change_between_page_and_payment_is_shown_first(
    client: Client, basket: Basket, at: datetime
) -> None:
    """R9: agree to €28.90, the price rises, see €30.90, agree again, pay €30.90."""
    offer = basket.lines.get().offer
    prices.change(offer_id=offer.pk, price_minor=2600, reason="New batch", by=None, at=at)

    refused = pay(client, basket)
    accepted = pay(client, basket, agreed_total_minor="3090")

    assert (refused.status_code, accepted.status_code) == (409, 303)
    assert "€30.90" in refused.content.decode()
    assert Order.objects.get().total_minor == 3090


def test_who_comes_back_to_a_new_price_orders_at_it_and_lands_on_no_cancelled_order(
    client: Client, basket: Basket, at: datetime
) -> None:
    """R9: order for €28.90, go back, see €30.90, agree; the first order makes way for it."""
    pay(client, basket)
    offer = basket.lines.get().offer
    prices.change(offer_id=offer.pk, price_minor=2600, reason="New batch", by=None, at=at)

    asked = pay(client, basket, agreed_total_minor="3090")
    basket.refresh_from_db()
    accepted = pay(client, basket, agreed_total_minor="3090")

    assert (asked.status_code, accepted.status_code) == (409, 303)
    assert f'value="{basket.checkout_token}"' in asked.content.decode()
    assert [(order.status, order.total_minor) for order in Order.objects.order_by("pk")] == [
        ("CANCELLED", 2890),
        ("AWAITING_PAYMENT", 3090),
    ]


def test_a_basket_that_went_into_another_while_stripe_was_slow_orders_nothing(
    client: Client, basket: Basket, monkeypatch: pytest.MonkeyPatch
) -> None:
    check_out = payments.check_out

    def merged_meanwhile(**facts: Any) -> payments.Checkout:
        basket.lines.all().delete()
        Basket.objects.filter(pk=basket.pk).delete()
        return check_out(**facts)

    monkeypatch.setattr(payments, "check_out", merged_meanwhile)

    answer = pay(client, basket)

    assert answer["Location"] == reverse("checkout:basket")
    assert not Order.objects.exists()


def test_when_stripe_is_away_the_buyer_is_told_and_tries_again(
    client: Client, basket: Basket, stripe: StripeInProcess
) -> None:
    """R45: the order is kept, the page says so, the button works once Stripe is back."""
    stripe.is_down = True
    answer = pay(client, basket)
    order = Order.objects.get()
    page = client.get(answer["Location"]).content.decode()
    assert "Your order is kept" in page

    stripe.is_down = False
    retried = client.post(reverse("checkout:order_pay", args=[order.access_token]))

    assert (retried.status_code, retried["Location"]) == (303, order.payments.get().url)


def test_the_landing_page_settles_and_empties_the_basket(
    client: Client, basket: Basket, stripe: StripeInProcess
) -> None:
    pay(client, basket)
    order = Order.objects.get()
    stripe.pay(session_id_of(order))

    answer = client.get(
        reverse("checkout:landing", args=[order.access_token]),
        {"session_id": session_id_of(order)},
    )

    assert answer.context["state"] == "paid"
    assert order.number in answer.content.decode()
    assert answer.cookies[basket_cookie.COUNT_COOKIE].value == "0"
    order.refresh_from_db()
    assert order.status == OrderStatus.PAID


def test_the_paid_page_mails_a_sign_in_code_without_asking_for_the_address(
    client: Client, basket: Basket, stripe: StripeInProcess, mailoutbox: list[EmailMessage]
) -> None:
    pay(client, basket)
    order = Order.objects.get()
    stripe.pay(session_id_of(order))
    page = client.get(
        reverse("checkout:landing", args=[order.access_token]),
        {"session_id": session_id_of(order)},
    )
    assertContains(page, '<input type="hidden" name="login" value="ada@example.com">', html=True)

    answer = client.post(reverse("account_login"), {"login": "ada@example.com"})

    assert answer["Location"] == reverse("account_confirm_login_code")
    assert mailoutbox[-1].to == ["ada@example.com"]


def test_who_comes_from_paying_while_stripe_is_away_is_not_asked_to_pay(
    client: Client, basket: Basket, stripe: StripeInProcess
) -> None:
    """R45: the page says that nobody knows yet; it is told as soon as Stripe is back."""
    pay(client, basket)
    order = Order.objects.get()
    session_id = session_id_of(order)
    stripe.pay(session_id)
    stripe.is_down = True
    landing = reverse("checkout:landing", args=[order.access_token])

    for _ in range(2):  # The second time nobody is asked, so that nobody knows either.
        unheard = client.get(landing, {"session_id": session_id})
        page = unheard.content.decode()
        assert unheard.context["state"] == "unheard"
        assert "Please do not pay again." in page
        assert "data-look-again" in page
        assert reverse("checkout:order_pay", args=[order.access_token]) not in page
        assert reverse("checkout:order_cancel", args=[order.access_token]) not in page

    stripe.is_down = False
    cache.clear()
    assert client.get(landing, {"session_id": session_id}).context["state"] == "paid"


def test_who_comes_back_without_having_paid_can_pay(
    client: Client, basket: Basket, stripe: StripeInProcess
) -> None:
    """Stripe knows that the session is open, so the order page says that it is not paid."""
    pay(client, basket)
    order = Order.objects.get()

    answer = client.get(
        reverse("checkout:landing", args=[order.access_token]),
        {"session_id": session_id_of(order)},
    )

    assert answer.context["state"] == "awaiting_payment"
    assert reverse("checkout:order_pay", args=[order.access_token]) in answer.content.decode()


@pytest.mark.parametrize("is_gone", [True, False])
def test_an_order_without_a_basket_says_why_nothing_was_ordered(
    client: Client, basket: Basket, is_gone: bool
) -> None:
    """A lost cookie, or a basket that was emptied in another tab."""
    if is_gone:
        client.cookies.clear()
    else:
        client.post(reverse("checkout:basket_change"), {"sku": "WASH-250", "remove": ""})

    answer = pay(client, basket)

    assert (answer.status_code, answer["Location"]) == (302, reverse("checkout:basket"))
    assert "Nothing was ordered, because your basket is empty." in client.get("/basket/").text
    assert not Order.objects.exists()


def test_somebody_elses_session_id_settles_nothing_here(
    client: Client, basket: Basket, stripe: StripeInProcess, at: datetime
) -> None:
    pay(client, basket)
    mine = Order.objects.get()
    other = check_out(basket_with((basket.lines.get().offer, 1), at=at), at=at).order
    stripe.pay(session_id_of(other))

    answer = client.get(
        reverse("checkout:landing", args=[mine.access_token]),
        {"session_id": session_id_of(other)},
    )

    assert answer.context["state"] == "awaiting_payment"
    other.refresh_from_db()
    assert other.status == OrderStatus.AWAITING_PAYMENT


def test_an_order_page_is_private(client: Client, basket: Basket) -> None:
    """R20: no cache, no referrer, no search engine."""
    pay(client, basket)
    order = Order.objects.get()

    answer = client.get(reverse("checkout:order", args=[order.access_token]))

    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["X-Robots-Tag"] == "noindex"
    assert len(order.access_token) == 32  # 24 random bytes in base 64


def test_guessing_order_links_ends_early(client: Client, basket: Basket) -> None:
    """R20: every guess misses, and after twenty the answer is 429."""
    pay(client, basket)
    order = Order.objects.get()

    answers = [
        client.get(reverse("checkout:order", args=[f"guess-{number}"])).status_code
        for number in range(25)
    ]

    assert answers == [404] * 20 + [429] * 5
    real = client.get(reverse("checkout:order", args=[order.access_token]))
    assert real.status_code == 429


def test_a_guesser_locks_out_nobody_else_behind_the_same_proxy(
    client: Client, basket: Basket, settings: Any
) -> None:
    """R28: the proxy's word for who asks counts, not the proxy's own address."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    pay(client, basket)
    order = reverse("checkout:order", args=[Order.objects.get().access_token])
    guesser = Client(headers={"X-Forwarded-For": "203.0.113.7"})
    for number in range(25):
        guesser.get(reverse("checkout:order", args=[f"guess-{number}"]))

    answers = [
        Client(headers={"X-Forwarded-For": address}).get(order).status_code
        for address in ("203.0.113.7", "198.51.100.1", "203.0.113.99, 203.0.113.7")
    ]

    assert answers == [429, 200, 429]


def test_a_link_that_cannot_be_one_asks_the_database_nothing(
    at: datetime, django_assert_num_queries: Any
) -> None:
    """R30: a zero byte, which PostgreSQL refuses, is a miss like any other."""
    request = RequestFactory().get("/")

    with django_assert_num_queries(0), pytest.raises(Http404):
        order_behind(request, "guess\0guess\0guess\0guess", at=at)


def test_reloading_the_landing_page_asks_stripe_once(
    client: Client, basket: Basket, stripe: StripeInProcess
) -> None:
    pay(client, basket)
    order = Order.objects.get()
    landing = reverse("checkout:landing", args=[order.access_token])
    session_id = session_id_of(order)
    stripe.calls.clear()

    for _ in range(5):
        client.get(landing, {"session_id": session_id})
    assert len(stripe.calls) == 1

    cache.clear()
    stripe.pay(session_id)
    client.get(landing, {"session_id": session_id})
    cache.clear()
    client.get(landing, {"session_id": session_id})
    assert len(stripe.calls) == 2
    order.refresh_from_db()
    assert order.status == OrderStatus.PAID


def test_an_old_link_leads_nowhere(client: Client, basket: Basket, at: datetime) -> None:
    pay(client, basket)
    order = Order.objects.get()
    Order.objects.update(placed_at=at - timedelta(days=401))

    assert client.get(reverse("checkout:order", args=[order.access_token])).status_code == 404


def test_a_buyer_can_cancel_before_paying_and_not_after(
    client: Client, basket: Basket, stripe: StripeInProcess, at: datetime
) -> None:
    pay(client, basket)
    order = Order.objects.get()
    cancel = reverse("checkout:order_cancel", args=[order.access_token])

    assert client.post(cancel).status_code == 303
    order.refresh_from_db()
    assert order.status == OrderStatus.CANCELLED

    again = client.post(cancel, follow=True)
    assert "can no longer be cancelled" in again.content.decode()
    basket.refresh_from_db()
    assert pay(client, basket).status_code == 303
    assert Order.objects.count() == 2


def test_unpaid_orders_that_expired_can_not_be_paid(
    client: Client, basket: Basket, at: datetime
) -> None:
    pay(client, basket)
    order = Order.objects.get()
    payments.expire_due(at=at + timedelta(hours=1))

    answer = client.post(reverse("checkout:order_pay", args=[order.access_token]))

    assert answer["Location"] == reverse("checkout:order", args=[order.access_token])
