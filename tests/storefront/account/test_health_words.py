"""R42: what is told of somebody's health, and why staff did something, is in its store alone.

Every sealed place of the shop gets a word of its own. Then everything else is read: every value of
every table, the log, every mail, every list that staff take along, what a bank is shown, the signed
statement, and the pages of those who may not read notes.
"""

import datetime as dt
import json
import logging
import sys
from typing import Any

from django.core.mail import EmailMessage
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from django.views.debug import ExceptionReporter
import pytest
import time_machine

from accounts.models import User
from accounts.person import person_of
from checkout.disputes.evidence import evidence_of
from checkout.models import Dispute, Order
from outbox import mail
from storefront.account.claiming import claim_all
from storefront.customers import customer_screens
from storefront.models import KeptRole
from storefront.roles import keeping
from tests.accounts.factories import UserFactory
from tests.storefront.account.conftest import ADDRESS, EMAIL
from tests.treatments.factories import ProtocolFactory, checked, published
from tests.treatments.test_health_data import everything_in_the_database
from treatments import appointments, consultations, giving, ledger, statement
from treatments.appointments import Asked
from treatments.appointments import Wish as Day
from treatments.models import AftercareWindow, DayPart, LedgerEntry, SessionPass, WarningSign

pytestmark = pytest.mark.django_db
BORN_ON = dt.date(1961, 3, 29)
ACTS = ("redeem", "sooner", "pause", "resume", "protocol", "extend", "adjust", "restore")


def canary(place: str) -> str:
    return f"canary-{place}-4711"


@pytest.fixture
def row(left_everywhere: Order, zoraida: User, at: dt.datetime) -> SessionPass:
    """Zoraida's six sessions, of a treatment with rules, warning signs and questions."""
    claim_all(person_of(zoraida), at=at)
    row = SessionPass.objects.get(holder_email=EMAIL)
    ProtocolFactory.create(treatment=row.treatment, min_days=14)
    newer = ProtocolFactory.create(treatment=row.treatment, version=2, min_days=21)
    AftercareWindow.objects.create(protocol=newer, habit="SUN", from_day=8)
    WarningSign.objects.create(protocol=newer, sign="Redness", usual_hours=48, beyond="CALL_US")
    return row


def manager() -> Client:
    client = Client()
    client.force_login(UserFactory.create(manager=True))
    return client


def somebody_at_the_desk() -> Client:
    keeping.keep_roles()
    user: User = UserFactory.create(is_staff=True)
    user.groups.add(KeptRole.objects.get(key="front_desk").group)
    client = Client()
    client.force_login(user)
    return client


def tell_of_health(row: SessionPass, by: User, at: dt.datetime) -> list[str]:
    """Answer the questions, ask for a consultation and an appointment; return what was said."""
    check = checked(
        published(treatment=row.treatment, at=at), thins_blood=True, born_on=BORN_ON, user=by, at=at
    )
    contact = consultations.Contact("Zoraida", EMAIL, "+49 30 1")
    asked = consultations.ask(
        check_id=check.pk, contact=contact, words=canary("consultation"), at=at
    )
    consultations.clear(consultation_id=asked.pk, note=canary("answer"), by=by, at=at)
    appointments.ask(
        pass_id=row.pk,
        asked=Asked(
            [Day(timezone.localdate(at) + dt.timedelta(days=90), DayPart.MORNING)],
            canary("appointment"),
        ),
        closed_on=(),
        reference="appointment:2",
        by=by,
        at=at,
    )
    return [canary("consultation"), canary("answer"), canary("appointment")]


def do_everything(row: SessionPass, staff: Client, at: dt.datetime) -> list[str]:
    """Let staff do every act on a pass, each with a reason; return the reasons."""
    today = timezone.localdate(at)
    newer = row.treatment.protocols.get(version=2)
    for number, act in enumerate(ACTS):
        entries = row.entries.order_by("pk")
        redemptions, pauses = entries.filter(kind="REDEEM"), entries.filter(kind="PAUSE")
        sent: dict[str, dict[str, Any]] = {
            "sooner": {"override_reason": canary("override")},
            "pause": {
                "from_on": (today + dt.timedelta(days=1)).isoformat(),
                "until_on": (today + dt.timedelta(days=8)).isoformat(),
                "why": "CLINICAL",
            },
            "resume": {"pause": getattr(pauses.last(), "pk", 0), "why": "ASKED_FOR"},
            "protocol": {"protocol": newer.pk},
            "extend": {"amount": 30},
            "adjust": {"amount": 1},
            "restore": {"entry": getattr(redemptions.last(), "pk", 0)},
        }
        name = "redeem" if act == "sooner" else act
        fields = {"q": EMAIL, "token": f"{number}" * 32, "note": canary(act)}
        before = row.entries.count()
        staff.post(reverse(f"sessionpass:{name}", args=[row.pk]), {**fields, **sent.get(act, {})})
        assert row.entries.count() == before + 1, act
    return [canary("override"), *(canary(act) for act in ACTS)]


def call_a_gift_off(row: SessionPass, by: User, staff: Client, at: dt.datetime) -> str:
    gift = giving.give(
        pass_id=row.pk,
        sessions=1,
        card=giving.Card("Zoraida", "Bea", "bea@example.com"),
        mail_on=timezone.localdate(at),
        reference="g" * 32,
        by=by,
        at=at,
    )
    staff.post(reverse("gifts:cancel", args=[gift.pk]), {"note": canary("gift")})
    gift.refresh_from_db()
    assert not gift.is_waiting
    return canary("gift")


def report_a_symptom(session: LedgerEntry, own: Client, at: dt.datetime) -> str:
    form = {
        "signs": str(WarningSign.objects.get().pk),
        "strength": "WITHIN",
        "lasting": "DAY",
        "key": "a" * 32,
        "tells_clinic": "on",
        "words": canary("symptom"),
    }
    code = session.session_pass.public_id
    with time_machine.travel(at + dt.timedelta(hours=1), tick=False):
        answer = own.post(
            f"/account/passes/{code}/sessions/{session.pk}/normal/", form, headers=ADDRESS
        )
    assert answer.status_code == 303
    return canary("symptom")


def exports() -> list[str]:
    """Return the addresses of all lists of the admin that staff can take along."""
    found = []

    def look(under: URLResolver, names: list[str]) -> None:
        for each in under.url_patterns:
            if isinstance(each, URLResolver):
                look(each, [*names, each.namespace] if each.namespace else names)
            elif each.name and _is_exported(each):
                found.append(":".join([*names, each.name]))

    look(get_resolver(), [])
    return [reverse(name) for name in found]


def _is_exported(pattern: URLPattern) -> bool:
    view = getattr(pattern.callback, "view_class", None)
    told = getattr(pattern.callback, "view_initkwargs", {})
    has_no_rows_of_its_own = not pattern.pattern.converters
    return has_no_rows_of_its_own and bool(
        told.get("list_export") or getattr(view, "list_export", None)
    )


def taken_along(client: Client, address: str) -> str:
    answer = client.get(address, {"export": "csv"})
    assert "attachment" in answer.get("Content-Disposition", ""), address
    return b"".join(answer.streaming_content).decode()


def dispute_of(order: Order, at: dt.datetime) -> Dispute:
    return Dispute.objects.create(
        payment=order.payments.get(),
        order=order,
        stripe_dispute_id="dp_1",
        amount_minor=order.total_minor,
        currency=order.currency,
        status="needs_response",
        reason="fraudulent",
        opened_at=at,
        updated_at=at,
    )


def test_words_of_health_and_reasons_are_found_nowhere_outside_their_stores(
    row: SessionPass,
    left_everywhere: Order,
    zoraida: User,
    signed_in: Client,
    at: dt.datetime,
    caplog: pytest.LogCaptureFixture,
    mailoutbox: list[EmailMessage],
) -> None:
    caplog.set_level(logging.DEBUG)
    staff, desk = manager(), somebody_at_the_desk()
    notes = do_everything(row, staff, at)
    told = [*tell_of_health(row, zoraida, at), call_a_gift_off(row, zoraida, staff, at)]
    session = row.entries.filter(kind="REDEEM").order_by("pk")[0]
    told.append(report_a_symptom(session, signed_in, at))
    mail.send_due(at=timezone.now() + dt.timedelta(hours=2))

    kept = [ledger.read_note(entry) for entry in row.entries.exclude(note=None)]
    assert sorted("\n".join(kept).split()) == sorted(notes)
    everywhere = {
        "a dump": everything_in_the_database(),
        "the log": caplog.text,
        "mails": "".join(each.message().as_string() for each in mailoutbox),
        "a bank": repr(evidence_of(dispute_of(left_everywhere, at))),
        "the statement": json.dumps(statement.signed_statement(row, at=at)),
        **{address: taken_along(staff, address) for address in exports()},
        **{
            name: desk.get(address, follow=True).content.decode()
            for name, address in (
                ("the desk", f"{reverse('sessionpass:desk')}?q={EMAIL}"),
                ("the pass", reverse("sessionpass:inspect", args=[row.pk])),
                ("the order", reverse("orders:inspect", args=[left_everywhere.pk])),
                ("the customer", reverse(customer_screens.CUSTOMER, args=[zoraida.pk])),
            )
        },
        **{
            path: signed_in.get(path).content.decode()
            for path in ("/account/", f"/account/passes/{row.public_id}/", "/account/orders/")
        },
    }

    assert EMAIL in everywhere["the desk"]
    assert EMAIL in everywhere["the order"]
    assert {reverse("sessionpass:index"), reverse("overrides_report")} < set(everywhere)
    assert len(mailoutbox) > 5
    assert [
        (place, word)
        for place, words in everywhere.items()
        for word in (*notes, *told, BORN_ON.isoformat(), repr(BORN_ON), '"blood-thinners": "2"')
        if word in words
    ] == []


def test_an_error_report_holds_nothing_that_was_typed_and_no_variable(rf: RequestFactory) -> None:
    request = rf.post("/", {"words": canary("typed")})

    def breaks(words: str) -> None:
        raise RuntimeError("The disk is full.")

    try:
        breaks(canary("variable"))
    except RuntimeError:
        reporter = ExceptionReporter(request, *sys.exc_info())
    told = reporter.get_traceback_html() + reporter.get_traceback_text()

    assert "The disk is full." in told
    assert "words" in told
    assert "-4711" not in told
