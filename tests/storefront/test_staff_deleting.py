"""Accounts that the books name stay, and whoever tries is told what to do instead."""

from django.test import Client
from django.urls import reverse
import pytest

from accounts.models import User
from tests.accounts.factories import UserFactory
from tests.treatments.factories import SessionPassFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("manager@example.com"))
    return client


@pytest.mark.parametrize("method", ["get", "post"])
def test_who_is_named_by_a_pass_is_not_deleted(manager: Client, method: str) -> None:
    holder = UserFactory.create(name="Ada Lindqvist")
    SessionPassFactory(owner=holder)

    answer = getattr(manager, method)(
        reverse("wagtailusers_users:delete", args=[holder.pk]), follow=True
    )

    assert User.objects.filter(pk=holder.pk).exists()
    assert answer.redirect_chain[0][0] == reverse("wagtailusers_users:edit", args=[holder.pk])
    assert "Ada Lindqvist cannot be deleted" in answer.content.decode()


def test_who_is_named_by_nothing_is_deleted(manager: Client) -> None:
    nobody = UserFactory.create()

    manager.post(reverse("wagtailusers_users:delete", args=[nobody.pk]))

    assert not User.objects.filter(pk=nobody.pk).exists()


def test_of_many_those_stay_whom_the_books_name(manager: Client) -> None:
    holder, nobody = UserFactory.create(), UserFactory.create()
    SessionPassFactory(owner=holder)
    many = reverse("wagtail_bulk_action", args=["accounts", "user", "delete"])

    manager.post(f"{many}?id={holder.pk}&id={nobody.pk}")

    assert set(User.objects.filter(pk__in=[holder.pk, nobody.pk])) == {holder}


def test_a_form_that_did_not_arrive_whole_is_told_so(manager: Client) -> None:
    """Wagtail counts the blocks of a body by a field that every browser sends."""
    answer = manager.post(reverse("wagtailadmin_pages:copy", args=[2]), {"slug": "x"})

    assert answer.status_code == 400
    assert "We could not read that request" in answer.content.decode()
