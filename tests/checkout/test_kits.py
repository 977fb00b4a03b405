"""A kit in the basket, in the order, at Stripe, on the landing page, in mails, on the desk."""

from datetime import datetime, timedelta

from django.core import mail
from django.test import Client
import pytest

from catalog import kits, prices, stock
from catalog.models import MovementKind, Offer, Reservation, Stock
from checkout import baskets, order_desk, payments, placement, reconciliation, settlement
from checkout.models import Basket, OrderLine, OrderLinePart, OrderStatus
from checkout.pricing import price_basket
from money.money import Money
from outbox import mail as outbox
from tests.checkout import buying
from tests.stripe_in_process import StripeInProcess

pytestmark = pytest.mark.django_db


def a_kit(*parts: tuple[Offer, int], price_minor: int = 7900, at: datetime) -> Offer:
    kit = buying.product("KIT-4", price_minor=price_minor, on_hand=0, at=at)
    return kits.set_parts(kit_id=kit.pk, parts=[(part.pk, count) for part, count in parts])


def two_parts(at: datetime, *, on_hand: int = 10) -> tuple[Offer, Offer]:
    """Balm at 32.00 with 19 % and a leaflet at 8.00 with 7 %."""
    balm = buying.product("BALM-75", price_minor=3200, on_hand=on_hand, at=at)
    leaflet = buying.product("LEAFLET", price_minor=800, on_hand=on_hand, at=at)
    Offer.objects.filter(pk=leaflet.pk).update(vat_rate_bp=700)
    return balm, leaflet


def levels(offer: Offer) -> tuple[int, int]:
    row = Stock.objects.get(offer=offer)
    return row.on_hand, row.reserved


# --- Basket -------------------------------------------------------------------------------


def test_a_kit_is_taxed_as_its_parts_are_by_what_they_cost_alone(at: datetime) -> None:
    buying.courier(price_minor=490)
    balm, leaflet = two_parts(at)
    kit = a_kit((balm, 2), (leaflet, 1), price_minor=5999, at=at)
    basket = buying.basket_with((kit, 1), at=at)

    priced = price_basket(basket, at=at)

    # 64.00 to 8.00: 53.32 and 6.67 (the larger remainder), VAT 8.51 and 0.44.
    [line] = priced.goods
    assert (line.total, line.vat, line.vat_rate_bp) == (Money(5999), Money(895), None)
    assert [(part.sku, part.quantity, part.gross_minor, part.vat_minor) for part in line.parts] == [
        ("BALM-75", 2, 5332, 851),
        ("LEAFLET", 1, 667, 44),
    ]
    assert priced.delivery is not None
    assert [(share.vat_rate_bp, share.gross_minor) for share in priced.delivery.shares] == [
        (700, 54),
        (1900, 436),
    ]
    assert priced.can_check_out


def test_a_kit_of_one_rate_is_taxed_like_any_product(at: datetime) -> None:
    balm = buying.product("BALM-75", price_minor=3200, at=at)
    mist = buying.product("MIST-100", price_minor=1900, at=at)
    basket = buying.basket_with((a_kit((balm, 1), (mist, 1), price_minor=4501, at=at), 3), at=at)

    [line] = price_basket(basket, at=at).goods

    assert (line.total, line.vat, line.vat_rate_bp) == (Money(13503), Money(2156), 1900)
    assert sum(part.gross_minor for part in line.parts) == 13503
    assert sum(part.vat_minor for part in line.parts) == 2156


def test_a_kit_and_its_part_compete_for_the_same_pieces(at: datetime) -> None:
    buying.courier()
    balm, leaflet = two_parts(at, on_hand=5)
    kit = a_kit((balm, 2), (leaflet, 1), at=at)
    basket = buying.basket_with((balm, 2), (kit, 1), at=at)
    stock.adjust(
        offer_id=balm.pk, change=-2, kind=MovementKind.DAMAGED, reason="Broken", by=None, at=at
    )

    single, line = price_basket(basket, at=at).goods

    assert (single.problem, single.max_quantity) == ("", 2)
    assert line.problem == (
        "The last of Daily Wash BALM-75, 250 ml, which is in it, is in your basket already. "
        "Remove it to go on."
    )


def test_more_than_both_leave_is_refused_and_named(at: datetime) -> None:
    balm, leaflet = two_parts(at, on_hand=5)
    a_kit((balm, 2), (leaflet, 1), at=at)
    basket = buying.basket_with((balm, 2), at=at)

    with pytest.raises(baskets.NotEnoughStock) as refusal:
        baskets.add(basket=basket, user=None, sku="KIT-4", quantity=2, at=at)

    assert refusal.value.available == 1
    assert str(refusal.value) == (
        "Only 1 left: there is no more of Daily Wash BALM-75, 250 ml, which is in it."
    )
    baskets.add(basket=basket, user=None, sku="KIT-4", quantity=1, at=at)
    with pytest.raises(baskets.NotEnoughStock, match="the others are in a kit in your basket"):
        baskets.set_quantity(basket=basket, sku="BALM-75", quantity=4, at=at)
    assert [line.quantity for line in Basket.objects.get().lines.all()] == [2, 1]


def test_a_kit_whose_part_has_ended_is_no_longer_sold(at: datetime) -> None:
    buying.courier()
    balm, leaflet = two_parts(at)
    kit = a_kit((balm, 1), (leaflet, 1), at=at)
    basket = buying.basket_with((kit, 1), at=at)
    Offer.objects.filter(pk=leaflet.pk).update(active_until=at)

    [line] = price_basket(basket, at=at).goods

    assert line.problem == "This is no longer sold. Remove it to go on."
    with pytest.raises(baskets.NotOnSale):
        baskets.add(basket=basket, user=None, sku="KIT-4", quantity=1, at=at)


def test_what_ones_own_unpaid_kit_holds_is_not_sold_out(
    at: datetime, stripe: StripeInProcess
) -> None:
    buying.courier()
    balm, leaflet = two_parts(at, on_hand=2)
    kit = a_kit((balm, 1), (leaflet, 1), at=at)
    basket = buying.basket_with((kit, 2), at=at)
    buying.check_out(basket, at=at)

    priced = price_basket(Basket.objects.get(pk=basket.pk), at=at)

    assert [line.problem for line in priced.goods] == [""]
    assert priced.can_check_out


def test_fifty_lines_with_kits_cost_one_query_more(at: datetime, django_assert_num_queries) -> None:
    buying.courier()
    balm, leaflet = two_parts(at, on_hand=1_000)
    kit = a_kit((balm, 1), (leaflet, 1), at=at)
    wanted = [(buying.product(f"WASH-{number}", at=at), 1) for number in range(5)]
    basket = buying.basket_with((kit, 1), *wanted, at=at)
    price_basket(basket, at=at)

    with django_assert_num_queries(9):
        price_basket(basket, at=at)


# --- Order --------------------------------------------------------------------------------


def test_an_order_freezes_the_parts_and_sells_them(at: datetime, stripe: StripeInProcess) -> None:
    buying.courier(price_minor=490)
    balm, leaflet = two_parts(at)
    kit = a_kit((balm, 2), (leaflet, 1), price_minor=5999, at=at)
    basket = buying.basket_with((kit, 2), (balm, 1), at=at)

    order = buying.check_out(basket, at=at).order

    line = order.lines.get(offer=kit)
    assert (line.total_minor, line.vat_rate_bp) == (11998, None)
    parts = list(line.parts.all())
    assert [(part.sku, part.label, part.quantity, part.vat_rate_bp) for part in parts] == [
        ("BALM-75", "250 ml", 2, 1900),
        ("LEAFLET", "250 ml", 1, 700),
    ]
    assert sum(part.gross_minor for part in parts) == line.total_minor
    assert sum(part.vat_minor for part in parts) == line.vat_minor
    assert (levels(balm), levels(leaflet), levels(kit)) == ((10, 5), (10, 2), (0, 0))

    stripe.pay(buying.session_id_of(order))
    settlement.settle(buying.session_id_of(order), at=at)

    assert (levels(balm), levels(leaflet)) == ((10, 5), (10, 2))
    assert list(reconciliation.differences()) == []
    assert Basket.objects.get(pk=basket.pk).lines.count() == 0


def test_a_kit_is_one_line_at_stripe(at: datetime, stripe: StripeInProcess) -> None:
    buying.courier(price_minor=490)
    balm, leaflet = two_parts(at)
    basket = buying.basket_with((a_kit((balm, 2), (leaflet, 1), at=at), 1), at=at)

    order = buying.check_out(basket, at=at).order

    items = order.payments.get().params["line_items"]
    assert [item["price_data"]["unit_amount"] for item in items] == [7900, 490]
    assert items[0]["price_data"]["product_data"]["name"] == "Daily Wash KIT-4 · 250 ml"


def test_an_order_that_is_given_up_frees_the_parts(at: datetime, stripe: StripeInProcess) -> None:
    buying.courier()
    balm, leaflet = two_parts(at)
    basket = buying.basket_with((a_kit((balm, 2), (leaflet, 1), at=at), 3), at=at)
    order = buying.check_out(basket, at=at).order

    payments.close(order_id=order.pk, to=OrderStatus.CANCELLED, at=at)

    assert (levels(balm), levels(leaflet)) == ((10, 0), (10, 0))


def test_a_late_payer_gets_the_parts_that_were_promised(
    at: datetime, stripe: StripeInProcess
) -> None:
    """What the kit is made of by then is the business of later orders."""
    buying.courier()
    balm, leaflet = two_parts(at)
    kit = a_kit((balm, 2), (leaflet, 1), at=at)
    order = buying.check_out(buying.basket_with((kit, 1), at=at), at=at).order
    session_id = buying.session_id_of(order)
    stripe.pay(session_id)
    stock.release(reference=order.reference)
    order.status = OrderStatus.EXPIRED
    order.save()
    brush = buying.product("BRUSH", at=at)
    kits.set_parts(kit_id=kit.pk, parts=[(brush.pk, 1)])

    settlement.settle(session_id, at=at + timedelta(hours=1))

    assert (levels(balm), levels(leaflet), levels(brush)) == ((10, 2), (10, 1), (10, 0))


def test_a_part_that_runs_out_while_paying_is_named_with_its_kit(
    at: datetime, client: Client, stripe: StripeInProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SoldOut is raised for the part; the buyer reads which line it is about."""
    buying.courier()
    balm, leaflet = two_parts(at)
    kit = a_kit((balm, 1), (leaflet, 1), at=at)
    visitor = Client(headers={"Origin": "http://testserver"})
    visitor.post("/basket/add/", {"sku": kit.sku, "quantity": "1"})
    page = visitor.get("/checkout/")

    def gone(**_items: object) -> None:
        raise stock.SoldOut(leaflet.pk, 1, 0)

    monkeypatch.setattr(placement.stock, "reserve", gone)
    answer = visitor.post(
        "/checkout/",
        {
            "checkout_token": page.context["checkout_token"],
            "agreed_total_minor": page.context["agreed_total_minor"],
            "email": "ada@example.com",
            "name": "Ada Lindqvist",
            "line1": "Turmstr. 4",
            "postcode": "10559",
            "city": "Berlin",
            "accept_terms": "on",
        },
    )

    assert answer.status_code == 409
    assert (
        "Daily Wash LEAFLET, 250 ml, which is in Daily Wash KIT-4, 250 ml: Sold out."
        in answer.content.decode()
    )
    assert Reservation.objects.count() == 0


def test_new_part_prices_move_no_order(at: datetime, stripe: StripeInProcess) -> None:
    buying.courier()
    balm, leaflet = two_parts(at)
    kit = a_kit((balm, 1), (leaflet, 1), at=at)
    order = buying.check_out(buying.basket_with((kit, 1), at=at), at=at).order
    before = list(OrderLinePart.objects.values_list("gross_minor", "vat_minor"))

    prices.change(
        offer_id=balm.pk, price_minor=100, reason="x", by=None, at=at + timedelta(minutes=1)
    )

    assert list(OrderLinePart.objects.values_list("gross_minor", "vat_minor")) == before
    assert placement._pieces(order.lines.get()) == [(balm.pk, 1), (leaflet.pk, 1)]


def test_stripes_tax_of_a_kit_is_shared_over_its_parts(
    at: datetime, stripe: StripeInProcess
) -> None:
    buying.courier()
    balm, leaflet = two_parts(at)
    kit = a_kit((balm, 1), (leaflet, 1), at=at)
    order = buying.check_out(buying.basket_with((kit, 1), at=at), at=at).order
    line = order.lines.get()

    settlement._share_tax(list(line.parts.all()), 1234)
    OrderLine.objects.filter(pk=line.pk).update(vat_minor=1234)

    assert sum(part.vat_minor for part in line.parts.all()) == 1234
    assert list(reconciliation.differences()) == []


def test_parts_that_do_not_sum_to_their_line_are_reported(
    at: datetime, stripe: StripeInProcess
) -> None:
    buying.courier()
    balm, leaflet = two_parts(at)
    kit = a_kit((balm, 1), (leaflet, 1), at=at)
    order = buying.check_out(buying.basket_with((kit, 1), at=at), at=at).order
    OrderLinePart.objects.filter(offer=balm).update(gross_minor=1)
    rest = order.lines.get().parts.get(offer=leaflet).gross_minor

    assert list(reconciliation.differences()) == [
        f"Order {order.number}, KIT-4: total_minor 7900, parts {rest + 1}"
    ]


# --- Who sees it --------------------------------------------------------------------------


def test_buyer_and_staff_see_what_is_in_the_kit(
    at: datetime, client: Client, stripe: StripeInProcess
) -> None:
    buying.courier()
    balm, leaflet = two_parts(at)
    kit = a_kit((balm, 2), (leaflet, 1), at=at)
    order = buying.check_out(buying.basket_with((kit, 1), at=at), at=at).order
    stripe.pay(buying.session_id_of(order))
    settlement.settle(buying.session_id_of(order), at=at)

    page = client.get(f"/orders/{order.access_token}/").content.decode()
    outbox.send_due(at=at)

    assert "2 × Daily Wash BALM-75, 250 ml" in page
    [sent] = mail.outbox
    assert "  - 2 x Daily Wash BALM-75, 250 ml\n  - 1 x Daily Wash LEAFLET, 250 ml\n" in sent.body
    assert "2 × Daily Wash BALM-75, 250 ml" in sent.alternatives[0].content
    [row] = order_desk.workspace(order)["lines"]
    assert [(part.sku, part.vat_percent) for part in row.parts] == [
        ("BALM-75", "19"),
        ("LEAFLET", "7"),
    ]
