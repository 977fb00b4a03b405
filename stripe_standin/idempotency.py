"""How a repeated call with one Idempotency-Key gets one effect and one answer.

See docs.stripe.com/idempotency: the first answer is kept, failures included, once the endpoint
began to execute; the same key with other parameters is an error.
"""

import hashlib
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from stripe_standin.errors import ApiRefusal
from stripe_standin.http_message import JSON_TYPE, Response
from stripe_standin.store import Transaction

KEPT_SECONDS = 30 * 24 * 3600
MAX_KEY_LENGTH = 255


def fingerprint(method: str, path: str, params: Mapping[str, Any]) -> str:
    """Return what must stay the same when a key is used again."""
    text = json.dumps([method, path, params], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


class KeysInFlight:
    """The keys whose first call is not yet answered."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._keys: set[str] = set()

    @contextmanager
    def claim(self, key: str | None) -> Iterator[None]:
        """Hold a key while its call runs.

        :raises ApiRefusal: 409, when another call with this key is running.
        """
        if key is None:
            yield
            return
        if len(key) > MAX_KEY_LENGTH:
            raise ApiRefusal(
                f"Invalid Idempotency-Key: at most {MAX_KEY_LENGTH} characters.", executed=False
            )
        with self._lock:
            if key in self._keys:
                raise _in_use(key)
            self._keys.add(key)
        try:
            yield
        finally:
            with self._lock:
                self._keys.discard(key)


def _in_use(key: str) -> ApiRefusal:
    return ApiRefusal(
        "There is currently another in-progress request using this Idempotency-Key (that probably "
        "means you submitted twice, and the other request is still going through): "
        f"{key}. Please try again later.",
        status=409,
        kind="idempotency_error",
        code="idempotency_key_in_use",
        executed=False,
    )


def replay(tx: Transaction, key: str, print_of_call: str, path: str) -> Response | None:
    """Return the answer this key got before, if it was used.

    :raises ApiRefusal: when it was used with other parameters.
    """
    rows = tx.run(
        "SELECT fingerprint, request_id, status, body FROM idempotency WHERE key = ?", [key]
    )
    if not rows:
        return None
    first_print, request_id, status, body = rows[0]
    if first_print != print_of_call:
        raise ApiRefusal(
            "Keys for idempotent requests can only be used with the same endpoint and the same "
            f"parameters they were first used with ('{path}'). Try using a key other than "
            f"'{key}' if you meant to execute a different request.",
            kind="idempotency_error",
            executed=False,
        )
    headers = {
        "Content-Type": JSON_TYPE,
        "Idempotent-Replayed": "true",
        "Original-Request": request_id,
    }
    return Response(status, headers, bytes(body))


def keep(
    tx: Transaction, key: str, print_of_call: str, request_id: str, answer: Response, now: int
) -> None:
    """Keep an answer for the key, and forget keys older than thirty days."""
    tx.run(
        "INSERT INTO idempotency VALUES (?, ?, ?, ?, ?, ?)",
        [key, print_of_call, request_id, answer.status, answer.body, now],
    )
    tx.run("DELETE FROM idempotency WHERE created < ?", [now - KEPT_SECONDS])
