"""The catalogue's desk: lists, bulk prices and stock, planned and earlier prices, taking back."""

import datetime as dt
import re
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone
import pytest

from accounts.models import User
from catalog import planned_prices, prices, sales
from catalog.models import Offer, PlannedPrice, PriceRound
from tests.catalog.factories import (
    CategoryPageFactory,
    OfferFactory,
    ProductPageFactory,
)

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("staff@example.com"))
    return client


def hidden(answer: Any) -> dict[str, str]:
    """Read the unseen fields of a form as a browser would send them."""
    page = answer.content.decode()
    tags = re.findall(r'<input type="hidden"[^>]*>', page)
    pairs = (
        (re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)) for tag in tags
    )
    return {name[1]: value[1] if value else "" for name, value in pairs if name}


TEN_DOWN = {"step": "LOWER_PERCENT", "value": "10", "ending": "90", "reason": "Spring"}


def test_prices_are_chosen_previewed_changed_and_taken_back(staff: Client) -> None:
    wash, serum = OfferFactory(price_minor=2400), OfferFactory(price_minor=3000)
    other = OfferFactory(price_minor=5000)
    url = reverse("offer:bulk_prices")

    start = staff.get(url, {"id": [wash.pk, serum.pk]})
    seen = staff.post(url, {**hidden(start), **TEN_DOWN, "preview": "1"})
    assert "2 prices will change" in seen.content.decode()
    assert set(Offer.objects.values_list("price_minor", flat=True)) == {2400, 3000, 5000}
    done = staff.post(url, {**hidden(seen), **TEN_DOWN, "apply": "1"})

    made = PriceRound.objects.get()
    assert done.url == reverse("price_round:inspect", args=[made.pk])
    assert made.made_by.email == "staff@example.com"
    assert set(Offer.objects.values_list("price_minor", flat=True)) == {2190, 2690, 5000}
    page = staff.get(done.url).content.decode()
    assert "€21.90" in page
    undone = staff.post(reverse("price_round:undo", args=[made.pk]))
    assert undone.url == done.url
    assert set(Offer.objects.values_list("price_minor", flat=True)) == {2400, 3000, 5000}
    assert other.prices.count() == 1
    assert "Taken back" in staff.get(done.url).content.decode()


def test_applying_what_was_never_previewed_shows_the_preview_and_changes_nothing(
    staff: Client,
) -> None:
    wash = OfferFactory(price_minor=2400)
    url = reverse("offer:bulk_prices")
    start = staff.get(url, {"id": [wash.pk]})

    answer = staff.post(url, {**hidden(start), **TEN_DOWN, "apply": "1"})

    assert "Prices have changed since you looked" in answer.content.decode()
    assert Offer.objects.get().price_minor == 2400


def test_a_click_too_many_does_it_once(staff: Client) -> None:
    wash = OfferFactory(price_minor=2400)
    url = reverse("offer:bulk_prices")
    seen = staff.post(
        url, {**hidden(staff.get(url, {"id": [wash.pk]})), **TEN_DOWN, "preview": "1"}
    )

    answers = [staff.post(url, {**hidden(seen), **TEN_DOWN, "apply": "1"}) for _ in range(2)]

    assert answers[0].url == answers[1].url
    assert Offer.objects.get().price_minor == 2190


def test_without_ticks_the_lists_own_filters_choose(staff: Client) -> None:
    balm = ProductPageFactory(parent=CategoryPageFactory(slug="balms", title="Balms"))
    OfferFactory(page=balm, sku="BALM-1")
    OfferFactory(sku="WASH-1")
    url = reverse("offer:bulk_prices")

    by_category = staff.get(url, {"category": balm.get_parent().pk})
    by_words = staff.get(url, {"q": "wash"})
    everything = staff.get(url)

    assert [answer.context["chosen_count"] for answer in (by_category, by_words, everything)] == [
        1,
        1,
        2,
    ]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"value": "ten"}, "Type a percentage"),
        ({"value": "-5"}, "Choose to lower or to raise"),
        ({"value": "nan"}, "Type a percentage"),
        ({"step": "SET", "value": "1.999"}, "2 decimal places"),
        ({"reason": ""}, "This field is required"),
        ({"starts_at": "2020-01-01T00:00"}, "That moment has passed"),
        ({"ends_at": "2020-01-01T00:00"}, "It must end after it begins"),
        ({"offers": ",".join(map(str, range(1, 1100)))}, "That is 1099 offers"),
    ],
)
def test_what_cannot_be_read_is_said_and_changes_nothing(
    staff: Client, fields: dict[str, str], message: str
) -> None:
    wash = OfferFactory(price_minor=2400)
    url = reverse("offer:bulk_prices")
    start = hidden(staff.get(url, {"id": [wash.pk]}))

    answer = staff.post(url, {**start, **TEN_DOWN, **fields, "apply": "1"})

    assert message in answer.content.decode()
    assert Offer.objects.get().price_minor == 2400


def test_a_reduction_for_a_time_is_planned_and_can_be_called_off(staff: Client) -> None:
    wash = OfferFactory(price_minor=2400)
    url = reverse("offer:bulk_prices")
    soon, later = timezone.localtime() + DAY, timezone.localtime() + 3 * DAY
    fields = {
        **TEN_DOWN,
        "is_reduction": "on",
        "starts_at": f"{soon:%Y-%m-%dT%H:%M}",
        "ends_at": f"{later:%Y-%m-%dT%H:%M}",
    }
    seen = staff.post(url, {**hidden(staff.get(url, {"id": [wash.pk]})), **fields, "preview": "1"})
    staff.post(url, {**hidden(seen), **fields, "apply": "1"})

    plan = PlannedPrice.objects.get()
    assert (plan.price_minor, plan.is_reduction, plan.status) == (2190, True, "PLANNED")
    assert "€21.90" in staff.get(reverse("planned_price:index")).content.decode()
    assert "call off" in staff.get(reverse("offer:inspect", args=[wash.pk])).content.decode()
    cancel = reverse("planned_price:cancel", args=[plan.pk])
    assert staff.get(cancel).status_code == 200
    assert staff.post(cancel).status_code == 302
    plan.refresh_from_db()
    assert plan.status == "CANCELLED"


def test_one_price_is_planned_from_the_offers_own_screen(staff: Client) -> None:
    wash = OfferFactory(price_minor=2400)
    soon = timezone.localtime() + DAY

    staff.post(
        reverse("offer:change_price", args=[wash.pk]),
        {"price_minor": "19.90", "reason": "Season", "starts_at": f"{soon:%Y-%m-%dT%H:%M}"},
    )

    assert PlannedPrice.objects.get().price_minor == 1990
    assert Offer.objects.get().price_minor == 2400


def test_a_price_until_a_moment_begins_at_once_or_says_why_not(staff: Client) -> None:
    wash = OfferFactory(price_minor=2400)
    later = f"{timezone.localtime() + DAY:%Y-%m-%dT%H:%M}"
    url = reverse("offer:change_price", args=[wash.pk])
    fields = {"reason": "Season", "is_reduction": "on", "ends_at": later}

    refused = staff.post(url, {**fields, "price_minor": "30"})
    assert "is no reduction" in refused.content.decode()
    assert not PlannedPrice.objects.exists()
    staff.post(url, {**fields, "price_minor": "19.90"})

    assert PlannedPrice.objects.get().status == "RUNNING"
    assert Offer.objects.get().price_minor == 1990
    planned_prices.apply_due(at=timezone.now() + 2 * DAY)
    assert Offer.objects.get().price_minor == 2400


def test_earlier_prices_are_pasted_line_by_line(staff: Client) -> None:
    wash = OfferFactory(price_minor=2400)
    url = reverse("offer:earlier_prices", args=[wash.pk])
    assert staff.get(url).status_code == 200

    wrong = staff.post(url, {"lines": "yesterday; 20\n2025-11-01; 20; cheap", "reason": "Till"})
    assert "Line 1: “yesterday” is no moment" in wrong.content.decode()
    assert "Line 2: The third part" in wrong.content.decode()
    known = staff.post(url, {"lines": "2026-05-01; 20", "reason": "Till"})
    assert "The history begins at" in known.content.decode()
    assert wash.prices.count() == 1
    staff.post(
        url, {"lines": "2025-11-01; 22.00\n\n2025-11-20 10:00\t19,90\treduced", "reason": "Till"}
    )

    rows = wash.prices.order_by("valid_from").values_list("price_minor", "is_reduction")
    assert list(rows) == [(2200, False), (1990, True), (2400, False)]


def test_stock_is_counted_on_a_sheet_previewed_and_changed_at_once(staff: Client) -> None:
    wash, serum = OfferFactory(sku="A", on_hand=10), OfferFactory(sku="B", on_hand=4)
    url = reverse("offer:bulk_stock")
    start = staff.get(url, {"id": [wash.pk, serum.pk]})
    fields = {"kind": "COUNTED", "reason": "Stocktake", f"n-{wash.pk}": "7", f"n-{serum.pk}": "4"}

    seen = staff.post(url, {**hidden(start), **fields, "preview": "1"})
    assert "Change 1 stock level" in seen.content.decode()
    done = staff.post(url, {**hidden(seen), **fields, "apply": "1"})

    assert done.status_code == 302
    assert list(Offer.objects.order_by("sku").values_list("stock__on_hand", flat=True)) == [7, 4]
    move = wash.stock.movements.latest("pk")
    assert (move.quantity, move.kind, move.reason) == (-3, "COUNTED", "Stocktake")
    assert move.by.email == "staff@example.com"


def test_goods_for_many_come_in_once_even_when_sent_twice(staff: Client) -> None:
    offers = [OfferFactory(on_hand=1), OfferFactory(on_hand=2)]
    url = reverse("offer:bulk_stock")
    start = staff.get(url, {"id": [offer.pk for offer in offers]})
    fields = {"kind": "RECEIVED", "reason": "Delivery", "for_all": "10"}
    seen = staff.post(url, {**hidden(start), **fields, "preview": "1"})

    answers = [staff.post(url, {**hidden(seen), **fields, "apply": "1"}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 200]
    assert "The stock has moved since you looked" in answers[1].content.decode()
    assert sorted(Offer.objects.values_list("stock__on_hand", flat=True)) == [11, 12]


def test_more_offers_than_a_sheet_holds_are_refused_in_words(
    staff: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("catalog.bulk_forms", "catalog.viewsets.bulk_prices"):
        monkeypatch.setattr(f"{module}.MOST_OFFERS", 1)
    offers = [OfferFactory(on_hand=1), OfferFactory(on_hand=2)]
    url = reverse("offer:bulk_stock")
    ids = ",".join(str(offer.pk) for offer in offers)

    asked = staff.get(url)
    sent = staff.post(
        url, {"offers": ids, "kind": "RECEIVED", "reason": "Delivery", "for_all": "9"}
    )

    for answer in (asked, sent):
        assert answer.status_code == 200
        assert "That is 2 offers. Narrow the list to 1 or fewer." in answer.content.decode()
    assert sorted(Offer.objects.values_list("stock__on_hand", flat=True)) == [1, 2]


def test_promised_goods_stay_on_the_sheet(staff: Client) -> None:
    wash = OfferFactory(on_hand=2)
    url = reverse("offer:bulk_stock")
    fields = {"kind": "DAMAGED", "reason": "Flood", "for_all": "3"}

    seen = staff.post(url, {**hidden(staff.get(url, {"id": [wash.pk]})), **fields, "preview": "1"})
    refused = staff.post(url, {**hidden(seen), **fields, "apply": "1"})

    assert "Only 2 can go" in seen.content.decode()
    assert "Nothing would change" in refused.content.decode()
    assert wash.stock.movements.count() == 1


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("ON_SALE", {"PLAIN", "REDUCED", "EMPTY", "FEW"}),
        ("REDUCED", {"REDUCED"}),
        ("PLANNED", {"PLAIN"}),
        ("SOLD_OUT", {"EMPTY"}),
        ("LOW", {"FEW"}),
        ("NOT_SOLD", {"HOMELESS"}),
        ("UNSOLD", {"PLAIN", "EMPTY", "FEW", "HOMELESS"}),
    ],
)
def test_the_list_is_narrowed_by_state(staff: Client, state: str, expected: set[str]) -> None:
    plain, reduced = OfferFactory(sku="PLAIN"), OfferFactory(sku="REDUCED")
    OfferFactory(sku="EMPTY", on_hand=0)
    OfferFactory(sku="FEW", on_hand=2)
    OfferFactory(sku="HOMELESS", page=None)
    now = timezone.now()
    prices.change(
        offer_id=reduced.pk, price_minor=100, is_reduction=True, reason="x", by=None, at=now
    )
    planned_prices.plan(
        offer_id=plain.pk, price_minor=1, starts_at=now + DAY, reason="x", by=None, at=now
    )
    sales.record(sold={reduced.pk: (0, 3)}, at=now)

    shown = staff.get(reverse("offer:index"), {"state": state}).context["object_list"]

    assert {offer.sku for offer in shown} == expected


def test_the_list_shows_price_stock_missing_facts_and_sales(staff: Client) -> None:
    page = ProductPageFactory(bare=True, sold_in=("EU",))
    offer = OfferFactory(sku="WASH-250", page=page, price_minor=2400, on_hand=0)
    sales.record(sold={offer.pk: (3, 17)}, at=timezone.now())

    shown = staff.get(reverse("offer:index")).content.decode()

    for text in ("WASH-250", "€24.00", "none left", "1 market", "European Union:"):
        assert text in shown
    assert re.search(r">\s*17\s*<", shown)


def test_the_export_is_inert_and_says_what_the_list_says(staff: Client) -> None:
    page = ProductPageFactory(title='=HYPERLINK("http://evil.example")')
    OfferFactory(sku="WASH-250", page=page, label="@SUM(A1)", price_minor=2400)

    answer = staff.get(reverse("offer:index"), {"export": "csv"})
    text = b"".join(answer.streaming_content).decode()

    assert text.splitlines()[0].startswith("SKU,Page,Label,Kind,Price,Currency")
    assert "'=HYPERLINK" in text
    assert ",'@SUM(A1)," in text
    assert ",24.00,EUR," in text


def test_lists_ask_little_however_long_they_are(
    staff: Client, django_assert_max_num_queries
) -> None:
    for _ in range(15):
        OfferFactory()
    for name in ("offer:index", "planned_price:index", "price_round:index", "offer:bulk_stock"):
        staff.get(reverse(name))
        with django_assert_max_num_queries(24):
            assert staff.get(reverse(name)).status_code == 200
