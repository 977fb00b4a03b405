"""What happened: the events, kept as snapshots and waiting to be delivered."""

import copy
from typing import Any

from stripe_standin import API_VERSION
from stripe_standin.call import Call, new_id
from stripe_standin.errors import invalid_parameter
from stripe_standin.resources import listing
from stripe_standin.store import Record

MAX_TYPES = 20


def emit(call: Call, kind: str, body: dict[str, Any]) -> Record:
    """Record that something happened to an object, as it is at this moment."""
    endpoint = bool(call.tx.setting("webhook_endpoint"))
    event = {
        "id": new_id("evt"),
        "object": "event",
        "api_version": API_VERSION,
        "created": call.now,
        "data": {"object": copy.deepcopy(body)},
        "livemode": False,
        "pending_webhooks": 1 if endpoint else 0,
        "request": {"id": call.request_id, "idempotency_key": call.idempotency_key},
        "type": kind,
    }
    record = call.tx.add(Record("event", event))
    dropped = call.tx.setting("webhook_mode", "deliver") == "drop"
    state = "no_endpoint" if not endpoint else "failed" if dropped else "pending"
    call.tx.run(
        "INSERT INTO deliveries (event_id, seq, state, next_at, last_result) "
        "VALUES (?, ?, ?, ?, ?)",
        [
            record.id,
            record.seq,
            state,
            call.now + float(call.tx.setting("webhook_delay", 0)),
            "dropped on purpose" if state == "failed" else "",
        ],
    )
    return record


def retrieve(call: Call) -> dict[str, Any]:
    """Answer `GET /v1/events/{id}`."""
    return call.find("event", "event").body


def index(call: Call) -> dict[str, Any]:
    """Answer `GET /v1/events`.

    :raises ApiRefusal: when both `type` and `types` are sent, or too many types.
    """
    params = call.params
    if "type" in params and "types" in params:
        raise invalid_parameter("types", "You may only specify one of `type` and `types`.")
    types = params.get("types", [])
    if len(types) > MAX_TYPES:
        raise invalid_parameter("types", f"Array types exceeded maximum {MAX_TYPES}.")
    also: listing.Conditions = []
    kind = "json_extract(body, '$.type')"
    if types:
        also.append((f"{kind} IN ({', '.join('?' * len(types))})", list(types)))
    if "type" in params:
        also.append((f"{kind} GLOB ?", [_pattern(params["type"])]))
    if "delivery_success" in params:
        delivered = "id IN (SELECT event_id FROM deliveries WHERE state = 'delivered')"
        also.append((delivered if params["delivery_success"] else f"NOT {delivered}", []))
    return listing.page(call, "event", url="/v1/events", equal={}, also=also)


def _pattern(wanted: str) -> str:
    """Allow `*` as Stripe does and nothing else of GLOB."""
    return wanted.replace("[", "[[]").replace("?", "[?]")
