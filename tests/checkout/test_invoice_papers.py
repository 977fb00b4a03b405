"""Documents on paper: the same bytes from the same record, for their buyer and staff alone."""

import datetime as dt

from django.test import Client
from django.urls import reverse
import pytest

from accounts.models import User
from checkout.invoices import e_invoice, issuing, pdf, words
from checkout.invoices.content import Buyer, Content
from checkout.models import Order, Payment, PaymentWay
from tests.accounts.factories import UserFactory
from tests.checkout.invoicing import credited, issued, kit_order, name_seller, paid_order, refunded

pytestmark = pytest.mark.django_db

AT = dt.datetime(2026, 11, 3, 12, tzinfo=dt.UTC)


def test_the_words_of_an_invoice_are_its_record() -> None:
    name_seller()
    said = Content.from_json(issued(kit_order(), at=AT).content)

    assert words.title(said) == "Invoice INV-2026-000001"
    kit, delivery = words.rows(said)
    assert kit[0].endswith("\n   1 × Daily Wash\n   2 × Herbal Tea")
    assert kit[1:] == ("1", "€52.70", "€60.00", "7\u00a0% + 19\u00a0%", "€60.00")
    assert delivery[0] == "Delivery: Standard courier"
    assert delivery[2:4] == ("€4.31", "€4.90")
    assert words.sums(said) == [
        ("7 %", "€23.37", "€1.51", "€24.88"),
        ("19 %", "€33.64", "€6.38", "€40.02"),
        ("Total", "€57.01", "€7.89", "€64.90"),
    ]


@pytest.mark.parametrize(
    ("way", "received", "went_back", "code"),
    [
        (PaymentWay.STRIPE, "by card", "to the card that the order was paid with", "48"),
        (PaymentWay.CASH, "in cash", "in cash", "10"),
        (PaymentWay.TERMINAL, "by card at our terminal", "to the card, at our terminal", "48"),
    ],
)
def test_a_document_says_how_its_order_was_paid(
    way: PaymentWay, received: str, went_back: str, code: str
) -> None:
    name_seller()
    order, by_hand = paid_order(), way != PaymentWay.STRIPE
    paid = Payment.objects.filter(order=order)
    paid.update(paid_at=AT)
    if by_hand:
        slip = {"reference": "slip 12", "taken_by": UserFactory()}
        paid.update(way=way, session_id=None, payment_intent=None, **slip)

    invoice = Content.from_json(issued(order, at=AT).content)
    note = credited(refunded(order, 500, key="refund-1", at=AT), at=AT)

    said = [f"€28.90 received {received} on 3 November 2026. Nothing is left to pay."]
    assert words.notes(invoice)[:1] == said
    assert words.notes(Content.from_json(note.content))[0] == f"€5.00 went back {went_back}."
    assert f"<ram:TypeCode>{code}</ram:TypeCode>" in e_invoice.written(invoice, None).decode()
    assert not by_hand or words.notes(invoice)[1] == "Payment reference: slip 12"
    assert ("paid_way" in issued(order, at=AT).content) is by_hand


def test_every_way_of_paying_has_its_words() -> None:
    assert set(words.RECEIVED) == set(words.WENT_BACK) == set(PaymentWay)


def test_a_credit_note_names_its_invoice_and_the_reason() -> None:
    name_seller()
    order = paid_order()
    issued(order, at=AT)
    note = credited(refunded(order, 2890, key="refund-1", at=AT), at=AT)

    said = dict(words.facts(Content.from_json(note.content)))

    assert said["Corrects"] == "INV-2026-000001 of 3 November 2026"
    assert said["Reason"] == "Broken pump"


def test_the_same_record_is_drawn_as_the_same_bytes() -> None:
    name_seller()
    said = Content.from_json(issued(paid_order(), at=AT).content)
    buyer = Buyer("salt", "Łukasz Öztürk İğdir, Παπαδόπουλος, Жуков", "l@example.com", None)

    drawn = pdf.drawn(said, buyer)

    assert drawn.startswith(b"%PDF-")
    assert pdf.drawn(said, buyer) == drawn
    assert words.parties(None) == [("Made out to", [words.DROPPED])]


@pytest.fixture
def documents(monkeypatch: pytest.MonkeyPatch) -> tuple[Order, User]:
    """An order with an invoice and its buyer; what is drawn is somebody else's business here."""
    monkeypatch.setattr(pdf, "drawn", lambda *_, **__: b"%PDF-")
    name_seller()
    buyer = UserFactory()
    order = paid_order(user=buyer)
    issued(order, at=AT)
    return order, buyer


def test_buyers_get_their_documents_behind_the_link_and_in_the_account(
    client: Client, documents: tuple[Order, User]
) -> None:
    order, buyer = documents
    behind = f"/orders/{order.access_token}/documents/INV-2026-000001.pdf"

    page = client.get(f"/orders/{order.access_token}/").content.decode()
    guest = client.get(behind)
    client.force_login(buyer)
    mine = client.get(f"/account/orders/{order.number}/documents/INV-2026-000001.pdf")

    assert behind in page
    for answer in (guest, mine):
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
        assert answer["Cache-Control"] == "private, no-store"


def test_what_is_not_yours_is_as_good_as_none(
    client: Client, documents: tuple[Order, User]
) -> None:
    order, buyer = documents
    own = paid_order(user=UserFactory())
    client.force_login(own.user)

    answers = [
        client.get(path)
        for path in (
            f"/account/orders/{order.number}/documents/INV-2026-000001.pdf",
            "/account/orders/G-0000-0000/documents/INV-2026-000001.pdf",
            f"/account/orders/{own.number}/documents/INV-2026-000001.pdf",
            f"/orders/{own.access_token}/documents/INV-2026-000001.pdf",
        )
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers[:3]}) == 1
    assert buyer != own.user


def test_staff_download_it_from_the_order_and_only_with_that_order(
    admin_client: Client, documents: tuple[Order, User]
) -> None:
    order, _ = documents
    other = paid_order()
    [invoice] = order.invoices.all()

    found = admin_client.get(reverse("orders:document", args=[order.pk, invoice.pk]))
    nested = admin_client.get(reverse("orders:document", args=[other.pk, invoice.pk]))

    assert (found.status_code, nested.status_code) == (200, 404)
    assert issuing.invoice_of(other) is None
