"""What a buyer's bank holds is not paid back by us too: neither offered, nor taken if posted."""

from datetime import datetime
from typing import Any

from django.test import Client
from django.urls import reverse
import pytest

from checkout import calling_off, giving_back, paying_back, refunds
from checkout.models import Dispute, Order, Refund
from checkout.order_page import passes_of
from checkout.paying_back import Wish
from tests.checkout import buying
from tests.checkout.test_disputes import decided, opened
from tests.checkout.test_packing_desk import staff
from tests.checkout.test_shipments import pack, paid
from tests.stripe_in_process import StripeInProcess

pytestmark = pytest.mark.django_db

HELD = "holds the money"


@pytest.fixture
def order(stripe: StripeInProcess, at: datetime) -> Order:
    """Two washes of which one lies in a parcel, and six sessions."""
    buying.courier()
    found = paid(stripe, (buying.product(at=at), 2), (buying.package(at=at), 1), at=at)
    pack(found, at, WASH_250=1)
    return found


def unchanged(order: Order) -> tuple[Any, ...]:
    order.refresh_from_db()
    return (
        Refund.objects.count(),
        order.refund_reserved_minor,
        order.pieces_to_pack,
        order.events.count(),
        passes_of(order).get().entries.count(),
    )


def wash(order: Order) -> int:
    return int(order.lines.get(sku="WASH-250").pk)


def test_no_way_of_paying_back_is_open_while_the_bank_decides(
    stripe: StripeInProcess, order: Order, at: datetime
) -> None:
    opened(stripe, order, at)
    before = unchanged(order)

    with pytest.raises(refunds.PaymentDisputed, match=HELD):
        paying_back.pay_back(
            order_id=order.pk, wish=Wish(unsent={wash(order): 1}), agreed_minor=2400,
            reason="Kind", by=None, at=at,
        )  # fmt: skip
    with pytest.raises(refunds.PaymentDisputed, match=HELD):
        calling_off.call_off(
            order_id=order.pk, units={wash(order): 1}, agreed_minor=2400,
            reason="Kind", by=None, at=at,
        )  # fmt: skip
    with pytest.raises((refunds.PaymentDisputed, giving_back.NothingToGiveBack)):
        giving_back.give_back(
            pass_id=passes_of(order).get().pk, agreed_minor=42000, by=None, at=at, on=at.date()
        )

    assert unchanged(order) == before


def test_once_the_shop_has_won_money_can_go_back_again(
    stripe: StripeInProcess, order: Order, at: datetime
) -> None:
    decided(stripe, opened(stripe, order, at), "won", at)

    refund = paying_back.pay_back(
        order_id=order.pk, wish=Wish(unsent={wash(order): 1}), agreed_minor=2400,
        reason="Kind", by=None, at=at,
    )  # fmt: skip

    assert refund.amount_minor == 2400


def test_what_a_bank_only_asks_about_can_be_paid_back(
    stripe: StripeInProcess, order: Order, at: datetime
) -> None:
    row = opened(stripe, order, at)
    Dispute.objects.filter(pk=row.pk).update(status="warning_needs_response")

    assert paying_back.quote(order, Wish(unsent={wash(order): 1})).amount.minor == 2400


def test_screens_do_not_offer_it_and_a_post_is_refused_in_words(
    client: Client, stripe: StripeInProcess, order: Order, at: datetime
) -> None:
    client.force_login(staff("view_order", "refund_order", "pack_order"))
    inspect = reverse("orders:inspect", args=[order.pk])
    ways = [reverse(f"orders:{name}", args=[order.pk]) for name in ("pay_back", "call_off")]
    assert all(way in client.get(inspect).content.decode() for way in ways)

    opened(stripe, order, at)
    before = unchanged(order)

    shown = client.get(inspect).content.decode()
    assert not any(way in shown for way in ways)
    assert "give-back" not in shown
    assert "Nothing is paid back until the bank has decided" in shown
    assert HELD in client.get(ways[0]).content.decode()
    assert "Show the amount" not in client.get(ways[0]).content.decode()
    pk, agreed = wash(order), {"agreed_minor": "2400", "reason": "Leaks"}
    for way, named in zip(ways, ({f"unsent-{pk}": "1"}, {f"line-{pk}": "1"}), strict=True):
        assert HELD in client.post(way, named | agreed).content.decode()
    give_back = reverse("orders:give_back", args=[order.pk, passes_of(order).get().pk])
    client.post(give_back, {"agreed_minor": "42000"})
    assert unchanged(order) == before
