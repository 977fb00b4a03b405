"""The page of the days after a session: one's own, living, and silent where nothing is known."""

import datetime as dt
import uuid
from typing import Any

from django.test import Client
import pytest
import time_machine

from accounts.models import User
from catalog.models import ProductPage
from checkout.models import OrderStatus
from storefront.account.timeline import Thing
from tests.accounts.factories import UserFactory
from tests.catalog.factories import OfferFactory
from tests.checkout.factories import OrderFactory, OrderLineFactory
from tests.treatments.factories import NOON, ProtocolFactory, SessionPassFactory
from treatments import ledger
from treatments.models import AftercareWindow, CareTag, LedgerEntry, Protocol, WarningSign

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def ada(client: Client) -> User:
    user: User = UserFactory.create(email="ada@example.com", verified=True)
    client.force_login(user)
    return user


@pytest.fixture
def tags() -> dict[str, CareTag]:
    days = {"Mild wash": 2, "Acid wash": 8, "Oil": None}
    return {
        name: CareTag.objects.create(
            name=name, slug=name.lower().replace(" ", "-"), gentle_from_day=day
        )
        for name, day in days.items()
    }


@pytest.fixture
def session(ada: User, tags: dict[str, CareTag]) -> LedgerEntry:
    """A session at noon on 1 March; its protocol names two kinds of care and two habits."""
    own = SessionPassFactory.create(owner=ada)
    protocol: Protocol = ProtocolFactory.create(treatment=own.treatment)
    for name, day in (("Mild wash", 2), ("Acid wash", 8)):
        AftercareWindow.objects.create(protocol=protocol, care_tag=tags[name], from_day=day)
    AftercareWindow.objects.create(protocol=protocol, habit="WASHING", from_day=2, note="Lukewarm.")
    AftercareWindow.objects.create(protocol=protocol, habit="SUN", from_day=8)
    WarningSign.objects.create(
        protocol=protocol, sign="Redness", usual_hours=48, limit="even", beyond="CALL_US"
    )
    return ledger.redeem(pass_id=own.pk, reference="visit:1", by=None, at=NOON)


def _url(entry: LedgerEntry) -> str:
    return f"/account/passes/{entry.session_pass.public_id}/sessions/{entry.pk}/"


def _bought(user: User, title: str, *tags: CareTag) -> ProductPage:
    """Let somebody have bought a product with these care tags."""
    offer = OfferFactory.create(sku=title.upper())
    page: ProductPage = offer.page.specific
    page.title, page.care_tags = title, list(tags)
    page.save_revision().publish()
    order = OrderFactory.create(user=user, email=user.email, status=OrderStatus.PAID)
    OrderLineFactory.create(order=order, offer=offer)
    return page


def _names(things: list[Thing]) -> list[str]:
    return [thing.name for thing in things]


def _told(client: Client, entry: LedgerEntry, at: dt.datetime) -> Any:
    with time_machine.travel(at, tick=False):
        return client.get(_url(entry)).context["told"]


def test_today_says_what_is_gentle_enough_what_waits_and_what_nobody_knows(
    client: Client, ada: User, session: LedgerEntry, tags: dict[str, CareTag]
) -> None:
    _bought(ada, "Wash", tags["Mild wash"])
    _bought(ada, "Peel", tags["Acid wash"], tags["Mild wash"])
    _bought(ada, "Oil", tags["Oil"])

    told = _told(client, session, NOON + 2 * DAY)

    assert told.day == 2
    assert _names(told.gentle) == ["Wash", "Washing"]
    waits = [(each.name, each.from_on, each.from_day) for each in told.not_yet]
    assert waits == [("Peel", dt.date(2026, 3, 9), 8), ("Sun", dt.date(2026, 3, 9), 8)]
    unknown = ["Oil", "Heat styling", "Colour", "Swimming", "Exercise"]
    assert _names(told.unknown) == unknown


def test_the_days_ahead_say_what_begins_and_mark_today(
    client: Client, session: LedgerEntry
) -> None:
    told = _told(client, session, NOON + 3 * DAY)

    assert len(told.days) == 15
    assert [day.number for day in told.days if day.is_today] == [3]
    begins = {day.number: _names(list(day.begins)) for day in told.days if day.begins}
    assert begins == {2: ["Washing", "Mild wash"], 8: ["Sun", "Acid wash"]}


def test_after_two_weeks_the_page_says_so(client: Client, session: LedgerEntry) -> None:
    with time_machine.travel(NOON + 15 * DAY, tick=False):
        words = client.get(_url(session)).content.decode()

    assert "The first two weeks are over" in words


@pytest.mark.parametrize(("day", "is_suggested"), [(1, False), (2, True)])
def test_only_what_fits_the_day_is_suggested(
    client: Client,
    ada: User,
    session: LedgerEntry,
    tags: dict[str, CareTag],
    day: int,
    is_suggested: bool,
) -> None:
    for name, worn in (("Wash", "Mild wash"), ("Oil", "Oil"), ("Peel", "Acid wash")):
        offer = OfferFactory.create(sku=name.upper())
        page = offer.page.specific
        page.title, page.care_tags = name, [tags[worn]]
        page.save_revision().publish()

    with time_machine.travel(NOON + day * DAY, tick=False):
        suggested = client.get(_url(session)).context["suggestions"]

    assert [card.title for card in suggested] == (["Wash"] if is_suggested else [])


def test_what_one_has_already_is_not_suggested(
    client: Client, ada: User, session: LedgerEntry, tags: dict[str, CareTag]
) -> None:
    _bought(ada, "Wash", tags["Mild wash"])

    with time_machine.travel(NOON + 2 * DAY, tick=False):
        assert client.get(_url(session)).context["suggestions"] == []


def test_signs_come_with_their_limit_and_whom_to_call(client: Client, session: LedgerEntry) -> None:
    words = client.get(_url(session)).content.decode()

    assert "Usual for up to 48 hours: even. Beyond that, call us." in words
    assert "<strong>112</strong>" in words


def test_the_way_there_leads_from_the_pass_and_the_account(
    client: Client, session: LedgerEntry
) -> None:
    for page in ("/account/", f"/account/passes/{session.session_pass.public_id}/"):
        with time_machine.travel(NOON + 14 * DAY, tick=False):
            assert f'href="{_url(session)}"' in client.get(page).content.decode()
        with time_machine.travel(NOON + 15 * DAY, tick=False):
            assert _url(session) not in client.get(page).content.decode()


def test_a_session_that_was_put_back_has_no_days_after_it(
    client: Client, session: LedgerEntry
) -> None:
    ledger.restore(entry_id=session.pk, reference="undo:1", by=None, at=NOON)

    assert client.get(_url(session)).status_code == 404


def test_a_session_is_its_owners_alone(client: Client, session: LedgerEntry) -> None:
    """R19"""
    own, theirs = (
        session.session_pass,
        SessionPassFactory.create(
            owner=UserFactory.create(),
            holder_email="bea@example.com",
            treatment_id=session.session_pass.treatment_id,
        ),
    )
    other = ledger.redeem(pass_id=theirs.pk, reference="visit:2", by=None, at=NOON)
    paths = [
        _url(session),
        _url(other),
        f"/account/passes/{own.public_id}/sessions/{other.pk}/",
        f"/account/passes/{own.public_id}/sessions/99999999999999999999/",
        f"/account/passes/{uuid.uuid4()}/sessions/{session.pk}/",
    ]

    assert [client.get(path).status_code for path in paths] == [200, 404, 404, 404, 404]
    assert client.get(_url(session))["Cache-Control"] == "private, no-store"
    assert Client().get(_url(session))["Location"].startswith("/account/login/")
