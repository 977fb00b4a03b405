"""Two accounts of one person become one: everything moves, and nothing moves by halves."""

import datetime as dt
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import ModelLogEntry
import pytest
from allauth.account.models import EmailAddress

from accounts.models import User
from accounts.person import person_of
from checkout import address_book
from checkout.models import BasketLine, Order, OrderStatus, StripeCustomer
from outbox import mail
from outbox.models import OutboundMail
from storefront.account import closing
from storefront.account.claiming import claim_all
from storefront.customers import merging
from tests.accounts.factories import UserFactory
from tests.checkout.factories import OrderFactory
from tests.storefront.account.conftest import EMAIL
from tests.storefront.account.test_leaving import CANARIES, MAY_STAY, _tables_with
from tests.storefront.test_sign_in import sign_in
from tests.treatments.factories import SessionPassFactory
from treatments import aftercare_wishes, gifts, giving, ledger
from treatments.giving import Card
from treatments.models import Appointment, CalendarLink, Gift, GiftStatus, SessionPass
from treatments.spacing import clinic_day

pytestmark = pytest.mark.django_db

OTHER = "zora@work.example"
REASON = "She came to the desk with her passport"
ORIGIN = {"Origin": "http://testserver"}


@pytest.fixture
def zora() -> User:
    """The same person under another address; this account is to stay."""
    user: User = UserFactory.create(email=OTHER, name="", verified=True)
    return user


@pytest.fixture
def manager() -> User:
    user: User = UserFactory.create(is_staff=True)
    codes = ["access_admin", "merge_user"]
    user.user_permissions.add(*Permission.objects.filter(codename__in=codes))
    return user


def merge(gone: User, stays: User, *, by: User, at: dt.datetime, reason: str = REASON) -> User:
    return merging.merge(gone_id=gone.pk, stays_id=stays.pk, reason=reason, by=by, at=at)


def a_gift(row: SessionPass, *, by: User, to: str, at: dt.datetime) -> Gift:
    card = Card(giver_name="Z", recipient_name="R", recipient_email=to)
    return giving.give(
        pass_id=row.pk,
        sessions=1,
        card=card,
        mail_on=clinic_day(at),
        reference="a",
        by=by,
        at=at,
    )


def leading_to_accounts() -> set[str]:
    """Name every field of every model that leads to an account."""
    return {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.local_fields
        if field.related_model is User
    }


def test_every_field_that_leads_to_an_account_is_moved_or_has_a_reason() -> None:
    moved = {field for mover in merging.MOVERS for field in mover.fields}
    rooms = tuple(each for each in merging.NOT_MOVED if each.endswith("."))
    named = moved | set(merging.NOT_MOVED) - set(rooms)
    leading = leading_to_accounts()

    assert {each for each in leading - named if not each.startswith(rooms)} == set()
    assert named - leading == set()
    assert moved & set(merging.NOT_MOVED) == set()
    assert {each for each in moved if each.startswith(rooms)} == set()


def test_all_of_it_moves_and_the_ledger_stays_whole(
    zoraida: User, zora: User, manager: User, left_everywhere: Order, at: dt.datetime
) -> None:
    claim_all(person_of(zoraida), at=at)
    row = SessionPass.objects.get()
    entries = list(row.entries.values())
    gift = a_gift(row, by=zoraida, to="bea@example.com", at=at)
    lines = BasketLine.objects.filter(basket__user=zoraida).count()

    assert merge(zoraida, zora, by=manager, at=at) == zora

    row.refresh_from_db()
    assert (row.owner, row.holder_email, ledger.verify(row)) == (zora, EMAIL, None)
    assert list(row.entries.values())[: len(entries)] == entries
    order = Order.objects.get()
    assert (order.user, order.email) == (zora, EMAIL)
    last = order.events.latest("pk")
    assert (last.kind, last.actor) == ("MERGED", manager)
    assert Gift.objects.get(pk=gift.pk).giver == zora
    assert BasketLine.objects.filter(basket__user=zora).count() == lines == 1
    assert [each.label for each in address_book.addresses_of(zora)] == ["Quillfeather"]
    assert CalendarLink.objects.get().owner == zora
    assert Appointment.objects.get().session_pass == row
    assert set(person_of(zora).emails) == {EMAIL, OTHER}
    assert not User.objects.filter(email=EMAIL).exists()
    zoraida.refresh_from_db()
    assert (zoraida.is_active, zoraida.name, zoraida.has_usable_password()) == (False, "", False)


def test_it_is_written_down_and_both_addresses_are_told(
    zoraida: User, zora: User, manager: User, at: dt.datetime, mailoutbox: list[Any]
) -> None:
    SessionPassFactory.create(owner=zoraida, holder_email=EMAIL, at=at)

    merge(zoraida, zora, by=manager, at=at)
    mail.send_due(at=at)

    entry = ModelLogEntry.objects.get(action=merging.LOG_ACTION)
    assert (entry.object_id, entry.user) == (str(zora.pk), manager)
    assert entry.data["reason"] == REASON
    assert "1 pass, with every entry" in entry.data["moved"]
    assert [message.to for message in mailoutbox] == [[OTHER], [EMAIL]]
    for message, foreign in zip(mailoutbox, (EMAIL, OTHER), strict=True):
        assert foreign not in message.message().as_string()


def test_the_gone_address_signs_in_to_the_account_that_stays(
    client: Client, zoraida: User, zora: User, manager: User, at: dt.datetime, mailoutbox: list[Any]
) -> None:
    browser = Client()
    browser.force_login(zoraida)
    merge(zoraida, zora, by=manager, at=at)
    later = OrderFactory.create(user=None, email=EMAIL)
    bought = SessionPassFactory.create(owner=None, holder_email=EMAIL, at=at)

    assert browser.get("/account/").status_code == 302
    sign_in(client, EMAIL, mailoutbox)

    assert client.session["_auth_user_id"] == str(zora.pk)
    later.refresh_from_db()
    bought.refresh_from_db()
    assert (later.user, bought.owner) == (zora, zora)


@pytest.mark.parametrize(
    ("case", "refusal"),
    [
        ("same", merging.SameAccount),
        ("closed", merging.NoSuchAccount),
        ("staff", merging.StaffAccount),
        ("no reason", merging.WhyMissing),
        ("being paid", merging.Hindered),
        ("gift between", merging.Hindered),
    ],
)
def test_what_is_refused_changes_nothing(
    zoraida: User, zora: User, manager: User, at: dt.datetime, case: str, refusal: type[Exception]
) -> None:
    row = SessionPassFactory.create(owner=zoraida, holder_email=EMAIL, at=at)
    if case == "closed":
        User.objects.filter(pk=zora.pk).update(is_active=False)
    if case == "staff":
        User.objects.filter(pk=zora.pk).update(is_staff=True)
    if case == "being paid":
        OrderFactory.create(user=zoraida, status=OrderStatus.AWAITING_PAYMENT)
    if case == "gift between":
        a_gift(row, by=zoraida, to=OTHER, at=at)
    stays = zoraida if case == "same" else zora
    mails = OutboundMail.objects.count()

    with pytest.raises(refusal):
        merge(zoraida, stays, by=manager, at=at, reason=" " if case == "no reason" else REASON)

    row.refresh_from_db()
    zoraida.refresh_from_db()
    assert (row.owner, zoraida.is_active, zoraida.email) == (zoraida, True, EMAIL)
    assert person_of(zora).emails == (OTHER,)
    assert OutboundMail.objects.count() == mails
    assert not ModelLogEntry.objects.filter(action=merging.LOG_ACTION).exists()


def test_merging_twice_or_back_again_is_refused(
    zoraida: User, zora: User, manager: User, at: dt.datetime
) -> None:
    merge(zoraida, zora, by=manager, at=at)

    for gone, stays in ((zoraida, zora), (zora, zoraida)):
        with pytest.raises(merging.NoSuchAccount):
            merge(gone, stays, by=manager, at=at)

    assert OutboundMail.objects.filter(event=merging.MERGED).count() == 2


def test_both_accounts_are_locked_in_the_order_of_their_ids_before_anything_moves(
    zoraida: User, zora: User, manager: User, at: dt.datetime
) -> None:
    SessionPassFactory.create(owner=zora, holder_email=OTHER, at=at)

    with CaptureQueriesContext(connection) as asked:
        merge(zora, zoraida, by=manager, at=at)

    said = [each["sql"] for each in asked.captured_queries if "SAVEPOINT" not in each["sql"]]
    writes = [number for number, sql in enumerate(said) if sql.startswith(("UPDATE", "INSERT"))]
    assert 'FROM "accounts_user"' in said[0]
    assert 'ORDER BY "accounts_user"."id" ASC' in said[0]
    if connection.features.has_select_for_update:
        assert said[0].endswith("FOR NO KEY UPDATE")
        passes = [number for number, sql in enumerate(said) if "_sessionpass" in sql]
        locked = [number for number in passes if "FOR UPDATE" in said[number]]
        moved = [number for number in writes if "treatments_sessionpass" in said[number]]
        assert 0 < locked[0] < moved[-1]


def test_what_only_one_can_have_is_the_one_that_stays(
    zoraida: User, zora: User, manager: User, at: dt.datetime
) -> None:
    kept = aftercare_wishes.make_calendar_link(owner=zora, at=at)
    aftercare_wishes.make_calendar_link(owner=zoraida, at=at)
    EmailAddress.objects.create(user=zoraida, email="typed@example.com", verified=False)
    StripeCustomer.objects.create(user=zoraida, is_live=False, customer_id="cus_1", made_at=at)
    rooms = merging.outlook(gone=zoraida, stays=zora)

    merge(zoraida, zora, by=manager, at=at)

    assert CalendarLink.objects.get() == kept
    assert not EmailAddress.objects.filter(email="typed@example.com").exists()
    assert StripeCustomer.objects.get().delete_from == at
    said = " ".join(each for room in rooms for each in room.outlook.stays)
    for part in ("calendar link", "never proved", "saved cards", "newsletter"):
        assert part in said


def test_somebody_who_leaves_later_takes_both_accounts_along(
    zoraida: User, zora: User, manager: User, left_everywhere: Order, at: dt.datetime
) -> None:
    """R43"""
    Order.objects.update(status=OrderStatus.SHIPPED)
    merge(zoraida, zora, by=manager, at=at)
    found = _tables_with(*CANARIES, OTHER)

    closing.close_account(user_id=zora.pk, gives_up_passes=True, at=at)

    assert {"account_emailaddress", "checkout_order", "treatments_sessionpass"} <= found
    assert _tables_with(*CANARIES, OTHER) - set(MAY_STAY) == set()


def test_a_manager_sees_both_and_what_would_move_before_anything_does(
    client: Client, zoraida: User, zora: User, manager: User, at: dt.datetime
) -> None:
    row = SessionPassFactory.create(owner=zoraida, holder_email=EMAIL, at=at)
    client.force_login(manager)
    asked = {"one": EMAIL, "other": OTHER.upper(), "keep": str(zora.pk)}

    screen = client.get(reverse("merge_customers"), asked).content.decode()
    row.refresh_from_db()
    untouched = row.owner
    posted = client.post(
        reverse("merge_customers"),
        {"gone": zoraida.pk, "stays": zora.pk, "reason": REASON},
        headers=ORIGIN,
    )

    assert "1 pass, with every entry" in screen
    assert "6 left" in screen
    assert (untouched, posted.status_code) == (zoraida, 302)
    row.refresh_from_db()
    assert row.owner == zora


def test_a_refusal_is_read_beside_what_was_typed(
    client: Client, zoraida: User, zora: User, manager: User, at: dt.datetime
) -> None:
    OrderFactory.create(user=zoraida, status=OrderStatus.AWAITING_PAYMENT, number="G-2222-2222")
    client.force_login(manager)
    address = f"{reverse('merge_customers')}?one={EMAIL}&other={OTHER}&keep={zora.pk}"

    screen = client.post(
        address, {"gone": zoraida.pk, "stays": zora.pk, "reason": REASON}, headers=ORIGIN
    ).content.decode()

    assert "Not yet: order G-2222-2222 is being paid." in screen
    assert REASON in screen


@pytest.mark.parametrize("other", ["nobody@example.com", EMAIL, "staff@galea.example"])
def test_an_address_that_cannot_be_merged_is_told_so(
    client: Client, zoraida: User, manager: User, other: str
) -> None:
    UserFactory.create(email="staff@galea.example", is_staff=True)
    client.force_login(manager)

    screen = client.get(reverse("merge_customers"), {"one": EMAIL, "other": other})

    assert screen.status_code == 200
    assert "customers" not in (screen.context_data or {})
    assert "merging__error" in screen.content.decode()


def test_whoever_may_not_merge_sees_nothing_and_moves_nothing(
    client: Client, zoraida: User, zora: User, at: dt.datetime
) -> None:
    clerk = UserFactory.create(is_staff=True)
    clerk.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(clerk)
    sent = {"gone": zoraida.pk, "stays": zora.pk, "reason": REASON}

    seen = client.get(reverse("merge_customers"), {"one": EMAIL, "other": OTHER})
    posted = client.post(reverse("merge_customers"), sent, headers=ORIGIN)

    assert (seen.status_code, posted.status_code) == (302, 302)
    assert EMAIL not in seen.content.decode()
    zoraida.refresh_from_db()
    assert zoraida.is_active


def test_a_gift_waiting_for_the_gone_address_can_still_be_accepted(
    zoraida: User, zora: User, manager: User, at: dt.datetime
) -> None:
    ada = UserFactory.create(verified=True)
    row = SessionPassFactory.create(owner=ada, holder_email=ada.email, at=at)
    gift = a_gift(row, by=ada, to=EMAIL, at=at)

    merge(zoraida, zora, by=manager, at=at)

    assert Gift.objects.get(pk=gift.pk).status == GiftStatus.WAITING
    assert gifts.accept(gift_id=gift.pk, by=zora, at=at).owner == zora
