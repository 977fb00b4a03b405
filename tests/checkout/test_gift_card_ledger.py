import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.test import override_settings
from django.utils import timezone
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.models import User
from append_only.operations import protected_tables
from checkout.gift_cards import codes, ledger
from checkout.models import GiftCard, GiftCardEvent
from checkout.models import GiftCardEventKind as Kind
from tests.accounts.factories import UserFactory
from tests.checkout.gift_cards_of import free_on, held_on, issued

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2026, 11, 2, 11, tzinfo=dt.UTC)


@pytest.fixture
def manager() -> User:
    return UserFactory.create()


def kinds(card: GiftCard) -> list[str]:
    return [event.kind for event in card.events.all()]


def hold(card: GiftCard, amount_minor: int, name: str = "a", *, at: dt.datetime = NOON) -> None:
    ledger.hold(
        card_id=card.pk, amount_minor=amount_minor, reference=f"{name}:hold", reason=name, at=at
    )


def spend(card: GiftCard, amount_minor: int, name: str = "a") -> None:
    ledger.spend(
        card_id=card.pk, amount_minor=amount_minor, reference=f"{name}:spend", reason=name, at=NOON
    )


def void(card: GiftCard) -> None:
    ledger.void(card_id=card.pk, reference="void", reason="Lost", by=None, at=NOON)


# --- Codes --------------------------------------------------------------------------------


def test_a_code_is_read_however_it_is_typed_and_found_by_its_hash() -> None:
    card = issued(at=NOON)
    code = codes.code_of(card.public_id)

    typed = f" {code.lower().replace('-', ' ')} "

    assert len(code.replace("-", "")) == 20
    assert codes.hash_of(codes.read(typed)) == card.code_hash
    assert code.endswith(card.last_four)


def test_a_code_stands_nowhere_in_its_row_and_another_key_finds_nothing() -> None:
    card = issued(at=NOON)
    code = codes.read(codes.code_of(card.public_id))

    stored = " ".join(str(getattr(card, field.attname)) for field in card._meta.concrete_fields)
    with override_settings(GIFT_CARD_KEY="another-key"):
        elsewhere = codes.hash_of(code)

    assert code not in stored
    assert elsewhere != card.code_hash


@pytest.mark.parametrize("text", ["", "SPRING10", "O" * 20, "A" * 19, "A" * 21, "Ä" * 20, "0" * 20])
def test_what_is_no_code_is_read_as_nothing(text: str) -> None:
    assert codes.read(text) == ""


def test_ten_thousand_codes_are_all_different() -> None:
    found = {codes.code_of(uuid.UUID(int=number)) for number in range(10_000)}

    assert len(found) == 10_000


# --- Verbs --------------------------------------------------------------------------------


def test_a_card_is_issued_once_per_reference_and_lasts_three_years_after_the_year() -> None:
    facts: dict[str, Any] = {"reason": "Sold", "by": None, "at": NOON}
    card = ledger.issue(amount_minor=5000, reference="order:1", **facts)
    again = ledger.issue(amount_minor=9900, reference="order:1", **facts)

    assert (again.pk, GiftCard.objects.count()) == (card.pk, 1)
    assert (free_on(card), card.expires_on) == (5000, dt.date(2029, 12, 31))


def test_who_is_told_the_same_in_the_same_moment_gets_the_same_card(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    facts: dict[str, Any] = {"reference": "order:1", "reason": "Sold", "by": None, "at": NOON}
    card = ledger.issue(amount_minor=5000, **facts)
    seen = iter([None, card])
    monkeypatch.setattr(ledger, "_issued_for", lambda _reference: next(seen))

    assert ledger.issue(amount_minor=5000, **facts) == card

    assert (GiftCard.objects.count(), GiftCardEvent.objects.count()) == (1, 1)


def test_a_last_day_follows_the_clinics_year_not_that_of_london() -> None:
    midnight_in_berlin = dt.datetime(2026, 12, 31, 23, 30, tzinfo=dt.UTC)

    assert issued(at=midnight_in_berlin).expires_on == dt.date(2030, 12, 31)


def test_held_then_spent_or_released_each_once() -> None:
    card = issued(5000, at=NOON)

    hold(card, 3000)
    hold(card, 3000)
    assert (free_on(card), held_on(card)) == (2000, 3000)

    spend(card, 3000)
    spend(card, 3000)
    hold(card, 500, "b")
    release = {"card_id": card.pk, "amount_minor": 500, "reference": "b:release"}
    ledger.release(**release, reason="b", at=NOON)
    ledger.release(**release, reason="b", at=NOON)

    assert (free_on(card), held_on(card)) == (2000, 0)
    assert kinds(card) == [Kind.ISSUE, Kind.HOLD, Kind.SPEND, Kind.HOLD, Kind.RELEASE]


def test_more_than_is_left_is_refused_by_name_and_takes_nothing() -> None:
    card = issued(5000, at=NOON)

    with pytest.raises(ledger.NotEnoughOnIt, match=r"has €50\.00 left"):
        hold(card, 5001)
    with pytest.raises(ledger.NotEnoughOnIt):
        spend(card, 1)

    assert kinds(card) == [Kind.ISSUE]


def test_after_its_last_day_nothing_can_be_held_and_what_is_left_expires_once() -> None:
    card = issued(5000, at=NOON)
    new_year = dt.datetime(2030, 1, 1, 11, tzinfo=dt.UTC)

    assert ledger.expire_due(at=new_year - dt.timedelta(days=1)) == 0
    with pytest.raises(ledger.IsOver, match="31 December 2029"):
        hold(card, 100, at=new_year)

    assert [ledger.expire_due(at=new_year), ledger.expire_due(at=new_year)] == [1, 0]
    assert (free_on(card), kinds(card)) == (0, [Kind.ISSUE, Kind.EXPIRE])


def test_what_comes_back_to_a_card_can_be_spent_for_a_year() -> None:
    card = issued(5000, at=NOON)
    hold(card, 5000)
    spend(card, 5000)
    back_at = dt.datetime(2029, 12, 20, 11, tzinfo=dt.UTC)

    for _ in range(2):
        ledger.pay_back(
            card_id=card.pk, amount_minor=1200, reference="r", reason="Back", by=None, at=back_at
        )

    card.refresh_from_db()
    assert (free_on(card), card.expires_on) == (1200, dt.date(2030, 12, 20))


def test_a_voided_card_is_empty_and_one_that_an_order_holds_is_not_voided() -> None:
    card = issued(5000, at=NOON)
    hold(card, 1000)

    with pytest.raises(ledger.StillHeld):
        void(card)
    spend(card, 1000)
    void(card)
    void(card)

    assert (free_on(card), kinds(card)[-1], card.events.count()) == (0, Kind.VOID, 4)


def test_a_card_is_extended_with_a_reason_and_never_shortened(manager: User) -> None:
    card = issued(5000, at=NOON)
    until = dt.date(2031, 1, 31)

    ledger.extend(card_id=card.pk, until=until, reason="Was ill", by=manager, at=NOON)
    with pytest.raises(ledger.NotLater):
        ledger.extend(card_id=card.pk, until=until, reason="Again", by=manager, at=NOON)

    card.refresh_from_db()
    assert (card.expires_on, kinds(card)) == (until, [Kind.ISSUE, Kind.EXTEND])
    assert card.events.last().reason == "Until 31 January 2031: Was ill"


# --- What the database keeps --------------------------------------------------------------


def test_events_are_neither_changed_nor_deleted() -> None:
    card = issued(at=NOON)

    assert "checkout_giftcardevent" in protected_tables(connection)
    for attempt in (
        lambda: card.events.update(free_minor=9),
        lambda: card.events.all().delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt()
    assert free_on(card) == 5000


@pytest.mark.parametrize(
    "wrong", [{"free_after_minor": -1}, {"held_after_minor": -1}, {"position": 1}]
)
def test_an_event_that_overdraws_or_comes_out_of_turn_is_refused(wrong: dict[str, int]) -> None:
    card = issued(at=NOON)
    facts: dict[str, Any] = {"position": 2, "free_after_minor": 0, "held_after_minor": 0}

    with pytest.raises(IntegrityError), transaction.atomic():
        GiftCardEvent.objects.create(
            card=card,
            kind=Kind.HOLD,
            free_minor=-5000,
            held_minor=5000,
            reference="wrong",
            reason="wrong",
            happened_at=timezone.now(),
            **(facts | wrong),
        )


def test_a_sum_that_differs_from_what_the_last_event_says_is_found() -> None:
    card = issued(5000, at=NOON)
    assert list(ledger.contradictions()) == []

    GiftCardEvent.objects.create(
        card=card,
        position=2,
        kind=Kind.SPEND,
        free_minor=-100,
        held_minor=0,
        free_after_minor=4800,
        held_after_minor=0,
        reference="wrong",
        reason="wrong",
        happened_at=NOON,
    )

    (found,) = ledger.contradictions()
    assert found == f"{card}: 4900 free and 0 held in sum, 4800 and 0 said"


class Histories(TestCase):
    """Whatever is tried in whatever order, the sum is what plain counting says, never below 0."""

    @given(
        st.lists(
            st.tuples(
                st.sampled_from(["hold", "release", "spend", "back", "void"]), st.integers(1, 4000)
            ),
            max_size=12,
        )
    )
    def test_the_fold_equals_plain_counting(self, steps: list[tuple[str, int]]) -> None:
        card = issued(5000, at=NOON)
        free, held = 5000, 0
        for number, (step, amount) in enumerate(steps):
            changed = _after(step, amount, free, held)
            try:
                _try(card, step, amount, f"{card.pk}:{number}")
            except ledger.GiftCardRefused:
                assert changed is None
            else:
                assert changed is not None
                free, held = changed
            assert (free_on(card), held_on(card)) == (free, held)
        assert list(ledger.contradictions()) == []


def _after(step: str, amount: int, free: int, held: int) -> tuple[int, int] | None:
    """Return what there is after a step, or nothing if it must be refused."""
    if step == "void":
        return None if held or not free else (0, 0)
    changes = {
        "hold": (-amount, amount),
        "release": (amount, -amount),
        "spend": (0, -amount),
        "back": (amount, 0),
    }
    after = (free + changes[step][0], held + changes[step][1])
    return None if min(after) < 0 else after


def _try(card: GiftCard, step: str, amount: int, name: str) -> None:
    facts: dict[str, Any] = {"card_id": card.pk, "reference": name, "reason": step, "at": NOON}
    verbs: dict[str, Callable[[], None]] = {
        "hold": lambda: ledger.hold(amount_minor=amount, **facts),
        "release": lambda: ledger.release(amount_minor=amount, **facts),
        "spend": lambda: ledger.spend(amount_minor=amount, **facts),
        "back": lambda: ledger.pay_back(amount_minor=amount, by=None, **facts),
        "void": lambda: ledger.void(by=None, **facts),
    }
    verbs[step]()
