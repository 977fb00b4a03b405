"""What waits for the clinic is counted on the admin's first page, for those who may see it."""

from django.test import Client
import pytest

from tests.treatments.factories import NOON, SessionPassFactory, staff_who_may
from treatments.models import SymptomReport

pytestmark = pytest.mark.django_db


def a_report(key: str, **facts: object) -> SymptomReport:
    row = SessionPassFactory.create()
    return SymptomReport.objects.create(
        entry=row.entries.get(),
        sealed="sealed",
        submission_key=key,
        consent_text="Yes",
        reported_at=NOON,
        **facts,
    )


def first_page(client: Client, *may: str) -> str:
    client.force_login(staff_who_may(*may))
    return " ".join(client.get("/admin/").content.decode().split())


def test_reports_that_wait_are_counted_for_clinical_roles_alone(client: Client) -> None:
    a_report("a")
    a_report("b", status="ANSWERED", answered_at=NOON)

    seen = first_page(client, "view_symptomreport")
    desk = first_page(Client(), "view_appointment")

    assert 'status=NEW">1 <span>symptom report to answer</span>' in seen
    assert "consultation" not in seen
    assert "symptom report" not in desk
    assert "0 <span>appointments to answer</span>" in desk
