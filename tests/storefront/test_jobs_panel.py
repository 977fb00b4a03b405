"""When each scheduled job last ran, on the admin's first page."""

import datetime as dt
from html import unescape
from typing import Any

from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.urls import reverse
from django.utils import timezone
import pytest

from storefront.jobs import DAY, JOBS
from storefront.jobs_panel import GRACE, standings
from storefront.models import JobRun
from tests.accounts.factories import UserFactory
from tests.checkout.test_packing_desk import staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _installed_long_ago() -> None:
    install(timezone.now() - dt.timedelta(days=365))


def install(at: dt.datetime) -> None:
    MigrationRecorder(connection).migration_qs.update(applied=at)


def all_ran(at: dt.datetime) -> None:
    JobRun.objects.bulk_create(JobRun(name=job.name, last_finished_at=at) for job in JOBS)


def first_page(client: Client) -> str:
    answer = client.get(reverse("wagtailadmin_home"))
    assert answer.status_code == 200
    return " ".join(unescape(answer.content.decode()).split())


def test_every_job_is_told_and_none_is_late_that_ran_when_it_should(
    django_assert_num_queries: Any,
) -> None:
    at = timezone.now()
    all_ran(at - GRACE)

    with django_assert_num_queries(1):
        found = standings(at=at)

    assert len(found) == len(JOBS)
    assert not any(each.is_late for each in found)


def test_a_job_is_late_after_twice_its_time_or_if_it_never_ended_well() -> None:
    at = timezone.now()
    all_ran(at - dt.timedelta(seconds=DAY))
    JobRun.objects.filter(name="roles").delete()

    late = {each.name for each in standings(at=at) if each.is_late}

    assert "Tidying" not in late  # It runs once a day.
    assert {"Roles", "Reconciliation", "Gift card mails"} <= late
    assert len(late) == len(JOBS) - 1


def test_a_job_that_never_ran_is_late_only_once_it_could_have_run(client: Client) -> None:
    client.force_login(UserFactory.create(manager=True))
    at = timezone.now()
    install(at - dt.timedelta(minutes=1))
    all_ran(at)
    JobRun.objects.filter(name="roles").delete()

    page = first_page(client)

    assert f"Starting</span> 1 of {len(JOBS)} has not run yet:" in page
    assert "<td>Roles</td> <td>not yet run</td>" in page
    late = standings(at=at + GRACE)
    assert [each.name for each in late if each.is_late] == ["Roles"]


def test_a_new_shops_job_that_fails_is_told_at_once() -> None:
    at = timezone.now()
    install(at)
    JobRun.objects.create(name="invoices", failures=1)

    assert [each.name for each in standings(at=at) if each.is_late] == ["Invoices"]


def test_the_first_page_names_what_stands_still_and_how_often_it_failed(client: Client) -> None:
    client.force_login(UserFactory.create(manager=True))
    all_ran(timezone.now())
    assert f"On time</span> All {len(JOBS)} ran when they should." in first_page(client)
    hours_ago = timezone.now() - dt.timedelta(hours=3)
    JobRun.objects.filter(name="invoices").update(last_finished_at=hours_ago, failures=4)

    page = first_page(client)

    assert f"<strong>1 of {len(JOBS)} has not run in time:</strong>" in page
    assert "<td><strong>Invoices</strong></td> <td>3 hours ago</td> <td>4 times</td>" in page


def test_it_is_for_those_who_answer_for_the_shop(client: Client) -> None:
    client.force_login(staff("access_admin", "view_order"))

    assert "Scheduled jobs" not in first_page(client)
