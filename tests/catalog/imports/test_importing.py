"""From a sheet to the shop and back."""

import io
from typing import Any

from django.test import Client
from wagtail.models import Page
from wagtail.search.backends import get_search_backend
import pytest

from catalog import prices, stock
from catalog.imports import applying, exporting, runs, work
from catalog.models import Offer, OfferPrice, ProductPage, Stock, StockMovement
from tests.catalog.factories import (
    LONG_AGO,
    CategoryPageFactory,
    ConcernFactory,
    OfferFactory,
    ProductPageFactory,
    facts_of_a_product,
)
from tests.catalog.imports.running import (
    NOON,
    applied,
    product_row,
    said,
    sheet,
    undone,
    upload,
    worked,
)

pytestmark = [pytest.mark.django_db, pytest.mark.indexed]


@pytest.fixture(autouse=True)
def _category() -> None:
    CategoryPageFactory()
    facts_of_a_product()


def test_new_products_are_checked_then_applied(client: Client) -> None:
    ConcernFactory(slug="dry")
    rows = [
        product_row(
            1, concerns="dry", ph_from="5,0", ph_to="5.4", key_ingredients="Urea | 5 | soothes"
        ),
        {
            "product": "mist-00001",
            "sku": "MIST-B",
            "label": "250 ml",
            "price": "36",
            "stock": "0",
        },
        product_row(2, status="draft", vat_rate="7"),
    ]

    run = upload(sheet(*rows))

    assert (run.status, said(run)) == ("READY", [])
    assert run.report["counts"]["pages_added"] == 2
    assert run.report["counts"]["offers_added"] == 3
    assert ProductPage.objects.count() == 0
    runs.confirm(run_id=run.pk, at=NOON)
    assert worked(run).status == "APPLIED"
    page = ProductPage.objects.get(slug="mist-00001")
    assert [concern.slug for concern in page.concerns.all()] == ["dry"]
    assert str(page.ph_from) == "5.0"
    assert page.key_ingredients[0].value["purpose"] == "soothes"
    assert client.get(page.url).status_code == 200
    assert Offer.objects.get(sku="MIST-00002").vat_rate_bp == 700
    assert [row.reason for row in OfferPrice.objects.all()] == ["Spring list"] * 3
    assert Stock.objects.get(offer__sku="MIST-00001").on_hand == 20
    assert list(get_search_backend().search("mist-b", ProductPage)) == [page]
    assert Page.find_problems() == ([], [], [], [], [])
    assert list(stock.contradictions()) == []


def test_prices_stock_and_facts_of_what_is_there_change() -> None:
    offer = OfferFactory(sku="A-1", price_minor=2400, on_hand=10)
    slug = offer.page.slug
    row = {"product": slug, "intro": "New words", "sku": "A-1", "price": "20", "reduction": "yes"}

    run = applied(sheet({**row, "stock": "7", "low_from": "2", "label": "300 ml"}))

    offer.refresh_from_db()
    assert (offer.price_minor, offer.lowest_before_minor, offer.label) == (2000, 2400, "300 ml")
    assert (offer.stock.on_hand, offer.stock.low_from) == (7, 2)
    page = ProductPage.objects.get(slug=slug)
    assert page.intro == "New words"
    assert page.latest_revision.content["intro"] == "New words"
    assert StockMovement.objects.filter(reason="Spring list", quantity=-3).count() == 1
    assert run.report["counts"] == {
        "rows": 1,
        "pages_added": 0,
        "pages_changed": 1,
        "offers_added": 0,
        "offers_changed": 1,
        "prices_changed": 1,
        "stock_moved": 1,
        "rules_changed": 1,
    }


def test_one_bad_row_keeps_all_others_out() -> None:
    OfferFactory(sku="A-1", price_minor=2400)
    good = {"sku": "A-1", "price": "30"}

    run = upload(sheet(good, product_row(1, price="free", barcode="12345", stock="-3")))

    assert run.status == "REFUSED"
    assert said(run) == [
        (3, "barcode", "A barcode has 8, 12, 13 or 14 digits."),
        (3, "price", "Type an amount such as 24.00."),
        (3, "stock", "Type a whole number from 0 to 1,000,000."),
    ]
    assert Offer.objects.get().price_minor == 2400
    with pytest.raises(runs.TransitionRefused):
        runs.confirm(run_id=run.pk, at=NOON)


def test_every_kind_of_mistake_names_its_row_and_column() -> None:
    taken = OfferFactory(sku="TAKEN", price_minor=2400, on_hand=5)
    stock.reserve(items=[(taken.pk, 4)], reference="order:1", expires_at=NOON, at=LONG_AGO)
    rows = [
        product_row(1, category="nowhere"),
        product_row(2, ph_from="6", ph_to="5"),
        product_row(3, concerns="unheard-of"),
        product_row(4, application="sprayed"),
        product_row(5, sku="lower case"),
        product_row(6, sku="MIST-00002"),
        {"sku": "UNKNOWN", "price": "1"},
        {"sku": "TAKEN", "stock": "3"},
        {"product": "mist-00001", "sku": "TAKEN"},
        product_row(7, sku="TAKEN-2", price="5", reduction="yes"),
        product_row(8, sku="X-8", on_sale_from="2026-05-01", on_sale_until="2026-04-01"),
        product_row(9, sku="X-9", vat_rate="190"),
        product_row(10, sku="X-10", unit=""),
        product_row(11, title=""),
    ]

    run = upload(sheet(*rows))

    assert {(row, column) for row, column, _ in said(run)} >= {
        (2, "category"),
        (3, "ph_to"),
        (4, "concerns"),
        (5, "application"),
        (6, "sku"),
        (7, "sku"),
        (8, "sku"),
        (9, "stock"),
        (11, "price"),
        (12, "on_sale_until"),
        (13, "vat_rate"),
        (14, "unit"),
        (15, "title"),
    }
    assert Offer.objects.count() == 1


def test_what_is_exported_changes_nothing_when_imported_again() -> None:
    ConcernFactory(slug="dry")
    applied(
        sheet(
            product_row(
                1,
                concerns="dry",
                how_to_use="Spray & wait <5 minutes",
                key_ingredients="Urea | 2.5 | soothes\nPanthenol | | calms",
                intro="'=1+1 is what it says",
                barcode="4006381333931",
                on_sale_from="2026-01-05 09:30",
            )
        )
    )
    offer = OfferFactory(sku="A-1", price_minor=2400)
    prices.change(
        offer_id=offer.pk, price_minor=2000, is_reduction=True, reason="Sale", by=None, at=NOON
    )
    assert ProductPage.objects.get(slug="mist-00001").intro == "=1+1 is what it says"

    as_csv = b"".join(exporting.as_csv(exporting.rows()))
    as_workbook = io.BytesIO()
    exporting.as_workbook(exporting.rows(), as_workbook)

    for content, name in ((as_csv, "a.csv"), (as_workbook.getvalue(), "a.xlsx")):
        run = upload(content, name)
        assert said(run) == []
        assert run.message.startswith("Nothing would change")
    assert b"\n=1" not in as_csv
    assert b"'=1+1" in as_csv


def test_what_was_sold_since_the_export_stays_sold() -> None:
    offer = OfferFactory(sku="A-1", on_hand=10)
    exported = b"".join(exporting.as_csv(exporting.rows()))
    with_two_more = exported.replace(b",10,10,", b",12,10,")
    stock.receive(offer_id=offer.pk, quantity=5, reason="More", by=None, at=NOON)

    applied(with_two_more)

    assert Stock.objects.get().on_hand == 17


def test_an_undone_import_leaves_the_shop_as_it_was() -> None:
    offer = OfferFactory(sku="A-1", price_minor=2400, on_hand=10)
    before = b"".join(exporting.as_csv(exporting.rows()))
    run = applied(
        sheet(
            {
                "product": offer.page.slug,
                "intro": "New words",
                "sku": "A-1",
                "price": "20",
                "stock": "3",
                "label": "Big",
                "low_from": "1",
            },
            product_row(1),
        )
    )

    run = undone(run)

    assert b"".join(exporting.as_csv(exporting.rows())) == before
    assert run.report["removed"] == 1
    assert run.report["kept_count"] == 0
    history = OfferPrice.objects.filter(offer=offer).order_by("valid_from")
    assert [row.price_minor for row in history] == [2400, 2000, 2400]
    added = Offer.objects.get(sku="MIST-00001")
    assert (added.page_id, added.is_within_dates(NOON.replace(year=2099))) == (None, False)
    assert list(stock.contradictions()) == []
    assert Page.find_problems() == ([], [], [], [], [])


def test_an_undone_import_can_be_done_again(client: Client) -> None:
    undone(applied(sheet(product_row(1))))

    applied(sheet(product_row(1, price="19")))

    page = ProductPage.objects.get()
    assert Offer.objects.on_sale(NOON.replace(year=2099)).get().price_minor == 1900
    assert Stock.objects.get().on_hand == 20
    assert client.get(page.url).status_code == 200


def test_undo_leaves_what_somebody_has_gone_on_from() -> None:
    offer = OfferFactory(sku="A-1", price_minor=2400, on_hand=10)
    run = applied(
        sheet(
            {
                "product": offer.page.slug,
                "intro": "New",
                "sku": "A-1",
                "price": "20",
                "stock": "30",
            },
            product_row(1),
        )
    )
    prices.change(
        offer_id=offer.pk, price_minor=1500, reason="x", by=None, at=NOON.replace(year=2099)
    )
    added = Offer.objects.get(sku="MIST-00001")
    for held, quantity in ((offer, 25), (added, 1)):
        stock.reserve(
            items=[(held.pk, quantity)], reference=f"order:{held.pk}", expires_at=NOON, at=NOON
        )

    run = undone(run)

    offer.refresh_from_db()
    assert (offer.price_minor, offer.stock.on_hand) == (1500, 30)
    page = ProductPage.objects.get(slug="mist-00001")
    assert page.live is False
    assert run.report["kept_count"] == 3
    assert [row for row, _ in run.report["kept"]] == [2, 2, 3]
    assert list(stock.contradictions()) == []


def test_a_page_with_unpublished_changes_is_not_overwritten() -> None:
    page = ProductPageFactory()
    page.intro = "A draft"
    page.save_revision()

    run = upload(sheet({"product": page.slug, "intro": "From the sheet"}))

    assert said(run) == [
        (2, "product", "Its page has changes that are not published. Publish it first.")
    ]


@pytest.mark.parametrize("edit", [{"label": "Ours"}, {"tax_code": "txcd_1"}, {"page": None}])
def test_an_offer_edited_between_planning_and_writing_stops_all(
    monkeypatch: pytest.MonkeyPatch, edit: dict[str, Any]
) -> None:
    """Whether the sheet says something else there or nothing."""
    offer, other = OfferFactory(sku="A-1", label="250 ml"), OfferFactory(sku="B-1", on_hand=10)
    run = upload(sheet({"sku": "A-1", "label": "300 ml"}, {"sku": "B-1", "stock": "7"}))
    runs.confirm(run_id=run.pk, at=NOON)
    plan = work._plan

    def plan_then_edit(*args: Any) -> Any:
        planned = plan(*args)
        Offer.objects.filter(pk=offer.pk).update(**edit)
        return planned

    monkeypatch.setattr("catalog.imports.work._plan", plan_then_edit)

    run = worked(run)

    assert (run.status, "A-1" in run.message) == ("REFUSED", True)
    stored = Offer.objects.get(pk=offer.pk)
    assert {name: getattr(stored, name) for name in edit} == edit
    assert stored.label != "300 ml"
    assert Stock.objects.get(offer=other).on_hand == 10


def test_rules_of_stock_set_between_planning_and_writing_stay(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The sheet names one of them; written are all three."""
    offer = OfferFactory(sku="A-1", on_hand=10)
    run = upload(sheet({"sku": "A-1", "low_from": "3"}))
    runs.confirm(run_id=run.pk, at=NOON)
    plan = work._plan

    def plan_then_configure(*args: Any) -> Any:
        planned = plan(*args)
        stock.configure(offer_id=offer.pk, low_from=1, back_order_limit=8, back_order_days=5)
        return planned

    monkeypatch.setattr("catalog.imports.work._plan", plan_then_configure)

    run = worked(run)

    assert (run.status, "A-1" in run.message) == ("REFUSED", True)
    stored = Stock.objects.get(offer=offer)
    assert (stored.low_from, stored.back_order_limit, stored.back_order_days) == (1, 8, 5)


def test_a_page_edited_between_check_and_writing_stops_all(monkeypatch: pytest.MonkeyPatch) -> None:
    page = ProductPageFactory()
    page.save_revision().publish()
    offer = OfferFactory(page=page, sku="A-1", price_minor=2400)
    run = upload(sheet({"product": page.slug, "intro": "New", "sku": "A-1", "price": "9"}))
    runs.confirm(run_id=run.pk, at=NOON)

    def edited_meanwhile(plan: object) -> None:
        ProductPage.objects.get(pk=page.pk).save_revision().publish()
        check(plan)

    check = applying._check_untouched
    monkeypatch.setattr("catalog.imports.applying._check_untouched", edited_meanwhile)

    run = worked(run)

    assert run.status == "REFUSED"
    assert "meanwhile" in run.message
    offer.refresh_from_db()
    assert (offer.price_minor, ProductPage.objects.get(pk=page.pk).intro) == (2400, "")
