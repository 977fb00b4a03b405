"""What staff see and may do, address by address."""

import io
from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import get_resolver, reverse
from wagtail.models import GroupPagePermission, Page
import pytest
from openpyxl import load_workbook

from accounts.models import User
from catalog.imports import runs
from catalog.models import ImportRun, Offer, ProductPage
from tests.catalog.factories import CategoryPageFactory, OfferFactory, facts_of_a_product
from tests.catalog.imports.running import NOON, product_row, said, sheet, upload, worked

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _category() -> None:
    CategoryPageFactory()
    facts_of_a_product()


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("manager@example.com"))
    return client


def somebody(*codenames: str, pages: tuple[str, ...] = ()) -> User:
    """Return a member of staff with these permissions of the catalogue and of pages."""
    user = User.objects.create_user(f"user-{User.objects.count()}@example.com", is_staff=True)
    wanted = Permission.objects.filter(codename__in=["access_admin", *codenames])
    user.user_permissions.set(wanted)
    if pages:
        group = Group.objects.create(name=user.email)
        user.groups.add(group)
        for action in pages:
            GroupPagePermission.objects.create(
                group=group,
                page=Page.get_first_root_node(),
                permission=Permission.objects.get(
                    codename=f"{action}_page", content_type__app_label="wagtailcore"
                ),
            )
    return user


def post_file(client: Client, content: bytes, name: str = "products.csv") -> Any:
    file = SimpleUploadedFile(name, content)
    return client.post(reverse("imports:add"), {"file": file, "reason": "Spring list"})


def test_from_upload_to_undo_by_hand(staff: Client) -> None:
    assert staff.get(reverse("imports:add")).status_code == 200

    answer = post_file(staff, sheet(product_row(1)))

    run = ImportRun.objects.get()
    page = reverse("imports:inspect", args=[run.pk])
    assert answer.url == page
    assert "Being checked" in staff.get(page).content.decode()
    worked(run)
    assert "Apply 1 row" in staff.get(page).content.decode()
    assert "What would change" in staff.get(page).content.decode()
    act = reverse("imports:act", args=[run.pk])
    assert staff.post(act, {"act": "apply"}).url == page
    worked(run)
    assert "Undo all of it" in staff.get(page).content.decode()
    assert Offer.objects.count() == 1
    staff.post(act, {"act": "undo"})
    worked(run)
    assert "1 added product deleted" in staff.get(page).content.decode()
    assert ProductPage.objects.count() == 0
    assert staff.get(reverse("imports:index")).status_code == 200


def test_what_is_wrong_is_shown_and_can_be_downloaded(staff: Client) -> None:
    run = upload(sheet(product_row(1, price="=1+1")))

    page = staff.get(reverse("imports:inspect", args=[run.pk])).content.decode()
    answer = staff.get(reverse("imports:problems", args=[run.pk]))

    assert "It begins like a formula" in page
    assert "Apply" not in page.split("import-state", 1)[1].split("Check again")[0]
    assert b"2,price,It begins like a formula" in b"".join(answer.streaming_content)


@pytest.mark.parametrize(
    ("name", "content", "said_so"),
    [
        ("a.exe", b"MZ", "Choose a .csv, .xlsx or .zip file."),
        ("noname", b"sku", "Choose a .csv, .xlsx or .zip file."),
        ("a.csv", b"", "The file is empty."),
        ("a.csv", b"x" * (21 << 20), "larger than 20 MB"),
    ],
    ids=["exe", "no suffix", "empty", "large"],
)
def test_what_is_no_such_file_is_refused_beside_the_field(
    staff: Client, name: str, content: bytes, said_so: str
) -> None:
    answer = post_file(staff, content, name)

    assert answer.status_code == 200
    assert said_so in answer.content.decode()
    assert ImportRun.objects.count() == 0


def test_a_path_in_a_file_name_is_only_its_last_part(staff: Client) -> None:
    run = upload(sheet({"sku": "A", "price": "1"}), "..\\..\\etc/passwd.csv")

    assert run.file_name == "passwd.csv"


def test_templates_and_exports_open(staff: Client) -> None:
    OfferFactory(sku="A-1")

    for url, query in (("template", {}), ("export", {"format": "xlsx"})):
        answer = staff.get(reverse(f"imports:{url}"), query)
        book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
        assert next(book["Products"].values)[:2] == ("product", "category")
        assert answer["Cache-Control"].startswith("private, no-store")
    as_csv = staff.get(reverse("imports:export"), {"format": "csv"})
    assert b"A-1" in b"".join(as_csv.streaming_content)
    assert staff.get(reverse("imports:template"), {"format": "csv"}).status_code == 200
    assert staff.get(reverse("imports:export")).status_code == 200
    assert staff.get(reverse("imports:export"), {"format": "exe"}).status_code == 200


def test_the_template_is_itself_a_sheet_that_can_be_imported(staff: Client) -> None:
    CategoryPageFactory(slug="care", title="Care")
    answer = staff.get(reverse("imports:template"), {"format": "csv"})

    run = upload(b"".join(answer.streaming_content))

    assert (run.status, said(run)) == ("READY", [])


# Every address of the imports, with what it takes: the permission, and whether it is one's own.
ADDRESSES: dict[str, tuple[str, str, Callable[[int], list[int]]]] = {
    "index": ("get", "view", lambda _pk: []),
    "index_results": ("get", "view", lambda _pk: []),
    "add": ("get", "add", lambda _pk: []),
    "template": ("get", "view", lambda _pk: []),
    "export": ("get", "view", lambda _pk: []),
    "inspect": ("get", "view own", lambda pk: [pk]),
    "state": ("get", "view own", lambda pk: [pk]),
    "problems": ("get", "view own", lambda pk: [pk]),
    "act": ("post", "add own", lambda pk: [pk]),
    "edit": ("get", "nobody", lambda pk: [pk]),
    "delete": ("post", "nobody", lambda pk: [pk]),
    "history": ("get", "view", lambda pk: [pk]),
    "history_results": ("get", "view", lambda pk: [pk]),
    "usage": ("get", "view", lambda pk: [pk]),
    "usage_results": ("get", "view", lambda pk: [pk]),
}


def test_every_address_of_the_imports_is_in_the_table() -> None:
    names = set()
    for pattern in get_resolver().url_patterns:
        for app in getattr(pattern, "url_patterns", []):
            if getattr(app, "namespace", None) == "imports":
                names |= {each.name for each in app.url_patterns if each.name}

    assert names - set(ADDRESSES) == set()
    assert {"act", "state", "problems", "export", "template"} <= names


@pytest.mark.parametrize("name", ["index", "add", "template", "export", "inspect", "state", "act"])
def test_nobody_gets_in_without_the_permission(client: Client, name: str) -> None:
    run = upload(sheet({"sku": "A", "price": "1"}))
    method, _, args = ADDRESSES[name]
    url = reverse(f"imports:{name}", args=args(run.pk))

    outside = getattr(client, method)(url)
    client.force_login(somebody("view_offer", "change_offer"))
    inside = getattr(client, method)(url, {"act": "apply"})

    assert outside.status_code == 302
    assert "/login/" in outside.url
    assert inside.status_code == (404 if name == "inspect" else 302)
    run.refresh_from_db()
    assert run.status == "REFUSED"


@pytest.mark.parametrize(
    "name", [name for name, (_, who, _args) in ADDRESSES.items() if "own" in who]
)
def test_somebody_else_s_import_is_not_there(client: Client, name: str) -> None:
    offer = OfferFactory(sku="A", price_minor=2400)
    run = upload(sheet({"sku": "A", "price": "1"}))
    method, _, args = ADDRESSES[name]
    client.force_login(somebody("view_importrun", "add_importrun", "change_offer"))

    answer = getattr(client, method)(
        reverse(f"imports:{name}", args=args(run.pk)), {"act": "apply"}
    )

    assert answer.status_code == 404
    run.refresh_from_db()
    offer.refresh_from_db()
    assert (run.status, offer.price_minor) == ("READY", 2400)
    assert "products.csv" not in client.get(reverse("imports:index")).content.decode()


@pytest.mark.parametrize("name", ["edit", "delete"])
def test_an_import_is_neither_edited_nor_deleted(staff: Client, name: str) -> None:
    run = upload(sheet({"sku": "A", "price": "1"}))
    method, _, args = ADDRESSES[name]

    answer = getattr(staff, method)(reverse(f"imports:{name}", args=args(run.pk)))

    assert answer.status_code == 302
    assert ImportRun.objects.filter(pk=run.pk).exists()


def test_an_import_may_do_no_more_than_its_owner() -> None:
    OfferFactory(sku="A", price_minor=2400)
    content = sheet(product_row(1), {"sku": "A", "price": "1", "stock": "99", "label": "Big"})

    run = upload(content, by=somebody("add_importrun", "view_importrun"))

    assert {(row, column) for row, column, _ in said(run)} == {
        (2, "category"),
        (3, "sku"),
        (3, "price"),
        (3, "stock"),
    }
    editor = somebody(
        "add_importrun", "add_offer", "change_offer", "change_stock", pages=("add", "publish")
    )
    assert upload(content, by=editor).status == "READY"


def test_a_permission_lost_meanwhile_stops_the_import() -> None:
    OfferFactory(sku="A", price_minor=2400)
    owner = somebody("add_importrun", "change_offer")
    run = upload(sheet({"sku": "A", "price": "1"}), by=owner)
    owner.user_permissions.clear()

    runs.confirm(run_id=run.pk, at=NOON)
    run = worked(run)

    assert run.status == "REFUSED"
    assert Offer.objects.get().price_minor == 2400
