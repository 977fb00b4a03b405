"""How one API call is answered: key, version, parameters, faults, idempotency, endpoint."""

import base64
import binascii
import copy
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from stripe_standin import API_VERSION, faults, idempotency
from stripe_standin.call import Call, Site, new_id
from stripe_standin.checkout import catch_up
from stripe_standin.endpoints import HANDLERS
from stripe_standin.errors import ApiRefusal, rate_limited, server_failure, unrecognised_url
from stripe_standin.form_decoding import FORM_TYPE, nested
from stripe_standin.http_message import Request, Response, json_response
from stripe_standin.resources.expansion import expanded
from stripe_standin.store import Store, Transaction
from stripe_standin.strict_params import endpoint_of, from_wire

TEST_KEYS = ("sk_test_", "rk_test_")
NOTHING_DONE: dict[str, Callable[[], ApiRefusal]] = {
    "429": rate_limited,
    "500": lambda: server_failure(500),
    "503": lambda: server_failure(503),
}


@dataclass(frozen=True)
class Prepared:
    """A call that passed every check that needs no state."""

    endpoint: tuple[str, str]
    path: str
    key: str
    raw: Mapping[str, Any]
    request_id: str
    idempotency_key: str | None
    met: tuple[faults.FaultKind, ...] = ()


class Api:
    """The part of the stand-in under `/v1/`."""

    def __init__(self, store: Store, site: Site, clock: Callable[[], float]) -> None:
        self._store = store
        self._site = site
        self._clock = clock
        self._in_flight = idempotency.KeysInFlight()

    def answer(self, request: Request) -> Response:
        """Answer one API call.

        :raises ConnectionDropped: when a fault was ordered that loses the answer.
        """
        request_id = new_id("req", size=7)
        try:
            _check_key(request)
            _check_version(request)
            answer = self._answer(_prepared(request, request_id))
        except ApiRefusal as refusal:
            answer = refusal.response()
        headers = {
            "Request-Id": request_id,
            "Stripe-Version": API_VERSION,
            "Cache-Control": "no-cache, no-store",
            **answer.headers,
        }
        if "idempotency-key" in request.headers:
            headers["Idempotency-Key"] = request.headers["idempotency-key"]
            headers.setdefault("Original-Request", request_id)
        return replace(answer, headers=headers)

    def _answer(self, prepared: Prepared) -> Response:
        with self._store.transaction() as tx:
            met = faults.take(tx, prepared.endpoint[0], prepared.path)
        with self._in_flight.claim(prepared.idempotency_key):
            for fault in met:
                if fault.kind == "slow":
                    time.sleep(fault.seconds)
                if fault.kind == "reset":
                    raise faults.ConnectionDropped
                if fault.kind in NOTHING_DONE:
                    refusal = NOTHING_DONE[fault.kind]()
                    raise refusal
            kinds = tuple(fault.kind for fault in met)
            answer = self._run_once(replace(prepared, met=kinds))
        if "lose_answer" in kinds:
            raise faults.ConnectionDropped
        if "malformed" in kinds:
            return replace(answer, body=answer.body[: len(answer.body) // 2])
        return answer

    def _run_once(self, prepared: Prepared) -> Response:
        print_of_call = idempotency.fingerprint(prepared.endpoint[0], prepared.path, prepared.raw)
        if prepared.idempotency_key:
            with self._store.transaction() as tx:
                replayed = idempotency.replay(
                    tx, prepared.idempotency_key, print_of_call, prepared.path
                )
            if replayed is not None:
                return replayed
        params = from_wire(prepared.endpoint, prepared.raw)
        now = int(self._clock())
        try:
            with self._store.transaction() as tx:
                answer = self._execute(tx, prepared, params, now)
                self._keep(tx, prepared, print_of_call, answer, now)
        except ApiRefusal as refusal:
            answer = refusal.response()
            if refusal.executed:
                with self._store.transaction() as tx:
                    self._keep(tx, prepared, print_of_call, answer, now)
        return answer

    def _execute(
        self, tx: Transaction, prepared: Prepared, params: dict[str, Any], now: int
    ) -> Response:
        paths = params.pop("expand", [])
        call = Call(
            tx,
            now,
            self._site,
            params,
            prepared.key,
            prepared.request_id if prepared.endpoint[0] == "POST" else None,
            prepared.idempotency_key,
        )
        catch_up(replace(call, request_id=None, idempotency_key=None))
        body = copy.deepcopy(HANDLERS[prepared.endpoint](call))
        if "500_after" in prepared.met:
            failure = server_failure(500).body()
            return json_response(failure, status=500, headers={"Stripe-Should-Retry": "false"})
        return json_response(expanded(tx, body, paths))

    def _keep(
        self,
        tx: Transaction,
        prepared: Prepared,
        print_of_call: str,
        answer: Response,
        now: int,
    ) -> None:
        if prepared.idempotency_key:
            idempotency.keep(
                tx, prepared.idempotency_key, print_of_call, prepared.request_id, answer, now
            )


def _check_key(request: Request) -> None:
    key = _api_key(request.headers.get("authorization", ""))
    if not key:
        raise ApiRefusal(
            "You did not provide an API key. You need to provide your API key in the Authorization "
            "header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
            status=401,
            executed=False,
        )
    if not key.startswith(TEST_KEYS):
        shown = f"{key[:8]}{'*' * 8}{key[-4:]}" if len(key) > 16 else "*" * len(key)
        raise ApiRefusal(
            f"Invalid API Key provided: {shown}. The stand-in only takes test keys.",
            status=401,
            executed=False,
        )


def _api_key(header: str) -> str:
    scheme, _, value = header.partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(value, validate=True).decode().partition(":")[0]
        except (binascii.Error, UnicodeDecodeError):
            return ""
    return ""


def _check_version(request: Request) -> None:
    version = request.headers.get("stripe-version", API_VERSION)
    if version.rpartition(".")[2] != API_VERSION.rpartition(".")[2]:
        raise ApiRefusal(
            f"Invalid Stripe API version: {version[:40]}. The stand-in speaks {API_VERSION}.",
            executed=False,
        )


def _prepared(request: Request, request_id: str) -> Prepared:
    found = endpoint_of(request.method, request.path)
    if found is None:
        raise unrecognised_url(request.method, request.path)
    posted = request.method == "POST"
    content_type = request.headers.get("content-type", FORM_TYPE)
    if posted and request.body and not content_type.startswith(FORM_TYPE):
        raise ApiRefusal(
            "Invalid request (check that your POST content type is "
            "application/x-www-form-urlencoded).",
            executed=False,
        )
    return Prepared(
        endpoint=found[0],
        path=request.path,
        key=found[1] or "",
        raw=nested(request.body if posted else request.query),
        request_id=request_id,
        idempotency_key=(request.headers.get("idempotency-key") or None) if posted else None,
    )
