"""Lists show what they were asked for and count right, whatever is asked and whatever changed."""

import datetime as dt
import random
from types import SimpleNamespace

from django.test import RequestFactory
from django.utils import timezone
import pytest

from catalog import facet_index, listing
from catalog.listing import PER_PAGE, listing_context
from catalog.models import CatalogPage
from tests.catalog import shelf
from tests.lengths import IS_THOROUGH

pytestmark = pytest.mark.django_db

FILTERS = 2_000 if IS_THOROUGH else 300
# Pages change after so many.
CHANGING_EVERY = 100 if IS_THOROUGH else 15


def test_random_filters_agree_with_counting_by_hand(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Results, order, sold-out last and the count of every value; pages change in between."""
    dice = random.Random(20261123)
    categories = shelf.stock_a_shop(dice, products=40, packages=4)
    shop = CatalogPage.objects.get()
    shown: list[int] = []

    def note(page_ids: list[int], _at: dt.datetime, **_: object) -> dict[int, object]:
        shown.extend(page_ids)
        return {}

    monkeypatch.setattr(listing, "cards", SimpleNamespace(kept_cards=note))
    at = timezone.now()
    known = shelf.items(at)
    request = RequestFactory()

    differences = []
    for turn in range(FILTERS):
        if turn % CHANGING_EVERY == CHANGING_EVERY - 1:
            at += dt.timedelta(seconds=1)
            shelf.shake(dice, at)
            known = shelf.items(at)
        asked = shelf.random_selection(dice)
        shown.clear()
        context = listing_context(
            shop, request.get(f"/shop/{asked.query}"), at, categories=categories
        )
        wanted, counts = shelf.expected(known, asked)
        start = (context["selection"].page - 1) * PER_PAGE
        told = {
            (facet.name, choice.value): choice.count
            for facet in context["facets"]
            for choice in facet.choices
        }
        missing = {key: count for key, count in counts.items() if told.get(key, count) != count}
        if (
            shown != wanted[start : start + PER_PAGE]
            or context["result_count"] != len(wanted)
            or missing
            or set(told) - set(counts)
        ):
            differences.append((turn, asked, shown[:], wanted, missing, set(told) - set(counts)))

    assert differences == []


def test_the_index_patched_all_along_equals_one_built_anew() -> None:
    dice = random.Random(7)
    shelf.stock_a_shop(dice, products=25, packages=2)
    at = timezone.now()
    facet_index.current(at)

    for _ in range(40):
        at += dt.timedelta(seconds=1)
        shelf.shake(dice, at)
        facet_index.current(at)

    patched, anew = facet_index.current(at), facet_index.build(at)
    ids = {
        name: [patched.page_ids[place] for place in order] for name, order in patched.orders.items()
    }
    assert ids == {
        name: [anew.page_ids[place] for place in order] for name, order in anew.orders.items()
    }
