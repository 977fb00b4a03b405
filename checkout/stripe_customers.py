"""The customer that Stripe keeps for an account: made once, shown its cards, deleted with it.

The network is never called inside a transaction: a row with a key is committed first, so whoever
repeats a call that lost its answer gets the same customer.
"""

import datetime as dt
import hashlib
import json
import logging
from collections.abc import Mapping
from typing import Any, Final

from accounts.models import User
from checkout import stripe_gateway
from checkout.models import Order, StripeCustomer

RETRY_AFTER: Final = dt.timedelta(hours=1)
_BATCH: Final = 50

log = logging.getLogger(__name__)


def ensure(*, user: User, at: dt.datetime) -> str:
    """Return the id of an account's customer at Stripe, made there if there is none yet.

    :raises PaymentServiceUnavailable: if Stripe did not answer; repeat it.
    :raises PaymentServiceRefused: if Stripe rejects the account's own facts.
    """
    row, _ = StripeCustomer.objects.get_or_create(
        user=user, is_live=stripe_gateway.is_live(), defaults={"made_at": at}
    )
    if row.customer_id:
        return row.customer_id
    params = _params(user)
    made = stripe_gateway.create_customer(params=params, idempotency_key=_key(row, params))
    StripeCustomer.objects.filter(pk=row.pk, customer_id="").update(customer_id=made)
    row.refresh_from_db()
    return row.customer_id


def ensure_for_order(order: Order, *, at: dt.datetime) -> None:
    """Make sure of the customer of whoever is signed in and buys under their own address.

    Stripe shows and writes to the address of the customer. Who buys under another one than the
    account's has no card kept with that order.

    :raises PaymentServiceUnavailable: if Stripe did not answer; the order can be tried again.
    """
    if not _is_own(order):
        return
    try:
        ensure(user=order.user, at=at)  # type: ignore[arg-type]
    except stripe_gateway.PaymentServiceRefused as refusal:
        # An order without a customer at Stripe can be paid as a guest's can.
        log.error("Stripe refused to make a customer: %s", refusal.code or "no code")


def known_id(order: Order) -> str:
    """Return the customer that an order is paid by; empty for guests, and until one is made."""
    if not _is_own(order):
        return ""
    rows = StripeCustomer.objects.filter(user=order.user_id, is_live=stripe_gateway.is_live())
    return rows.values_list("customer_id", flat=True).first() or ""


def portal_url(*, user: User, return_to: str, at: dt.datetime) -> str:
    """Open the page on which somebody sees and removes their saved cards; return its address.

    :raises PaymentServiceUnavailable: if Stripe did not answer.
    :raises PaymentServiceRefused: if Stripe will not open it, such as when none is set up there.
    """
    customer_id = ensure(user=user, at=at)
    try:
        return stripe_gateway.portal_url(customer_id=customer_id, return_to=return_to)
    except stripe_gateway.PaymentServiceRefused as refusal:
        if refusal.code != "resource_missing":
            raise
    # Somebody has deleted the customer at Stripe: there are no cards, and a new one has none.
    forget(customer_id)
    customer_id = ensure(user=user, at=at)
    return stripe_gateway.portal_url(customer_id=customer_id, return_to=return_to)


def forget(customer_id: str) -> None:
    """Drop our row of a customer that Stripe does not know any more."""
    StripeCustomer.objects.filter(customer_id=customer_id).delete()


def delete_from(*, user: User, at: dt.datetime) -> None:
    """Have the job ask Stripe to delete what it keeps of an account, from a moment on."""
    StripeCustomer.objects.filter(user=user).update(delete_from=at)


def delete_due(*, at: dt.datetime) -> int:
    """Ask Stripe to delete the customers whose accounts are gone; return how many it did.

    One that Stripe does not know is gone already. While Stripe is away they wait for an hour.
    """
    due = StripeCustomer.objects.filter(
        delete_from__lte=at, is_live=stripe_gateway.is_live()
    ).order_by("pk")
    deleted = 0
    for row in list(due[:_BATCH]):
        try:
            if row.customer_id:
                stripe_gateway.delete_customer(row.customer_id)
        except stripe_gateway.PaymentServiceUnavailable:
            due.update(delete_from=at + RETRY_AFTER)
            break
        except stripe_gateway.PaymentServiceRefused as refusal:
            if refusal.code != "resource_missing":
                log.error("Stripe refused to delete a customer: %s", refusal.code or "no code")
                StripeCustomer.objects.filter(pk=row.pk).update(delete_from=at + RETRY_AFTER)
                continue
        row.delete()
        deleted += 1
    return deleted


def _is_own(order: Order) -> bool:
    return order.user is not None and order.user.email.lower() == order.email.lower()


def _params(user: User) -> Mapping[str, Any]:
    named = {"name": user.name} if user.name else {}
    return {"email": user.email, "metadata": {"account": str(user.pk)}, **named}


def _key(row: StripeCustomer, params: Mapping[str, Any]) -> str:
    """Return a key that stands for these very facts: Stripe refuses others under the same one."""
    told = hashlib.sha256(json.dumps(params, sort_keys=True).encode()).hexdigest()
    return f"customer-{row.key}-{told[:16]}"
