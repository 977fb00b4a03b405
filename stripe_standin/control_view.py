"""What the control page looks like."""

import time
from typing import Any

from stripe_standin.call import Site
from stripe_standin.faults import KINDS, MEANINGS
from stripe_standin.http_message import Response
from stripe_standin.markup import Markup, filled, joined, money, page, tag

NOTHING = Markup("")
REFUNDABLE = "succeeded"


def overview(site: Site, state: dict[str, Any], notice: str, *, now: int) -> Response:
    """Return the whole control page."""
    said = tag('<p class="notice" role="status">$text</p>', text=notice) if notice else NOTHING
    content = filled(
        "control.html",
        merchant=site.merchant,
        notice=said,
        settings=_settings(state["settings"]),
        sessions=_section("Sessions", [_session(one, now) for one in state["sessions"]]),
        payments=_section("Payments", [_payment(one) for one in state["payments"]]),
        refunds=_section("Refunds", [_refund(one) for one in state["refunds"]]),
        disputes=_section("Disputes", [_dispute(one) for one in state["disputes"]]),
        events=_section("Events", [_event(one) for one in state["events"]]),
    )
    return page("Control page", content, stripe="Control page of the stand-in, not Stripe")


def _section(title: str, rows: list[Markup]) -> Markup:
    body = joined(rows) if rows else Markup('<li class="none">Nothing yet.</li>')
    return tag(
        '<section class="panel"><h2>$title</h2><ul class="rows">$body</ul></section>',
        title=title,
        body=body,
    )


def _row(key: str, status: str, text: str, acts: list[Markup]) -> Markup:
    return tag(
        '<li><div class="fact"><span class="badge $status">$shown</span> <span>$text</span>'
        '<code>$key</code></div><div class="acts">$acts</div></li>',
        key=key,
        status=status,
        shown=status.replace("_", " "),
        text=text,
        acts=joined(acts),
    )


def _button(path: str, label: str, fields: dict[str, str] | None = None) -> Markup:
    hidden = joined(
        tag('<input type="hidden" name="$name" value="$value">', name=name, value=value)
        for name, value in (fields or {}).items()
    )
    return tag(
        '<form method="post" action="/control/$path">$hidden<button type="submit">$label</button>'
        "</form>",
        path=path,
        label=label,
        hidden=hidden,
    )


def _asking(path: str, label: str, name: str, hint: str, value: str = "") -> Markup:
    return tag(
        '<form method="post" action="/control/$path"><input name="$name" value="$value" '
        'aria-label="$hint" placeholder="$hint" inputmode="numeric" size="8">'
        '<button type="submit">$label</button></form>',
        path=path,
        label=label,
        name=name,
        hint=hint,
        value=value,
    )


def _session(one: dict[str, Any], now: int) -> Markup:
    total = money(one["amount_total"], one["currency"])
    reference = one["client_reference_id"] or "no reference"
    text = f"{total} · {reference} · {one['payment_status'].replace('_', ' ')}"
    acts = []
    if one["status"] == "open":
        text += f" · expires in {max(one['expires_at'] - now, 0) // 60} min"
        acts = [
            tag('<a class="link" href="$url">Open the pay page</a>', url=f"/c/pay/{one['id']}"),
            _button(f"sessions/{one['id']}/expire", "Expire now"),
        ]
    return _row(one["id"], one["status"], text, acts)


def _payment(one: dict[str, Any]) -> Markup:
    key, acts = one["id"], []
    if one["status"] == "processing":
        acts = [
            _button(f"payments/{key}/settle", "Let it succeed", {"outcome": "succeed"}),
            _button(f"payments/{key}/settle", "Let it fail", {"outcome": "fail"}),
        ]
    if one["status"] == REFUNDABLE:
        acts = [
            _asking(f"payments/{key}/refund", "Refund", "amount", "cents, or all"),
            _button(f"payments/{key}/dispute", "Open dispute"),
        ]
    return _row(key, one["status"], money(one["amount"], one["currency"]), acts)


def _refund(one: dict[str, Any]) -> Markup:
    acts = []
    if one["status"] == "pending":
        acts.append(_button(f"refunds/{one['id']}/succeed", "Let it arrive"))
    if one["status"] != "failed":
        acts.append(_button(f"refunds/{one['id']}/fail", "Let it fail"))
    return _row(one["id"], one["status"], money(one["amount"], one["currency"]), acts)


def _dispute(one: dict[str, Any]) -> Markup:
    acts = []
    if one["status"] not in {"won", "lost"}:
        acts = [
            _button(f"disputes/{one['id']}/close", label, {"outcome": outcome})
            for label, outcome in (("Close, won", "won"), ("Close, lost", "lost"))
        ]
    return _row(one["id"], one["status"], money(one["amount"], one["currency"]), acts)


def _event(one: dict[str, Any]) -> Markup:
    at = time.strftime("%H:%M:%S", time.gmtime(one["created"]))
    result = f" · {one['attempts']} sent, last {one['last_result']}" if one["attempts"] else ""
    text = f"{one['type']} · {at} UTC{result}"
    acts = [
        _button(f"events/{one['id']}/resend", "Resend"),
        _asking(f"events/{one['id']}/duplicate", "Send copies", "times", "times", "2"),
    ]
    return _row(one["id"], one["delivery"], text, acts)


def _settings(settings: dict[str, Any]) -> Markup:
    ordered = joined(
        tag(
            "<li>$left &times; $meaning</li>",
            left=fault["left"],
            meaning=MEANINGS[fault["kind"]],
        )
        for fault in settings["faults"]
    )
    faults = tag('<ul class="ordered">$ordered</ul>', ordered=ordered) if ordered else NOTHING
    return filled(
        "control_settings.html",
        endpoint=settings["webhook_endpoint"] or "none",
        mode=settings["webhook_mode"],
        delay=f"{settings['webhook_delay']:g}",
        next_refund=settings["next_refund"],
        pay_out=_button("payouts/pay", "Pay the balance out"),
        modes=joined(
            _button("webhooks/mode", label, {"mode": mode})
            for label, mode in (("Deliver", "deliver"), ("Hold", "hold"), ("Drop new ones", "drop"))
        ),
        reverse=_asking("events/reverse", "Send newest first", "count", "how many", "5"),
        due=_button("webhooks/deliver-due", "Deliver what is due"),
        delays=_asking("webhooks/delay", "Delay new events", "seconds", "seconds"),
        refund_outcomes=joined(
            _button("refunds/next", label, {"outcome": outcome})
            for label, outcome in (
                ("Succeeds", "succeeded"),
                ("Stays pending", "pending"),
                ("Fails", "failed"),
            )
        ),
        kinds=joined(
            tag('<option value="$kind">$text</option>', kind=kind, text=MEANINGS[kind])
            for kind in KINDS
        ),
        faults=faults,
        clear=_button("faults/clear", "Forget all faults"),
    )
