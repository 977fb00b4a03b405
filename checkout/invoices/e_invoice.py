"""A document for machines: EN 16931 in the syntax of UN/CEFACT, from its record alone.

Every sum is the record's own, so both readings of a document say the same to the unit. A kit at
several rates is several lines, since a line of the standard has one rate; a line's price is that of
all its pieces together, since the price of a single one without VAT is no whole unit.
"""

import datetime as dt
import re
from decimal import Decimal
from typing import Any, Final
from xml.sax.saxutils import escape

from drafthorse.models.accounting import ApplicableTradeTax, CategoryTradeTax, TradeAllowanceCharge
from drafthorse.models.document import Document
from drafthorse.models.note import IncludedNote
from drafthorse.models.party import TaxRegistration
from drafthorse.models.payment import PaymentMeans
from drafthorse.models.tradelines import LineItem
from drafthorse.xmp_schema import XMP_SCHEMA

from checkout.invoices import words
from checkout.invoices.content import Address, Buyer, Content, Line, RateAmount, Seller
from checkout.models import InvoiceKind, PaymentWay
from money.money import Money

FILE_NAME: Final = "factur-x.xml"
_GUIDELINE: Final = "urn:cen.eu:en16931:2017"
# Of the code list UNTDID 1001.
_TYPES: Final = {
    InvoiceKind.INVOICE: "380",
    InvoiceKind.CREDIT_NOTE: "381",
    InvoiceKind.CORRECTION: "384",
}
_MEANS: Final = {  # UNTDID 4461: cash, bank card, cleared between partners, or none of the list
    PaymentWay.STRIPE: "48",
    PaymentWay.CASH: "10",
    PaymentWay.TERMINAL: "48",
    PaymentWay.GIFT: "97",
    PaymentWay.GIFT_CARD: "1",
}
_DELIVERY: Final = "DL"  # UNTDID 7161
_ONE: Final = "C62"  # UN/ECE recommendation 20
_NOT_XML: Final = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def written(content: Content, buyer: Buyer | None) -> bytes:
    """Write a document as XML.

    :param buyer: nothing once law no longer wants the name kept.
    """
    said = Document()
    said.context.guideline_parameter.id = _GUIDELINE
    _write_head(said.header, content)
    for number, (line, rate) in enumerate(_rows(content), 1):
        said.trade.items.add(_item(number, line, rate, content.currency))
    _write_agreement(said.trade.agreement, content, buyer)
    _write_delivery(said.trade.delivery, content, buyer)
    _write_settlement(said.trade.settlement, content)
    # Checking it against the schema is the business of tests: reading the schema takes longer.
    return bytes(said.serialize(schema=None))


def metadata(content: Content, *, producer: str, at: dt.datetime) -> str:
    """Say what a PDF with the XML in it is, for its metadata."""
    whole = str(XMP_SCHEMA).format(
        title=escape(words.title(content)),
        author=escape(_clean(content.seller.company)),
        subject=escape(words.title(content)),
        producer=escape(producer),
        creator_tool=escape(producer),
        timestamp=at.isoformat(timespec="seconds"),
        urn="urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#",
        documenttype="INVOICE",
        xml_filename=FILE_NAME,
        version="1.0",
        xmp_level="EN 16931",
    )
    # What fpdf2 wraps around it, it has already.
    return whole[whole.index("<x:xmpmeta") : whole.index("<?xpacket end")].strip()


def _write_head(head: Any, content: Content) -> None:
    head.id = content.number
    head.type_code = _TYPES[InvoiceKind(content.kind)]
    head.issue_date_time = content.issued_on
    for text in filter(None, [content.reason, *words.notes(content)]):
        note = IncludedNote()
        note.content = _clean(text)
        head.notes.add(note)


def _rows(content: Content) -> list[tuple[Line, RateAmount]]:
    return [(line, rate) for line in content.lines for rate in line.rates]


def _item(number: int, line: Line, rate: RateAmount, currency: str) -> LineItem:
    """Write a line of one rate; what falls on all its pieces is its price."""
    net = _amount(rate.net_minor, currency)
    pieces = (Decimal(max(1, line.quantity)), _ONE)
    item = LineItem()
    item.document.line_id = str(number)
    item.product.name = _clean(line.name)
    item.product.seller_assigned_id = _clean(line.sku)
    off = (f"{each.name}: -{_amount(each.gross_minor, currency)}" for each in line.reductions)
    item.product.description = _clean(", ".join([*line.parts, *off]))
    item.agreement.net.amount = net
    item.agreement.net.basis_quantity = pieces
    item.delivery.billed_quantity = pieces
    _write_rate(item.settlement.trade_tax, rate)
    item.settlement.monetary_summation.total_amount = net
    return item


def _write_agreement(agreement: Any, content: Content, buyer: Buyer | None) -> None:
    _write_seller(agreement.seller, content.seller)
    name = buyer.name or buyer.email if buyer else words.DROPPED
    agreement.buyer.name = _clean(name)
    if buyer is not None and buyer.email:
        agreement.buyer.electronic_address.uri_ID = ("EM", _clean(buyer.email))
    address = buyer.delivered_to if buyer else None
    if address is None:  # A country is asked for; whoever was sent nothing came to the clinic.
        agreement.buyer.address.country_id = content.seller.country
    else:
        _write_address(agreement.buyer.address, address)
    agreement.seller_order.issuer_assigned_id = content.order_number


def _write_seller(party: Any, seller: Seller) -> None:
    party.name = _clean(seller.company)
    party.description = _clean(" · ".join(filter(None, [seller.register, seller.directors])))
    party.contact.department_name = _clean(seller.company)
    party.contact.telephone.number = _clean(seller.phone)
    party.contact.email.address = _clean(seller.email)
    _write_address(party.address, seller)
    if seller.email:
        party.electronic_address.uri_ID = ("EM", _clean(seller.email))
    registration = TaxRegistration()
    registration.id = ("VA", seller.vat_id)
    party.tax_registrations.add(registration)


def _write_address(written: Any, address: Address | Seller) -> None:
    written.postcode = _clean(address.postcode)
    written.line_one = _clean(address.line1)
    written.line_two = _clean(address.line2)
    written.city_name = _clean(address.city)
    written.country_id = address.country


def _write_delivery(delivery: Any, content: Content, buyer: Buyer | None) -> None:
    if buyer is not None and buyer.delivered_to is not None:
        delivery.ship_to.name = _clean(buyer.delivered_to.name)
        _write_address(delivery.ship_to.address, buyer.delivered_to)
    delivery.event.occurrence = content.supplied_until_on


def _write_settlement(settlement: Any, content: Content) -> None:
    settlement.currency_code = content.currency
    if content.paid_reference:
        settlement.payment_reference = content.paid_reference
        means = PaymentMeans()
        means.type_code = _MEANS[PaymentWay(content.paid_way)]
        settlement.payment_means.add(means)
    for rate in content.rates:
        tax = ApplicableTradeTax()
        tax.calculated_amount = _amount(rate.vat_minor, content.currency)
        tax.basis_amount = _amount(rate.net_minor, content.currency)
        _write_rate(tax, rate)
        settlement.trade_tax.add(tax)
    settlement.period.start = content.supplied_from_on
    settlement.period.end = content.supplied_until_on
    for rate in content.delivery:
        settlement.allowance_charge.add(_charge(rate, content))
    _write_sums(settlement.monetary_summation, content)
    if content.corrects:
        corrected = settlement.invoice_referenced_document
        corrected.issuer_assigned_id = content.corrects
        corrected.issue_date_time = content.corrects_on


def _charge(rate: RateAmount, content: Content) -> TradeAllowanceCharge:
    """Write the charge for delivery at one rate."""
    charge = TradeAllowanceCharge()
    charge.indicator = True
    charge.actual_amount = _amount(rate.net_minor, content.currency)
    charge.reason_code = _DELIVERY
    charge.reason = _clean(content.delivery_name) or "Delivery"
    tax = CategoryTradeTax()
    _write_rate(tax, rate)
    charge.trade_tax.add(tax)
    return charge


def _write_sums(sums: Any, content: Content) -> None:
    currency = content.currency
    delivery = sum(rate.net_minor for rate in content.delivery)
    gross = _amount(content.gross_minor, currency)
    sums.line_total = _amount(sum(line.net_minor for line in content.lines), currency)
    sums.charge_total = _amount(delivery, currency)
    sums.allowance_total = _amount(0, currency)
    sums.tax_basis_total = _amount(content.net_minor, currency)
    sums.tax_total = (_amount(content.vat_minor, currency), currency)
    sums.grand_total = gross
    # Whatever a document is of has been paid, or has gone back.
    sums.prepaid_total = gross
    sums.due_amount = _amount(0, currency)


def _write_rate(tax: Any, rate: RateAmount) -> None:
    tax.type_code = "VAT"
    tax.category_code = "S" if rate.vat_rate_bp else "Z"
    tax.rate_applicable_percent = Decimal(rate.vat_rate_bp) / 100


def _amount(minor: int, currency: str) -> Decimal:
    return Money(minor, currency).decimal()


def _clean(text: str) -> str:
    """Leave out what XML cannot hold."""
    return _NOT_XML.sub("", text)
