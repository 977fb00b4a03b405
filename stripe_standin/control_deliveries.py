"""How the control page sends events by hand: again, twice, backwards, in any order."""

from collections.abc import Callable
from typing import Any

from stripe_standin.control_actions import Act
from stripe_standin.errors import ApiRefusal, missing_resource
from stripe_standin.webhooks import Webhooks

MAX_EVENTS = 200
Chosen = tuple[list[str], int]


def resend(act: Act) -> Chosen:
    """Send one event once more."""
    return [_known(act, act.call.key)], 1


def duplicate(act: Act) -> Chosen:
    """Send one event several times, perhaps several at a time."""
    times = min(act.count("times", 2), MAX_EVENTS)
    return [_known(act, act.call.key)] * times, act.count("parallel", 1)


def reverse(act: Act) -> Chosen:
    """Send the newest events, the newest first."""
    newest = act.call.tx.select("event", limit=min(act.count("count", 10), MAX_EVENTS))
    return [record.id for record in newest], 1


def in_order(act: Act) -> Chosen:
    """Send these events, in exactly the order they are named in."""
    named = [key.strip() for key in act.fields.get("ids", "").split(",") if key.strip()]
    return [_known(act, key) for key in named[:MAX_EVENTS]], act.count("parallel", 1)


def _known(act: Act, key: str) -> str:
    if act.call.tx.find("event", key) is None:
        raise missing_resource("event", key)
    return key


DELIVERIES: dict[str, Callable[[Act], Chosen]] = {
    "events/{id}/resend": resend,
    "events/{id}/duplicate": duplicate,
    "events/reverse": reverse,
    "events/deliver": in_order,
}


def send(webhooks: Webhooks, chosen: Chosen) -> dict[str, Any]:
    """Send the chosen events now and return what the shop answered to each.

    :raises ApiRefusal: when the stand-in was started without a webhook address.
    """
    events, parallel = chosen
    if not webhooks.has_endpoint:
        raise ApiRefusal("The stand-in was started without a webhook address.")
    attempts = webhooks.deliver(events, parallel=parallel)
    return {
        "deliveries": [{"event": attempt.event, "status": attempt.status} for attempt in attempts]
    }
