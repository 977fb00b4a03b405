"""Sessions that are given: set aside, then accepted or free again, and nothing lost or doubled."""

import datetime as dt
from typing import Any

import pytest

from accounts.models import User
from outbox import mail
from outbox.models import MailStatus, OutboundMail
from outbox.personal_data import NOBODYS_ADDRESS
from tests.accounts.factories import UserFactory
from tests.treatments.factories import NOON, SessionPassFactory, checked, published
from treatments import (
    consultations,
    gift_keeping,
    gift_mailing,
    gift_returning,
    gifts,
    giving,
    ledger,
)
from treatments.giving import Card
from treatments.models import Gift, GiftStatus, LedgerEntry, SessionPass, SuitabilityCheck
from treatments.standing import standing_of

pytestmark = pytest.mark.django_db

TODAY = NOON.date()
DAY = dt.timedelta(days=1)
BEA = Card("Ada", "Bea", "Bea@Example.com", "Take a quiet hour.")
CLEAR = {"broken-skin": "1", "blood-thinners": "1"}
ADULT = dt.date(1990, 5, 17)


@pytest.fixture
def ada() -> User:
    user: User = UserFactory.create(email="ada@example.com", name="Ada", verified=True)
    return user


@pytest.fixture
def own(ada: User) -> SessionPass:
    """Six sessions of Ada's, until 1 March 2027."""
    row: SessionPass = SessionPassFactory.create(owner=ada)
    return row


def give(own: SessionPass, **facts: Any) -> Gift:
    return giving.give(
        **{
            "pass_id": own.pk,
            "sessions": 2,
            "card": BEA,
            "mail_on": TODAY,
            "reference": "a" * 32,
            "by": own.owner,
            "at": NOON,
            **facts,
        }
    )


def left(row: SessionPass) -> tuple[int, int]:
    """What is left, and how much of it is set aside."""
    standing = standing_of(row, row.entries.order_by("pk"))
    return standing.balance, standing.held


def told() -> list[tuple[str, str]]:
    return list(OutboundMail.objects.order_by("pk").values_list("event", "to"))


def take_check(gift: Gift, *, at: dt.datetime = NOON, **said: str) -> SuitabilityCheck:
    version = gift.session_pass.treatment.questionnaire_versions.get()
    return gifts.take_check(
        gift_id=gift.pk,
        version=version,
        answers={**CLEAR, **said},
        born_on=ADULT,
        user=None,
        at=at,
    )


# --- Giving ---------------------------------------------------------------------------------


def test_given_sessions_are_set_aside_and_both_sides_are_told(own: SessionPass) -> None:
    gift = give(own)

    assert left(own) == (6, 2)
    assert (gift.sessions, gift.status) == (2, GiftStatus.WAITING)
    assert (gift.recipient_email, gift.mailed_at) == ("bea@example.com", NOON)
    assert gift.ends_on == TODAY + 30 * DAY
    assert len(gift.token) >= 22
    assert told() == [("gift_given", "ada@example.com"), ("gift_arrived", "bea@example.com")]
    assert own.entries.last().reason == "Set aside for your gift"  # type: ignore[union-attr]


def test_the_same_press_again_gives_once(own: SessionPass) -> None:
    first = give(own)
    again = give(own)

    assert again == first
    assert left(own) == (6, 2)
    assert OutboundMail.objects.count() == 2


def test_a_gift_for_a_later_day_is_mailed_in_its_morning(own: SessionPass) -> None:
    gift = give(own, mail_on=TODAY + 10 * DAY)
    morning = dt.datetime(2026, 3, 11, 7, 0, tzinfo=dt.UTC)  # 8 o'clock in Berlin.

    early = gift_mailing.mail_due(at=morning - dt.timedelta(seconds=1))
    due = [gift_mailing.mail_due(at=morning) for _ in range(2)]

    gift.refresh_from_db()
    assert (early, due, gift.mailed_at) == (0, [1, 0], morning)
    assert gift.ends_on == TODAY + 40 * DAY
    assert told() == [("gift_given", "ada@example.com"), ("gift_arrived", "bea@example.com")]


def test_a_gift_never_waits_longer_than_the_pass_lasts(own: SessionPass) -> None:
    assert own.expires_on is not None

    gift = give(own, mail_on=own.expires_on - DAY)

    assert gift.ends_on == own.expires_on


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"sessions": 7}, ledger.NotEnoughSessions),
        ({"card": Card("Ada", "Me", "ADA@example.com")}, giving.OwnAddress),
        ({"mail_on": TODAY - DAY}, giving.MailDayRefused),
        ({"mail_on": TODAY + 366 * DAY}, giving.MailDayRefused),
        ({"at": NOON + 366 * DAY, "mail_on": TODAY + 366 * DAY}, giving.PassEnded),
        ({"at": NOON + 400 * DAY, "mail_on": TODAY + 400 * DAY}, ledger.PassExpired),
    ],
)
def test_what_cannot_be_given_is_refused_and_nothing_changes(
    own: SessionPass, facts: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        give(own, **facts)

    assert left(own) == (6, 0)
    assert not Gift.objects.exists()
    assert told() == []


def test_a_paused_pass_gives_nothing(own: SessionPass) -> None:
    ledger.pause(
        pass_id=own.pk, from_on=TODAY, until_on=TODAY + 9 * DAY, reference="p", reason="Paused",
        by=None, at=NOON,
    )  # fmt: skip

    with pytest.raises(ledger.PassPaused):
        give(own)

    assert left(own) == (6, 0)


# --- Accepting ------------------------------------------------------------------------------


def test_an_accepted_gift_is_a_pass_of_the_recipient_s_until_the_same_day(
    own: SessionPass,
) -> None:
    gift = give(own)

    received = gifts.accept(gift_id=gift.pk, by=None, at=NOON + DAY)

    gift.refresh_from_db()
    assert (left(own), left(received)) == ((4, 0), (2, 0))
    assert (received.holder_email, received.owner) == ("bea@example.com", None)
    assert received.expires_on == own.expires_on
    assert (gift.status, gift.received_pass) == (GiftStatus.ACCEPTED, received)
    assert [event for event, _ in told()[2:]] == ["gift_accepted", "gift_yours"]
    assert ledger.verify(own) is None
    assert ledger.verify(received) is None


def test_accepted_twice_it_is_one_pass(own: SessionPass) -> None:
    gift = give(own)

    both = {gifts.accept(gift_id=gift.pk, by=None, at=NOON).pk for _ in range(2)}

    assert len(both) == 1
    assert left(own) == (4, 0)


def test_an_account_of_the_address_has_it_at_once(own: SessionPass) -> None:
    bea = UserFactory.create(email="bea@example.com", verified=True)
    UserFactory.create(email="BEA@example.com.invalid", verified=True)

    received = gifts.accept(gift_id=give(own).pk, by=None, at=NOON)

    assert received.owner == bea


def test_an_address_that_nobody_proved_has_no_account(own: SessionPass) -> None:
    UserFactory.create(email="bea@example.com")

    received = gifts.accept(gift_id=give(own).pk, by=None, at=NOON)

    assert received.owner is None


def test_nothing_is_accepted_after_the_last_day_or_while_the_pass_rests(own: SessionPass) -> None:
    gift = give(own)
    with pytest.raises(gifts.NotWaiting):
        gifts.accept(gift_id=gift.pk, by=None, at=NOON + 31 * DAY)
    ledger.pause(
        pass_id=own.pk, from_on=TODAY, until_on=TODAY + DAY, reference="p", reason="Paused",
        by=None, at=NOON,
    )  # fmt: skip

    with pytest.raises(ledger.PassPaused):
        gifts.accept(gift_id=gift.pk, by=None, at=NOON)

    gift.refresh_from_db()
    assert (left(own), gift.status) == ((6, 2), GiftStatus.WAITING)
    assert gifts.accept(gift_id=gift.pk, by=None, at=NOON + DAY).pk


# --- Coming back ----------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["take_back", "decline", "cancel"])
def test_what_comes_back_is_free_again_and_can_be_given_anew(own: SessionPass, how: str) -> None:
    gift = give(own, mail_on=TODAY + DAY)
    manager = UserFactory.create(is_staff=True)
    how_to = {
        "take_back": lambda: gifts.take_back(gift_id=gift.pk, by=manager, at=NOON),
        "decline": lambda: gifts.decline(gift_id=gift.pk, by=None, at=NOON),
        "cancel": lambda: gifts.cancel(gift_id=gift.pk, note="Asked", by=manager, at=NOON),
    }

    for _ in range(2):
        how_to[how]()

    assert left(own) == (6, 0)
    events = [event for event, _ in told()]
    assert events == ["gift_given"] + ["gift_came_back"] * (how != "take_back")
    assert gift_mailing.mail_due(at=NOON + 2 * DAY) == 0
    with pytest.raises(gifts.NotWaiting):
        gifts.accept(gift_id=gift.pk, by=None, at=NOON)
    assert give(own, reference="b" * 32).pk != gift.pk


def test_what_has_not_gone_out_is_called_off(own: SessionPass) -> None:
    gift = give(own)

    gifts.take_back(gift_id=gift.pk, by=own.owner, at=NOON)  # type: ignore[arg-type]

    assert told() == [("gift_given", "ada@example.com")]


def test_an_accepted_gift_is_not_taken_back(own: SessionPass) -> None:
    gift = give(own)
    gifts.accept(gift_id=gift.pk, by=None, at=NOON)

    for verb in (gifts.take_back, gifts.decline):
        with pytest.raises(gifts.NotWaiting):
            verb(gift_id=gift.pk, by=own.owner, at=NOON)  # type: ignore[operator]

    assert left(own) == (4, 0)


def test_nobody_calls_a_gift_off_without_a_reason(own: SessionPass) -> None:
    gift = give(own)

    with pytest.raises(ledger.ReasonMissing):
        gifts.cancel(gift_id=gift.pk, note=" ", by=UserFactory.create(), at=NOON)

    assert left(own) == (6, 2)


def test_a_gift_that_nobody_accepts_comes_back_by_itself(own: SessionPass) -> None:
    gift = give(own)

    in_time = gifts.expire_due(at=NOON + 30 * DAY)
    ended = [gifts.expire_due(at=NOON + 31 * DAY) for _ in range(2)]

    gift.refresh_from_db()
    assert (in_time, ended) == (0, [1, 0])
    assert (left(own), gift.status) == ((6, 0), GiftStatus.EXPIRED)
    assert told()[-1] == ("gift_came_back", "ada@example.com")


def test_a_gift_of_a_pass_that_expired_ends_with_it(ada: User) -> None:
    own = SessionPassFactory.create(owner=ada, validity_rule="FROM_FIRST_USE", validity_days=10)
    gift = give(own, mail_on=TODAY + 5 * DAY)
    ledger.redeem(pass_id=own.pk, reference="v", by=None, at=NOON)
    ledger.expire(pass_id=own.pk, reference="e", by=None, at=NOON + 25 * DAY)

    assert gifts.expire_due(at=NOON + 25 * DAY) == 1

    gift.refresh_from_db()
    assert (left(own), gift.status) == ((0, 0), GiftStatus.EXPIRED)


# --- Whether it suits -----------------------------------------------------------------------


def test_a_gated_treatment_is_accepted_after_a_clear_check_alone(own: SessionPass) -> None:
    published(treatment=own.treatment)
    gift = give(own)
    with pytest.raises(gifts.NotKnownToSuit):
        gifts.accept(gift_id=gift.pk, by=None, at=NOON)
    take_check(gift, **{"broken-skin": "2"})
    with pytest.raises(gifts.NotKnownToSuit):
        gifts.accept(gift_id=gift.pk, by=None, at=NOON)
    assert left(own) == (6, 2)

    take_check(gift, at=NOON + DAY)

    assert left(gifts.accept(gift_id=gift.pk, by=None, at=NOON + DAY)) == (2, 0)


def test_a_child_cannot_accept(own: SessionPass) -> None:
    version = published(treatment=own.treatment)
    gift = give(own)
    gifts.take_check(
        gift_id=gift.pk,
        version=version,
        answers=CLEAR,
        born_on=dt.date(2008, 3, 2),
        user=None,
        at=NOON,
    )

    with pytest.raises(gifts.NotKnownToSuit):
        gifts.accept(gift_id=gift.pk, by=None, at=NOON)

    assert left(own) == (6, 2)


def test_a_check_of_somebody_else_opens_nothing(own: SessionPass) -> None:
    version = published(treatment=own.treatment)
    gift = give(own)
    checked(version, user=own.owner, at=NOON)

    with pytest.raises(gifts.NotKnownToSuit):
        gifts.accept(gift_id=gift.pk, by=own.owner, at=NOON)


def test_whoever_consults_first_accepts_once_cleared_and_the_sessions_wait(
    own: SessionPass,
) -> None:
    published(treatment=own.treatment)
    gift = give(own)
    check = take_check(gift, **{"blood-thinners": "2"})
    contact = consultations.Contact("Bea", "bea@example.com")
    request = consultations.ask(check_id=check.pk, contact=contact, words="", at=NOON)
    assert left(own) == (6, 2)

    consultations.clear(consultation_id=request.pk, note="Seen.", by=UserFactory(), at=NOON + DAY)

    assert left(gifts.accept(gift_id=gift.pk, by=None, at=NOON + DAY)) == (2, 0)


def test_answers_go_with_the_sessions_unless_a_clinician_was_asked(own: SessionPass) -> None:
    published(treatment=own.treatment)
    gift = give(own)
    first = take_check(gift, **{"broken-skin": "2"})
    second = take_check(gift, **{"blood-thinners": "2"})
    first.refresh_from_db()
    assert (first.sealed_answers, bool(second.sealed_answers)) == ("", True)

    gifts.decline(gift_id=gift.pk, by=None, at=NOON)

    second.refresh_from_db()
    assert second.sealed_answers == ""


def test_a_check_is_an_account_s_only_under_the_recipient_s_address(own: SessionPass) -> None:
    version = published(treatment=own.treatment)
    gift = give(own)
    bea = UserFactory.create(email="bea@example.com", verified=True)

    owners = [
        gifts.take_check(
            gift_id=gift.pk, version=version, answers=CLEAR, born_on=ADULT, user=user, at=NOON
        ).user
        for user in (own.owner, UserFactory.create(verified=True), bea)
    ]

    assert owners == [None, None, bea]


# --- Mails and names ------------------------------------------------------------------------


def test_the_mail_is_sent_again_while_the_gift_waits(own: SessionPass) -> None:
    gift, by = give(own, mail_on=TODAY + DAY), UserFactory.create(is_staff=True)
    with pytest.raises(gift_mailing.NotMailedYet):
        gift_mailing.resend(gift_id=gift.pk, by=by, at=NOON)
    gift_mailing.mail_due(at=NOON + DAY)
    with pytest.raises(mail.AlreadyOnItsWay):
        gift_mailing.resend(gift_id=gift.pk, by=by, at=NOON + DAY)
    OutboundMail.objects.update(status=MailStatus.SENT, sent_at=NOON)

    again = gift_mailing.resend(gift_id=gift.pk, by=by, at=NOON + DAY)

    assert (again.event, again.to) == ("gift_arrived", "bea@example.com")


def test_recipients_are_forgotten_90_days_after_the_sessions_went_back(own: SessionPass) -> None:
    gift = give(own)
    mail.send_due(at=NOON)
    gifts.decline(gift_id=gift.pk, by=None, at=NOON)

    counts = [gift_keeping.forget_old(at=NOON + days * DAY) for days in (90, 91, 92)]

    gift.refresh_from_db()
    assert counts == [0, 1, 0]
    assert "bea" not in f"{gift.recipient_email}{gift.recipient_name}{gift.message}".lower()
    arrived = OutboundMail.objects.get(event="gift_arrived")
    assert (arrived.status, arrived.to) == ("SENT", NOBODYS_ADDRESS)


def test_whoever_leaves_ends_what_waits_on_either_side(own: SessionPass, ada: User) -> None:
    given = give(own)
    bea = UserFactory.create(email="bea@example.com", verified=True)
    other = SessionPassFactory.create(owner=UserFactory.create(name="Cleo"))
    received = give(other, by=other.owner, reference="c" * 32)

    gifts.end_all_of(user=bea, emails=("bea@example.com",), at=NOON)
    gift_keeping.forget(user=ada, emails=("ada@example.com",), instead="x@deleted.invalid")

    given.refresh_from_db()
    received.refresh_from_db()
    assert [given.status, received.status] == [GiftStatus.DECLINED] * 2
    assert (given.giver_name, given.message) == ("", "")
    assert LedgerEntry.objects.filter(kind="RELEASE").count() == 2
    assert (left(own), left(other)) == ((6, 0), (6, 0))


# --- Given back -----------------------------------------------------------------------------


def test_what_is_left_of_an_accepted_gift_goes_back_once(own: SessionPass) -> None:
    bea = UserFactory.create(email="bea@example.com", verified=True)
    gift = give(own)
    received = gifts.accept(gift_id=gift.pk, by=bea, at=NOON)
    ledger.redeem(pass_id=received.pk, reference="v", by=None, at=NOON)

    for _ in range(2):
        gift_returning.give_back(gift_id=gift.pk, by=bea, at=NOON)

    gift.refresh_from_db()
    assert (left(own), left(received), gift.status) == ((5, 0), (0, 0), GiftStatus.RETURNED)
    assert gifts.said_to_giver(gift) == "came back to you"
    assert told()[-1] == ("gift_came_back", "ada@example.com")
    assert [event for event, _ in told()].count("gift_came_back") == 1
    assert (ledger.verify(own), ledger.verify(received)) == (None, None)
    with pytest.raises(gifts.NotWaiting):
        gifts.take_back(gift_id=gift.pk, by=own.owner, at=NOON)  # type: ignore[arg-type]


def test_no_more_goes_back_than_was_given(own: SessionPass) -> None:
    gift = give(own)
    received = gifts.accept(gift_id=gift.pk, by=None, at=NOON)
    ledger.adjust(pass_id=received.pk, sessions=3, reference="a", note="Goodwill", by=None, at=NOON)

    gift_returning.give_back(gift_id=gift.pk, by=None, at=NOON)

    assert (left(own), left(received)) == ((6, 0), (3, 0))


@pytest.mark.parametrize(
    ("case", "refusal"),
    [
        ("waiting", gift_returning.NotAccepted),
        ("used up", gift_returning.NothingLeft),
        ("set aside", gift_returning.SetAside),
        ("ended", giving.PassEnded),
        ("giver gone", gift_returning.GiverGone),
    ],
)
def test_a_gift_that_cannot_go_back_stays_as_it_is(
    own: SessionPass, case: str, refusal: type[Exception]
) -> None:
    gift, at = give(own), NOON
    if case != "waiting":
        received = gifts.accept(gift_id=gift.pk, by=None, at=NOON)
    if case == "used up":
        ledger.refund(pass_id=received.pk, sessions=2, reference="r", by=None, at=NOON)
    if case == "set aside":
        ledger.hold(pass_id=received.pk, reference="h", reason="Visit", by=None, at=NOON)
    if case == "ended":
        at = NOON + 366 * DAY
    if case == "giver gone":
        User.objects.filter(pk=gift.giver_id).update(is_active=False)
    before = (left(own), Gift.objects.values_list("status", "ended_at").get())

    with pytest.raises(refusal):
        gift_returning.give_back(gift_id=gift.pk, by=None, at=at)

    assert (left(own), Gift.objects.values_list("status", "ended_at").get()) == before
    assert "gift_came_back" not in [event for event, _ in told()]
