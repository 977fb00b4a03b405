import datetime as dt

from django.test import Client
from django.urls import reverse
from django.utils import timezone
import pytest

from tests.accounts.factories import UserFactory
from tests.treatments.factories import SessionPassFactory, TreatmentFactory
from treatments import ledger
from treatments.models import SessionPass

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(UserFactory(manager=True))
    return client


def test_passes_are_listed_with_what_is_left(staff: Client) -> None:
    SessionPassFactory(holder_email="ada@example.com", sessions=7)

    page = staff.get(reverse("sessionpass:index")).content.decode()

    assert "ada@example.com" in page
    assert "7" in page


def test_a_pass_shows_its_ledger_and_balance(staff: Client) -> None:
    session_pass = SessionPassFactory(reason="Bought with order G-7K3M-9QXT")

    response = staff.get(reverse("sessionpass:inspect", args=[session_pass.pk]))

    assert response.context["standing"].balance == 6
    assert response.context["broken_entry"] is None
    assert "Bought with order G-7K3M-9QXT" in response.content.decode()


@pytest.mark.parametrize("view", ["add", "edit", "delete"])
def test_nobody_writes_passes_by_hand(staff: Client, view: str) -> None:
    session_pass = SessionPassFactory()
    arguments = [] if view == "add" else [session_pass.pk]

    response = staff.post(reverse(f"sessionpass:{view}", args=arguments), {"holder_email": "x@y.z"})

    assert response.status_code == 302
    assert response["Location"] == reverse("wagtailadmin_home")
    assert SessionPass.objects.get().holder_email == "ada@example.com"


def test_treatments_are_edited(staff: Client) -> None:
    treatment = TreatmentFactory(name="Old", slug="old")
    form = {
        "name": "Scalp microdermabrasion",
        "slug": "old",
        "summary": "Clears the scalp.",
        "duration_minutes": "50",
        "sort_order": "0",
        "free_cancel_hours": "48",
        "is_active": "on",
    }

    response = staff.post(reverse("treatment:edit", args=[treatment.pk]), form)

    assert response.status_code == 302
    treatment.refresh_from_db()
    assert (treatment.name, treatment.free_cancel_hours) == ("Scalp microdermabrasion", 48)


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        ("OPEN", ["one", "over", "six", "soon"]),
        ("LAST", ["one"]),
        ("SOON", ["soon"]),
        ("OVER", ["over"]),
        ("EMPTY", ["none"]),
    ],
)
def test_passes_are_narrowed_by_how_they_stand(staff: Client, state: str, shown: list[str]) -> None:
    now = timezone.now()
    for name, sessions, days_ago in [
        ("six", 6, 0),
        ("one", 1, 0),
        ("none", 1, 1),
        ("soon", 3, 320),
        ("over", 3, 366),
    ]:
        row = SessionPassFactory(
            holder_email=f"{name}@example.com",
            sessions=sessions,
            at=now - dt.timedelta(days=days_ago),
        )
        if name == "none":
            ledger.redeem(pass_id=row.pk, reference="visit:1", by=None, at=now)

    response = staff.get(reverse("sessionpass:index"), {"state": state})

    found = {row.holder_email.partition("@")[0] for row in response.context["object_list"]}
    assert sorted(found) == shown
