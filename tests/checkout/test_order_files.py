"""Files that staff keep with an order: what is taken, who may, and where they go in the end."""

import base64
from datetime import datetime

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
import pytest

from accounts.models import User
from accounts.person import person_of
from checkout import order_files
from checkout.models import Order, OrderFile
from checkout.personal_data import ROOM
from checkout.returns import files
from checkout.returns.files import FileRefused
from tests.accounts.factories import UserFactory
from tests.checkout.factories import OrderFactory
from tests.checkout.returns.test_files import opened, picture
from tests.checkout.test_packing_desk import staff

pytestmark = pytest.mark.django_db

PAPER = b"%PDF-1.7\n<< /Whatever >>\n%%EOF\n"


@pytest.fixture
def order() -> Order:
    return OrderFactory(paid=True)


@pytest.fixture
def person() -> User:
    return staff("view_order", "note_order")


@pytest.fixture
def desk(client: Client, person: User) -> Client:
    client.force_login(person)
    return client


def sent(content: bytes = PAPER, name: str = "letter.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_a_file_is_kept_saved_and_deleted(desk: Client, order: Order) -> None:
    added = desk.post(reverse("orders:add_file", args=[order.pk]), {"file": sent()})
    assert added["Location"] == reverse("orders:inspect", args=[order.pk])
    file = order.files.get()
    address = reverse("orders:file", args=[order.pk, file.pk])
    assert address in desk.get(added["Location"]).content.decode()

    saved = desk.get(address)
    assert (saved.content, saved["Content-Type"]) == (PAPER, "application/pdf")
    assert saved["Content-Disposition"] == 'attachment; filename="letter.pdf"'
    assert saved["X-Content-Type-Options"] == "nosniff"
    assert saved["Cache-Control"].startswith("private, no-store")

    for _ in range(2):
        desk.post(reverse("orders:drop_file", args=[order.pk, file.pk]))

    assert desk.get(address).status_code == 404
    assert [(event.message, str(event.actor)) for event in order.events.all()] == [
        ("File added", "staff@example.com"),
        ("File deleted", "staff@example.com"),
    ]


def test_a_picture_is_written_anew_whatever_it_is_called(
    order: Order, person: User, at: datetime
) -> None:
    """R31: the pixels alone are kept."""
    content = picture("PNG").getvalue() + b"<?php evil(); ?>"

    kept = order_files.add(
        order_id=order.pk, file=sent(content, '../a "b"\r\n<c>.php.png'), by=person, at=at
    )

    assert (kept.name, kept.kind, kept.size) == ("a b c .php.jpg", "JPEG", len(kept.data))
    assert opened(bytes(kept.data)).format == "JPEG"
    assert b"evil" not in kept.data


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04", b"<svg onload='alert(1)'/>", b"%PDF-1.7 cut", PAPER * 2]
)
def test_what_is_no_whole_pdf_and_no_picture_is_refused(
    order: Order, person: User, at: datetime, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MOST_PAPER_BYTES", len(PAPER))

    with pytest.raises(FileRefused):
        order_files.add(order_id=order.pk, file=sent(content), by=person, at=at)

    assert order.files.count() == order.events.count() == 0


def test_a_refusal_is_said_on_the_order(desk: Client, order: Order) -> None:
    address = reverse("orders:add_file", args=[order.pk])

    for form, words in (
        ({}, "Choose a file first."),
        ({"file": sent(b"PK\x03\x04", "table.xlsx")}, "no JPEG, PNG or WebP picture"),
    ):
        assert words in desk.post(address, form, follow=True).content.decode()

    assert order.files.count() == 0


def test_an_order_has_twenty_files_at_most(order: Order, person: User, at: datetime) -> None:
    facts = {"name": "a.pdf", "kind": "PDF", "data": PAPER, "size": 1, "by": person, "added_at": at}
    OrderFile.objects.bulk_create(
        OrderFile(order=order, **facts) for _ in range(order_files.MOST_FILES)
    )

    with pytest.raises(order_files.TooManyFiles):
        order_files.add(order_id=order.pk, file=sent(), by=person, at=at)

    assert order.files.count() == order_files.MOST_FILES


def test_who_may_only_look_saves_files_and_changes_none(
    client: Client, order: Order, person: User, at: datetime
) -> None:
    file = order_files.add(order_id=order.pk, file=sent(), by=person, at=at)
    person.user_permissions.remove(*person.user_permissions.filter(codename="note_order"))
    client.force_login(person)

    client.post(reverse("orders:add_file", args=[order.pk]), {"file": sent()})
    client.post(reverse("orders:drop_file", args=[order.pk, file.pk]))

    assert order.files.get() == file
    assert client.get(reverse("orders:file", args=[order.pk, file.pk])).status_code == 200
    page = client.get(reverse("orders:inspect", args=[order.pk])).content.decode()
    assert "Keep it" not in page
    assert reverse("orders:drop_file", args=[order.pk, file.pk]) not in page


def test_a_file_of_another_order_is_as_good_as_none(
    desk: Client, order: Order, person: User, at: datetime
) -> None:
    file = order_files.add(order_id=order.pk, file=sent(), by=person, at=at)
    other = OrderFactory(paid=True)

    desk.post(reverse("orders:drop_file", args=[other.pk, file.pk]))

    assert desk.get(reverse("orders:file", args=[other.pk, file.pk])).status_code == 404
    assert order.files.get() == file
    assert other.events.count() == 0


def test_files_are_handed_out_with_the_order_and_then_forgotten(person: User, at: datetime) -> None:
    buyer = UserFactory()
    order = OrderFactory(paid=True, user=buyer)
    order_files.add(order_id=order.pk, file=sent(), by=person, at=at)
    somebody = person_of(buyer)

    [told] = ROOM.hand_out(somebody)["orders"]
    [file] = told["files"]
    assert (file["name"], base64.b64decode(file["content"])) == ("letter.pdf", PAPER)
    ROOM.forget(somebody)

    assert not OrderFile.objects.exists()
