"""Gifts in the admin: who sees them, who mails one again, and who calls one off."""

import datetime as dt

from django.urls import reverse
from django.utils import timezone
import pytest

from outbox.models import MailStatus, OutboundMail
from tests.accounts.factories import UserFactory
from tests.treatments.test_desk import ROLES, a_pass, signed_in
from treatments import gifts, giving, statement
from treatments.models import Gift, GiftStatus

pytestmark = pytest.mark.django_db

WHY = "canary-why-8841"
MAY = {
    "resend": {"front desk", "clinician", "manager"},
    "cancel": {"manager", "adjuster"},
}


@pytest.fixture
def gift() -> Gift:
    ada = UserFactory.create(email="ada@example.com", verified=True)
    at = timezone.now() - dt.timedelta(minutes=5)
    gift = giving.give(
        pass_id=a_pass(owner=ada).pk,
        sessions=2,
        card=giving.Card("Ada", "Bea", "bea@example.com", "canary-message-1177"),
        mail_on=timezone.localdate(at),
        reference="a" * 32,
        by=ada,
        at=at,
    )
    OutboundMail.objects.update(status=MailStatus.SENT, sent_at=at)
    return gift


@pytest.mark.parametrize("role", ROLES)
def test_each_role_does_what_it_may_with_a_gift_and_nothing_else(gift: Gift, role: str) -> None:
    staff = signed_in(role)

    staff.post(reverse("gifts:resend", args=[gift.pk]))
    was_resent = OutboundMail.objects.filter(resend_of__isnull=False).exists()
    staff.post(reverse("gifts:cancel", args=[gift.pk]), {"note": WHY})

    gift.refresh_from_db()
    assert was_resent == (role in MAY["resend"])
    assert (gift.status == GiftStatus.CANCELLED) == (role in MAY["cancel"])


def test_staff_see_who_gave_what_and_nothing_that_was_written(gift: Gift) -> None:
    staff = signed_in("manager")

    index = staff.get(reverse("gifts:index")).content.decode()
    inspect = staff.get(reverse("gifts:inspect", args=[gift.pk])).content.decode()
    of_pass = staff.get(reverse("sessionpass:inspect", args=[gift.session_pass_id]))

    for page in (index, inspect, of_pass.content.decode()):
        assert "bea@example.com" in page
        assert "2 sessions" in page
        assert "canary-message-1177" not in page
        assert gift.token not in page
    assert "Call off" in inspect


def test_nobody_without_a_right_sees_gifts(gift: Gift) -> None:
    answer = signed_in("marketer").get(reverse("gifts:index"))

    assert answer.status_code == 302


def test_why_it_was_called_off_is_sealed_on_the_gift_for_those_who_read_notes(gift: Gift) -> None:
    staff = signed_in("manager")

    staff.post(reverse("gifts:cancel", args=[gift.pk]), {"note": " "})
    assert Gift.objects.get().is_waiting
    staff.post(reverse("gifts:cancel", args=[gift.pk]), {"note": WHY})

    gift.refresh_from_db()
    assert gifts.why_called_off(gift) == WHY
    assert WHY not in gift.sealed_why
    inspect = reverse("gifts:inspect", args=[gift.pk])
    for role, sees in (("manager", True), ("clinician", True), ("front desk", False)):
        assert (WHY in signed_in(role).get(inspect).content.decode()) == sees


def test_a_statement_tells_called_off_from_declined_by_nothing(gift: Gift) -> None:
    at = timezone.now()
    declined = giving.give(
        pass_id=gift.session_pass_id,
        sessions=2,
        card=giving.Card("Ada", "Cleo", "cleo@example.com"),
        mail_on=timezone.localdate(at),
        reference="b" * 32,
        by=gift.giver,
        at=at,
    )
    signed_in("manager").post(reverse("gifts:cancel", args=[gift.pk]), {"note": WHY})
    gifts.decline(gift_id=declined.pk, by=None, at=at)

    said = statement.signed_statement(gift.session_pass, at=at)["entries"]
    released = [each["facts"] for each in said if each["facts"]["kind"] == "RELEASE"]

    own = ("reference", "about", "happened_at", "previous", "held_after")
    assert len(released) == 2
    assert {name: released[0][name] for name in released[0] if name not in own} == {
        name: released[1][name] for name in released[1] if name not in own
    }
    assert (released[0]["actor"], released[0]["note"]) == (None, "")
