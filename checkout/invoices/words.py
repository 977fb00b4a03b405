"""What a document says in words, for paper: titles, rows and sums as text."""

import datetime as dt
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Final

from checkout.countries import country_name
from checkout.invoices.content import Address, Buyer, Content, Line, RateAmount
from checkout.models import InvoiceKind, PaymentWay
from money.money import Money, round_half_up

HEADINGS: Final = ("Article", "Pieces", "Each excl. VAT", "Each incl. VAT", "VAT", "Amount")
SUM_HEADINGS: Final = ("VAT", "Net", "VAT amount", "Gross")
RECEIVED: Final[Mapping[PaymentWay, str]] = {
    PaymentWay.STRIPE: "by card",
    PaymentWay.CASH: "in cash",
    PaymentWay.TERMINAL: "by card at our terminal",
    PaymentWay.GIFT: "with a gift of sessions, paid for before,",
    PaymentWay.GIFT_CARD: "with a gift card",
}
WENT_BACK: Final[Mapping[PaymentWay, str]] = {
    PaymentWay.STRIPE: "to the card that the order was paid with",
    PaymentWay.CASH: "in cash",
    PaymentWay.TERMINAL: "to the card, at our terminal",
    PaymentWay.GIFT: "into what was taken instead of sessions that were given",
    PaymentWay.GIFT_CARD: "onto the gift card that the order was paid with",
}
VOUCHER: Final = (
    "Gift cards are multi-purpose vouchers: selling one has no VAT. It is due on what they pay for."
)
DROPPED: Final = "The name is no longer kept."

Row = tuple[str, ...]


def title(content: Content) -> str:
    """Name the document, as in “Invoice INV-2026-000042”."""
    return f"{InvoiceKind(content.kind).label} {content.number}"


def parties(buyer: Buyer | None) -> list[tuple[str, list[str]]]:
    """Say whom it is made out to, and where goods went if that differs."""
    if buyer is None:
        return [("Made out to", [DROPPED])]
    address = buyer.delivered_to
    if address is None:
        return [("Made out to", [buyer.name, buyer.email])]
    if address.name == buyer.name:
        return [("Made out and delivered to", [*_address(address), buyer.email])]
    return [
        ("Made out to", [buyer.name, *_address(address)[1:], buyer.email]),
        ("Delivered to", _address(address)),
    ]


def facts(content: Content) -> list[tuple[str, str]]:
    """Return what stands beside the address: days, order and what is corrected."""
    supplied = _day(content.supplied_from_on)
    if content.supplied_until_on != content.supplied_from_on:
        supplied = f"{supplied} to {_day(content.supplied_until_on)}"
    corrected = f"{content.corrects} of {_day(content.corrects_on)}" if content.corrects else ""
    rows = (
        ("Issued on", _day(content.issued_on)),
        ("Corrects", corrected),
        ("Reason", content.reason),
        ("Order", f"{content.order_number}, {_day(content.ordered_on)}"),
        ("Time of supply", supplied),
    )
    return [(name, said) for name, said in rows if said]


def rows(content: Content) -> Iterator[Row]:
    """Yield one row for every line, then delivery."""
    for line in content.lines:
        yield _row(line, content.currency)
    if content.delivery:
        name = " ".join(filter(None, ["Delivery:", content.delivery_name]))
        delivery = Line(name, "", 1, content.delivery_gross_minor, content.delivery)
        yield _row(delivery, content.currency)


def sums(content: Content) -> list[Row]:
    """Return the amounts of each VAT rate, then of the whole."""
    by_rate = [(f"{each.percent} %", *_amounts(each, content.currency)) for each in content.rates]
    whole = RateAmount(0, content.gross_minor, content.vat_minor)
    return [*by_rate, ("Total", *_amounts(whole, content.currency))]


def notes(content: Content) -> list[str]:
    """Return the sentences below the sums."""
    total = Money(content.gross_minor, content.currency)
    if content.kind == InvoiceKind.INVOICE:
        how, day = RECEIVED[PaymentWay(content.paid_way)], _day(content.paid_on)
        by_card = Money(content.gift_card_minor, content.currency)
        rest = f"{total - by_card} received {how} on {day}"
        paid = f"{by_card} paid with a gift card, {rest}" if by_card else rest
        said = [f"{paid}. Nothing is left to pay."]
    elif content.kind == InvoiceKind.CREDIT_NOTE:
        said = [f"{total} went back {WENT_BACK[PaymentWay(content.paid_way)]}."]
    else:
        said = [f"The refund of {total} did not arrive: the credit note no longer holds."]
    if any(line.is_gift_card for line in content.lines):
        said.append(VOUCHER)
    if content.paid_reference:
        said.append(f"Payment reference: {content.paid_reference}")
    return said


def _row(line: Line, currency: str) -> Row:
    off = (f"   {each.name}: -{Money(each.gross_minor, currency)}" for each in line.reductions)
    name = "\n".join([line.name, *(f"   {part}" for part in line.parts), *off])
    each = line.unit_gross_minor
    return (
        name,
        str(line.quantity or ""),
        "" if each is None else str(Money(_each_net(line), currency)),
        "" if each is None else str(Money(each, currency)),
        " + ".join(f"{rate.percent}\u00a0%" for rate in line.rates),
        str(Money(line.gross_minor, currency)),
    )


def _each_net(line: Line) -> int:
    """Return the price of a piece before discounts, without the share of VAT that its line has."""
    each = line.unit_gross_minor or 0
    if not line.reductions:
        return round_half_up(Fraction(line.net_minor, max(1, line.quantity)))
    if line.gross_minor:
        return round_half_up(Fraction(each * line.net_minor, line.gross_minor))
    # Given for nothing: nothing of it is VAT, and its rates weigh alike.
    bp = Fraction(sum(rate.vat_rate_bp for rate in line.rates), max(1, len(line.rates)))
    return round_half_up(each * 10_000 / (10_000 + bp))


def _amounts(amount: RateAmount, currency: str) -> tuple[str, str, str]:
    minors = (amount.net_minor, amount.vat_minor, amount.gross_minor)
    net, vat, gross = (str(Money(minor, currency)) for minor in minors)
    return net, vat, gross


def _address(address: Address) -> list[str]:
    place = f"{address.postcode} {address.city}".strip()
    country = country_name(address.country) if address.country else ""
    return list(filter(None, [address.name, address.line1, address.line2, place, country]))


def _day(day: dt.date | None) -> str:
    return f"{day:%-d %B %Y}" if day else ""
