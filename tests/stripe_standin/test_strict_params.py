"""The API takes exactly the parameters of version 2026-10-28.endive and nothing else."""

from typing import Any

import pytest
import stripe

from stripe_standin import API_VERSION, strict_params
from stripe_standin.endpoints import HANDLERS
from tests.stripe_standin.shop import START, Client, line, order


def refused(client: Client, params: Any) -> Any:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.checkout.sessions.create(params)
    assert client.v1.checkout.sessions.list().data == []
    return caught.value


def test_the_version_is_the_one_of_the_installed_package() -> None:
    assert stripe.api_version == API_VERSION


def test_every_endpoint_with_parameters_has_a_handler_and_the_other_way_round() -> None:
    assert set(strict_params.PARAMS) == set(HANDLERS)


@pytest.mark.parametrize(
    ("more", "code", "param"),
    [
        ({"payment_method_types": ["card"]}, "payment_method_types_no_longer_supported", None),
        ({"submit_typ": "pay"}, "parameter_unknown", "submit_typ"),
        ({"automatic_tax": {"enabled": True, "x": 1}}, "parameter_unknown", "automatic_tax[x]"),
        ({"ui_mode": "hosted"}, None, "ui_mode"),
        ({"ui_mode": "embedded"}, None, "ui_mode"),
        ({"ui_mode": "custom"}, None, "ui_mode"),
        ({"expires_at": "soon"}, "parameter_invalid_integer", "expires_at"),
        (
            {"automatic_tax": {"liability": {"type": "self"}}},
            "parameter_missing",
            "automatic_tax[enabled]",
        ),
        ({"automatic_tax": {"enabled": "True"}}, None, "automatic_tax[enabled]"),
        ({"client_reference_id": ""}, "parameter_invalid_empty", "client_reference_id"),
        ({"metadata": {"a": {"b": "c"}}}, None, "metadata[a]"),
        ({"line_items": [{"price_data": "x"}]}, None, "line_items[0][price_data]"),
        ({"expand": ["nothing"]}, None, "expand"),
    ],
)
def test_a_parameter_stripe_would_refuse_is_a_400_that_names_it(
    client: Client, more: Any, code: str | None, param: str | None
) -> None:
    error = refused(client, order(**more))

    assert error.http_status == 400
    assert error.code == code
    assert error.param == (param or next(iter(more)))


def test_the_error_has_stripes_shape(client: Client) -> None:
    error = refused(client, order(colour="red"))

    assert error.json_body == {
        "error": {
            "message": "Received unknown parameter: colour",
            "type": "invalid_request_error",
            "code": "parameter_unknown",
            "doc_url": "https://docs.stripe.com/error-codes/parameter-unknown",
            "param": "colour",
        }
    }
    assert error.request_id.startswith("req_")


def test_the_unknown_is_named_deep_inside_a_line(client: Client) -> None:
    item = line()
    item["price_data"]["product_data"]["colour"] = "red"

    error = refused(client, order(line_items=[line(), item]))

    assert error.param == "line_items[1][price_data][product_data][colour]"


@pytest.mark.parametrize("seconds", [1_800, 86_400])
def test_a_session_may_live_from_thirty_minutes_to_a_day(client: Client, seconds: int) -> None:
    session = client.v1.checkout.sessions.create(order(expires_at=START + seconds))

    assert session.expires_at == START + seconds


@pytest.mark.parametrize("seconds", [-1, 0, 1_799, 86_401])
def test_a_shorter_or_longer_life_is_refused(client: Client, seconds: int) -> None:
    error = refused(client, order(expires_at=START + seconds))

    assert error.param == "expires_at"


@pytest.mark.parametrize(
    ("more", "param"),
    [
        ({"line_items": [line() for _ in range(101)]}, "line_items"),
        ({"line_items": [line(-1)]}, "line_items[0][price_data][unit_amount]"),
        ({"line_items": [line(quantity=0)]}, "line_items[0][quantity]"),
        ({"line_items": [line(), line(currency="usd")]}, "line_items"),
        ({"line_items": [line(currency="xxx")]}, "currency"),
        ({"line_items": [{"price": "price_1", "quantity": 1}]}, "line_items[0][price]"),
        ({"metadata": {f"k{n}": "v" for n in range(51)}}, "metadata"),
        ({"metadata": {"k" * 41: "v"}}, "metadata"),
        ({"metadata": {"k": "v" * 501}}, "metadata[k]"),
        ({"payment_intent_data": {"metadata": {"k": "v" * 501}}}, None),
        ({"success_url": "shop.test/thanks"}, "success_url"),
        ({"cancel_url": "javascript:alert(1)"}, "cancel_url"),
        ({"success_url": "http://shop.test/\r\nX: y"}, "success_url"),
        ({"customer_email": "nobody"}, "customer_email"),
        ({"customer": "cus_none"}, "customer"),
        ({"customer": "cus_1", "customer_email": "a@example.com"}, "customer_email"),
        (
            {"discounts": [{"coupon": "X"}], "allow_promotion_codes": True},
            "allow_promotion_codes",
        ),
        ({"discounts": [{"coupon": "X"}]}, "discounts[0][coupon]"),
        ({"mode": "subscription"}, "mode"),
    ],
)
def test_what_the_schema_cannot_say_is_refused_too(
    client: Client, more: Any, param: str | None
) -> None:
    error = refused(client, order(**more))

    assert error.http_status == 400
    assert error.param == (param or "payment_intent_data[metadata][k]")


@pytest.mark.parametrize("name", ["mode", "line_items", "success_url"])
def test_a_session_needs_mode_lines_and_a_success_url(client: Client, name: str) -> None:
    params = order()
    del params[name]

    assert refused(client, params).param == name


def test_the_limits_themselves_are_allowed(client: Client) -> None:
    session = client.v1.checkout.sessions.create(
        order(
            line_items=[line(100, name=f"Item {n}") for n in range(100)],
            metadata={f"{n:040}": "v" * 500 for n in range(50)},
        )
    )

    assert session.amount_total == 10_000
    assert len(session.metadata.to_dict()) == 50


@pytest.mark.parametrize(("amount", "code"), [(49, "amount_too_small"), (50, None), (0, None)])
def test_the_total_is_at_least_fifty_cents_or_nothing(
    client: Client, amount: int, code: str | None
) -> None:
    if code:
        assert refused(client, order(line_items=[line(amount)])).code == code
    else:
        made = client.v1.checkout.sessions.create(order(line_items=[line(amount)]))
        assert made.amount_total == amount


def test_tax_is_nineteen_percent_inside_or_on_top(client: Client) -> None:
    taxed = {"automatic_tax": {"enabled": True}}
    inside = client.v1.checkout.sessions.create(
        order(line_items=[line(11_900, tax_behavior="inclusive")], **taxed)
    )
    on_top = client.v1.checkout.sessions.create(
        order(line_items=[line(10_000, tax_behavior="exclusive")], **taxed)
    )
    untaxed = client.v1.checkout.sessions.create(order(line_items=[line(11_900)]))

    assert (inside.amount_total, inside.total_details.amount_tax) == (11_900, 1_900)
    assert (on_top.amount_total, on_top.total_details.amount_tax) == (11_900, 1_900)
    assert (untaxed.amount_total, untaxed.total_details.amount_tax) == (11_900, 0)


def test_a_coupon_is_spread_over_the_lines_to_the_cent(client: Client) -> None:
    coupon = client.v1.coupons.create(
        {"amount_off": 1_000, "currency": "eur", "duration": "once", "name": "Spring"}
    )
    session = client.v1.checkout.sessions.create(
        order(
            line_items=[line(1_000), line(1_000), line(1_000)],
            discounts=[{"coupon": coupon.id}],
            expand=["line_items"],
        )
    )

    assert (session.amount_subtotal, session.amount_total) == (3_000, 2_000)
    assert session.total_details.amount_discount == 1_000
    assert [item.amount_discount for item in session.line_items.data] == [334, 333, 333]


@pytest.mark.parametrize("key", ["sk_live_x", "pk_test_x", "rk_live_x", "whsec_x"])
def test_only_test_keys_are_taken(client: Client, key: str) -> None:
    with pytest.raises(stripe.AuthenticationError) as caught:
        client.v1.checkout.sessions.create(order(), {"api_key": key})

    assert caught.value.http_status == 401
    assert key not in str(caught.value)


def test_another_api_version_is_refused(client: Client) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="Invalid Stripe API version"):
        client.v1.checkout.sessions.list(options={"stripe_version": "2024-06-20"})


def test_an_address_stripe_has_but_the_stand_in_has_not_is_a_404(
    client: Client,
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.products.list()

    assert caught.value.http_status == 404
    assert "Unrecognized request URL (GET: /v1/products)" in str(caught.value)


def test_check_takes_python_values_and_says_what_is_wrong() -> None:
    strict_params.check("POST", "/v1/checkout/sessions", order())
    strict_params.check("POST", "/v1/refunds", {"payment_intent": "pi_1", "amount": 100})
    strict_params.check("GET", "/v1/checkout/sessions/cs_test_1", {"expand": ["line_items"]})
    strict_params.check("GET", "/v1/events", None)

    with pytest.raises(strict_params.StrictParamsRefusal, match="unknown parameter: ammount"):
        strict_params.check("POST", "/v1/refunds", {"payment_intent": "pi_1", "ammount": 100})
    with pytest.raises(strict_params.StrictParamsRefusal, match="Invalid integer: 100"):
        strict_params.check("POST", "/v1/refunds", {"payment_intent": "pi_1", "amount": "100"})
    with pytest.raises(strict_params.StrictParamsRefusal, match="no such endpoint"):
        strict_params.check("POST", "/v1/transfers", {})
