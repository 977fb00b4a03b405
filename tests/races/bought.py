"""Orders that the races made, and what became of them, read by plain SQL."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from tests.races.databases import Database
from tests.races.shop import Shop, at_once, in_turn


@dataclass(frozen=True)
class Placed:
    """An order that waits for its payment."""

    number: str
    session_id: str

    @property
    def reference(self) -> str:
        return f"order:{self.number}"


@dataclass(frozen=True)
class Outcome:
    """Everything an order has come to; two runs with one outcome have had the same effect."""

    status: str
    paid: int
    refunded: int
    reservations: list[tuple[str, int]] = field(default_factory=list)
    grants: list[int] = field(default_factory=list)
    mails: list[str] = field(default_factory=list)
    refunds: list[tuple[str, int]] = field(default_factory=list)


def place_orders(
    shop: Shop, baskets: Sequence[dict[str, int]], *, name: str, expect: int = 303
) -> list[Placed]:
    """Let one buyer per basket order it; the baskets name SKUs and quantities."""

    def order(number: int, basket: dict[str, int]) -> Placed:
        buyer = shop.buyer(f"{name}-{number}".lower())
        for sku, quantity in basket.items():
            buyer.put_in(sku, quantity)
        buyer.read_checkout()
        answer = buyer.order()
        assert answer.status == expect, (answer.status, answer.body[:2000])
        return placed_by(shop.database, f"{buyer.name}@example.com")

    return in_turn([partial(order, number, basket) for number, basket in enumerate(baskets)])


def placed_by(database: Database, email: str) -> Placed:
    [row] = database.rows(
        "SELECT o.number, coalesce((SELECT session_id FROM checkout_payment p"
        " WHERE p.order_id = o.id ORDER BY attempt DESC LIMIT 1), '')"
        " FROM checkout_order o WHERE o.email = ?",
        email,
    )
    return Placed(*row)


def outcome(database: Database, order: Placed) -> Outcome:
    """Read what an order has come to."""
    [(status, paid, refunded)] = database.rows(
        "SELECT status, paid_minor, refunded_minor FROM checkout_order WHERE number = ?",
        order.number,
    )
    return Outcome(
        status,
        paid,
        refunded,
        reservations=_rows(
            database,
            "SELECT status, quantity FROM catalog_reservation WHERE reference = ? ORDER BY 1, 2",
            order.reference,
        ),
        grants=_column(
            database,
            "SELECT l.sessions FROM treatments_ledgerentry l JOIN treatments_sessionpass s"
            " ON s.id = l.session_pass_id WHERE s.grant_reference LIKE ? ORDER BY 1",
            f"{order.reference}:%",
        ),
        mails=_column(
            database,
            "SELECT event FROM outbox_outboundmail WHERE subject_reference = ? ORDER BY 1",
            order.reference,
        ),
        refunds=_rows(
            database,
            "SELECT r.status, r.amount_minor FROM checkout_refund r JOIN checkout_order o"
            " ON o.id = r.order_id WHERE o.number = ? ORDER BY 1, 2",
            order.number,
        ),
    )


def _rows(database: Database, sql: str, value: str) -> list[Any]:
    return database.rows(sql, value)


def _column(database: Database, sql: str, value: str) -> list[Any]:
    return [row[0] for row in database.rows(sql, value)]


def stock_of(database: Database, sku: str) -> tuple[int, int]:
    """What is on hand of an article, and how many of that are reserved."""
    [row] = database.rows(
        "SELECT s.on_hand, s.reserved FROM catalog_stock s"
        " JOIN catalog_offer o ON o.id = s.offer_id WHERE o.sku = ?",
        sku,
    )
    return row[0], row[1]


def events_of(shop: Shop, order: Placed, *types: str) -> list[str]:
    """The ids of Stripe's notices about an order's session and payment, oldest first."""
    session = shop.stripe.get(f"checkout/sessions/{order.session_id}")
    about = {session["id"], session["payment_intent"]}
    return [
        event["id"]
        for event in reversed(shop.stripe.all("events"))
        if (
            event["data"]["object"]["id"] in about
            or event["data"]["object"].get("payment_intent") in about
        )
        and (not types or event["type"] in types)
    ]


__all__ = ["Outcome", "Placed", "at_once", "events_of", "outcome", "place_orders", "stock_of"]
