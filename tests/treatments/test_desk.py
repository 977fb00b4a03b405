"""Redeeming at the desk, and every role trying every button."""

import datetime as dt
from typing import Any

from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone
import pytest

from tests.accounts.factories import UserFactory
from tests.treatments.factories import PractitionerFactory, ProtocolFactory, SessionPassFactory
from treatments import ledger
from treatments.desk import cards
from treatments.desk_search import find
from treatments.models import LedgerEntry, SessionPass

pytestmark = pytest.mark.django_db
TOKEN = "a" * 32
OTHER_TOKEN = "b" * 32
ROLES = {
    "front desk": ["view", "redeem"],
    "clinician": ["view", "redeem", "override"],
    "manager": ["view", "redeem", "override", "adjust"],
    "adjuster": ["view", "adjust"],
    "marketer": [],
}


def signed_in(role: str) -> Client:
    user = UserFactory(is_staff=True)
    names = [f"{action}_sessionpass" for action in ROLES[role]]
    wanted = Permission.objects.filter(codename__in=[*names, "access_admin"])
    user.user_permissions.set(wanted)
    client = Client()
    client.force_login(user)
    return client


def a_pass(**facts: Any) -> SessionPass:
    """A pass bought an hour ago, so that it is valid today."""
    now = timezone.now() - dt.timedelta(hours=1)
    return SessionPassFactory(**({"at": now, "sessions": 6} | facts))


def tap(client: Client, row: SessionPass, *, token: str = TOKEN, **sent: Any) -> Any:
    fields = {"token": token, "q": row.holder_email, **sent}
    return client.post(reverse("sessionpass:redeem", args=[row.pk]), fields, follow=True)


def left(row: SessionPass) -> int:
    return sum(row.entries.values_list("sessions", flat=True))


@pytest.mark.parametrize(
    "words",
    [
        "ada@example",
        "Lindqvist",
        "G-7K3M",
        "galea:pass:{code}",
        "https://shop.example/account/passes/{code}/",
        "{CODE}",
        "lindq ad",
        "indqvist",
        "@example.com",
        "g-7k3m",
        "+49 30 23125118",
        "(030) 231251-18",
        "0049 30 2312 5118",
        "23125",
    ],
)
def test_a_pass_is_found_by_what_the_desk_has_at_hand(words: str) -> None:
    row = a_pass(
        owner=UserFactory(name="Ada Lindqvist"),
        holder_email="ada@example.com",
        reference="order:G-7K3M-9QXT:line:1:unit:1",
        sold=ledger.Sold(holder_phone="+49 30 23125-118"),
    )
    a_pass(holder_email="eve@elsewhere.example", sold=ledger.Sold(holder_phone="+49 30 99125119"))
    code = str(row.public_id)

    response = signed_in("front desk").get(
        reverse("sessionpass:desk"), {"q": words.format(code=code, CODE=code.upper())}
    )

    assert [card.row for card in response.context["cards"]] == [row]
    assert "Redeem 1 session" in response.content.decode()


def test_one_tap_redeems_and_the_same_tap_again_does_nothing_more() -> None:
    row, practitioner = a_pass(), PractitionerFactory(name="Nils Berger")
    desk = signed_in("front desk")

    page = tap(desk, row, practitioner=practitioner.pk, note="Left side").content.decode()
    tap(desk, row, practitioner=practitioner.pk, note="Left side")

    entry = row.entries.order_by("-pk")[0]
    assert left(row) == 5
    assert (entry.practitioner, ledger.read_note(entry)) == (practitioner, "Left side")
    assert "Redeemed. 5 left" in page
    assert "Put it back" in page


def test_two_desks_cannot_take_the_same_session() -> None:
    row = a_pass(sessions=1)
    tap(signed_in("front desk"), row)

    page = tap(signed_in("front desk"), row, token=OTHER_TOKEN).content.decode()

    assert left(row) == 0
    assert "No session is left." in page


def test_an_undo_is_an_entry_of_its_own_and_works_once() -> None:
    row, desk = a_pass(), signed_in("front desk")
    tap(desk, row)
    entry = row.entries.order_by("-pk")[0]

    desk.post(reverse("sessionpass:undo", args=[entry.pk]), {"q": ""})
    desk.post(reverse("sessionpass:undo", args=[entry.pk]), {"q": ""})

    assert list(row.entries.order_by("pk").values_list("kind", flat=True)) == [
        "GRANT",
        "REDEEM",
        "RESTORE",
    ]


def test_too_early_shows_the_day_and_lets_only_a_clinician_go_on() -> None:
    protocol = ProtocolFactory(min_days=14)
    row = a_pass(treatment_id=protocol.treatment_id)
    desk, clinician = signed_in("front desk"), signed_in("clinician")
    tap(desk, row)
    possible_on = timezone.localdate() + dt.timedelta(days=14)

    page = tap(desk, row, token=OTHER_TOKEN).content.decode()
    refused = tap(desk, row, token=OTHER_TOKEN, override_reason="Please").content.decode()

    assert f"possible from {possible_on:%-d %B %Y}" in page
    assert "Only clinicians" in refused
    assert left(row) == 5
    assert "Why sooner?" not in page
    shown = clinician.get(reverse("sessionpass:desk"), {"q": row.holder_email}).content.decode()
    assert "Why sooner?" in shown
    tap(clinician, row, token=OTHER_TOKEN, override_reason="Calm scalp")
    assert left(row) == 4
    assert row.entries.order_by("-pk")[0].is_override


@pytest.mark.parametrize("token", ["", "short", "A" * 32, "../" + "a" * 29])
def test_a_tap_without_a_proper_token_redeems_nothing(token: str) -> None:
    row = a_pass()

    page = tap(signed_in("front desk"), row, token=token).content.decode()

    assert left(row) == 6
    assert "Nothing was redeemed" in page


@pytest.mark.parametrize("role", ["marketer"])
def test_who_may_not_redeem_undoes_nothing_and_sees_no_desk(role: str) -> None:
    row = a_pass()
    tap(signed_in("front desk"), row)
    entry = row.entries.order_by("-pk")[0]
    client = signed_in(role)

    client.post(reverse("sessionpass:undo", args=[entry.pk]), {"q": ""})

    assert left(row) == 5
    assert client.get(reverse("sessionpass:desk")).status_code == 302


def test_a_stranger_is_asked_to_sign_in() -> None:
    row = a_pass()

    answer = Client().post(reverse("sessionpass:redeem", args=[row.pk]), {"token": TOKEN})

    assert answer.status_code == 302
    assert left(row) == 6


def test_notes_are_shown_to_clinicians_and_managers_alone() -> None:
    row = a_pass()
    tap(signed_in("front desk"), row, note="canary-4711")
    address = reverse("sessionpass:inspect", args=[row.pk])

    seen = {role: "canary-4711" in signed_in(role).get(address).content.decode() for role in ROLES}

    assert [role for role in ROLES if seen[role]] == ["clinician", "manager", "adjuster"]


@pytest.mark.parametrize(
    ("amount", "note"),
    [("", "Why"), ("1", ""), ("0", "Why"), ("-9", "Why"), ("1000000000", "Why"), ("1e9", "Why")],
)
def test_what_cannot_be_put_right_changes_nothing(amount: str, note: str) -> None:
    row = a_pass()
    sent = {"token": TOKEN, "amount": amount, "note": note}

    signed_in("manager").post(reverse("sessionpass:adjust", args=[row.pk]), sent)

    assert LedgerEntry.objects.count() == 1


def test_what_no_keyboard_types_is_left_out_of_a_search() -> None:
    row = a_pass(holder_email="ada@example.com")

    assert find("\0ada@\0example") == [row]
    assert find("\0a") == []


def test_twenty_passes_are_shown_with_as_many_queries_as_two(
    django_assert_num_queries: Any,
) -> None:
    protocol = ProtocolFactory(min_days=0)
    for number in range(20):
        row = a_pass(treatment_id=protocol.treatment_id, holder_email=f"ada-{number}@example.com")
        ledger.redeem(
            pass_id=row.pk, reference=f"visit:{number}", by=None, at=timezone.now(), note="Calm"
        )

    for words in ("ada-1@", "ada-"):
        with django_assert_num_queries(6):
            shown = cards(find(words), at=timezone.now())
    assert len(shown) == 20
