"""How the control page is reached: `GET /` shows, `POST /control/...` acts."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from stripe_standin import control_view, faults
from stripe_standin.call import Call, Site
from stripe_standin.control_actions import ACTIONS, Act
from stripe_standin.control_deliveries import DELIVERIES, send
from stripe_standin.errors import ApiRefusal, unrecognised_url
from stripe_standin.form_decoding import flat
from stripe_standin.http_message import Request, Response, json_response
from stripe_standin.resources import refunds
from stripe_standin.store import Store, Transaction
from stripe_standin.strict_params import ID
from stripe_standin.webhooks import Webhooks

PREFIX = "/control/"
SHOWN = 30
MAX_NOTICE = 200
LISTED = {
    "sessions": "checkout.session",
    "payments": "payment_intent",
    "refunds": "refund",
    "disputes": "dispute",
}


class ControlPage:
    """The pages under `/` and `/control/`."""

    def __init__(
        self, store: Store, site: Site, webhooks: Webhooks, now: Callable[[], int]
    ) -> None:
        self._store = store
        self._site = site
        self._webhooks = webhooks
        self._now = now

    def answer(self, request: Request) -> Response:
        """Answer a request to the control page."""
        if request.method == "GET" and request.path in {"/", "/control/state"}:
            with self._store.transaction() as tx:
                state = state_of(tx)
            if request.path != "/" or request.wants_json:
                return json_response(state)
            notice = flat(request.query).get("notice", "")[:MAX_NOTICE]
            return control_view.overview(self._site, state, notice, now=self._now())
        if request.method != "POST":
            raise unrecognised_url(request.method, request.path)
        return self._act(request)

    def _act(self, request: Request) -> Response:
        try:
            result = self._done(request)
        except ApiRefusal as refusal:
            if request.wants_json:
                return refusal.response()
            return _back(f"Refused: {refusal.message}")
        return json_response(result) if request.wants_json else _back(_told(result))

    def _done(self, request: Request) -> dict[str, Any]:
        name, key = _pattern_of(request.path.removeprefix(PREFIX))
        fields = flat(request.body)
        if name == "webhooks/deliver-due":
            return {"delivered": [attempt.event for attempt in self._webhooks.deliver_due()]}
        with self._store.transaction() as tx:
            act = Act(Call(tx, self._now(), self._site, key=key), fields)
            if name in ACTIONS:
                return ACTIONS[name](act)
            if name not in DELIVERIES:
                raise unrecognised_url(request.method, request.path)
            chosen = DELIVERIES[name](act)
        return send(self._webhooks, chosen)


def _pattern_of(path: str) -> tuple[str, str]:
    """Return the name of an act and the id in its address: `sessions/{id}/expire`."""
    steps = path.split("/")
    if len(steps) == 3 and ID.fullmatch(steps[1]):
        return f"{steps[0]}/{{id}}/{steps[2]}", steps[1]
    return path, ""


def _back(notice: str) -> Response:
    return Response(303, {"Location": f"/?notice={quote(notice[:MAX_NOTICE], errors='replace')}"})


def _told(result: dict[str, Any]) -> str:
    if "deliveries" in result:
        answers = ", ".join(str(one["status"] or "no answer") for one in result["deliveries"])
        return f"Sent; the shop answered: {answers}."
    if "id" in result:
        return f"Done: {result['id']} is {result.get('status')}."
    return f"Done: {', '.join(f'{name} {value}' for name, value in result.items())}."


def state_of(tx: Transaction) -> dict[str, Any]:
    """Return everything the control page shows, newest first."""
    state: dict[str, Any] = {
        name: [record.body for record in tx.select(kind, limit=SHOWN)]
        for name, kind in LISTED.items()
    }
    rows = tx.run(
        "SELECT event_id, state, attempts, last_result FROM deliveries ORDER BY seq DESC LIMIT ?",
        [SHOWN],
    )
    state["events"] = [
        {
            "id": key,
            "type": (event := tx.get("event", key).body)["type"],
            "created": event["created"],
            "object": event["data"]["object"]["id"],
            "delivery": delivery,
            "attempts": attempts,
            "last_result": result,
        }
        for key, delivery, attempts, result in rows
    ]
    state["settings"] = {
        "webhook_endpoint": tx.setting("webhook_endpoint"),
        "webhook_mode": tx.setting("webhook_mode", "deliver"),
        "webhook_delay": tx.setting("webhook_delay", 0),
        "next_refund": tx.setting(refunds.NEXT_OUTCOME, "succeeded"),
        "faults": [vars(fault) for fault in faults.pending(tx)],
    }
    return state
