"""Which function answers which endpoint."""

from collections.abc import Callable
from typing import Any

from stripe_standin.call import Call
from stripe_standin.resources import (
    balance_transactions,
    charges,
    checkout_sessions,
    coupons,
    customers,
    disputes,
    events,
    payment_intents,
    payouts,
    portal_sessions,
    refunds,
)

Handler = Callable[[Call], dict[str, Any]]
HANDLERS: dict[tuple[str, str], Handler] = {
    ("POST", "/v1/checkout/sessions"): checkout_sessions.create,
    ("GET", "/v1/checkout/sessions"): checkout_sessions.index,
    ("GET", "/v1/checkout/sessions/{id}"): checkout_sessions.retrieve,
    ("POST", "/v1/checkout/sessions/{id}"): checkout_sessions.update,
    ("GET", "/v1/checkout/sessions/{id}/line_items"): checkout_sessions.line_items,
    ("POST", "/v1/checkout/sessions/{id}/expire"): checkout_sessions.expire,
    ("POST", "/v1/refunds"): refunds.create,
    ("GET", "/v1/refunds"): refunds.index,
    ("GET", "/v1/refunds/{id}"): refunds.retrieve,
    ("POST", "/v1/refunds/{id}"): refunds.update,
    ("GET", "/v1/payment_intents"): payment_intents.index,
    ("GET", "/v1/payment_intents/{id}"): payment_intents.retrieve,
    ("GET", "/v1/charges"): charges.index,
    ("GET", "/v1/charges/{id}"): charges.retrieve,
    ("GET", "/v1/events"): events.index,
    ("GET", "/v1/events/{id}"): events.retrieve,
    ("POST", "/v1/customers"): customers.create,
    ("GET", "/v1/customers"): customers.index,
    ("GET", "/v1/customers/{id}"): customers.retrieve,
    ("POST", "/v1/customers/{id}"): customers.update,
    ("DELETE", "/v1/customers/{id}"): customers.delete,
    ("POST", "/v1/billing_portal/sessions"): portal_sessions.create,
    ("GET", "/v1/disputes"): disputes.index,
    ("GET", "/v1/disputes/{id}"): disputes.retrieve,
    ("POST", "/v1/coupons"): coupons.create,
    ("GET", "/v1/coupons/{id}"): coupons.retrieve,
    ("GET", "/v1/balance_transactions"): balance_transactions.index,
    ("GET", "/v1/balance_transactions/{id}"): balance_transactions.retrieve,
    ("GET", "/v1/payouts"): payouts.index,
    ("GET", "/v1/payouts/{id}"): payouts.retrieve,
}
