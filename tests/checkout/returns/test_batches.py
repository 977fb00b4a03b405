"""What comes back goes to the batch on its box: by default the one that went out."""

import datetime as dt

from django.test import Client
from django.urls import reverse
import pytest

from accounts.models import User
from catalog import stock
from catalog.batches import keeping
from catalog.batches.pieces import NotOfThisArticle
from catalog.models import Batch, Offer, Stock
from checkout import paying_back, shipments
from checkout.models import Order, Return, ReturnReason, ReturnStatus
from checkout.payable import payable
from checkout.paying_back import Wish
from checkout.returns import asking, deciding
from checkout.returns.asking import Asked
from tests.catalog.batches.delivered import deliver, has
from tests.checkout import buying
from tests.checkout.batches.sold import packed, sold
from tests.checkout.factories import PaymentFactory
from tests.checkout.test_packing_desk import staff

pytestmark = pytest.mark.django_db

YEAR = dt.timedelta(days=365)


@pytest.fixture
def wash(at: dt.datetime) -> Offer:
    """Three pieces that expire in two years, four in three."""
    offer = buying.product(on_hand=0, at=at)
    deliver(offer, "SOON", 3, at.date() + 2 * YEAR, at=at)
    deliver(offer, "LATE", 4, at.date() + 3 * YEAR, at=at)
    return offer


@pytest.fixture
def by() -> User:
    return staff("view_order", "view_return", "handle_return")


def sent(offer: Offer, *parcels: tuple[str, int], at: dt.datetime) -> Order:
    """An order whose parcels hold so many pieces of a batch each, and have left."""
    order = sold(offer, sum(count for _, count in parcels), at=at)
    PaymentFactory(order=order)
    for code, count in parcels:
        parcel = packed(order, count, at=at, batch=Batch.objects.get(code=code).pk)
        shipments.hand_over(shipment_id=parcel.pk, by=None, at=at)
    order.refresh_from_db()
    return order


def come_back(
    order: Order, pieces: int, *, by: User, at: dt.datetime, reference: str = "r" * 32
) -> Return:
    """So many pieces that lie on the table, to be looked at."""
    asked = Asked(pieces={order.lines.get().pk: pieces}, reason=ReturnReason.CHANGED_MIND)
    row = asking.ask(order_id=order.pk, asked=asked, reference=reference, at=at)
    deciding.approve(return_id=row.pk, answer="", label=None, by=by, at=at)
    return deciding.receive(return_id=row.pk, by=by, at=at)


def inspect(row: Return, good: int, batch: int | None = None, *, by: User, at: dt.datetime) -> None:
    named = {} if batch is None else {row.order.items_to_send.get().pk: batch}
    sellable = {row.lines.get().line_id: good}
    deciding.inspect(return_id=row.pk, sellable=sellable, batches=named, by=by, at=at)


def nothing_contradicts() -> bool:
    return [*stock.contradictions(), *keeping.contradictions()] == []


def test_what_comes_back_is_of_the_batch_that_went_out(
    wash: Offer, by: User, at: dt.datetime
) -> None:
    row = come_back(sent(wash, ("LATE", 2), at=at), 2, by=by, at=at)
    assert has(wash) == {"SOON": 3, "LATE": 2}

    inspect(row, 2, by=by, at=at)

    assert has(wash) == {"SOON": 3, "LATE": 4}
    assert nothing_contradicts()


def test_of_several_batches_the_one_of_which_most_went_out_is_the_default(
    wash: Offer, by: User, at: dt.datetime
) -> None:
    row = come_back(sent(wash, ("SOON", 1), ("LATE", 2), at=at), 1, by=by, at=at)

    inspect(row, 1, by=by, at=at)

    assert has(wash) == {"SOON": 2, "LATE": 3}


def test_the_number_on_the_box_counts_and_it_may_be_unknown(
    wash: Offer, by: User, at: dt.datetime
) -> None:
    row = come_back(sent(wash, ("LATE", 1), at=at), 1, by=by, at=at)
    other = come_back(sent(wash, ("LATE", 1), at=at), 1, by=by, at=at, reference="s" * 32)

    inspect(row, 1, Batch.objects.get(code="SOON").pk, by=by, at=at)
    inspect(other, 1, 0, by=by, at=at)

    assert has(wash) == {"SOON": 4, "LATE": 2, "": 1}
    assert nothing_contradicts()


def test_a_batch_of_another_article_is_refused_and_nothing_moves(
    client: Client, wash: Offer, by: User, at: dt.datetime
) -> None:
    balm = buying.product("BALM-75", on_hand=0, at=at)
    foreign = deliver(balm, "B1", 1, at=at)
    row = come_back(sent(wash, ("LATE", 1), at=at), 1, by=by, at=at)
    before = (has(wash), has(balm))

    for batch in (foreign.pk, 999_999):
        with pytest.raises(NotOfThisArticle):
            inspect(row, 1, batch, by=by, at=at)
    client.force_login(by)
    item, line = row.order.items_to_send.get().pk, row.lines.get().line_id
    posted = {f"good-{line}": "1", f"batch-{item}": str(foreign.pk)}
    page = client.post(reverse("returns:inspect_pieces", args=[row.pk]), posted, follow=True)

    row.refresh_from_db()
    assert "another article" in page.content.decode()
    assert (row.status, (has(wash), has(balm))) == (ReturnStatus.RECEIVED, before)


def test_the_screen_asks_for_the_batch_and_takes_the_answer(
    client: Client, wash: Offer, by: User, at: dt.datetime
) -> None:
    row = come_back(sent(wash, ("LATE", 2), at=at), 2, by=by, at=at)
    late, soon = (Batch.objects.get(code=code) for code in ("LATE", "SOON"))
    item, line = row.order.items_to_send.get().pk, row.lines.get().line_id
    client.force_login(by)

    shown = client.get(reverse("returns:inspect", args=[row.pk])).content.decode()
    assert f'<option value="{late.pk}" selected>LATE, best before' in shown
    assert ": 2 went out</option>" in shown
    posted = {f"good-{line}": "1", f"batch-{item}": str(soon.pk)}
    client.post(reverse("returns:inspect_pieces", args=[row.pk]), posted)

    assert has(wash) == {"SOON": 4, "LATE": 2}


def test_pieces_of_several_batches_go_back_to_each(
    client: Client, wash: Offer, by: User, at: dt.datetime
) -> None:
    row = come_back(sent(wash, ("SOON", 1), ("LATE", 2), at=at), 3, by=by, at=at)
    soon = Batch.objects.get(code="SOON").pk
    item, line = row.order.items_to_send.get().pk, row.lines.get().line_id
    client.force_login(by)
    page = reverse("returns:inspect", args=[row.pk])
    assert f'name="batch-{item}-{soon}"' in client.get(page).content.decode()
    named = {f"batch-{item}-{soon}": "1"}

    more = {f"good-{line}": "2", f"batch-{item}-{soon}": "3"}
    client.post(reverse("returns:inspect_pieces", args=[row.pk]), more)
    row.refresh_from_db()
    assert (row.status, has(wash)) == (ReturnStatus.RECEIVED, {"SOON": 2, "LATE": 2})

    client.post(reverse("returns:inspect_pieces", args=[row.pk]), {f"good-{line}": "3", **named})

    assert has(wash) == {"SOON": 3, "LATE": 4}
    assert nothing_contradicts()


def test_of_further_batches_none_may_be_another_article_s(
    wash: Offer, by: User, at: dt.datetime
) -> None:
    row = come_back(sent(wash, ("LATE", 2), at=at), 2, by=by, at=at)
    foreign = buying.product("BALM", on_hand=0, at=at)
    deliver(foreign, "FOREIGN", 1, at.date() + YEAR, at=at)
    split = {row.order.items_to_send.get().pk: {Batch.objects.get(code="FOREIGN").pk: 1}}

    with pytest.raises(NotOfThisArticle):
        deciding.inspect(
            return_id=row.pk, sellable={row.lines.get().line_id: 2}, split=split, by=by, at=at
        )

    assert has(wash) == {"SOON": 3, "LATE": 2}
    assert has(foreign) == {"FOREIGN": 1}


def test_an_article_without_batches_is_not_asked_about(
    client: Client, by: User, at: dt.datetime
) -> None:
    balm = buying.product("BALM-75", at=at)
    order = sold(balm, 1, at=at)
    PaymentFactory(order=order)
    parcel = packed(order, 1, at=at)
    shipments.hand_over(shipment_id=parcel.pk, by=None, at=at)
    row = come_back(order, 1, by=by, at=at)
    client.force_login(by)

    assert "Batch on the box" not in (
        client.get(reverse("returns:inspect", args=[row.pk])).content.decode()
    )
    inspect(row, 1, by=by, at=at)

    assert Stock.objects.get(offer=balm).on_hand == 10


@pytest.mark.parametrize(
    ("parcels", "left"),
    [
        ([("LATE", 2)], {"SOON": 3, "LATE": 3}),
        ([("LATE", 1), ("SOON", 1)], {"SOON": 2, "LATE": 3, "": 1}),
    ],
)
def test_what_is_shelved_with_a_refund_is_of_the_one_batch_that_went_out(
    wash: Offer, at: dt.datetime, parcels: list[tuple[str, int]], left: dict[str, int]
) -> None:
    order = sent(wash, *parcels, at=at)
    [line] = payable(order).lines
    wish = Wish(gone={line.line.pk: 1}, shelved=frozenset({line.line.pk}))
    agreed = paying_back.quote(order, wish).amount.minor

    paying_back.pay_back(
        order_id=order.pk, wish=wish, agreed_minor=agreed, reason="Kind", by=None, at=at
    )

    assert has(wash) == left
    assert nothing_contradicts()
