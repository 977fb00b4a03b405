"""The only interpreter between the shop and Stripe; its words stop here.

Beyond this file nobody sees a Stripe object: calls answer with the dataclasses of
`checkout.stripe_objects`, failures are `PaymentServiceUnavailable` (try again, with the same
key) or `PaymentServiceRefused` (the same call will be refused again). No call is made while a
database transaction is open.
"""

import json
import logging
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache, partial
from typing import Any, TypeVar

from django.conf import settings
from django.db import connection
import stripe

from checkout.stripe_objects import (
    Booking,
    CheckoutSession,
    Notice,
    StripeDispute,
    StripeRefund,
)

Answer = TypeVar("Answer")

log = logging.getLogger(__name__)

# One call takes at most 1.5 + 3.5 s, and only a quick failure is tried twice, so that a
# customer is answered within 6 s.
CONNECT_SECONDS = 1.5
READ_SECONDS = 3.5
SECOND_TRY_WITHIN_SECONDS = 0.5
# Stripe's libraries refuse notices older than this; we refuse those from the future as well.
SIGNATURE_TOLERANCE_SECONDS = 300


class PaymentServiceUnavailable(Exception):
    """Stripe did not answer, or not in a way that decides anything. Try again, same key."""


class PaymentServiceBusy(PaymentServiceUnavailable):
    """Another call with the same idempotency key is being answered at this moment."""


class PaymentServiceRefused(Exception):
    """Stripe said no for good. `code` is its short word for why."""

    def __init__(self, message: str, code: str = "") -> None:
        super().__init__(message)
        self.code = code


class NoticeForged(Exception):
    """A webhook body was not signed by Stripe for us, or too long ago, or in the future."""


class NetworkInsideTransaction(RuntimeError):
    """A call to Stripe was about to be made while a database transaction was open."""


@dataclass(slots=True)
class Breaker:
    """Stops asking for a while after several failures in a row; one per process."""

    failures_to_open: int = 5
    seconds_open: float = 20.0
    failures: int = 0
    open_until: float = 0.0
    clock: Callable[[], float] = field(default=time.monotonic)

    def refuses(self) -> bool:
        return self.clock() < self.open_until

    def record(self, *, success: bool) -> None:
        self.failures = 0 if success else self.failures + 1
        if self.failures >= self.failures_to_open:
            self.open_until = self.clock() + self.seconds_open
            self.failures = 0


breaker = Breaker()


def is_live() -> bool:
    """Return whether the configured key moves real money."""
    return "_live_" in settings.STRIPE_SECRET_KEY


@lru_cache(maxsize=8)
def _client(key: str, api_base: str) -> stripe.StripeClient:
    addresses: Any = {"api": api_base} if api_base else {}
    return stripe.StripeClient(
        key,
        base_addresses=addresses,
        max_network_retries=0,
        http_client=stripe.RequestsClient(timeout=(CONNECT_SECONDS, READ_SECONDS)),
    )


def client() -> stripe.StripeClient:
    """Return the client for the configured key and address."""
    return _client(settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE)


def open_checkout(*, params: Mapping[str, Any], idempotency_key: str) -> CheckoutSession:
    """Create a Checkout Session, or get the one that the same key created before.

    :raises PaymentServiceUnavailable: if no answer came; repeat with the same key and params.
    :raises PaymentServiceRefused: if Stripe rejects the params.
    """
    sent: Any = dict(params)
    return _ask(
        lambda: _session(
            client().v1.checkout.sessions.create(
                params=sent, options={"idempotency_key": idempotency_key}
            )
        )
    )


def fetch_checkout(session_id: str) -> CheckoutSession:
    """Read a Checkout Session with the state of its payment.

    :raises PaymentServiceRefused: with code ``resource_missing`` if there is none.
    """
    return _ask(
        lambda: _session(
            client().v1.checkout.sessions.retrieve(
                session_id, params={"expand": ["payment_intent"]}
            )
        )
    )


def line_taxes(session_id: str) -> tuple[int, ...]:
    """Return the tax in each line item, minor units, in the order in which they were sent."""
    fetch = partial(client().v1.checkout.sessions.line_items.list, session_id)
    return tuple(_pages(fetch, {"limit": 100}, lambda item: int(item.amount_tax)))


def expire_checkout(session_id: str) -> CheckoutSession:
    """Make an open session unpayable; one that is no longer open is returned as it is."""
    try:
        return _ask(lambda: _session(client().v1.checkout.sessions.expire(session_id)))
    except PaymentServiceRefused:
        session = fetch_checkout(session_id)
        if session.status == "open":
            raise
        return session


def checkouts_since(moment: datetime) -> Iterator[CheckoutSession]:
    """Yield every session created since a moment, newest first."""
    wanted: dict[str, object] = {
        "created": {"gte": int(moment.timestamp())},
        "limit": 100,
        "expand": ["data.payment_intent"],
    }
    yield from _pages(client().v1.checkout.sessions.list, wanted, _session)


def refund(
    *, payment_intent: str, amount_minor: int, metadata: Mapping[str, str], idempotency_key: str
) -> StripeRefund:
    """Send money back; the same key sends it once.

    :param amount_minor: minor units of the payment's currency.
    """
    return _ask(
        lambda: _refund(
            client().v1.refunds.create(
                params={
                    "payment_intent": payment_intent,
                    "amount": amount_minor,
                    "metadata": dict(metadata),
                },
                options={"idempotency_key": idempotency_key},
            )
        )
    )


def fetch_refund(refund_id: str) -> StripeRefund:
    """Read a refund as it stands now."""
    return _ask(lambda: _refund(client().v1.refunds.retrieve(refund_id)))


def refunds_since(moment: datetime) -> Iterator[StripeRefund]:
    """Yield every refund created since a moment, newest first."""
    wanted: dict[str, object] = {"created": {"gte": int(moment.timestamp())}, "limit": 100}
    yield from _pages(client().v1.refunds.list, wanted, _refund)


def bookings(*, since: datetime, until: datetime) -> Iterator[Booking]:
    """Yield every movement on the balance between two moments, newest first."""
    wanted: dict[str, object] = {
        "created": {"gte": int(since.timestamp()), "lte": int(until.timestamp())},
        "limit": 100,
        "expand": ["data.source"],
    }
    yield from _pages(client().v1.balance_transactions.list, wanted, _booking)


def fetch_dispute(dispute_id: str) -> StripeDispute:
    """Read a dispute as it stands now."""
    return _ask(lambda: _dispute(client().v1.disputes.retrieve(dispute_id)))


def create_customer(*, params: Mapping[str, Any], idempotency_key: str) -> str:
    """Make a customer and return its id; the same key makes it once."""
    sent: Any = dict(params)
    options: Any = {"idempotency_key": idempotency_key}
    return _ask(lambda: str(client().v1.customers.create(params=sent, options=options).id))


def portal_url(*, customer_id: str, return_to: str) -> str:
    """Open the page of a customer's saved cards and return its address; good for minutes.

    :raises PaymentServiceRefused: with code ``resource_missing`` if Stripe has no such customer.
    """
    sent: Any = {"customer": customer_id, "return_url": return_to, "locale": "en"}
    return _ask(lambda: str(client().v1.billing_portal.sessions.create(params=sent).url))


def delete_customer(customer_id: str) -> None:
    """Delete a customer with its saved cards; payments that were made stay.

    :raises PaymentServiceRefused: with code ``resource_missing`` if there is none.
    """
    _ask(lambda: client().v1.customers.delete(customer_id))


def undelivered_notices(types: list[str], since: datetime) -> Iterator[Notice]:
    """Yield the notices that Stripe could not deliver to us, newest first."""
    wanted: dict[str, object] = {
        "delivery_success": False,
        "types": types,
        "created": {"gte": int(since.timestamp())},
        "limit": 100,
    }
    yield from _pages(client().v1.events.list, wanted, _notice)


def read_notice(*, body: bytes, signature: str, at: datetime) -> Notice:
    """Verify a webhook's signature and age and return what it is about.

    Accepts both shapes that Stripe sends: snapshot events carry the object, thin ones name it.

    :raises NoticeForged: if the signature, the age or the mode is not right.
    """
    if not settings.STRIPE_WEBHOOK_SECRET:
        raise NoticeForged("no webhook secret is configured")
    try:
        text = body.decode()
        stripe.WebhookSignature.verify_header(
            text, signature, settings.STRIPE_WEBHOOK_SECRET, tolerance=SIGNATURE_TOLERANCE_SECONDS
        )
        signed_at = int(dict(part.split("=", 1) for part in signature.split(","))["t"])
        notice = Notice.read(json.loads(text))
    except (
        stripe.SignatureVerificationError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
    ) as error:
        raise NoticeForged(type(error).__name__) from error
    if signed_at > at.timestamp() + SIGNATURE_TOLERANCE_SECONDS:
        raise NoticeForged("signed in the future")
    if notice.livemode != is_live():
        raise NoticeForged("sent in the other mode")
    return notice


def _ask(call: Callable[[], Answer]) -> Answer:
    if any(not getattr(block, "_from_testcase", False) for block in connection.atomic_blocks):
        raise NetworkInsideTransaction("commit before calling Stripe")
    if breaker.refuses():
        raise PaymentServiceUnavailable("Stripe failed several times just now")
    started = time.monotonic()
    try:
        answer = _translate(call)
    except PaymentServiceBusy:
        raise
    except PaymentServiceUnavailable:
        if time.monotonic() - started > SECOND_TRY_WITHIN_SECONDS:
            breaker.record(success=False)
            raise
        time.sleep(0.25)
        try:
            answer = _translate(call)
        except PaymentServiceUnavailable:
            breaker.record(success=False)
            raise
    breaker.record(success=True)
    return answer


def _translate(call: Callable[[], Answer]) -> Answer:
    try:
        return call()
    except stripe.StripeError as error:
        status = error.http_status
        is_our_fault = status in {401, 403}
        if is_our_fault:
            log.error("Stripe rejects the configured key: %s", type(error).__name__)
        if status == 409:
            raise PaymentServiceBusy(error.code or "") from error
        if isinstance(error, stripe.APIError | stripe.APIConnectionError) or (
            status is None or status >= 500 or status == 429 or is_our_fault
        ):
            raise PaymentServiceUnavailable(type(error).__name__) from error
        raise PaymentServiceRefused(
            error.user_message or type(error).__name__, error.code or ""
        ) from error
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        log.exception("Stripe's answer could not be read")
        raise PaymentServiceUnavailable("Stripe's answer could not be read") from error


def _pages(
    fetch: Callable[..., Any], wanted: Mapping[str, object], read: Callable[[Any], Answer]
) -> Iterator[Answer]:
    params = dict(wanted)
    while True:
        answers, last_id = _ask(partial(_page, fetch, params, read))
        yield from answers
        if not last_id:
            return
        params["starting_after"] = last_id


def _page(
    fetch: Callable[..., Any], params: Mapping[str, object], read: Callable[[Any], Answer]
) -> tuple[list[Answer], str]:
    page = fetch(params=dict(params))
    return [read(item) for item in page.data], page.data[-1].id if page.has_more else ""


def _session(answer: Any) -> CheckoutSession:
    return CheckoutSession.read(answer.to_dict())


def _refund(answer: Any) -> StripeRefund:
    return StripeRefund.read(answer.to_dict())


def _dispute(answer: Any) -> StripeDispute:
    return StripeDispute.read(answer.to_dict())


def _booking(answer: Any) -> Booking:
    return Booking.read(answer.to_dict())


def _notice(answer: Any) -> Notice:
    return Notice.read(answer.to_dict())
