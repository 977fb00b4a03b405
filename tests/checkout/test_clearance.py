"""Nobody pays for sessions before it is known that they suit: the gate, on every way to pay."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from catalog.models import Offer
from checkout import baskets, clearance, payments, placement, stripe_gateway
from checkout.models import Basket, Order, OrderStatus, PaymentStatus
from checkout.placement import SuitabilityMissing
from tests.accounts.factories import UserFactory
from tests.checkout import buying
from tests.stripe_in_process import StripeInProcess
from tests.treatments.factories import checked, published
from treatments import consultations, questionnaires
from treatments.models import QuestionnaireVersion, SuitabilityCheck

pytestmark = pytest.mark.django_db

HOLDS = timedelta(days=90)


@pytest.fixture
def opened(stripe: StripeInProcess, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The keys under which Stripe was asked for a payment page."""
    keys: list[str] = []
    ask = stripe_gateway.open_checkout

    def noted(*, params: Any, idempotency_key: str) -> Any:
        keys.append(idempotency_key)
        return ask(params=params, idempotency_key=idempotency_key)

    monkeypatch.setattr(stripe_gateway, "open_checkout", noted)
    return keys


@pytest.fixture
def package(at: datetime) -> Offer:
    return buying.package(at=at)


@pytest.fixture
def version(package: Offer, at: datetime) -> QuestionnaireVersion:
    return published(treatment=package.treatment, at=at)


@pytest.fixture
def basket(package: Offer, at: datetime) -> Basket:
    return buying.basket_with((package, 1), at=at)


def keep(basket: Basket, check: SuitabilityCheck, *, at: datetime) -> None:
    clearance.keep(basket=basket, user=None, check=check, at=at)


def newer(version: QuestionnaireVersion, *, at: datetime) -> QuestionnaireVersion:
    draft = version.treatment.questionnaire
    draft.valid_days += 1
    draft.save()
    return questionnaires.publish(
        questionnaire_id=draft.pk, what_is_new="Asked more strictly", by=None, at=at
    )


def refused(basket: Basket, opened: list[str], *, at: datetime) -> None:
    """Buying is refused: nothing is placed, nothing is reserved, and Stripe hears nothing."""
    with pytest.raises(SuitabilityMissing) as refusal:
        buying.check_out(basket, at=at)

    assert [each.name for each in refusal.value.treatments] == ["Scalp microdermabrasion"]
    assert not Order.objects.exists()
    assert opened == []


def test_without_published_questions_sessions_are_sold_as_ever(
    basket: Basket, opened: list[str], at: datetime
) -> None:
    buying.check_out(basket, at=at)

    assert len(opened) == 1


def test_without_a_check_nothing_is_sold(
    version: QuestionnaireVersion, basket: Basket, opened: list[str], at: datetime
) -> None:
    refused(basket, opened, at=at)


def test_a_clear_check_lets_its_basket_be_paid_and_is_kept_with_the_order(
    version: QuestionnaireVersion, basket: Basket, opened: list[str], at: datetime
) -> None:
    check = checked(version, at=at)
    keep(basket, check, at=at)

    order = buying.check_out(basket, at=at).order

    assert len(opened) == 1
    assert [each.suitability_check_id for each in order.suitability_checks.all()] == [check.pk]


@pytest.mark.parametrize("said", [{"is_broken": True}, {"thins_blood": True}])
def test_any_other_outcome_sells_nothing(
    version: QuestionnaireVersion,
    basket: Basket,
    opened: list[str],
    at: datetime,
    said: dict[str, bool],
) -> None:
    keep(basket, checked(version, **said, at=at), at=at)

    refused(basket, opened, at=at)


def test_a_check_opens_its_own_treatment_alone(
    version: QuestionnaireVersion, basket: Basket, opened: list[str], at: datetime
) -> None:
    keep(basket, checked(published(at=at), at=at), at=at)

    refused(basket, opened, at=at)


def test_somebody_else_s_check_opens_nothing(
    version: QuestionnaireVersion, package: Offer, basket: Basket, opened: list[str], at: datetime
) -> None:
    keep(buying.basket_with((package, 1), at=at), checked(version, at=at), at=at)

    refused(basket, opened, at=at)


def test_a_check_that_has_run_out_opens_nothing(
    version: QuestionnaireVersion, basket: Basket, opened: list[str], at: datetime
) -> None:
    keep(basket, checked(version, at=at - HOLDS), at=at)

    refused(basket, opened, at=at)


def test_a_check_of_an_earlier_version_opens_nothing(
    version: QuestionnaireVersion, basket: Basket, opened: list[str], at: datetime
) -> None:
    keep(basket, checked(version, at=at), at=at)
    newer(version, at=at)

    refused(basket, opened, at=at)


def test_of_two_checks_the_newer_one_counts(
    version: QuestionnaireVersion, basket: Basket, opened: list[str], at: datetime
) -> None:
    keep(basket, checked(version, at=at - timedelta(days=2)), at=at)
    keep(basket, checked(version, is_broken=True, at=at - timedelta(days=1)), at=at)

    refused(basket, opened, at=at)


def test_a_clinician_s_word_opens_what_consult_first_closed(
    version: QuestionnaireVersion, basket: Basket, opened: list[str], at: datetime
) -> None:
    check = checked(version, thins_blood=True, at=at)
    keep(basket, check, at=at)
    contact = consultations.Contact("Ada Lindqvist", "ada@example.com")
    asked = consultations.ask(check_id=check.pk, contact=contact, words="", at=at)
    refused(basket, opened, at=at)
    consultations.clear(
        consultation_id=asked.pk, note="Seen today.", by=UserFactory(manager=True), at=at
    )

    buying.check_out(basket, at=at)

    assert len(opened) == 1


# --- An order that is placed, and not paid yet --------------------------------------------------


@pytest.fixture
def order(version: QuestionnaireVersion, basket: Basket, opened: list[str], at: datetime) -> Order:
    keep(basket, checked(version, at=at), at=at)
    order = buying.check_out(basket, at=at).order
    opened.clear()
    return order


def test_a_newer_version_ends_the_payment_page_that_stood_open(
    order: Order, version: QuestionnaireVersion, opened: list[str], at: datetime
) -> None:
    newer(version, at=at)

    with pytest.raises(SuitabilityMissing):
        payments.open_payment(order_id=order.pk, at=at)

    assert opened == []
    assert [payment.status for payment in order.payments.all()] == [PaymentStatus.CLOSED]
    order.refresh_from_db()
    assert order.status == OrderStatus.AWAITING_PAYMENT


def test_a_check_taken_anew_lets_the_placed_order_be_paid(
    order: Order, version: QuestionnaireVersion, basket: Basket, opened: list[str], at: datetime
) -> None:
    second = newer(version, at=at)
    with pytest.raises(SuitabilityMissing):
        payments.open_payment(order_id=order.pk, at=at)
    keep(basket, checked(second, at=at), at=at)

    payments.open_payment(order_id=order.pk, at=at)

    assert opened == [f"{order.number}-attempt-2"]


def test_the_worker_ends_payment_pages_that_may_be_paid_no_more(
    order: Order, version: QuestionnaireVersion, at: datetime
) -> None:
    assert payments.end_unsuitable(at=at) == 0
    newer(version, at=at)

    assert payments.end_unsuitable(at=at) == 1

    assert [payment.status for payment in order.payments.all()] == [PaymentStatus.CLOSED]
    assert payments.end_unsuitable(at=at) == 0


def test_an_order_placed_around_the_gate_is_still_not_paid(
    version: QuestionnaireVersion,
    basket: Basket,
    opened: list[str],
    at: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The gate stands twice: this is what the second one is for."""
    with monkeypatch.context() as patch:
        patch.setattr(clearance, "gate_of_basket", lambda *_args, **_kwargs: clearance.Gate())
        order = buying.place(basket, at=at)

    with pytest.raises(SuitabilityMissing):
        payments.open_payment(order_id=order.pk, at=at)

    assert opened == []
    assert not order.payments.exists()


def test_without_both_gates_it_would_be_paid(
    version: QuestionnaireVersion,
    basket: Basket,
    opened: list[str],
    at: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The negative control: nothing else stands between such a basket and Stripe."""
    monkeypatch.setattr(clearance, "gate_of_basket", lambda *_args, **_kwargs: clearance.Gate())
    monkeypatch.setattr(clearance, "missing_for_order", lambda *_args, **_kwargs: [])

    buying.check_out(basket, at=at)

    assert len(opened) == 1


def test_signing_in_brings_the_check_along(
    version: QuestionnaireVersion, package: Offer, basket: Basket, opened: list[str], at: datetime
) -> None:
    keep(basket, checked(version, at=at), at=at)
    user = UserFactory.create()
    own = baskets.add(basket=None, user=user, sku=package.sku, quantity=1, at=at)
    refused(own, opened, at=at)

    baskets.adopt(key=basket.key, user=user, at=at)

    placement.place(
        basket=(own := Basket.objects.get(pk=own.pk)),
        checkout_token=own.checkout_token,
        agreed_total_minor=84000,
        details=buying.DETAILS,
        user=user,
        at=at,
    )
    assert Order.objects.count() == 1
