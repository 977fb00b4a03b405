"""Stripe's objects as the shop knows them: small, frozen, ours.

Amounts are in minor units, currencies in capitals.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CheckoutSession:
    """What we need to know of a Checkout Session. Amounts in minor units."""

    id: str
    status: str
    payment_status: str
    amount_total_minor: int
    currency: str
    livemode: bool
    client_reference_id: str
    metadata: Mapping[str, str]
    payment_intent: str | None
    payment_intent_status: str | None
    url: str
    tax_minor: int
    # Tax in each line item, in the order in which they were sent; empty unless Stripe works it out.
    line_taxes_minor: tuple[int, ...] = ()

    @property
    def is_paid(self) -> bool:
        return self.status == "complete" and self.payment_status in {
            "paid",
            "no_payment_required",
        }

    @property
    def has_failed(self) -> bool:
        """Whether a delayed payment was begun and came to nothing."""
        return (
            self.status == "complete"
            and self.payment_status == "unpaid"
            and self.payment_intent_status in {"requires_payment_method", "canceled"}
        )

    @classmethod
    def read(cls, answer: Json) -> Self:
        """Read Stripe's JSON; ``payment_intent`` may be expanded or an id."""
        intent = answer.get("payment_intent")
        expanded = intent if isinstance(intent, Mapping) else None
        return cls(
            id=answer["id"],
            status=answer["status"] or "",
            payment_status=answer["payment_status"],
            amount_total_minor=answer["amount_total"] or 0,
            currency=(answer["currency"] or "").upper(),
            livemode=answer["livemode"],
            client_reference_id=answer.get("client_reference_id") or "",
            metadata=answer.get("metadata") or {},
            payment_intent=expanded["id"] if expanded else intent,
            payment_intent_status=expanded["status"] if expanded else None,
            url=answer.get("url") or "",
            tax_minor=(answer.get("total_details") or {}).get("amount_tax") or 0,
        )


@dataclass(frozen=True, slots=True)
class StripeRefund:
    """What we need to know of a refund. `amount_minor` in minor units."""

    id: str
    status: str
    amount_minor: int
    currency: str
    payment_intent: str
    metadata: Mapping[str, str]
    failure: str

    @classmethod
    def read(cls, answer: Json) -> Self:
        """Read Stripe's JSON."""
        return cls(
            id=answer["id"],
            status=answer["status"],
            amount_minor=answer["amount"],
            currency=answer["currency"].upper(),
            payment_intent=_id(answer["payment_intent"]),
            metadata=answer.get("metadata") or {},
            failure=answer.get("failure_reason") or "",
        )


@dataclass(frozen=True, slots=True)
class StripeDispute:
    """What we need to know of a dispute. `amount_minor` in minor units."""

    id: str
    status: str
    amount_minor: int
    currency: str
    payment_intent: str
    reason: str
    opened_at: datetime
    due_at: datetime | None

    @classmethod
    def read(cls, answer: Json) -> Self:
        """Read Stripe's JSON."""
        return cls(
            id=answer["id"],
            status=answer["status"],
            amount_minor=answer["amount"],
            currency=answer["currency"].upper(),
            payment_intent=_id(answer["payment_intent"]),
            reason=answer.get("reason") or "",
            opened_at=datetime.fromtimestamp(answer["created"], UTC),
            due_at=_moment((answer.get("evidence_details") or {}).get("due_by")),
        )


@dataclass(frozen=True, slots=True)
class Booking:
    """One movement on the balance, with what it is about. Amounts in minor units.

    :ivar payment_key: the shop's own key of the payment, where it was given along.
    """

    id: str
    kind: str
    amount_minor: int
    fee_minor: int
    currency: str
    booked_at: datetime
    source: str
    payment_intent: str
    payment_key: str

    @classmethod
    def read(cls, answer: Json) -> Self:
        """Read Stripe's JSON with ``source`` expanded, where there is one."""
        source = answer.get("source") or {}
        about = source if isinstance(source, Mapping) else {"id": source}
        return cls(
            id=answer["id"],
            kind=answer["type"],
            amount_minor=answer["amount"],
            fee_minor=answer["fee"],
            currency=answer["currency"].upper(),
            booked_at=datetime.fromtimestamp(answer["created"], UTC),
            source=_id(about.get("id")),
            payment_intent=_id(about.get("payment_intent")),
            payment_key=(about.get("metadata") or {}).get("payment") or "",
        )


@dataclass(frozen=True, slots=True)
class Notice:
    """A webhook, reduced to what may be trusted of it: that something happened to an object."""

    id: str
    type: str
    object_id: str
    livemode: bool

    @classmethod
    def read(cls, body: Json) -> Self:
        """Read a snapshot event, which carries the object, or a thin one, which names it."""
        related = body.get("related_object") or (body.get("data") or {}).get("object") or {}
        return cls(
            id=str(body["id"]),
            type=str(body["type"]).removeprefix("v1."),
            object_id=str(related.get("id") or ""),
            livemode=bool(body.get("livemode")),
        )


def _moment(seconds: Any) -> datetime | None:
    """Read a moment as Stripe writes it; none where there is none."""
    return datetime.fromtimestamp(seconds, UTC) if seconds else None


def _id(value: Any) -> str:
    return str(value["id"] if isinstance(value, Mapping) else value or "")
