"""What a basket costs today, as templates show it and as an order freezes it."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal

from catalog.models import OfferKind
from checkout.arrival import Arrival
from checkout.discounts.reckoning import NOTHING, Reckoned
from checkout.models import BasketCard
from checkout.shipping import DeliveryOption
from checkout.totals import LineAmount, RateShare
from cms.models import CustomImage
from money.money import Money


@dataclass(frozen=True)
class Notice:
    """One sentence for the buyer."""

    level: Literal["info", "warning", "error"]
    text: str


@dataclass(frozen=True)
class Saving:
    """What a discount takes off a line, the delivery or the whole basket.

    :ivar code: what was entered for it; empty if it came by itself.
    """

    name: str
    amount: Money
    code: str = ""


@dataclass(frozen=True)
class PricedPart:
    """One part of a kit's line: what is packed, and its share of the line's price and VAT.

    :ivar quantity: in one kit.
    """

    offer_id: int
    sku: str
    name: str
    label: str
    quantity: int
    vat_rate_bp: int
    gross_minor: int
    vat_minor: int

    @property
    def full_name(self) -> str:
        """Name and label together, as in "Barrier Balm, 75 ml"."""
        return f"{self.name}, {self.label}" if self.label else self.name


@dataclass(frozen=True)
class PricedLine:
    """One line at today's price, with everything that an order line keeps of it.

    :ivar price_before: what one piece cost when the buyer last saw it, if that has changed.
    :ivar problem: why it cannot be bought like this; empty if it can.
    :ivar vat_rate_bp: none for a kit whose parts are taxed at different rates.
    :ivar back_order_days: how long its goods are waited for; none if all are in stock.
    :ivar added_from_id: the page that told of it, if it was put into the basket there.
    :ivar asked_version_id: the questions that are asked before its sessions can be bought.
    :ivar amount: the figures that the line's amounts follow from.
    :ivar savings: what discounts have taken off `full` to come to `total`.
    :ivar cards: what is wished for the first of its gift cards; the others go to the buyer.
    :ivar typed_quantity: what the quantity field shows: the last entry, even a refused one.
    """

    offer_id: int
    sku: str
    name: str
    label: str
    url: str
    image: CustomImage | None
    image_alt: str
    kind: str
    quantity: int
    typed_quantity: str
    max_quantity: int
    unit_price: Money
    total: Money
    vat: Money
    vat_rate_bp: int | None
    tax_code: str
    weight_grams: int
    price_before: Money | None
    problem: str
    availability_text: str
    treatment_id: int | None
    sessions: int | None
    validity_days: int | None
    validity_rule: str
    refund_terms_version: str
    added_from_id: int | None
    valid_text: str
    amount: LineAmount
    asked_version_id: int | None = None
    back_order_days: int | None = None
    parts: tuple[PricedPart, ...] = ()
    savings: tuple[Saving, ...] = ()
    cards: tuple[BasketCard, ...] = ()

    @property
    def full(self) -> Money:
        """What it costs before discounts."""
        return self.unit_price * self.quantity

    @property
    def full_name(self) -> str:
        """Name and label together, as in "Low-Foam Daily Wash, 250 ml"."""
        return f"{self.name}, {self.label}" if self.label else self.name

    @property
    def vat_minor(self) -> int:
        """VAT contained in the line's total, in minor units."""
        return self.vat.minor


@dataclass(frozen=True)
class PricedDelivery:
    """The chosen delivery and its share of each VAT rate.

    :ivar promise: when it arrives and until when one must order for that, in one sentence.
    """

    method_id: int
    code: str
    name: str
    kind: str
    carrier: str
    price: Money
    arrival: Arrival
    promise: str
    vat: Money
    shares: tuple[RateShare, ...]
    savings: tuple[Saving, ...] = ()

    @property
    def full_price(self) -> Money:
        """What it costs before discounts."""
        return sum((saving.amount for saving in self.savings), start=self.price)

    @property
    def estimate(self) -> str:
        """The days on which it arrives."""
        return self.arrival.text

    @property
    def vat_minor(self) -> int:
        """VAT contained in the price, in minor units."""
        return self.vat.minor


@dataclass(frozen=True)
class UnpaidOrder:
    """An order placed from this basket whose payment is still awaited; it holds its goods.

    :ivar is_same: whether the basket has not changed since.
    """

    number: str
    url: str
    is_same: bool
    gift_note: str


@dataclass(frozen=True, slots=True)
class GiftCardShare:
    """What a gift card pays of a total; perhaps nothing.

    :ivar left: what stays on it afterwards.
    :ivar is_frozen: whether a bank disputes what it was bought with.
    """

    card_id: int
    last_four: str
    amount: Money
    left: Money
    expires_on: dt.date
    is_frozen: bool = False


@dataclass(frozen=True)
class PricedBasket:
    """A basket at one moment's prices. `can_check_out` is false while any line has a problem.

    :ivar reckoned: what discounts take off, line by line.
    :ivar vat_country: the state that taxes the goods, if it is not the seller's own.
    :ivar codes: those that were entered, whether or not they take anything off.
    """

    basket_id: int | None
    checkout_token: str
    goods: list[PricedLine]
    packages: list[PricedLine]
    goods_total: Money
    packages_total: Money
    delivery: PricedDelivery | None
    delivery_options: list[DeliveryOption]
    country: str
    countries: list[tuple[str, str]]
    needs_delivery: bool
    vat_country: str
    vat: Money
    total: Money
    free_delivery_missing: Money | None
    notices: list[Notice] = field(default_factory=list)
    can_check_out: bool = False
    count: int = 0
    unpaid_order: UnpaidOrder | None = None
    reckoned: Reckoned = NOTHING
    codes: tuple[str, ...] = ()
    gift_card: GiftCardShare | None = None

    @property
    def due(self) -> Money:
        """What is paid by other ways than the gift card."""
        return self.total - self.gift_card.amount if self.gift_card else self.total

    @property
    def savings(self) -> list[Saving]:
        """What each discount takes off the whole."""
        return [
            Saving(each.rule.name, Money(each.amount_minor, self.total.currency), each.rule.code)
            for each in self.reckoned.taken
        ]

    @property
    def saved(self) -> Money:
        """What all discounts take off together."""
        return sum((saving.amount for saving in self.savings), start=Money(0, self.total.currency))

    @property
    def sessions(self) -> list[PricedLine]:
        """The packages of sessions among what is not sent."""
        return [line for line in self.packages if line.kind == OfferKind.PACKAGE]

    @property
    def gift_cards(self) -> list[PricedLine]:
        """The gift cards that are bought; `gift_card` is the one that pays."""
        return [line for line in self.packages if line.kind == OfferKind.GIFT_CARD]

    @property
    def sessions_total(self) -> Money:
        """What the packages of sessions cost."""
        return self.packages_total - self.gift_cards_total

    @property
    def gift_cards_total(self) -> Money:
        """What the gift cards cost; no other card can pay for them."""
        costs = (line.total for line in self.gift_cards)
        return sum(costs, start=Money(0, self.total.currency))

    @property
    def lines(self) -> list[PricedLine]:
        """Goods first, then packages: the order in which they are shown and frozen."""
        return [*self.goods, *self.packages]

    @property
    def asked_versions(self) -> dict[int, int]:
        """The questions to be answered first, as a version's id for each treatment's."""
        return {
            line.treatment_id: line.asked_version_id
            for line in self.packages
            if line.treatment_id and line.asked_version_id
        }

    @property
    def is_empty(self) -> bool:
        return not self.goods and not self.packages

    @property
    def weight_grams(self) -> int:
        """What the goods weigh together."""
        return sum(line.weight_grams * line.quantity for line in self.goods)
