"""The order desk in the admin: who sees what, what is found, what the buttons do."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
import pytest

from accounts.models import User
from checkout import order_status
from checkout.models import (
    DeliveryMethod,
    DeliveryRate,
    DeliveryZone,
    Dispute,
    Order,
    OrderStatus,
    ReconciliationRun,
    Refund,
    RefundStatus,
    StripeEvent,
)
from checkout.order_desk import contents, next_step
from checkout.order_search import read_number
from outbox import mail
from outbox.models import MailStatus, OutboundMail
from tests.checkout import buying
from tests.checkout.factories import OrderFactory, OrderLineFactory, PaymentFactory
from tests.checkout.history_of import history_of
from tests.checkout.invoicing import issued, name_seller, paid_order
from tests.stripe_in_process import StripeInProcess
from treatments import ledger

pytestmark = pytest.mark.django_db

LIST = "/admin/orders/"


def _staff(*codenames: str) -> User:
    user = User.objects.create_user("staff@example.com", name="Mira Staff", is_staff=True)
    permissions = Permission.objects.filter(codename__in=["access_admin", *codenames])
    user.user_permissions.set(permissions)
    return user


@pytest.fixture
def desk(client: Client) -> Client:
    """Somebody who may see orders, cancel unpaid ones and send mails again."""
    client.force_login(_staff("view_order", "cancel_order", "resend_outboundmail"))
    return client


def _inspect(order: Order) -> str:
    return reverse("orders:inspect", args=[order.pk])


def _found(desk: Client, **query: str) -> list[str]:
    response = desk.get(LIST, query)
    assert response.status_code == 200
    return [order.number for order in response.context["object_list"]]


# --- The list -----------------------------------------------------------------------------


def test_the_list_shows_what_an_order_is_and_what_to_do_next(desk: Client) -> None:
    OrderFactory(paid=True, name="Ada Lindqvist")

    html = desk.get(LIST).content.decode()

    for text in ("Ada Lindqvist", "Paid", "Goods", "€28.90", "Pack and send"):
        assert text in html


@pytest.mark.parametrize(
    ("fields", "what", "to_do"),
    [
        ({"paid": True}, "Goods", "Pack and send"),
        ({"paid": True, "for_pickup": True}, "Goods", "Put aside for pick-up"),
        (
            {"paid": True, "of_sessions": True},
            "Sessions or gift cards",
            "Nothing: there is nothing to send",
        ),
        ({"packages_minor": 1, "paid": True}, "Goods and more", "Pack and send"),
        ({"status": "NEEDS_REVIEW"}, "Goods", "Look at it"),
        ({"status": "PAYMENT_PROCESSING"}, "Goods", "Nothing: the buyer's bank is confirming"),
        ({"status": "SHIPPED"}, "Goods", "Nothing: it is on its way"),
        ({"status": "REFUNDING"}, "Goods", "Nothing: the money is going back"),
        ({"status": "CANCELLED"}, "Goods", ""),
        ({}, "Goods", "Nothing: waits for payment"),
        (
            {"expires_at": datetime(2026, 11, 23, 13, 5, tzinfo=UTC)},
            "Goods",
            "Nothing: waits for payment until 23 Nov, 14:05",
        ),
    ],
)
def test_every_order_says_what_to_do_next(fields: dict[str, Any], what: str, to_do: str) -> None:
    order = OrderFactory.build(**fields)

    assert (contents(order), next_step(order)) == (what, to_do)


def test_a_long_list_costs_as_many_queries_as_a_short_one(desk: Client) -> None:
    counts = []
    for more in (1, 39):
        OrderFactory.create_batch(more, paid=True)
        desk.get(LIST)
        with CaptureQueriesContext(connection) as queries:
            desk.get(LIST)
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert counts[0] <= 20


@pytest.fixture
def three(at: datetime) -> list[Order]:
    """A paid order of goods, one of sessions with a refund, and one that needs review."""
    goods = OrderFactory(number="G-7K3M-9QXT", paid=True, name="Ada", email="ada@example.com")
    OrderLineFactory(order=goods, offer=buying.product("WASH-250", at=at))
    PaymentFactory(order=goods, session_id="cs_1", payment_intent="pi_1")
    sessions = OrderFactory(
        number="G-0000-1111",
        of_sessions=True,
        paid=True,
        name="Bea",
        email="bea@example.com",
        placed_at=at - timedelta(days=30),
    )
    payment = PaymentFactory(order=sessions, session_id="cs_2", payment_intent="pi_2")
    _refund(sessions, payment, at)
    review = OrderFactory(
        number="G-2222-3333", name="Cleo", email="cleo@example.org", delivery_country="FR",
        status=OrderStatus.NEEDS_REVIEW, packages_minor=100,
    )  # fmt: skip
    return [goods, sessions, review]


def _refund(order: Order, payment: Any, at: datetime) -> Refund:
    return Refund.objects.create(
        order=order,
        payment=payment,
        amount_minor=500,
        currency="EUR",
        status=RefundStatus.SUCCEEDED,
        idempotency_key=f"refund-{order.pk}",
        reason="Arrived broken",
        created_at=at,
        next_try_at=at,
    )


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("G-7K3M-9QXT", "G-7K3M-9QXT"),
        ("7k3m 9qxt", "G-7K3M-9QXT"),
        ("g7k3m9qxt", "G-7K3M-9QXT"),
        ("G-OOOO-IILL", "G-0000-1111"),
        ("bea@example", "G-0000-1111"),
        ("Cleo", "G-2222-3333"),
        ("wash-250", "G-7K3M-9QXT"),
        ("cs_2", "G-0000-1111"),
        ("pi_1", "G-7K3M-9QXT"),
        ("re_2", "G-0000-1111"),
        ("dp_1", "G-7K3M-9QXT"),
    ],
)
def test_an_order_is_found_by_whatever_names_it(
    desk: Client, three: list[Order], at: datetime, text: str, number: str
) -> None:
    goods, sessions, _review = three
    sessions.refunds.update(stripe_refund_id="re_2")
    dispute(goods, goods.payments.get(), at)

    assert _found(desk, q=text) == [number]


def test_an_order_is_found_by_the_number_of_its_invoice(desk: Client, at: datetime) -> None:
    name_seller()
    order, other = paid_order(), paid_order()
    number = issued(order, at=at).number
    issued(other, at=at)

    assert _found(desk, q=number.lower()) == [order.number]


def test_the_list_is_narrowed_by_the_way_of_paying(desk: Client) -> None:
    orders = {}
    for way in ("STRIPE", "CASH", "TERMINAL"):
        by_hand: dict[str, Any] = {
            "session_id": None, "payment_intent": None, "reference": "slip 1",
            "taken_by": User.objects.get(email="staff@example.com"),
        }  # fmt: skip
        facts = {} if way == "STRIPE" else by_hand
        orders[way] = PaymentFactory(way=way, **facts).order.number
    PaymentFactory(order__number="G-0000-0000", way="STRIPE", status="FAILED", paid_at=None)

    assert {way: _found(desk, way=way) for way in orders} == {
        way: [number] for way, number in orders.items()
    }


def test_what_names_nothing_finds_nothing(desk: Client, three: list[Order]) -> None:
    assert _found(desk, q="cs_") == []
    assert _found(desk, q="nobody") == []
    assert len(_found(desk, q="\x00")) == 3


def test_a_number_is_read_as_people_write_it() -> None:
    assert read_number("g 7k3m-9qxt") == "G-7K3M-9QXT"
    assert read_number(" Ada ") == "Ada"


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ({"status": "PAID"}, {"G-7K3M-9QXT", "G-0000-1111"}),
        ({"to_do": "PACK"}, {"G-7K3M-9QXT"}),
        ({"to_do": "REVIEW"}, {"G-2222-3333"}),
        ({"contents": "GOODS"}, {"G-7K3M-9QXT"}),
        ({"contents": "SESSIONS"}, {"G-0000-1111"}),
        ({"contents": "BOTH"}, {"G-2222-3333"}),
        ({"delivery_country": "FR"}, {"G-2222-3333"}),
        ({"has_refund": "true"}, {"G-0000-1111"}),
        ({"has_refund": "false"}, {"G-7K3M-9QXT", "G-2222-3333"}),
    ],
)
def test_the_list_is_narrowed(
    desk: Client, three: list[Order], query: dict[str, str], numbers: set[str]
) -> None:
    assert set(_found(desk, **query)) == numbers


def test_the_list_is_narrowed_by_the_day_of_placing(
    desk: Client, three: list[Order], at: datetime
) -> None:
    last_week = (at - timedelta(days=7)).date().isoformat()

    assert set(_found(desk, placed_at_from=last_week)) == {"G-7K3M-9QXT", "G-2222-3333"}
    assert _found(desk, placed_at_to=last_week) == ["G-0000-1111"]


def test_the_filters_hold_no_script_inside_the_page(desk: Client) -> None:
    """R38: a date field of Wagtail's own would start by an inline script."""
    assert "initDateChooser" not in desk.get(LIST).content.decode()


def test_an_export_holds_no_address_and_no_name(desk: Client) -> None:
    OrderFactory(paid=True, name="=HYPERLINK(1)")

    response = desk.get(LIST, {"export": "csv"})
    text = b"".join(response.streaming_content).decode()

    assert "28.90" in text
    assert "HYPERLINK" not in text
    assert "ada@example.com" not in text


# --- One order ----------------------------------------------------------------------------


def test_the_screen_of_an_order_shows_everything_that_belongs_to_it(
    desk: Client, at: datetime
) -> None:
    order = _busy_order(at)

    with CaptureQueriesContext(connection) as queries:
        response = desk.get(_inspect(order))

    html = response.content.decode()
    for text in (
        order.number,
        "Microdermabrasion",
        "6 sessions of Scalp microdermabrasion",
        "valid 12 months from the first session; refund terms of 2026-01",
        "cs_test_",
        "Arrived broken",
        "dp_1",
        "Thank you: order",
        "Placed by hand",
        "Mira Staff",
        "ada@example.com",
        "Turmstr. 4",
        "Germany",
        "Pack and send",
    ):
        assert text in html
    assert [entry.text for entry in response.context["timeline"]] == [
        f"Mail waits to be sent: Thank you: order {order.number} is paid",
        "Placed by hand",
    ]
    assert response.context["passes"][0][0].balance == 6
    assert len(queries) <= 30


def dispute(order: Order, payment: Any, at: datetime) -> None:
    Dispute.objects.create(
        order=order, payment=payment, stripe_dispute_id="dp_1", amount_minor=100, currency="EUR",
        status="needs_response", reason="fraudulent", opened_at=at, updated_at=at,
    )  # fmt: skip


def _busy_order(at: datetime) -> Order:
    order = OrderFactory(paid=True, packages_minor=42000, placed_at=at)
    offer = buying.package(at=at)
    line = OrderLineFactory(order=order, offer=offer, name="Microdermabrasion sessions")
    payment = PaymentFactory(order=order)
    _refund(order, payment, at)
    dispute(order, payment, at)
    ledger.grant(
        owner=None,
        holder_email=order.email,
        treatment_id=line.treatment_id,
        sessions=6,
        validity_rule="FROM_FIRST_USE",
        validity_days=365,
        reference=f"{order.reference}:line:1:unit:1",
        reason="Bought",
        by=None,
        at=at,
    )
    staff = User.objects.get(email="staff@example.com")
    order_status.record(order, kind="PLACED", message="Placed by hand", at=at, by=staff)
    _mail(order, at + timedelta(seconds=1))
    return order


def _mail(order: Order, at: datetime) -> OutboundMail:
    mail.queue(
        effect_key=f"{order.reference}:order_paid",
        event="order_paid",
        to=order.email,
        reference=order.reference,
        context={},
        at=at,
    )
    return OutboundMail.objects.get(subject_reference=order.reference)


def test_a_buyers_other_orders_are_linked(desk: Client) -> None:
    order, other = OrderFactory.create_batch(2, paid=True)
    OrderFactory(email="somebody@example.com")

    customer = desk.get(_inspect(order)).context["customer"]

    assert (customer.order_count, str(customer.paid)) == (2, "€57.80")
    assert [found.number for found in customer.others] == [other.number]


def test_what_somebody_must_look_at_says_why(desk: Client) -> None:
    order = OrderFactory(status=OrderStatus.NEEDS_REVIEW, review_reason="amount: 1 is not 2")

    assert "amount: 1 is not 2" in desk.get(_inspect(order)).content.decode()


def test_what_buyers_typed_is_shown_as_text(desk: Client) -> None:
    """R32: a name is never markup."""
    order = OrderFactory(name="<script>alert(1)</script>", delivery_line1="<b>Street</b>")

    for url in (LIST, _inspect(order)):
        html = desk.get(url).content.decode()

        assert "<script>alert(1)" not in html
        assert "<b>Street" not in html


# --- Buttons ------------------------------------------------------------------------------


def test_an_unpaid_order_is_cancelled_by_name(
    desk: Client, at: datetime, stripe: StripeInProcess
) -> None:
    buying.courier()
    basket = buying.basket_with((buying.product(on_hand=3, at=at), 3), at=at)
    order = buying.check_out(basket, at=at).order

    response = desk.post(reverse("orders:cancel", args=[order.pk]))

    assert response["Location"] == _inspect(order)
    order.refresh_from_db()
    assert order.status == OrderStatus.CANCELLED
    event = order.events.get(kind=OrderStatus.CANCELLED)
    assert (event.message, str(event.actor)) == ("Cancelled by staff", "staff@example.com")
    assert history_of(order) == [("The order was cancelled", "staff@example.com")]


def test_a_paid_order_is_not_cancelled(desk: Client) -> None:
    order = OrderFactory(paid=True)

    assert "Cancel this order" not in desk.get(_inspect(order)).content.decode()
    response = desk.post(reverse("orders:cancel", args=[order.pk]), follow=True)

    assert f"Order {order.number} is paid and cannot become cancelled." in response.content.decode()
    order.refresh_from_db()
    assert order.status == OrderStatus.PAID
    assert history_of(order) == []


def test_a_mail_is_sent_again_once_it_has_gone_out(desk: Client, at: datetime) -> None:
    order = OrderFactory(paid=True)
    original = _mail(order, at)
    again = reverse("orders:resend", args=[order.pk, original.pk])

    assert again not in desk.get(_inspect(order)).content.decode()
    desk.post(again)
    assert OutboundMail.objects.count() == 1

    OutboundMail.objects.filter(pk=original.pk).update(status=MailStatus.SENT, sent_at=at)

    assert again in desk.get(_inspect(order)).content.decode()
    response = desk.post(again)

    assert response["Location"] == _inspect(order)
    assert OutboundMail.objects.exclude(pk=original.pk).get().to == order.email


def test_a_mail_of_another_order_is_as_good_as_none(desk: Client, at: datetime) -> None:
    """R19: the order is seen, the mail is somebody else's."""
    order, other = OrderFactory.create_batch(2, paid=True)
    foreign = _mail(other, at)
    OutboundMail.objects.update(status=MailStatus.SENT, sent_at=at)

    response = desk.post(reverse("orders:resend", args=[order.pk, foreign.pk]))

    assert response.status_code == 404
    assert OutboundMail.objects.count() == 1


# --- Who may do what ----------------------------------------------------------------------


@pytest.mark.parametrize("url", ["new/", "edit/{pk}/", "delete/{pk}/"])
def test_nobody_adds_edits_or_deletes_an_order(client: Client, url: str) -> None:
    order = OrderFactory()
    client.force_login(User.objects.create_superuser("root@example.com"))
    address = LIST + url.format(pk=order.pk)

    for method in (client.get, client.post):
        response = method(address)

        assert (response.status_code, response["Location"]) == (302, "/admin/")
    assert Order.objects.filter(pk=order.pk).exists()


def test_who_may_not_see_orders_finds_no_trace_of_them(client: Client) -> None:
    order = OrderFactory(paid=True)
    client.force_login(_staff())

    assert "to pack" not in client.get("/admin/").content.decode()
    for url in (LIST, _inspect(order), LIST + "?export=csv"):
        assert client.get(url)["Location"] == "/admin/"
    assert client.post(reverse("orders:cancel", args=[order.pk]))["Location"] == "/admin/"
    assert client.post(reverse("orders:resend", args=[order.pk, 1]))["Location"] == "/admin/"


def test_who_may_only_look_has_no_buttons(client: Client, at: datetime) -> None:
    order = OrderFactory()
    sent = _mail(order, at)
    OutboundMail.objects.update(status=MailStatus.SENT, sent_at=at)
    client.force_login(_staff("view_order"))

    html = client.get(_inspect(order)).content.decode()

    assert "Cancel this order" not in html
    assert "Send again" not in html
    assert client.post(reverse("orders:cancel", args=[order.pk]))["Location"] == "/admin/"
    resend = reverse("orders:resend", args=[order.pk, sent.pk])
    assert client.post(resend).status_code == 404
    order.refresh_from_db()
    assert order.status == OrderStatus.AWAITING_PAYMENT
    assert OutboundMail.objects.count() == 1


@pytest.mark.parametrize("name", ["orders:cancel", "orders:resend"])
def test_buttons_answer_posts_alone(desk: Client, name: str) -> None:
    order = OrderFactory()
    arguments = [order.pk] if name == "orders:cancel" else [order.pk, 1]

    assert desk.get(reverse(name, args=arguments)).status_code == 405


def test_customers_do_not_enter(client: Client) -> None:
    client.force_login(User.objects.create_user("ada@example.com"))

    assert client.get(LIST).status_code == 302


# --- The first page and the other screens -------------------------------------------------


def test_the_first_page_counts_what_waits(desk: Client, three: list[Order]) -> None:
    html = " ".join(desk.get("/admin/").content.decode().split())

    assert '<a href="/admin/orders/?to_do=PACK">1 <span>order to pack</span></a>' in html
    assert '<a href="/admin/orders/?to_do=REVIEW">1 <span>order needs review</span></a>' in html


def test_orders_are_among_the_things_to_search(desk: Client) -> None:
    desk.force_login(User.objects.create_superuser("root@example.com"))

    html = desk.get("/admin/pages/search/", {"q": "ada"}).content.decode()

    assert '<a href="/admin/orders/?q=ada"' in html


@pytest.fixture
def root(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("root@example.com"))
    return client


def test_a_zone_knows_its_countries_and_shares_none(root: Client) -> None:
    DeliveryZone.objects.create(name="Germany", countries="DE")
    new = "/admin/delivery-zones/new/"

    def errors(countries: str) -> str:
        data = {"name": "Europe", "countries": countries, "sort_order": "1"}
        return root.post(new, data).content.decode()

    assert "Not known: XX." in errors("FR, XX")
    assert "Germany belongs to Germany." in errors("FR, DE")
    errors(" fr,AT , fr")
    assert DeliveryZone.objects.get(name="Europe").countries == "FR, AT"


def test_methods_and_rates_are_edited_in_major_units(root: Client) -> None:
    zone = DeliveryZone.objects.create(name="Germany", countries="DE")
    root.post(
        "/admin/delivery-methods/new/",
        {
            "zone": zone.pk, "name": "Courier", "code": "courier", "kind": "COURIER",
            "carrier": "", "min_days": "1", "max_days": "2", "free_from_minor": "60.00",
            "cut_off": "14:00", "handling_days": "1",
            "leaves_on": ["1", "2", "3"], "arrives_on": ["1", "5"],
            "sort_order": "1", "is_active": "on",
        },
    )  # fmt: skip
    method = DeliveryMethod.objects.get()
    root.post(
        "/admin/delivery-rates/new/",
        {"method": method.pk, "up_to_grams": "", "from_value_minor": "0", "price_minor": "4,90"},
    )

    assert method.free_from_minor == 6000
    assert (method.leaves_on, method.arrives_on) == ("123", "15")
    assert DeliveryRate.objects.get().price_minor == 490
    for name in ("delivery-zones", "delivery-methods", "delivery-rates"):
        assert root.get(f"/admin/{name}/").status_code == 200


@pytest.mark.parametrize(
    "name", ["delivery-zones", "delivery-methods", "delivery-rates", "holidays"]
)
def test_a_form_that_was_sent_empty_says_what_is_missing(root: Client, name: str) -> None:
    page = root.post(f"/admin/{name}/new/", {})

    assert page.status_code == 200
    assert "This field is required." in page.content.decode()


def test_a_zone_with_methods_stays_and_says_why(root: Client) -> None:
    zone = DeliveryZone.objects.create(name="Germany", countries="DE")
    DeliveryMethod.objects.create(zone=zone, code="courier", name="Courier")

    page = root.post(f"/admin/delivery-zones/delete/{zone.pk}/", follow=True)

    assert "is needed by delivery method, and stays" in page.content.decode()
    assert DeliveryZone.objects.get() == zone


def test_stripes_notices_and_comparisons_are_looked_at_alone(root: Client, at: datetime) -> None:
    notice = StripeEvent.objects.create(
        stripe_id="evt_1", type="charge.refunded", object_id="ch_1", livemode=False, received_at=at
    )
    run = ReconciliationRun.objects.create(started_at=at, differences=["order G-1 is paid there"])

    assert "Given up" in root.get("/admin/stripe-notices/").content.decode()
    assert "evt_1" in root.get(f"/admin/stripe-notices/inspect/{notice.pk}/").content.decode()
    assert root.get("/admin/reconciliation/").status_code == 200
    html = root.get(f"/admin/reconciliation/inspect/{run.pk}/").content.decode()
    assert "order G-1 is paid there" in html
    for name, pk in (("stripe-notices", notice.pk), ("reconciliation", run.pk)):
        for url in ("new/", f"edit/{pk}/", f"delete/{pk}/"):
            assert root.post(f"/admin/{name}/{url}")["Location"] == "/admin/"
