"""A sheet says nothing that no page may say: the dry run names row, column and sentence."""

import pytest

from catalog.models import ProductPage
from tests.catalog.factories import CategoryPageFactory, facts_of_a_product
from tests.catalog.imports.running import applied, product_row, said, sheet, upload
from tests.claims.factories import CLAIM

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _a_shop() -> None:
    CategoryPageFactory.create()
    facts_of_a_product()


def test_a_new_product_with_a_claim_is_refused_with_its_cell() -> None:
    run = upload(sheet({**product_row(1), "benefit": CLAIM}))

    assert run.status == "REFUSED"
    (row, column, message), *_others = said(run)
    assert (row, column) == (2, "benefit")
    assert CLAIM in message
    assert not ProductPage.objects.exists()


def test_a_claim_put_into_a_live_product_is_refused() -> None:
    applied(sheet(product_row(1)))

    run = upload(sheet({**product_row(1), "intro": f"Mild. {CLAIM}"}), "again.csv")

    assert run.status == "REFUSED"
    (row, column, message), *_others = said(run)
    assert (row, column) == (2, "intro")
    assert CLAIM in message
    assert CLAIM not in ProductPage.objects.get().intro


def test_a_draft_may_say_it_until_it_goes_live() -> None:
    applied(sheet({**product_row(1), "benefit": CLAIM, "status": "draft"}))

    run = upload(sheet({**product_row(1), "benefit": CLAIM, "status": "live"}), "again.csv")

    assert run.status == "REFUSED"
    (row, column, message), *_others = said(run)
    assert (row, column) == (2, "status")
    assert CLAIM in message
    assert not ProductPage.objects.get().live


def test_what_was_public_before_keeps_nobody_from_changing_a_price() -> None:
    applied(sheet(product_row(1)))
    ProductPage.objects.update(benefit=CLAIM)

    applied(sheet({**product_row(1), "benefit": CLAIM, "title": "Another name"}), "again.csv")

    assert ProductPage.objects.get().title == "Another name"
