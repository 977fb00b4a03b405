"""Saved cards are Stripe's: one customer per account, a page there, and an end with it."""

from datetime import datetime, timedelta
from pathlib import Path

from django.test import Client
from django.utils import timezone
import pytest

from accounts.models import User
from checkout import payments, stripe_customers, stripe_gateway
from checkout.models import Order, Payment, StripeCustomer
from checkout.placement import BuyerDetails
from storefront.account import closing
from stripe_standin.http_message import Request
from tests.accounts.factories import UserFactory
from tests.checkout import buying
from tests.stripe_in_process import StripeInProcess

pytestmark = pytest.mark.django_db
CARD = "4242424242424242"
MADE = "POST /v1/customers"


@pytest.fixture
def at() -> datetime:
    return timezone.now()


@pytest.fixture
def stripe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StripeInProcess:
    fake = StripeInProcess(tmp_path / "stripe.sqlite3")
    monkeypatch.setattr(stripe_gateway, "client", lambda: fake.client)
    monkeypatch.setattr(stripe_gateway, "breaker", stripe_gateway.Breaker())
    return fake


@pytest.fixture
def ada() -> User:
    user: User = UserFactory.create(email="ada@example.com", name="Ada Reyes", verified=True)
    return user


def buy(user: User | None, at: datetime, *, email: str = "ada@example.com") -> Order:
    offer = buying.package(f"MD-{Order.objects.count() + 1}", at=at)
    basket = buying.basket_with((offer, 1), at=at)
    details = BuyerDetails(email=email, name="Ada Reyes")
    return buying.check_out(basket, at=at, details=details, user=user).order


def params(order: Order) -> dict[str, object]:
    found: dict[str, object] = Payment.objects.get(order=order).params
    return found


def test_whoever_is_signed_in_pays_as_their_own_customer_made_once(
    stripe: StripeInProcess, ada: User, at: datetime
) -> None:
    first, second = buy(ada, at), buy(ada, at)

    row = StripeCustomer.objects.get()
    made = stripe.client.v1.customers.retrieve(row.customer_id)
    assert stripe.calls.count(MADE) == 1
    assert (made.email, made.name) == ("ada@example.com", "Ada Reyes")
    assert made["metadata"].to_dict() == {"account": str(ada.pk)}
    for order in (first, second):
        sent = params(order)
        assert sent["customer"] == row.customer_id
        assert sent["saved_payment_method_options"] == {"payment_method_save": "enabled"}
        assert "customer_email" not in sent


@pytest.mark.parametrize("is_signed_in", [True, False])
def test_a_guest_and_whoever_buys_under_another_address_pay_as_ever(
    stripe: StripeInProcess, ada: User, at: datetime, *, is_signed_in: bool
) -> None:
    order = buy(ada if is_signed_in else None, at, email="bea@example.com")

    assert params(order)["customer_email"] == "bea@example.com"
    assert "customer" not in params(order)
    assert MADE not in stripe.calls
    assert not StripeCustomer.objects.exists()


def test_an_answer_that_is_lost_makes_no_second_customer(
    stripe: StripeInProcess, ada: User, at: datetime
) -> None:
    stripe.control("faults", kind="lose_answer", count="2")
    with pytest.raises(stripe_gateway.PaymentServiceUnavailable):
        stripe_customers.ensure(user=ada, at=at)

    made = stripe_customers.ensure(user=ada, at=at)

    (only,) = stripe.client.v1.customers.list().data
    assert only.id == made


def test_while_stripe_is_away_the_order_stands_and_can_be_paid_later(
    stripe: StripeInProcess, ada: User, at: datetime
) -> None:
    stripe.is_down = True
    with pytest.raises(payments.PaymentNotOpened):
        buy(ada, at)
    stripe.is_down = False

    order = Order.objects.get()
    payments.open_payment(order_id=order.pk, at=at)

    assert params(order)["customer"] == StripeCustomer.objects.get().customer_id


def test_a_customer_that_somebody_deleted_at_stripe_is_made_anew(
    stripe: StripeInProcess, ada: User, at: datetime
) -> None:
    gone = stripe_customers.ensure(user=ada, at=at)
    stripe.client.v1.customers.delete(gone)
    with pytest.raises(payments.PaymentRejected):
        buy(ada, at)

    order = Order.objects.get()
    payments.open_payment(order_id=order.pk, at=at)

    newest = Payment.objects.filter(order=order).latest("attempt")
    assert newest.params["customer"] == StripeCustomer.objects.get().customer_id != gone


def page(stripe: StripeInProcess, url: str, body: str = "") -> str:
    """Open a page of the stand-in, or press a button on it."""
    path = "/" + url.split("/", 3)[3]
    headers = {"content-type": "application/x-www-form-urlencoded"}
    method = "POST" if body else "GET"
    answer = stripe.standin.answer(
        Request(method=method, path=path, headers=headers, body=body.encode())
    )
    return answer.body.decode()


def test_a_card_that_is_saved_while_paying_is_seen_and_removed_on_the_page_at_stripe(
    stripe: StripeInProcess, client: Client, ada: User, at: datetime
) -> None:
    client.force_login(ada)
    order = buy(ada, at)
    session = buying.session_id_of(order)
    assert "Save this card" in page(stripe, f"http://x/c/pay/{session}")
    fields = f"card_number={CARD}&card_expiry=12+/+34&card_cvc=123&save_card=yes"
    page(stripe, f"http://x/c/pay/{session}", fields)

    answer = client.post("/account/cards/")
    shown = page(stripe, answer["Location"])

    assert answer.status_code == 303
    assert "Visa, ending in 4242" in shown
    assert "/account/cards/" in shown
    page(stripe, answer["Location"], f"remove={CARD}")
    assert "No card is saved." in page(stripe, answer["Location"])


def test_nothing_is_saved_unless_the_buyer_says_so(
    stripe: StripeInProcess, ada: User, at: datetime
) -> None:
    order = buy(ada, at)
    stripe.pay(buying.session_id_of(order))

    url = stripe_customers.portal_url(user=ada, return_to="https://shop.example/", at=at)

    assert "No card is saved." in page(stripe, url)


def test_the_page_at_stripe_is_refused_kindly_while_stripe_is_away(
    stripe: StripeInProcess, client: Client, ada: User
) -> None:
    client.force_login(ada)
    stripe.is_down = True

    answer = client.post("/account/cards/", follow=True)

    assert answer.status_code == 200
    assert "Stripe does not answer right now" in answer.content.decode()


def test_an_account_that_is_deleted_has_its_customer_deleted_too_once_stripe_is_there(
    stripe: StripeInProcess, ada: User, at: datetime
) -> None:
    customer = stripe_customers.ensure(user=ada, at=at)
    assert stripe_customers.delete_due(at=at) == 0
    closing.close_account(user_id=ada.pk, gives_up_passes=True, at=at)
    stripe.is_down = True
    assert stripe_customers.delete_due(at=at) == 0
    stripe.is_down = False
    assert stripe_customers.delete_due(at=at) == 0

    assert stripe_customers.delete_due(at=at + timedelta(hours=1)) == 1

    assert stripe.client.v1.customers.retrieve(customer).to_dict()["deleted"] is True
    assert not StripeCustomer.objects.exists()


def test_a_customer_that_is_gone_at_stripe_is_gone_here_as_well(
    stripe: StripeInProcess, ada: User, at: datetime
) -> None:
    stripe.client.v1.customers.delete(stripe_customers.ensure(user=ada, at=at))
    stripe_customers.delete_from(user=ada, at=at)

    assert stripe_customers.delete_due(at=at) == 1

    assert not StripeCustomer.objects.exists()


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({}, "Missing required param: customer"),
        ({"customer": "cus_none"}, "No such customer"),
        ({"customer": "cus_none", "configuration": "bpc_1"}, "does not know `configuration`"),
        ({"customer": "cus_none", "page": "cards"}, "page"),
    ],
)
def test_the_portal_is_as_strict_as_stripe(
    stripe: StripeInProcess, sent: dict[str, str], words: str
) -> None:
    with pytest.raises(Exception, match=words):
        stripe.client.v1.billing_portal.sessions.create(params=sent)  # type: ignore[arg-type]
