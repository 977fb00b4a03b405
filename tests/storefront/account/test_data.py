"""Everything that is known of somebody, handed out to them alone; no model is forgotten."""

import io
import json
import time
import zipfile
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import models
from django.test import Client
import pytest

from accounts.models import User
from accounts.person import person_of
from checkout.models import Order
from checkout.ownership import claim_orders
from storefront.account import data_file
from storefront.account.rooms import NOT_HANDED_OUT, ROOMS
from tests.accounts.factories import UserFactory
from tests.accounts.signing_in import sign_in_at
from tests.checkout.factories import OrderFactory
from tests.storefront.account.conftest import EMAIL, NAME, STREET, WORDS
from treatments.ledger import claim_passes

pytestmark = pytest.mark.django_db


def _held() -> set[str]:
    return {label for room in ROOMS for label in room.holds}


def _leads_to_a_person(model: type[models.Model], held: set[str]) -> bool:
    """Whether a row of it belongs to an account, an address, or something that is handed out."""
    fields = [*model._meta.local_fields, *model._meta.local_many_to_many]
    targets = {field.related_model._meta.label for field in fields if field.is_relation}
    has_address = any(isinstance(field, models.EmailField) for field in fields)
    return has_address or bool(targets & held)


def test_every_model_that_leads_to_a_person_is_handed_out_or_has_a_reason() -> None:
    """R43"""
    held, everything = _held(), list(apps.get_models(include_auto_created=True))
    leading = {one._meta.label for one in everything if _leads_to_a_person(one, held)}

    assert leading - held - set(NOT_HANDED_OUT) == set()
    assert held & set(NOT_HANDED_OUT) == set()
    assert (held | set(NOT_HANDED_OUT)) - {one._meta.label for one in everything} == set()


def test_a_model_that_nobody_classified_would_be_found() -> None:
    class Diary(models.Model):
        owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")

        class Meta:
            app_label = "catalog"

        def __str__(self) -> str:
            return "Diary"

    try:
        assert _leads_to_a_person(Diary, _held())
    finally:
        del apps.all_models["catalog"]["diary"]
        apps.clear_cache()


def _unpacked(content: bytes) -> dict[str, Any]:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert packed.namelist() == ["data.json", "data.html", "data.css"]
        return {
            "facts": json.loads(packed.read("data.json")),
            "page": packed.read("data.html").decode(),
        }


def test_the_file_holds_what_every_room_knows(
    signed_in: Client, zoraida: User, left_everywhere: Order, at: datetime
) -> None:
    """R43"""
    claim_orders(user=zoraida, email=EMAIL, at=at)
    claim_passes(user=zoraida, email=EMAIL, at=at)

    answer = signed_in.post("/account/data/")

    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/zip"
    assert answer["Cache-Control"] == "private, no-store"
    unpacked = _unpacked(answer.content)
    rooms = unpacked["facts"]["data"]
    assert rooms["Account"]["email"] == EMAIL
    (order,) = rooms["Basket and orders"]["orders"]
    assert (order["number"], order["name"]) == (left_everywhere.number, NAME)
    assert order["delivery"]["line1"] == STREET
    assert [line["article"] for line in order["lines"]] == ["WASH-250", "MD-6"]
    assert [each["article"] for each in rooms["Basket and orders"]["basket"]] == ["WASH-250"]
    (session_pass,) = rooms["Sessions"]["passes"]
    assert [entry["sessions"] for entry in session_pass["entries"]] == [6, 0]
    (appointment,) = rooms["Sessions"]["appointments"]
    assert (appointment["status"], appointment["words"]) == ("to be answered", WORDS)
    (address,) = rooms["Basket and orders"]["delivery_addresses"]
    assert (address["label"], address["line1"]) == ("Quillfeather", STREET)
    wishes = ("aftercare_mails_stopped_at", "calendar_link_made_at")
    assert [len(rooms["Sessions"][name]) for name in wishes] == [1, 1]
    guide = rooms["Comments, questions and newsletter"]
    assert [each["words"] for each in guide["comments"]] == [f"{WORDS} below", WORDS]
    assert guide["newsletter"][0]["email"] == EMAIL
    assert {each["to"] for each in rooms["Mails we sent"]["mails"]} == {EMAIL}
    assert all(word in unpacked["page"] for word in (EMAIL, NAME, STREET, order["number"]))


def test_what_was_asked_in_confidence_is_in_no_file(
    signed_in: Client, left_everywhere: Order
) -> None:
    answer = signed_in.post("/account/data/")

    guide = _unpacked(answer.content)["facts"]["data"]["Comments, questions and newsletter"]
    (question,) = guide["private_questions"]
    assert "clinic tells you on request" in question["words"]


def test_nothing_of_anybody_else_is_in_the_file(zoraida: User, at: datetime) -> None:
    """R19"""
    OrderFactory.create(user=UserFactory.create(), email="bea@example.com")
    # An address that was merely typed proves nothing.
    typed = UserFactory.create(email="dora@example.com")
    OrderFactory.create(user=None, email="dora@example.com")

    for user in (zoraida, typed):
        facts = data_file.collect(person_of(user), at=at)
        assert facts["data"]["Basket and orders"]["orders"] == []
        assert facts["data"]["Mails we sent"]["mails"] == []


@pytest.mark.parametrize("minutes", [16, None])
def test_whoever_signed_in_long_ago_signs_in_again(
    client: Client, zoraida: User, minutes: int | None
) -> None:
    client.force_login(zoraida)
    if minutes is not None:
        sign_in_at(client, zoraida, time.time() - minutes * 60)

    answer = client.post("/account/data/")

    assert (answer.status_code, answer["Location"]) == (303, "/account/again/?for=data")
    assert "Sign in again" in client.get(answer["Location"]).content.decode()
    again = client.post("/account/again/", {"for": "data"})
    assert again["Location"] == "/account/login/?next=%2Faccount%2Fprivacy%2F"
    assert client.get("/account/").status_code == 302


def test_signing_in_again_leads_to_our_own_pages_alone(signed_in: Client) -> None:
    """R29"""
    answer = signed_in.post("/account/again/", {"for": "//evil.example", "next": "//evil.example"})

    assert answer["Location"] == "/account/login/?next=%2Faccount%2Fprivacy%2F"


def test_the_privacy_page_says_what_was_agreed_to(
    signed_in: Client, zoraida: User, left_everywhere: Order, at: datetime
) -> None:
    claim_orders(user=zoraida, email=EMAIL, at=at)

    agreed = signed_in.get("/account/privacy/").context["agreed"]

    assert {each.what for each in agreed} == {
        f"Terms of sale, version {left_everywhere.terms_version}",
        "Newsletter: signed up",
        "Newsletter: confirmed",
        "Private question to the clinic",
    }
    assert [each.at for each in agreed] == sorted((each.at for each in agreed), reverse=True)
    assert any("one click in every mail" in each.text for each in agreed)
