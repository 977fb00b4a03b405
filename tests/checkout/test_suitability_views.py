"""The suitability check as customers meet it: asked, told what it came to, and led on."""

from datetime import datetime
from typing import Any

from django.test import Client
from django.urls import reverse
import pytest

from catalog.models import Offer
from checkout.models import Basket, BasketCheck, Order, OrderStatus
from outbox.models import OutboundMail
from tests.accounts.factories import UserFactory
from tests.catalog.factories import OfferFactory, PackagePageFactory
from tests.stripe_in_process import StripeInProcess
from tests.treatments.factories import TreatmentFactory, published
from treatments import consultations, questionnaires
from treatments.models import (
    ConsultationRequest,
    ConsultationStatus,
    QuestionnaireVersion,
    SuitabilityCheck,
)
from treatments.suitability import Outcome

pytestmark = pytest.mark.django_db

CLEAR = {"born_on": "1990-05-17", "q-broken-skin": "1", "q-blood-thinners": "1"}
CONSENT = {"consent": "on", "version": "1"}
ORIGIN = {"Origin": "http://testserver"}


@pytest.fixture
def visitor() -> Client:
    return Client(headers=ORIGIN)


@pytest.fixture
def package() -> Offer:
    page = PackagePageFactory.create()
    offer: Offer = OfferFactory.create(
        sku="MD-6", package=True, page=page, treatment=page.treatment
    )
    return offer


@pytest.fixture
def version(package: Offer, at: datetime) -> QuestionnaireVersion:
    return published(treatment=package.treatment, at=at)


@pytest.fixture
def address(version: QuestionnaireVersion) -> str:
    return reverse("checkout:suitability", args=[version.treatment.slug])


def take(visitor: Client, address: str, **said: str) -> Any:
    answer = visitor.post(address, {**CLEAR, **CONSENT, **said})
    assert answer.status_code == 303
    return visitor.get(answer["Location"])


def check_out(visitor: Client) -> Any:
    page = visitor.get("/checkout/")
    details = {
        "checkout_token": page.context["checkout_token"],
        "agreed_total_minor": page.context["agreed_total_minor"],
        "email": "ada@example.com",
        "name": "Ada Lindqvist",
        "accept_terms": "on",
    }
    return visitor.post("/checkout/", details)


def put_in(visitor: Client, package: Offer) -> None:
    assert visitor.post("/basket/add/", {"sku": package.sku, "quantity": "1"}).status_code == 303


# --- The journeys: check and buy, consult first, not now ----------------------------------------


def test_checked_from_the_package_page_then_bought(
    visitor: Client, package: Offer, address: str, stripe: StripeInProcess
) -> None:
    shop_page = visitor.get(package.page.specific.url).content.decode()
    assert address in shop_page
    assert shop_page.index(address) < shop_page.index("Add sessions to basket")

    page = take(visitor, address)
    assert "You can go ahead" in page.content.decode()
    assert package.page.specific.url in page.content.decode()
    put_in(visitor, package)
    answer = check_out(visitor)

    assert answer.status_code == 303
    assert "/c/pay/" in answer["Location"]
    assert Order.objects.get().status == OrderStatus.AWAITING_PAYMENT


def test_asked_at_checkout_then_led_back_to_it(
    visitor: Client, package: Offer, address: str, stripe: StripeInProcess
) -> None:
    put_in(visitor, package)
    page = visitor.get("/checkout/").content.decode()
    assert address in page
    refused = check_out(visitor)
    assert refused.status_code == 409
    assert "please check whether it suits you" in refused.content.decode()
    assert not Order.objects.exists()

    page = take(visitor, address).content.decode()

    assert reverse("checkout:checkout") in page
    assert address not in visitor.get("/checkout/").content.decode()
    assert check_out(visitor).status_code == 303


def test_consult_first_is_asked_answered_and_then_bought_on_another_device(
    visitor: Client, package: Offer, address: str, at: datetime, stripe: StripeInProcess
) -> None:
    page = take(visitor, address, **{"q-blood-thinners": "2"}).content.decode()
    assert "Let us talk first" in page
    assert "Let us look." in page
    check = SuitabilityCheck.objects.get()
    asked = visitor.post(
        reverse("checkout:suitability_ask", args=[check.token]),
        {"name": "Ada", "email": "Ada@Example.com", "words": "Since May.", "consent": "on"},
    )
    assert "We have your request" in visitor.get(asked["Location"]).content.decode()
    put_in(visitor, package)
    assert check_out(visitor).status_code == 409
    request = ConsultationRequest.objects.get()
    assert (request.email, request.phone) == ("ada@example.com", "")

    consultations.clear(
        consultation_id=request.pk, note="Seen.", by=UserFactory(manager=True), at=at
    )

    phone = Client(headers=ORIGIN)
    page = phone.get(reverse("checkout:suitability_outcome", args=[check.token]))
    assert "A clinician has looked: you can go ahead" in page.content.decode()
    used = phone.post(reverse("checkout:suitability_use", args=[check.token]))
    assert used["Location"] == package.page.specific.url
    put_in(phone, package)
    assert check_out(phone).status_code == 303


def test_advised_against_is_said_kindly_and_sells_nothing(
    visitor: Client, package: Offer, address: str, at: datetime
) -> None:
    take(visitor, address, **{"q-blood-thinners": "2"})
    check = SuitabilityCheck.objects.get()
    contact = consultations.Contact("Ada", "ada@example.com")
    request = consultations.ask(check_id=check.pk, contact=contact, words="", at=at)
    consultations.decline(
        consultation_id=request.pk, note="Too risky.", by=UserFactory(manager=True), at=at
    )

    page = visitor.get(reverse("checkout:suitability_outcome", args=[check.token]))

    assert "We advise against it for now" in page.content.decode()
    assert "Too risky" not in page.content.decode()
    put_in(visitor, package)
    assert check_out(visitor).status_code == 409


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"q-broken-skin": "2"}, "Let your scalp heal first."),
        ({"q-broken-skin": "2", "q-blood-thinners": "2"}, "Let your scalp heal first."),
        ({"born_on": "2020-01-01"}, "We treat adults only, from 18 years."),
    ],
)
def test_not_now_explains_and_leaves_no_way_to_pay(
    visitor: Client, package: Offer, address: str, said: dict[str, str], sentence: str
) -> None:
    page = take(visitor, address, **said).content.decode()

    assert "Not now" in page
    assert sentence in page
    assert reverse("checkout:checkout") not in page
    assert "suitability_ask" not in page
    check = SuitabilityCheck.objects.get()
    asked = visitor.post(
        reverse("checkout:suitability_ask", args=[check.token]),
        {"name": "Ada", "email": "ada@example.com", "consent": "on"},
    )
    assert asked.status_code == 409
    put_in(visitor, package)
    assert check_out(visitor).status_code == 409
    assert not Order.objects.exists()
    assert not ConsultationRequest.objects.exists()


# --- The questions ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"consent": ""}, "Without your consent we may not look at your answers."),
        ({"q-blood-thinners": ""}, "Choose an answer."),
        ({"q-blood-thinners": "9"}, "Select a valid choice"),
        ({"born_on": ""}, "Enter your date of birth."),
        ({"born_on": "1890-01-01"}, "Enter your date of birth, such as 24.11.1988."),
        ({"born_on": "2999-01-01"}, "Enter your date of birth, such as 24.11.1988."),
        ({"version": "2"}, "Our questions have changed."),
    ],
)
def test_what_is_not_complete_is_asked_again_and_nothing_is_stored(
    visitor: Client, address: str, sent: dict[str, str], sentence: str
) -> None:
    answer = visitor.post(address, {**CLEAR, **CONSENT, **sent})

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not SuitabilityCheck.objects.exists()
    assert not Basket.objects.exists()


def test_nothing_is_chosen_beforehand_and_nothing_is_kept_by_caches(
    visitor: Client, address: str
) -> None:
    answer = visitor.get(address)

    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["X-Robots-Tag"] == "noindex"
    assert " checked" not in answer.content.decode()


def test_a_treatment_without_questions_has_no_such_page(visitor: Client) -> None:
    free = TreatmentFactory.create()

    assert visitor.get(reverse("checkout:suitability", args=[free.slug])).status_code == 404


def test_many_checks_from_one_address_are_too_many(
    visitor: Client, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("checkout.views.suitability.SENT_ALLOWED", 1)
    take(visitor, address)

    assert visitor.post(address, {**CLEAR, **CONSENT}).status_code == 429
    assert SuitabilityCheck.objects.count() == 1


# --- The outcome --------------------------------------------------------------------------------


def test_whoever_merely_has_the_link_is_not_told_why(visitor: Client, address: str) -> None:
    take(visitor, address, **{"q-broken-skin": "2"})
    outcome = reverse("checkout:suitability_outcome", args=[SuitabilityCheck.objects.get().token])

    answer = Client().get(outcome)

    assert "Not now" in answer.content.decode()
    assert "Let your scalp heal first." not in answer.content.decode()
    assert answer["Cache-Control"] == "private, no-store"


def test_a_link_that_leads_nowhere_is_not_found(visitor: Client) -> None:
    for token in ("x" * 32, "short", "%00" * 20):
        answer = visitor.get(f"/suitability/outcome/{token}/")
        assert answer.status_code == 404


def test_an_outcome_of_earlier_questions_asks_for_the_check_again(
    visitor: Client, address: str, version: QuestionnaireVersion, at: datetime
) -> None:
    page = take(visitor, address)
    draft = version.treatment.questionnaire
    draft.valid_days = 30
    draft.save()
    questionnaires.publish(questionnaire_id=draft.pk, what_is_new="Shorter", by=None, at=at)

    page = visitor.get(page.request["PATH_INFO"]).content.decode()

    assert "This check has run out" in page
    assert address in page


def test_a_check_taken_from_the_order_s_page_is_kept_with_the_order(
    visitor: Client,
    package: Offer,
    address: str,
    version: QuestionnaireVersion,
    at: datetime,
    stripe: StripeInProcess,
) -> None:
    take(visitor, address)
    put_in(visitor, package)
    check_out(visitor)
    order = Order.objects.get()
    draft = version.treatment.questionnaire
    draft.valid_days = 30
    draft.save()
    questionnaires.publish(questionnaire_id=draft.pk, what_is_new="Shorter", by=None, at=at)
    elsewhere = Client(headers=ORIGIN)
    pay = reverse("checkout:order_pay", args=[order.access_token])
    refused = elsewhere.post(pay)
    assert refused["Location"].endswith("?notice=suitability")
    page = elsewhere.get(refused["Location"]).content.decode()
    assert f"{address}?order={order.access_token}" in page

    page = take(elsewhere, address, version="2", order=order.access_token).content.decode()

    assert reverse("checkout:order", args=[order.access_token]) in page
    assert "/c/pay/" in elsewhere.post(pay)["Location"]


def test_somebody_signed_in_keeps_the_check_with_the_account(address: str) -> None:
    user = UserFactory.create()
    client = Client(headers=ORIGIN)
    client.force_login(user)

    take(client, address)

    check = SuitabilityCheck.objects.get()
    assert (check.user, check.outcome) == (user, Outcome.CLEAR)
    assert BasketCheck.objects.get().basket.user == user


def test_asking_twice_is_one_request_and_one_mail_to_each_clinician(
    visitor: Client, address: str
) -> None:
    clinician = UserFactory.create(manager=True)
    take(visitor, address, **{"q-blood-thinners": "2"})
    ask = reverse("checkout:suitability_ask", args=[SuitabilityCheck.objects.get().token])
    sent = {"name": "Ada", "email": "ada@example.com", "consent": "on"}

    visitor.post(ask, sent)
    visitor.post(ask, sent)

    assert ConsultationRequest.objects.get().status == ConsultationStatus.OPEN
    assert [mail.to for mail in OutboundMail.objects.all()] == [clinician.email]


def test_a_request_without_consent_is_not_taken(visitor: Client, address: str) -> None:
    take(visitor, address, **{"q-blood-thinners": "2"})
    ask = reverse("checkout:suitability_ask", args=[SuitabilityCheck.objects.get().token])

    answer = visitor.post(ask, {"name": "Ada", "email": "ada@example.com"})

    assert answer.status_code == 422
    assert not ConsultationRequest.objects.exists()
