"""The light on the first page of the admin that says whether scheduled publishing runs."""

import datetime as dt
from html import unescape

from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone
import pytest

from accounts.models import User
from storefront.models import JobRun
from storefront.publishing import JOB
from tests.accounts.factories import UserFactory
from tests.blog.factories import ArticlePageFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client: Client) -> User:
    user = User.objects.create_superuser("manager@example.com")
    client.force_login(user)
    return user


def first_page(client: Client) -> str:
    answer = client.get(reverse("wagtailadmin_home"))
    assert answer.status_code == 200
    return " ".join(unescape(answer.content.decode()).split())


@pytest.mark.usefixtures("manager")
def test_a_worker_that_ran_just_now_is_on_time(client: Client) -> None:
    JobRun.objects.create(name=JOB, last_finished_at=timezone.now())

    page = first_page(client)

    assert "On time</span> It last ran 0 minutes ago" in page
    assert "Nothing is planned." in page
    assert "Late</span> <strong>It last ran" not in page


@pytest.mark.usefixtures("manager")
def test_a_worker_that_stands_still_is_late_and_says_whom_to_tell(client: Client) -> None:
    ran = timezone.now() - dt.timedelta(minutes=7)
    JobRun.objects.create(name=JOB, last_finished_at=ran)

    page = first_page(client)

    assert "Late</span> <strong>It last ran 7 minutes ago.</strong>" in page
    assert "On time</span>" not in page


@pytest.mark.usefixtures("manager")
def test_a_worker_that_never_ran_is_told(client: Client) -> None:
    assert "Never ran</span> <strong>Nothing goes live by itself:</strong>" in first_page(client)


@pytest.mark.usefixtures("manager")
def test_what_goes_live_next_is_listed_and_leads_to_its_editor(client: Client) -> None:
    page = ArticlePageFactory.create(slug="later", title="Sun & scalp", live=False)
    page.go_live_at = timezone.now() + dt.timedelta(days=2)
    page.save_revision(approved_go_live_at=page.go_live_at)

    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])

    assert f'<a href="{edit}">Sun & scalp</a>' in first_page(client)


def test_whoever_edits_no_page_sees_no_light(client: Client) -> None:
    user = UserFactory(is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(user)

    assert "Scheduled publishing" not in first_page(client)
