"""Gift cards in the admin: issued, mailed, extended and voided by those who may; what is owed."""

import csv
import datetime as dt
import io
import uuid
from datetime import datetime

from django.test import Client
from django.urls import reverse
from django.utils import timezone
import pytest

from checkout.gift_cards import codes, ledger, mails, owed
from checkout.models import GiftCard
from checkout.models import GiftCardEventKind as Kind
from cms.periods import DAYS
from outbox.models import OutboundMail
from tests.checkout.gift_cards_of import free_on, issued
from tests.checkout.test_packing_desk import staff

pytestmark = pytest.mark.django_db

SHOP = {"HTTP_ORIGIN": "http://testserver"}


@pytest.fixture
def manager(client: Client) -> Client:
    client.force_login(staff("view_giftcard", "issue_giftcard", "report_order"))
    return client


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(staff("view_giftcard"))
    return client


def post(client: Client, act: str, /, *args: int, **fields: str) -> tuple[int, str]:
    said = {"token": uuid.uuid4().hex, "reason": "A reason", **fields}
    answer = client.post(reverse(f"gift_cards:{act}", args=args), said, **SHOP)  # type: ignore[arg-type]
    return answer.status_code, answer.content.decode()


def test_a_card_is_issued_once_mailed_and_its_code_reads_back(manager: Client) -> None:
    fields = {
        "token": uuid.uuid4().hex,
        "amount_minor": "25.00",
        "name": "Ada",
        "email": "Ada@Example.com",
        "message": "With our apologies.",
    }

    assert manager.get(reverse("gift_cards:issue")).status_code == 200
    assert [post(manager, "issue", **fields)[0] for _ in range(2)] == [302, 302]

    card = GiftCard.objects.get()
    sent = OutboundMail.objects.get()
    said = mails.render(sent.context)
    assert (free_on(card), card.recipient_email, sent.to) == (2500, *["ada@example.com"] * 2)
    assert codes.code_of(card.public_id) in said.text
    assert codes.code_of(card.public_id) in said.html
    assert "With our apologies." in said.text
    assert codes.code_of(card.public_id) not in str(sent.context)
    assert card.events.get().actor is not None


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"amount_minor": "0"}, "From €0.01 to €1,000.00."),
        ({"amount_minor": "1000.01"}, "From €0.01 to €1,000.00."),
        ({"amount_minor": "many"}, "many"),
        ({"amount_minor": "5", "reason": ""}, "This field is required."),
        ({"amount_minor": "5", "email": "nowhere"}, "Enter a valid email address."),
        ({"amount_minor": "5", "token": "x"}, "This page is out of date: open it anew."),
    ],
)
def test_a_card_of_no_sense_is_not_issued_and_what_was_typed_stays(
    manager: Client, wrong: dict[str, str], sentence: str
) -> None:
    status, page = post(manager, "issue", **({"name": "Ada Lindqvist"} | wrong))

    assert status == 200
    assert sentence in page
    assert 'value="Ada Lindqvist"' in page
    assert not GiftCard.objects.exists()


def test_the_list_and_the_card_show_what_is_left_and_what_happened(
    manager: Client, at: datetime
) -> None:
    card = issued(5000, at=at)
    ledger.hold(card_id=card.pk, amount_minor=1200, reference="x", reason="Order G-1", at=at)

    listed = manager.get(reverse("gift_cards:index")).content.decode()
    page = manager.get(reverse("gift_cards:inspect", args=[card.pk])).content.decode()

    assert f"…{card.last_four}" in listed
    assert "€38.00" in listed
    assert "€12.00 is held" in page
    assert "Order G-1" in page
    assert codes.code_of(card.public_id) in page


def test_a_card_is_voided_extended_and_mailed_with_a_reason(manager: Client, at: datetime) -> None:
    card = issued(5000, at=at)
    until = card.expires_on + dt.timedelta(days=30)

    status, page = post(manager, "mail", card.pk)
    assert (status, "This card has no e-mail address" in page) == (200, True)
    GiftCard.objects.filter(pk=card.pk).update(recipient_email="ada@example.com")
    assert [post(manager, "mail", card.pk)[0] for _ in range(2)] == [302, 302]
    assert OutboundMail.objects.filter(to="ada@example.com").count() == 2

    status, page = post(manager, "extend", card.pk, until=str(card.expires_on))
    assert (status, "Name a day after" in page) == (200, True)
    assert post(manager, "extend", card.pk, until=str(until))[0] == 302
    assert post(manager, "void", card.pk)[0] == 302

    card.refresh_from_db()
    assert (card.expires_on, free_on(card)) == (until, 0)
    assert [event.kind for event in card.events.all()] == [Kind.ISSUE, Kind.EXTEND, Kind.VOID]


@pytest.mark.parametrize("name", ["issue", "void", "extend", "mail"])
def test_who_only_looks_issues_changes_and_mails_nothing(
    desk: Client, at: datetime, name: str
) -> None:
    card = issued(5000, at=at)
    args = () if name == "issue" else (card.pk,)

    status, _ = post(desk, name, *args, amount_minor="5", until="2099-01-01")

    page = desk.get(reverse("gift_cards:inspect", args=[card.pk])).content.decode()
    assert status == 302  # To the admin's home, with a word.
    assert (GiftCard.objects.count(), card.events.count()) == (1, 1)
    assert not OutboundMail.objects.exists()
    assert codes.code_of(card.public_id) not in page


def test_the_report_says_what_is_owed_and_its_file_says_the_same(
    manager: Client, at: datetime
) -> None:
    today = timezone.localdate(at)
    yesterday = at - dt.timedelta(days=1)
    card = issued(5000, at=yesterday)
    issued(2500, at=at)
    facts = {"card_id": card.pk, "reason": "An order"}
    ledger.hold(amount_minor=2000, reference="h", at=at, **facts)  # type: ignore[arg-type]
    held = owed.report(from_on=today, until_on=today, by=DAYS)
    ledger.spend(amount_minor=1500, reference="s", at=at, **facts)  # type: ignore[arg-type]
    ledger.pay_back(amount_minor=300, reference="r", by=None, at=at, **facts)  # type: ignore[arg-type]

    found = owed.report(from_on=today, until_on=today, by=DAYS)

    assert (held.total.opening_minor, held.total.closing_minor) == (5000, 7500)
    assert found.total.closing_minor == 5000 + 2500 - 1500 + 300
    assert found.lines == [
        (today, owed.Owed(5000, {Kind.ISSUE: 2500, Kind.SPEND: -1500, Kind.REFUND: 300}))
    ]
    balances = GiftCard.objects.with_balance()
    assert sum(each.free_minor + each.held_minor for each in balances) == 6300

    address = f"{reverse('gift_cards_report')}?from_on={today}&until_on={today}&by=day"
    page = manager.get(address).content.decode()
    file = manager.get(f"{address}&export=csv").content.decode()
    rows = list(csv.reader(io.StringIO(file.lstrip("\ufeff"))))
    assert "<strong>€63.00</strong> were owed" in page
    assert rows[0][1:] == [
        f"{name} (EUR)"
        for name in ("Opening", "Issued", "Spent", "Paid back", "Voided", "Expired", "Closing")
    ]
    assert rows[1:] == [[str(today), "50.00", "25.00", "-15.00", "3.00", "0.00", "0.00", "63.00"]]


def test_the_report_is_for_those_who_read_reports(desk: Client) -> None:
    assert desk.get(reverse("gift_cards_report")).status_code == 302
