"""Invoices and credit notes: numbered without a gap, exact to the unit, never changed."""

import datetime as dt
from dataclasses import replace

from django.db import IntegrityError, connection, transaction
import pytest

from append_only.operations import protected_tables
from checkout import reconciliation, refunds, settlement
from checkout.invoices import contradictions, issuing, numbers
from checkout.invoices.content import Content, RateAmount
from checkout.models import (
    Invoice,
    InvoiceBuyer,
    InvoiceCounter,
    InvoiceKind,
    InvoiceSeller,
    Order,
    Refund,
    RefundStatus,
)
from tests.checkout.buying import basket_with, check_out, courier, package, product, session_id_of
from tests.checkout.factories import OrderFactory
from tests.checkout.invoicing import (
    credited,
    issued,
    kit_order,
    name_seller,
    paid_order,
    refunded,
)
from tests.stripe_in_process import StripeInProcess

pytestmark = pytest.mark.django_db

AT = dt.datetime(2026, 11, 3, 12, tzinfo=dt.UTC)


def numbers_written() -> list[str]:
    return list(Invoice.objects.order_by("pk").values_list("number", flat=True))


def test_a_paid_order_gets_its_invoice_in_the_same_moment(
    stripe: StripeInProcess, at: dt.datetime
) -> None:
    name_seller()
    courier()
    basket = basket_with((product(at=at), 2), (package(at=at), 1), at=at)
    order = check_out(basket, at=at).order
    stripe.pay(session_id_of(order))

    for _ in range(2):
        settlement.settle(session_id_of(order), at=at)

    invoice = Invoice.objects.get()
    order.refresh_from_db()
    said = Content.from_json(invoice.content)
    assert invoice.serial == 1
    assert (invoice.gross_minor, invoice.vat_minor) == (order.total_minor, order.vat_minor)
    assert [line.quantity for line in said.lines] == [2, 1]
    assert said.paid_reference == order.payments.get().payment_intent
    assert list(contradictions.found()) == []


def test_a_whole_refund_credits_the_whole_invoice(stripe: StripeInProcess, at: dt.datetime) -> None:
    name_seller()
    courier()
    order = check_out(basket_with((product(at=at), 1), at=at), at=at).order
    stripe.pay(session_id_of(order))
    settlement.settle(session_id_of(order), at=at)
    payment = order.payments.get()

    refunds.request(
        payment=payment, amount_minor=payment.amount_minor, reason="Broken", by=None, at=at
    )
    refunds.send_due(at=at)

    invoice, note = Invoice.objects.order_by("pk")
    assert (note.kind, note.corrects) == (InvoiceKind.CREDIT_NOTE, invoice)
    assert (note.net_minor, note.vat_minor) == (invoice.net_minor, invoice.vat_minor)
    assert list(reconciliation.differences()) == []


def test_without_a_seller_nothing_is_written_and_later_all_that_is_due() -> None:
    late, early = (
        paid_order(placed_at=AT, paid_at=AT + dt.timedelta(hours=hours)) for hours in (2, 1)
    )
    refunded(early, 500, key="refund-1", at=AT)

    assert issuing.catch_up(at=AT) == 0
    assert list(contradictions.found()) == []
    assert numbers_written() == []

    name_seller()
    found = list(contradictions.found())
    assert issuing.catch_up(at=AT) == 3
    assert issuing.catch_up(at=AT) == 0

    assert found == [
        f"Order {late.number}: paid, and has no invoice",
        f"Order {early.number}: paid, and has no invoice",
    ]
    assert numbers_written() == ["INV-2026-000001", "INV-2026-000002", "CRN-2026-000001"]
    assert [one.order for one in Invoice.objects.order_by("pk")] == [early, late, early]
    assert list(contradictions.found()) == []


def test_an_unpaid_order_is_due_nothing() -> None:
    name_seller()
    OrderFactory()

    assert issuing.catch_up(at=AT) == 0


def test_what_is_undone_takes_its_number_back() -> None:
    name_seller()
    first, second = paid_order(), paid_order()

    with transaction.atomic():
        issuing.issue(first, at=AT)
        transaction.set_rollback(True)
    issued(second, at=AT)

    assert numbers_written() == ["INV-2026-000001"]
    assert list(InvoiceCounter.objects.values_list("last", flat=True)) == [1]


def test_each_year_of_the_shop_begins_at_1() -> None:
    name_seller()
    # Half an hour before midnight in London is the new year in the shop's own zone.
    eve = dt.datetime(2026, 12, 31, 23, 30, tzinfo=dt.UTC)

    issued(paid_order(), at=AT)
    issued(paid_order(), at=eve)

    assert numbers_written() == ["INV-2026-000001", "INV-2027-000001"]


def test_an_invoice_cannot_be_changed_or_deleted() -> None:
    name_seller()
    invoice = issued(paid_order(), at=AT)

    InvoiceBuyer.objects.all().delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        Invoice.objects.update(gross_minor=1, net_minor=1, vat_minor=0)
    with pytest.raises(IntegrityError), transaction.atomic():
        invoice.delete()

    assert "checkout_invoice" in protected_tables(connection)
    assert Invoice.objects.get().gross_minor == 2890


def test_a_kit_at_two_rates_and_its_delivery_are_summed_by_rate() -> None:
    name_seller()
    order = kit_order()

    said = Content.from_json(issued(order, at=AT).content)

    [line] = said.lines
    assert line.parts == ("1 × Daily Wash", "2 × Herbal Tea")
    assert line.rates == (RateAmount(700, 2300, 139), RateAmount(1900, 3700, 591))
    assert said.delivery == (RateAmount(700, 188, 12), RateAmount(1900, 302, 47))
    assert said.rates == (RateAmount(700, 2488, 151), RateAmount(1900, 4002, 638))
    assert (said.gross_minor, said.vat_minor) == (6490, 789)


def test_credit_notes_in_parts_sum_to_the_invoice_by_rate() -> None:
    name_seller()
    order = kit_order()
    invoice = issued(order, at=AT)

    for place, amount_minor in enumerate((1, 333, 2000, 6490 - 2334)):
        credited(refunded(order, amount_minor, key=f"refund-{place}", at=AT), at=AT)

    notes = Invoice.objects.filter(kind=InvoiceKind.CREDIT_NOTE).order_by("pk")
    assert [note.gross_minor for note in notes] == [1, 333, 2000, 4156]
    assert sum(note.vat_minor for note in notes) == invoice.vat_minor
    assert [note.number for note in notes][-1] == "CRN-2026-000004"
    assert Content.from_json(notes[0].content).corrects == invoice.number


def test_a_refund_that_failed_after_all_takes_its_credit_note_back() -> None:
    name_seller()
    order = paid_order()
    issued(order, at=AT)
    refund = refunded(order, 2890, key="refund-1", at=AT)
    credited(refund, at=AT)

    with transaction.atomic():
        taken_back = issuing.take_back(refund, at=AT)
    Refund.objects.update(status=RefundStatus.FAILED)
    again = credited(refunded(order, 2890, key="refund-2", at=AT), at=AT)

    assert taken_back is not None
    assert (taken_back.number, taken_back.gross_minor) == ("COR-2026-000001", 2890)
    assert again.gross_minor == 2890


def test_the_buyer_is_sealed_and_goes_when_the_years_are_over() -> None:
    name_seller()
    invoice = issued(paid_order(), at=AT)
    buyer = issuing.buyer_of(invoice)

    assert buyer is not None
    assert (buyer.name, buyer.delivered_to and buyer.delivered_to.city) == (
        "Ada Lindqvist",
        "Berlin",
    )
    assert "Ada" not in str(invoice.content) + InvoiceBuyer.objects.get().sealed
    assert issuing.forget_old(on=dt.date(2034, 12, 31)) == 0
    assert issuing.forget_old(on=dt.date(2035, 1, 1)) == 1
    assert issuing.buyer_of(invoice) is None
    assert list(contradictions.found()) == []


def test_the_hash_covers_every_fact() -> None:
    name_seller()
    said = Content.from_json(issued(paid_order(), at=AT).content)
    buyer = issuing.buyer_of(Invoice.objects.get())

    assert buyer is not None
    assert buyer.digest == said.buyer_digest
    assert replace(buyer, name="Eve").digest != said.buyer_digest
    assert replace(said, reason="x").digest != said.digest
    assert replace(said, seller=replace(said.seller, iban="")).digest != said.digest
    assert said.digest == Invoice.objects.get().content_hash


def test_a_gap_and_other_sums_are_named() -> None:
    name_seller()
    order = paid_order()
    issued(order, at=AT)
    with transaction.atomic():
        numbers.take(InvoiceKind.INVOICE, year=2026)
    Order.objects.filter(pk=order.pk).update(vat_minor=460)

    assert list(contradictions.found()) == [
        "Invoice INV-2026-000001: 2890, its order 2890",
        "Series INV-2026: 2: 1 documents, the last is 1",
    ]


@pytest.mark.parametrize("name", ["company", "line1", "postcode", "city", "vat_id"])
def test_a_seller_without_what_law_wants_issues_nothing(name: str) -> None:
    name_seller(**{name: ""})
    assert not InvoiceSeller.load().is_complete
    assert issuing.issue(paid_order(), at=AT) is None
    assert not InvoiceCounter.objects.exists()
