"""The pay form: what it asks for, what it refuses, and whom it takes orders from."""

from typing import Any

import pytest

from stripe_standin.app import Standin
from tests.stripe_standin.shop import (
    CARD,
    START,
    Client,
    Clock,
    Endpoint,
    client_of,
    get,
    line,
    order,
    pay,
    post,
)


def made(client: Client, **more: Any) -> Any:
    return client.v1.checkout.sessions.create(order(**more))


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("card_number", "4242 4242 4242 4241", "Your card number is invalid."),
        ("card_number", "4111 1111 1111 1111", "This is not a test card."),
        ("card_expiry", "13 / 34", "Enter month and year"),
        ("card_expiry", "01 / 20", "expiry date is in the past"),
        ("card_cvc", "12", "Enter the 3 digits"),
        ("email", "nobody", "Enter an e-mail address"),
        ("method", "cash", "Choose how to pay."),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_paid(
    standin: Standin, client: Client, field: str, value: str, message: str
) -> None:
    session = made(client)

    answer = pay(standin, session.id, **{field: value})

    page = answer.body.decode()
    assert answer.status == 200
    assert message in page.replace("&#x27;", "'")
    assert f'href="#{field}"' in page
    assert client.v1.payment_intents.list().data == []


def test_a_quick_button_fills_in_the_card_and_keeps_the_rest(
    standin: Standin, client: Client
) -> None:
    session = made(client)

    answer = post(standin, f"/c/pay/{session.id}", fill="4000000000009995", email="ada@example.com")

    page = answer.body.decode()
    assert answer.status == 200
    assert 'value="4000 0000 0000 9995"' in page
    assert 'value="12 / 34"' in page
    assert 'value="ada@example.com"' in page


def test_an_address_the_shop_gave_cannot_be_changed(standin: Standin, client: Client) -> None:
    session = made(client, customer_email="known@example.com")

    shown = get(standin, f"/c/pay/{session.id}")
    pay(standin, session.id, email="other@example.com")

    assert b"readonly" in shown.body
    done = client.v1.checkout.sessions.retrieve(session.id)
    assert done.customer_details.email == "known@example.com"


def test_nothing_to_pay_completes_without_a_card_or_a_payment(
    standin: Standin, client: Client
) -> None:
    session = made(client, line_items=[line(0)])

    shown = get(standin, f"/c/pay/{session.id}")
    post(standin, f"/c/pay/{session.id}", email="ada@example.com", action="pay")

    assert b"Complete the order" in shown.body
    assert b"card_number" not in shown.body
    done = client.v1.checkout.sessions.retrieve(session.id)
    assert (done.status, done.payment_status) == ("complete", "no_payment_required")
    assert done.payment_intent is None


def rate(amount: int, name: str) -> Any:
    fixed = {"amount": amount, "currency": "eur"}
    return {
        "shipping_rate_data": {"display_name": name, "type": "fixed_amount", "fixed_amount": fixed}
    }


def test_an_address_and_a_shipping_rate_are_asked_for_only_when_wanted(
    standin: Standin, client: Client
) -> None:
    plain = made(client)
    session = made(
        client,
        shipping_address_collection={"allowed_countries": ["DE", "AT"]},
        shipping_options=[rate(490, "Standard"), rate(990, "Express")],
    )
    express = session.shipping_options[1].shipping_rate

    missing = pay(standin, session.id)
    pay(
        standin,
        session.id,
        shipping_name="Ada Byron",
        line1="Lindenweg 1",
        postal_code="10115",
        city="Berlin",
        country="DE",
        shipping_rate=express,
    )

    assert b"Shipping" not in get(standin, f"/c/pay/{plain.id}").body
    assert b"Enter the postcode." in missing.body
    assert session.amount_total == 1900 + 490
    done = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]})
    assert done.amount_total == 1900 + 990
    assert done.payment_intent.amount == 1900 + 990
    assert done.shipping_cost.shipping_rate == express
    assert done.collected_information.shipping_details.name == "Ada Byron"
    assert done.collected_information.shipping_details.address.postal_code == "10115"


def test_a_total_that_changed_with_the_shipping_is_shown_before_it_is_paid(
    standin: Standin, client: Client
) -> None:
    session = made(client, shipping_options=[rate(490, "Standard"), rate(990, "Express")])
    express = session.shipping_options[1].shipping_rate

    shown = pay(standin, session.id, shipping_rate=express, shown_total=2390)
    agreed = pay(standin, session.id, shipping_rate=express, shown_total=2890)

    assert (shown.status, agreed.status) == (200, 303)
    assert b"The total has changed with the shipping." in shown.body
    assert 'name="shown_total" value="2890"' in shown.body.decode()
    assert client.v1.checkout.sessions.retrieve(session.id).amount_total == 2890


def test_the_terms_must_be_agreed_to_when_the_session_asks(
    standin: Standin, client: Client
) -> None:
    session = made(client, consent_collection={"terms_of_service": "required"})

    refused = pay(standin, session.id)
    pay(standin, session.id, terms="yes")

    assert b"Agree to the terms to go on." in refused.body
    done = client.v1.checkout.sessions.retrieve(session.id)
    assert done.consent.terms_of_service == "accepted"


def test_a_paid_an_expired_and_an_unknown_page_say_what_they_are(
    standin: Standin, client: Client
) -> None:
    paid, expired = made(client), made(client)
    pay(standin, paid.id)
    client.v1.checkout.sessions.expire(expired.id)

    assert b"This has been paid" in get(standin, f"/c/pay/{paid.id}").body
    gone = get(standin, f"/c/pay/{expired.id}")
    assert (gone.status, b"has expired" in gone.body) == (410, True)
    assert get(standin, "/c/pay/cs_test_nothing").status == 404
    assert pay(standin, expired.id).headers["Location"] == f"/c/pay/{expired.id}"
    assert client.v1.checkout.sessions.retrieve(expired.id).status == "expired"


def test_a_session_cannot_be_paid_once_its_time_is_over(
    standin: Standin, client: Client, clock: Clock, endpoint: Endpoint
) -> None:
    session = made(client, expires_at=START + 1_800)
    clock.at = START + 1_800

    pay(standin, session.id)

    assert client.v1.checkout.sessions.retrieve(session.id).status == "expired"
    standin.deliver_due()
    assert endpoint.types == ["checkout.session.expired"]


def test_the_page_allows_no_script_and_only_the_shop_as_target(
    standin: Standin, client: Client
) -> None:
    session = made(client)

    answer = get(standin, f"/c/pay/{session.id}")

    assert answer.headers["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
        "frame-ancestors 'none'; form-action 'self' http://shop.test"
    )
    assert b"Test payment page, not Stripe" in answer.body
    assert b"<script" not in answer.body


def test_what_the_shop_sends_is_escaped_on_the_page(standin: Standin, client: Client) -> None:
    session = made(client, line_items=[line(name='<img src=x onerror="1">${x}')])

    page = get(standin, f"/c/pay/{session.id}").body

    assert b"<img" not in page
    assert b"&lt;img src=x onerror=&quot;1&quot;&gt;${x}" in page


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.test"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"origin": "http://127.0.0.1:8000"},
    ],
)
def test_posts_from_another_site_are_refused_and_pay_nothing(
    standin: Standin, client: Client, headers: dict[str, str]
) -> None:
    session = made(client)

    paying = post(standin, f"/c/pay/{session.id}", headers=headers, **CARD)
    ordering = post(standin, "/control/faults", headers=headers, kind="500")

    assert (paying.status, ordering.status) == (403, 403)
    assert client.v1.checkout.sessions.retrieve(session.id).status == "open"


def test_a_post_from_its_own_page_is_taken(standin: Standin, client: Client) -> None:
    session = made(client)
    headers = {"origin": "http://127.0.0.1:12111", "sec-fetch-site": "same-origin"}

    answer = post(standin, f"/c/pay/{session.id}", headers=headers, **CARD)

    assert answer.status == 303


def test_the_customer_of_a_session_prefills_the_address(standin: Standin) -> None:
    client = client_of(standin)
    customer = client.v1.customers.create({"email": "grace@example.com", "name": "Grace"})
    session = made(client, customer=customer.id)

    pay(standin, session.id, email="other@example.com")

    done = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["customer"]})
    assert done.customer.name == "Grace"
    assert done.customer_details.email == "grace@example.com"
