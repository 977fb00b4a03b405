from typing import Any

from django.test import Client
from django.urls import reverse
import pytest

from tests.accounts.factories import UserFactory
from tests.treatments.factories import ProtocolFactory, TreatmentFactory
from treatments.models import AftercareWindow, Protocol, Treatment

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(UserFactory(manager=True))
    return client


def form(treatment: Treatment, **changes: Any) -> dict[str, Any]:
    facts = {
        "treatment": treatment.pk,
        "what_is_new": "Longer rest after a course",
        "min_days": 14,
        "recommended_days": 28,
        "most_in_course": 6,
        "rest_days": 60,
        "preparation": "Come with a clean scalp.",
        "sources": "The clinic's own practice",
        "reviewed_by": "Dr Ines Albrecht, dermatologist",
        "reviewed_on": "2026-01-10",
        "aftercare_windows-TOTAL_FORMS": 1,
        "aftercare_windows-INITIAL_FORMS": 0,
        "aftercare_windows-0-habit": "SWIMMING",
        "aftercare_windows-0-from_day": 5,
        "warning_signs-TOTAL_FORMS": 1,
        "warning_signs-INITIAL_FORMS": 0,
        "warning_signs-0-sign": "Redness",
        "warning_signs-0-usual_hours": 48,
        "warning_signs-0-beyond": "CALL_US",
    }
    return facts | changes


@pytest.mark.parametrize("initial", [0, 1])
def test_a_protocol_is_written_as_the_next_version_with_all_its_rows(
    staff: Client, initial: int
) -> None:
    first = ProtocolFactory()
    copied = {"aftercare_windows-INITIAL_FORMS": initial, "aftercare_windows-0-id": ""}

    response = staff.post(reverse("protocols:add"), form(first.treatment, **copied))

    assert response.status_code == 302
    newer = Protocol.objects.newest_of(first.treatment_id)
    assert newer is not None
    assert (newer.version, newer.min_days, newer.rest_days) == (2, 14, 60)
    assert [str(each) for each in newer.aftercare_windows.all()] == ["swimming: from day 5"]
    assert [str(each) for each in newer.warning_signs.all()] == ["Redness"]
    page = staff.get(reverse("protocols:inspect", args=[newer.pk])).content.decode()
    assert "swimming" in page
    assert "48 hours" in page


@pytest.mark.parametrize(
    "changes",
    [
        {"recommended_days": 7},
        {"rest_days": ""},
        {"rest_days": 3},
        {"aftercare_windows-0-habit": ""},
    ],
)
def test_rules_that_contradict_themselves_are_refused(
    staff: Client, changes: dict[str, Any]
) -> None:
    response = staff.post(reverse("protocols:add"), form(TreatmentFactory(), **changes))

    assert response.status_code == 200
    assert Protocol.objects.count() == 0


@pytest.mark.parametrize("view", ["edit", "delete"])
def test_nobody_changes_a_version(staff: Client, view: str) -> None:
    first = ProtocolFactory(min_days=10)

    response = staff.post(reverse(f"protocols:{view}", args=[first.pk]), form(first.treatment))

    assert response.status_code in {302, 403, 404}
    assert Protocol.objects.get().min_days == 10


def test_copying_begins_with_what_the_version_says(staff: Client) -> None:
    first = ProtocolFactory(preparation="Wash your hair the evening before.")
    AftercareWindow.objects.create(protocol=first, habit="SUN", from_day=9, note="Wear a hat")

    response = staff.get(reverse("protocols:copy", args=[first.pk]))

    page = response.content.decode()
    assert "Wash your hair the evening before." in page
    assert "Wear a hat" in page
    assert response.context["form"].instance.pk is None
    assert Protocol.objects.count() == 1
