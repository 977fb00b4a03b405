"""How events reach the shop: signed, in order, and again until the shop has taken them."""

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from stripe_standin.store import Store

Transport = Callable[[str, Mapping[str, str], bytes], int]
BACKOFF = (2.0, 5.0, 15.0, 60.0, 300.0, 900.0, 3600.0)
TIMEOUT = 10.0
MAX_PARALLEL = 16
NO_ANSWER = 0


def signature(secret: str, payload: bytes, at: int) -> str:
    """Return the `Stripe-Signature` header of a payload (docs.stripe.com/webhooks/signature)."""
    signed = f"{at}.".encode() + payload
    digest = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        """Follow no redirect: Stripe does not either."""


def post_over_http(url: str, headers: Mapping[str, str], payload: bytes) -> int:
    """Send one event over the network; return the answer's status, 0 when none came."""
    opener = build_opener(ProxyHandler({}), _NoRedirect())
    request = Request(url, data=payload, headers=dict(headers), method="POST")  # noqa: S310 - the URL is the owner's own setting
    try:
        with opener.open(request, timeout=TIMEOUT) as answer:
            return int(answer.status)
    except HTTPError as refused:
        refused.close()
        return refused.code
    except (OSError, HTTPException):
        return NO_ANSWER


@dataclass(frozen=True)
class Attempt:
    """One delivery and the status the shop answered with, 0 when it gave no answer."""

    event: str
    status: int

    @property
    def taken(self) -> bool:
        """Return whether the shop has taken the event."""
        return 200 <= self.status < 300


class Webhooks:
    """Deliveries to the one endpoint; without an address nothing is ever sent."""

    def __init__(
        self,
        store: Store,
        *,
        url: str | None,
        secret: str,
        transport: Transport = post_over_http,
        clock: Callable[[], float] = time.time,
        backoff: Sequence[float] = BACKOFF,
    ) -> None:
        self._store = store
        self._url = url
        self._secret = secret
        self._transport = transport
        self._clock = clock
        self._backoff = tuple(backoff)
        self._changed = threading.Condition()
        self.is_running: Callable[[], bool] = lambda: False
        self.wake: Callable[[], None] = lambda: None
        with store.transaction() as tx:
            tx.set("webhook_endpoint", url)
            if url:
                tx.change("UPDATE deliveries SET state = 'pending' WHERE state = 'no_endpoint'")

    @property
    def has_endpoint(self) -> bool:
        """Return whether there is an address to send events to."""
        return bool(self._url)

    def deliver(self, events: Sequence[str], *, parallel: int = 1) -> list[Attempt]:
        """Send these events now, in this order unless several at a time are asked for."""
        if not self._url:
            return []
        with ThreadPoolExecutor(min(max(parallel, 1), MAX_PARALLEL)) as pool:
            return list(pool.map(self._attempt, events))

    def deliver_due(self) -> list[Attempt]:
        """Send, oldest first, what is due; nothing while deliveries are held."""
        attempts: list[Attempt] = []
        while (event := self._next_due()) is not None:
            attempts.append(self._attempt(event))
        return attempts

    def _next_due(self) -> str | None:
        with self._store.transaction() as tx:
            if not self._url or tx.setting("webhook_mode", "deliver") == "hold":
                return None
            rows = tx.run(
                "SELECT event_id FROM deliveries WHERE state = 'pending' AND next_at <= ? "
                "ORDER BY seq LIMIT 1",
                [self._clock()],
            )
        return str(rows[0][0]) if rows else None

    def _attempt(self, event: str) -> Attempt:
        with self._store.transaction() as tx:
            body = tx.get("event", event).body
        payload = json.dumps(body, indent=2).encode()
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Stripe/1.0 (stand-in; not Stripe)",
            "Stripe-Signature": signature(self._secret, payload, int(self._clock())),
        }
        attempt = Attempt(event, self._transport(self._url or "", headers, payload))
        self._note(attempt)
        return attempt

    def _note(self, attempt: Attempt) -> None:
        result = str(attempt.status) if attempt.status else "no answer"
        with self._store.transaction() as tx:
            rows = tx.run(
                "UPDATE deliveries SET attempts = attempts + 1, last_result = ? "
                "WHERE event_id = ? RETURNING attempts, state",
                [result, attempt.event],
            )
            attempts, state = rows[0]
            if attempt.taken:
                tx.run(
                    "UPDATE deliveries SET state = 'delivered' WHERE event_id = ?", [attempt.event]
                )
                event = tx.get("event", attempt.event)
                event.body["pending_webhooks"] = 0
                tx.save(event)
            elif state == "pending":
                over = attempts > len(self._backoff)
                pause = 0.0 if over else self._backoff[attempts - 1]
                tx.run(
                    "UPDATE deliveries SET state = ?, next_at = ? WHERE event_id = ?",
                    ["failed" if over else "pending", self._clock() + pause, attempt.event],
                )
        with self._changed:
            self._changed.notify_all()

    def hold_for(self, event: str, seconds: float) -> bool:
        """Wait until an event is taken; return False when it is held, failed or out of time.

        Without a running background thread nothing would be delivered: there is no waiting then.
        """
        self.wake()
        until = time.monotonic() + (seconds if self.is_running() else 0)
        while True:
            with self._store.transaction() as tx:
                held = tx.setting("webhook_mode", "deliver") != "deliver"
                rows = tx.run("SELECT state FROM deliveries WHERE event_id = ?", [event])
            left = until - time.monotonic()
            if rows[0][0] != "pending" or held or left <= 0:
                return bool(rows[0][0] == "delivered")
            with self._changed:
                self._changed.wait(min(left, 0.05))
