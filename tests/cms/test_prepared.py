"""A prepared query answers what its queryset answers, whatever it was first asked."""

import datetime as dt
from typing import Any

from django.db import connection
from django.db.models import F, OuterRef, QuerySet, Subquery, Value
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page
import pytest

from catalog.models import Offer
from cms.prepared import CannotBePrepared, Prepared
from tests.catalog.factories import LONG_AGO, OfferFactory

pytestmark = pytest.mark.django_db


def _of_pages(page_ids: list[int], at: dt.datetime, label: str) -> QuerySet[Offer]:
    newest = Offer.objects.filter(page_id=OuterRef("page_id")).order_by("-pk").values("sku")
    return (
        Offer.objects.filter(page_id__in=page_ids, label=label, active_from__lte=at)
        .annotate(newest=Subquery(newest[:1]), seven=Value(7), again=F("sku"))
        .select_related("stock", "page")
        .order_by("pk")
    )


def _offers(count: int) -> list[Offer]:
    return [OfferFactory.create(active_from=LONG_AGO) for _ in range(count)]


def _seen(rows: list[Any]) -> list[tuple[Any, ...]]:
    return [
        (row.pk, row.sku, row.newest, row.seven, row.again, row.stock.on_hand, row.page.title)
        for row in rows
    ]


def test_other_values_and_lengths_give_what_the_queryset_gives() -> None:
    offers = _offers(5)
    prepared = Prepared(_of_pages)

    for count in (1, 2, 3, 5, 1):
        ids = [offer.page_id for offer in offers[:count]]
        for label in ("250 ml", "none such"):
            for at in (LONG_AGO, LONG_AGO - dt.timedelta(days=1)):
                arguments = (ids, at, label)
                assert _seen(prepared(*arguments)) == _seen(list(_of_pages(*arguments)))


def test_related_rows_are_read_along_in_the_one_query() -> None:
    [offer] = _offers(1)
    prepared = Prepared(_of_pages)
    prepared([offer.page_id], LONG_AGO, "250 ml")

    with CaptureQueriesContext(connection) as queries:
        [row] = prepared([offer.page_id], LONG_AGO, "250 ml")
        assert (row.stock.on_hand, row.page.pk) == (10, offer.page_id)

    assert len(queries) == 1


def test_what_was_asked_to_be_read_along_apart_is_so_too() -> None:
    [offer] = _offers(1)
    prepared = Prepared(lambda pk: Offer.objects.filter(pk=pk).prefetch_related("prices"))

    [row] = prepared(offer.pk)

    assert [price.price_minor for price in row.prices.all()] == [2400]


def test_an_empty_list_asks_nothing() -> None:
    with CaptureQueriesContext(connection) as queries:
        assert Prepared(_of_pages)([], LONG_AGO, "250 ml") == []

    assert len(queries) == 0


def test_a_value_that_the_query_turns_into_another_is_refused() -> None:
    prepared = Prepared(lambda word: Page.objects.filter(title__startswith=word))

    with pytest.raises(CannotBePrepared):
        prepared("Scalp")
