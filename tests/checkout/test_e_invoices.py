"""What machines read of a document is what people read, valid by the standard's own schema."""

import datetime as dt
from decimal import Decimal
from io import BytesIO
from typing import Any

from django.test import Client
from django.urls import reverse
import pytest
from drafthorse.utils import validate_xml
from lxml import etree
from pypdf import PdfReader

from checkout.invoices import e_invoice, pdf
from checkout.invoices.content import Address, Buyer, Content, Line, RateAmount, Seller
from checkout.models import InvoiceKind, InvoiceSeller
from tests.checkout.invoicing import SELLER, issued, name_seller, paid_order

ADA = Buyer(
    "salt",
    "Ada <Lindqvist> \x0b",
    "ada@example.com",
    Address("Ada Lindqvist", "Turmstr. 4", "", "10559", "Berlin", "DE"),
)
SESSIONS_ONLY = Buyer("salt", "", "ada@example.com", None)
RAM = "{urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100}"


def content(kind: str = InvoiceKind.INVOICE) -> Content:
    """A kit at two rates, thrice; an amount that bears no VAT; delivery."""
    corrected = {"corrects": "INV-2026-000001", "corrects_on": dt.date(2026, 11, 3)}
    return Content(
        kind=kind,
        number="INV-2026-000002",
        issued_on=dt.date(2026, 11, 3),
        currency="EUR",
        seller=Seller(**{"line2": "", "directors": "", "phone": "", "bic": "", **SELLER}),
        buyer_digest=ADA.digest,
        order_number="G-1234-5678",
        ordered_on=dt.date(2026, 11, 2),
        lines=(
            Line(
                "Aftercare Kit & bag", "KIT", 3, 2000,
                (RateAmount(700, 2299, 150), RateAmount(1900, 3701, 591)), ("1 × Wash", "2 × Tea"),
            ),
            Line("Amount", "X", 0, None, (RateAmount(0, 500, 0),)),
        ),
        delivery=(RateAmount(700, 190, 12), RateAmount(1900, 300, 48)),
        delivery_name="Courier",
        supplied_from_on=dt.date(2026, 11, 4),
        supplied_until_on=dt.date(2026, 11, 6),
        paid_on=dt.date(2026, 11, 3),
        paid_reference="pi_1",
        reason="Broken pump",
        **({} if kind == InvoiceKind.INVOICE else corrected),
    )  # fmt: skip


def read(xml: bytes) -> Any:
    """Read it, once the schema of the standard has found nothing."""
    return etree.fromstring(validate_xml(xml, "FACTUR-X_EN16931"))


def amounts(root: Any, *path: str) -> list[Decimal]:
    return [Decimal(found.text) for found in root.iterfind(".//" + "/".join(RAM + p for p in path))]


@pytest.mark.parametrize("buyer", [ADA, SESSIONS_ONLY, None])
@pytest.mark.parametrize(
    ("kind", "code"),
    [("INVOICE", "380"), ("CREDIT_NOTE", "381"), ("CORRECTION", "384")],
)
def test_every_kind_of_document_is_valid_and_says_which_it_is(
    kind: str, code: str, buyer: Buyer | None
) -> None:
    root = read(e_invoice.written(content(kind), buyer))

    assert root[1].findtext(f"{RAM}TypeCode") == code
    named = root.findtext(f".//{RAM}InvoiceReferencedDocument/{RAM}IssuerAssignedID")
    assert named == (None if kind == InvoiceKind.INVOICE else "INV-2026-000001")


def test_its_sums_are_the_documents_and_add_up_by_the_rules_of_the_standard() -> None:
    """EN 16931, BR-CO-10 to BR-CO-16 and BR-S-08."""
    said = content()
    root = read(e_invoice.written(said, ADA))

    lines = amounts(root, "SpecifiedTradeSettlementLineMonetarySummation", "LineTotalAmount")
    charges = amounts(root, "SpecifiedTradeAllowanceCharge", "ActualAmount")
    [sums] = root.iterfind(f".//{RAM}SpecifiedTradeSettlementHeaderMonetarySummation")
    whole = {child.tag.removeprefix(RAM): Decimal(child.text) for child in sums}
    bases = amounts(root, "ApplicableTradeTax", "BasisAmount")
    taxes = amounts(root, "ApplicableTradeTax", "CalculatedAmount")
    assert whole == {
        "LineTotalAmount": sum(lines),
        "ChargeTotalAmount": sum(charges),
        "AllowanceTotalAmount": Decimal(0),
        "TaxBasisTotalAmount": Decimal(said.net_minor) / 100,
        "TaxTotalAmount": Decimal(said.vat_minor) / 100,
        "GrandTotalAmount": Decimal(said.gross_minor) / 100,
        "TotalPrepaidAmount": Decimal(said.gross_minor) / 100,
        "DuePayableAmount": Decimal(0),
    }
    assert sum(lines) + sum(charges) == sum(bases) == whole["TaxBasisTotalAmount"]
    assert sum(taxes) == whole["TaxTotalAmount"]
    assert bases == [Decimal("5.00"), Decimal("23.27"), Decimal("33.62")]


def test_a_line_is_its_pieces_times_its_price_to_the_unit() -> None:
    root = read(e_invoice.written(content(), ADA))

    for item in root.iterfind(f".//{RAM}IncludedSupplyChainTradeLineItem"):
        [price] = amounts(item, "NetPriceProductTradePrice", "ChargeAmount")
        [basis] = amounts(item, "NetPriceProductTradePrice", "BasisQuantity")
        [pieces] = amounts(item, "SpecifiedLineTradeDelivery", "BilledQuantity")
        [total] = amounts(item, "SpecifiedTradeSettlementLineMonetarySummation", "LineTotalAmount")
        assert price * pieces == total * basis


def test_names_that_are_dropped_or_hold_what_xml_cannot_are_written_without() -> None:
    def name(buyer: Buyer | None) -> str | None:
        root = read(e_invoice.written(content(), buyer))
        found: str | None = root.findtext(f".//{RAM}BuyerTradeParty/{RAM}Name")
        return found

    assert name(ADA) == "Ada <Lindqvist> "
    assert name(SESSIONS_ONLY) == "ada@example.com"
    assert name(None) == "The name is no longer kept."


def test_the_paper_holds_it_and_is_the_same_bytes_on_any_day() -> None:
    said = content()

    drawn = pdf.drawn(said, SESSIONS_ONLY, with_xml=True)

    assert pdf.drawn(said, SESSIONS_ONLY, with_xml=True) == drawn
    paper = PdfReader(BytesIO(drawn))
    assert paper.attachments["factur-x.xml"] == [e_invoice.written(said, SESSIONS_ONLY)]
    catalog: Any = paper.trailer["/Root"]
    told = catalog["/Metadata"].get_data().decode()
    assert "<pdfaid:part>3</pdfaid:part>" in told
    assert "<fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>" in told
    assert "<xmp:CreateDate>2026-11-03T12:00:00+00:00</xmp:CreateDate>" in told
    assert catalog["/AF"][0].get_object()["/AFRelationship"] == "/Alternative"
    assert catalog["/OutputIntents"][0].get_object()["/S"] == "/GTS_PDFA1"


@pytest.mark.django_db
def test_a_shop_can_leave_it_out_of_the_paper_and_staff_still_get_it(admin_client: Client) -> None:
    name_seller()
    order = paid_order()
    invoice = issued(order, at=dt.datetime(2026, 11, 3, 12, tzinfo=dt.UTC))
    paper, alone, foreign = (
        reverse(f"orders:{name}", args=[pk, invoice.pk])
        for name, pk in (
            ("document", order.pk), ("document_xml", order.pk), ("document_xml", paid_order().pk),
        )
    )  # fmt: skip

    holding = PdfReader(BytesIO(admin_client.get(paper).content)).attachments
    InvoiceSeller.objects.update(has_xml=False)
    without = PdfReader(BytesIO(admin_client.get(paper).content)).attachments
    answer = admin_client.get(alone)

    assert list(holding) == ["factur-x.xml"]
    assert holding["factur-x.xml"] == [answer.content]
    assert not without
    assert answer["Content-Type"] == "application/xml"
    assert answer["Cache-Control"].startswith("private, no-store")
    read(answer.content)
    assert admin_client.get(foreign).status_code == 404
