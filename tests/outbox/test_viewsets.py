from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry
import pytest

from outbox import mail
from outbox.models import OutboundMail
from tests.accounts.factories import UserFactory
from tests.outbox.factories import NOON, OutboundMailFactory

pytestmark = pytest.mark.django_db


def staff_with(client: Client, *permissions: str) -> Client:
    user = UserFactory(is_staff=True)
    codenames = ["access_admin", *permissions]
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client.force_login(user)
    return client


def test_mails_are_listed_with_their_state(client: Client) -> None:
    OutboundMailFactory(event="never_registered")
    mail.send_due(at=NOON)

    page = staff_with(client, "view_outboundmail").get(reverse("mails:index")).content.decode()

    assert "ada@example.com" in page
    assert "waiting" in page
    assert "NoRenderer" in page


def test_resend_queues_a_copy_and_leaves_a_trace(client: Client) -> None:
    original = OutboundMailFactory()
    mail.send_due(at=NOON)
    staff = staff_with(client, "view_outboundmail", "resend_outboundmail")

    response = staff.post(reverse("mails:resend", args=[original.pk]))

    copy = OutboundMail.objects.get(resend_of=original)
    assert response["Location"] == reverse("mails:inspect", args=[copy.pk])
    assert ModelLogEntry.objects.get(action="outbox.resend").object_id == str(copy.pk)
    page = staff.get(reverse("mails:inspect", args=[original.pk])).content.decode()
    assert "Send again" in page


def test_who_may_only_look_cannot_resend(client: Client) -> None:
    original = OutboundMailFactory()
    mail.send_due(at=NOON)
    staff = staff_with(client, "view_outboundmail")

    page = staff.get(reverse("mails:inspect", args=[original.pk])).content.decode()
    response = staff.post(reverse("mails:resend", args=[original.pk]))

    assert "Send again" not in page
    assert response.status_code in {302, 403}
    assert OutboundMail.objects.count() == 1


def test_resending_changes_nothing_by_get(client: Client) -> None:
    original = OutboundMailFactory()
    staff = staff_with(client, "view_outboundmail", "resend_outboundmail")

    response = staff.get(reverse("mails:resend", args=[original.pk]))

    assert response.status_code == 405
    assert OutboundMail.objects.count() == 1
