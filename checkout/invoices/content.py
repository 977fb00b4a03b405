"""What a document says: plain facts that are frozen when it is issued, and their hash.

Amounts are whole minor units of the document's currency. The hash covers every fact; the buyer
goes into it as a digest with a salt, so that it still holds once the buyer's name is dropped.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final, Protocol, Self

from checkout.models import PaymentWay

FORMAT: Final = "galea-invoice/1"


@dataclass(frozen=True, slots=True)
class RateAmount:
    """The part of an amount that follows one VAT rate.

    :ivar vat_rate_bp: in basis points: 1900 is 19 %.
    """

    vat_rate_bp: int
    gross_minor: int
    vat_minor: int

    @property
    def net_minor(self) -> int:
        return self.gross_minor - self.vat_minor

    @property
    def percent(self) -> str:
        """The rate as people write it: “19” or “5.5”."""
        return f"{self.vat_rate_bp / 100:g}"


class _HasRates(Protocol):
    @property
    def rates(self) -> tuple[RateAmount, ...]: ...


class Summed:
    """Sums of what has amounts by VAT rate."""

    __slots__ = ()

    @property
    def gross_minor(self: _HasRates) -> int:
        return sum(rate.gross_minor for rate in self.rates)

    @property
    def vat_minor(self: _HasRates) -> int:
        return sum(rate.vat_minor for rate in self.rates)

    @property
    def net_minor(self: _HasRates) -> int:
        return sum(rate.net_minor for rate in self.rates)


@dataclass(frozen=True, slots=True)
class Reduction:
    """What a discount took off an amount, VAT included."""

    name: str
    gross_minor: int


@dataclass(frozen=True, slots=True)
class Line(Summed):
    """One line: what it is, how many, and its amount by VAT rate; a mixed kit has several rates.

    :ivar unit_gross_minor: of one piece before discounts; none on a credit note of an amount.
    :ivar reductions: what discounts took off; the rates hold what is left.
    :ivar parts: what a kit is made of, in words.
    :ivar is_gift_card: whether it is a voucher, whose sale is no turnover.
    """

    name: str
    sku: str
    quantity: int
    unit_gross_minor: int | None
    rates: tuple[RateAmount, ...]
    parts: tuple[str, ...] = ()
    reductions: tuple[Reduction, ...] = ()
    is_gift_card: bool = False


@dataclass(frozen=True, slots=True)
class Seller:
    """Who issued a document."""

    company: str
    line1: str
    line2: str
    postcode: str
    city: str
    country: str
    vat_id: str
    register: str
    directors: str
    phone: str
    email: str
    iban: str
    bic: str


@dataclass(frozen=True, slots=True)
class Address:
    """Where goods went."""

    name: str
    line1: str
    line2: str
    postcode: str
    city: str
    country: str


@dataclass(frozen=True, slots=True)
class Buyer:
    """Who bought; `salt` keeps the digest from being guessed.

    :ivar delivered_to: none if nothing is sent.
    """

    salt: str
    name: str
    email: str
    delivered_to: Address | None

    @property
    def digest(self) -> str:
        return _hash(asdict(self))

    def to_text(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_text(cls, text: str) -> Self:
        facts = json.loads(text)
        address = facts.pop("delivered_to")
        return cls(**facts, delivered_to=Address(**address) if address else None)


@dataclass(frozen=True, slots=True)
class Content(Summed):
    """Everything that a document says but who bought.

    :ivar kind: one of `InvoiceKind`.
    :ivar delivery: the charge for delivery, by rate; nothing if there is none.
    :ivar paid_way: one of `PaymentWay`.
    :ivar gift_card_minor: what a gift card paid, where the rest came by that other way.
    :ivar corrects: number and day of the document that this one corrects.
    """

    kind: str
    number: str
    issued_on: dt.date
    currency: str
    seller: Seller
    buyer_digest: str
    order_number: str
    ordered_on: dt.date
    lines: tuple[Line, ...]
    delivery: tuple[RateAmount, ...]
    delivery_name: str
    supplied_from_on: dt.date
    supplied_until_on: dt.date
    paid_on: dt.date
    paid_reference: str
    corrects: str = ""
    corrects_on: dt.date | None = None
    reason: str = ""
    paid_way: str = PaymentWay.STRIPE.value
    gift_card_minor: int = 0

    @property
    def rates(self) -> tuple[RateAmount, ...]:
        """The sums by VAT rate, the lowest first."""
        return summed([*(rate for line in self.lines for rate in line.rates), *self.delivery])

    @property
    def delivery_gross_minor(self) -> int:
        return sum(rate.gross_minor for rate in self.delivery)

    @property
    def digest(self) -> str:
        return _hash(self.to_json())

    def numbered(self, number: str) -> Self:
        """Return the same facts under a number."""
        return replace(self, number=number)

    def to_json(self) -> dict[str, Any]:
        """Return the facts as plain JSON, days as text."""
        facts = json.loads(json.dumps(asdict(self), default=dt.date.isoformat))
        for line in facts["lines"]:
            # Documents from before there were discounts say nothing of them, nor does their hash.
            if not line["reductions"]:
                del line["reductions"]
            if not line["is_gift_card"]:
                del line["is_gift_card"]
        if facts["paid_way"] == PaymentWay.STRIPE:  # The only way that the first documents knew.
            del facts["paid_way"]
        if not facts["gift_card_minor"]:
            del facts["gift_card_minor"]
        return {"format": FORMAT, **facts}

    @classmethod
    def from_json(cls, facts: Mapping[str, Any]) -> Self:
        """Read facts that `to_json` wrote."""
        plain = {name: value for name, value in facts.items() if name != "format"}
        days = {name: _day(plain[name]) for name in plain if name.endswith("_on")}
        return cls(
            **{
                **plain,
                **days,
                "seller": Seller(**plain["seller"]),
                "lines": tuple(_line(line) for line in plain["lines"]),
                "delivery": tuple(RateAmount(**rate) for rate in plain["delivery"]),
            }
        )


def summed(amounts: Iterable[RateAmount]) -> tuple[RateAmount, ...]:
    """Add amounts up by their rate, the lowest first."""
    gross: dict[int, int] = {}
    vat: dict[int, int] = {}
    for each in amounts:
        gross[each.vat_rate_bp] = gross.get(each.vat_rate_bp, 0) + each.gross_minor
        vat[each.vat_rate_bp] = vat.get(each.vat_rate_bp, 0) + each.vat_minor
    return tuple(RateAmount(rate, gross[rate], vat[rate]) for rate in sorted(gross))


def _line(facts: Mapping[str, Any]) -> Line:
    return Line(
        **{
            **facts,
            "rates": tuple(RateAmount(**rate) for rate in facts["rates"]),
            "parts": tuple(facts["parts"]),
            "reductions": tuple(Reduction(**each) for each in facts.get("reductions", ())),
        }
    )


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _hash(facts: Mapping[str, Any]) -> str:
    text = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
