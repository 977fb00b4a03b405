"""Every act on a pass in the admin: which role may do it, what it writes, and what is refused."""

import datetime as dt
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry
import pytest

from tests.accounts.factories import UserFactory
from tests.treatments.factories import ProtocolFactory
from tests.treatments.test_desk import ROLES, TOKEN, a_pass, signed_in
from treatments import ledger
from treatments.models import SessionPass
from treatments.standing import standing_of

pytestmark = pytest.mark.django_db

# Who may do what: the front desk redeems, clinicians override, managers adjust.
MAY = {
    "redeem": {"front desk", "clinician", "manager"},
    "redeem sooner": {"clinician", "manager"},
    "undo": {"front desk", "clinician", "manager"},
    "restore": {"front desk", "clinician", "manager"},
    "pause": {"clinician", "manager", "adjuster"},
    "resume": {"clinician", "manager", "adjuster"},
    "protocol": {"clinician", "manager"},
    "extend": {"manager", "adjuster"},
    "adjust": {"manager", "adjuster"},
}
WHO = [*ROLES, "customer", "stranger"]
NOTE = "canary-note-5512"


def today() -> dt.date:
    return timezone.localdate()


def days(number: int) -> dt.date:
    return today() + dt.timedelta(days=number)


def client_of(who: str) -> Client:
    """A browser of somebody with a role, of a customer without any, or of nobody."""
    if who in ROLES:
        return signed_in(who)
    client = Client()
    if who == "customer":
        client.force_login(UserFactory())
    return client


@pytest.fixture
def row() -> SessionPass:
    """A pass that is paused from tomorrow on, with a session redeemed a minute ago."""
    protocol = ProtocolFactory(min_days=14)
    row = a_pass(treatment_id=protocol.treatment_id)
    ProtocolFactory(treatment=protocol.treatment, version=2, min_days=21)
    now = timezone.now()
    facts: dict[str, Any] = {"pass_id": row.pk, "by": None, "at": now}
    ledger.redeem(**facts, reference="visit:1")
    ledger.pause(**facts, from_on=days(1), until_on=days(8), reference="pause:1", reason="Ill")
    return row


def sent_for(act: str, row: SessionPass) -> tuple[str, dict[str, Any]]:
    """Return the address of an act and what its form sends."""
    redemption, pause = row.entries.get(kind="REDEEM"), row.entries.get(kind="PAUSE")
    newer = row.treatment.protocols.order_by("-version")[0]
    at_desk = {"q": "", "token": TOKEN}
    sent: dict[str, tuple[str, int, dict[str, Any]]] = {
        "redeem": ("redeem", a_pass(holder_email="eve@example.com").pk, at_desk),
        "redeem sooner": ("redeem", row.pk, at_desk | {"override_reason": "Calm"}),
        "undo": ("undo", redemption.pk, {"q": ""}),
        "restore": ("restore", row.pk, {"entry": redemption.pk}),
        "pause": (
            "pause",
            row.pk,
            {"from_on": days(10).isoformat(), "until_on": days(20).isoformat(), "why": "CLINICAL"},
        ),
        "resume": ("resume", row.pk, {"pause": pause.pk, "why": "ASKED_FOR"}),
        "protocol": ("protocol", row.pk, {"protocol": newer.pk}),
        "extend": ("extend", row.pk, {"amount": 30}),
        "adjust": ("adjust", row.pk, {"amount": -1}),
    }
    name, pk, fields = sent[act]
    return reverse(f"sessionpass:{name}", args=[pk]), {"token": TOKEN, "note": NOTE, **fields}


def entries() -> int:
    return sum(row.entries.count() for row in SessionPass.objects.all())


@pytest.mark.parametrize("act", MAY)
def test_a_direct_post_does_what_the_role_may_and_nothing_else(row: SessionPass, act: str) -> None:
    address, fields = sent_for(act, row)
    done = set()
    for who in sorted(WHO, key=lambda one: one in MAY[act]):
        before = entries()
        client_of(who).post(address, fields)
        if entries() > before:
            done.add(who)
            break

    assert len(done) == 1
    assert done <= MAY[act]


@pytest.mark.parametrize(("act", "who"), [(act, who) for act in MAY for who in sorted(MAY[act])])
def test_every_role_that_may_can(row: SessionPass, act: str, who: str) -> None:
    address, fields = sent_for(act, row)
    before = entries()

    answer = client_of(who).post(address, fields)

    assert answer.status_code == 302
    assert entries() == before + 1
    assert ModelLogEntry.objects.filter(action__startswith="treatments.").count() == 1


def test_an_act_keeps_its_reason_sealed_and_names_it_in_the_history_alone(row: SessionPass) -> None:
    clinician = signed_in("clinician")
    address, fields = sent_for("pause", row)

    clinician.post(address, fields)
    clinician.post(address, fields)

    entry = row.entries.order_by("-pk")[0]
    assert (entry.kind, entry.reason) == ("PAUSE", "Paused by the clinic")
    assert ledger.read_note(entry) == NOTE
    assert row.entries.filter(kind="PAUSE").count() == 2
    logged = ModelLogEntry.objects.filter(action="treatments.pause")
    assert {(str(each.object_id), NOTE in str(each.data)) for each in logged} == {
        (str(row.pk), False)
    }


@pytest.mark.parametrize(
    ("act", "change", "words"),
    [
        ("pause", {"until_on": "2020-01-01"}, "A pause begins today or later"),
        ("pause", {"note": "  "}, "This field is required"),
        ("pause", {"token": "no"}, ""),
        ("extend", {"amount": 3651}, "one day to ten years"),
        ("extend", {"amount": 0}, "greater than or equal to 1"),
        ("adjust", {"amount": 0}, "none is nothing to do"),
        ("adjust", {"amount": -6}, "Only 5 sessions are free"),
        ("restore", {"entry": 0}, "Select a valid choice"),
        ("protocol", {"protocol": 0}, "Select a valid choice"),
        ("resume", {"pause": 0}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_is_refused_beside_the_form_and_changes_nothing(
    row: SessionPass, act: str, change: dict[str, Any], words: str
) -> None:
    address, fields = sent_for(act, row)
    before = entries()

    answer = signed_in("manager").post(address, fields | change)

    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert entries() == before
    assert not ModelLogEntry.objects.filter(action__startswith="treatments.").exists()


def test_a_pass_offers_only_what_can_be_done_with_it(row: SessionPass) -> None:
    bare = a_pass(holder_email="eve@example.com")

    def offered(role: str, of: SessionPass) -> list[str]:
        page = signed_in(role).get(reverse("sessionpass:inspect", args=[of.pk]))
        return [words for _address, words in page.context["acts"]]

    everything = ["Pause", "End a pause", "Apply a newer protocol", "Extend"]
    everything += ["Adjust the balance", "Put a session back"]
    assert offered("manager", row) == everything
    assert offered("manager", bare) == ["Pause", "Extend", "Adjust the balance"]
    assert offered("front desk", row) == ["Put a session back"]
    assert offered("front desk", bare) == []


def test_every_form_opens_and_says_why_is_asked(row: SessionPass) -> None:
    manager = signed_in("manager")

    for name in ("pause", "resume", "protocol", "extend", "adjust", "restore"):
        page = manager.get(reverse(f"sessionpass:{name}", args=[row.pk])).content.decode()
        assert 'name="note"' in page
        assert 'name="token"' in page


def test_the_newer_protocol_holds_from_then_on(row: SessionPass) -> None:
    address, fields = sent_for("protocol", row)

    signed_in("clinician").post(address, fields)

    written = list(row.entries.order_by("pk"))
    assert standing_of(row, written).protocol_id == fields["protocol"]
    assert written[-1].kind == "PROTOCOL"
