"""Sessions of the customer portal: a short-lived page of one customer's saved cards."""

from typing import Any

from stripe_standin.call import Call, new_id
from stripe_standin.errors import invalid_parameter, missing_parameter, missing_resource
from stripe_standin.resources.session_checks import is_web_address
from stripe_standin.store import Record

KIND = "billing_portal.session"
LIFE = 300
UNKNOWN_HERE = (
    "after_expiration",
    "configuration",
    "customer_account",
    "flow_data",
    "on_behalf_of",
)


def create(call: Call) -> dict[str, Any]:
    """Answer `POST /v1/billing_portal/sessions`.

    :raises ApiRefusal: with Stripe's error for the first fault.
    """
    params = call.params
    for name in UNKNOWN_HERE:
        if name in params:
            raise invalid_parameter(name, f"The stand-in does not know `{name}` of the portal.")
    customer = params.get("customer")
    if customer is None:
        raise missing_parameter("customer")
    if call.tx.find("customer", customer) is None:
        raise missing_resource("customer", customer, param="customer", status=400)
    if "return_url" in params and not is_web_address(params["return_url"]):
        raise invalid_parameter("return_url", "Not a valid URL", code="url_invalid")
    key = new_id("bps", size=12)
    body = {
        "id": key,
        "object": KIND,
        "configuration": "bpc_standin",
        "created": call.now,
        "customer": customer,
        "customer_account": None,
        "flow": None,
        "livemode": False,
        "locale": params.get("locale"),
        "on_behalf_of": None,
        "return_url": params.get("return_url"),
        "url": f"{call.site.public_url}/p/session/{key}",
    }
    return call.tx.add(Record(KIND, body)).body
