"""Who signed in long ago is asked once more before what cannot be taken back."""

import time

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.test import Client, RequestFactory
from django.urls import path
from django.utils import timezone
from django.views.generic import View
import pytest

from accounts.models import User
from accounts.recent import ask_unless_recent
from storefront.urls import urlpatterns as own_urlpatterns
from tests.accounts.factories import UserFactory
from tests.accounts.signing_in import sign_in_at

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.accounts.test_recent")]
ASKED = "/account/reauthenticate/?next=%2Fgrave%2F%3Fof%3D7"
PASSWORD = "correct horse battery"  # pragma: allowlist secret
done: list[str] = []


class GraveView(View):
    def dispatch(self, request: HttpRequest) -> HttpResponseBase:
        return ask_unless_recent(request, at=timezone.now()) or super().dispatch(request)

    def get(self, _request: HttpRequest) -> HttpResponse:
        return HttpResponse("Really?")

    def post(self, _request: HttpRequest) -> HttpResponse:
        done.append("grave")
        return HttpResponse("Done.")


urlpatterns = [path("grave/", GraveView.as_view()), *own_urlpatterns]


@pytest.fixture
def user() -> User:
    done.clear()
    return UserFactory.create(password=PASSWORD, verified=True)


def _signed_in(user: User, *, minutes_ago: float | None) -> Client:
    client = Client(headers={"Sec-Fetch-Site": "same-origin"})
    client.force_login(user)
    if minutes_ago is not None:
        sign_in_at(client, user, time.time() - minutes_ago * 60)
    return client


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("minutes_ago", [None, 16])
def test_whoever_signed_in_long_ago_is_asked_and_nothing_is_done(
    user: User, method: str, minutes_ago: float | None
) -> None:
    answer = getattr(_signed_in(user, minutes_ago=minutes_ago), method)("/grave/?of=7")

    assert (answer.status_code, answer["Location"]) == (303, ASKED)
    assert answer["Cache-Control"] == "private, no-store"
    assert done == []


def test_whoever_signed_in_lately_is_not_asked(user: User) -> None:
    client = _signed_in(user, minutes_ago=14)

    assert client.get("/grave/").content == b"Really?"
    assert client.post("/grave/").content == b"Done."
    assert done == ["grave"]


def test_a_password_leads_back_and_what_was_posted_is_not_posted_again(user: User) -> None:
    client = _signed_in(user, minutes_ago=60)
    asked = client.post("/grave/?of=7")

    wrong = client.post(asked["Location"], {"password": "wrong"})
    answer = client.post(asked["Location"], {"password": PASSWORD}, follow=True)

    assert wrong.status_code == 200
    assert answer.redirect_chain == [("/grave/?of=7", 302)]
    assert answer.content == b"Really?"
    assert done == []


def test_whoever_has_no_password_signs_in_once_more_and_comes_back(user: User) -> None:
    user.set_unusable_password()
    user.save()
    client = _signed_in(user, minutes_ago=60)

    shown = client.get(ASKED, follow=True)
    left = client.post("/account/again/", {"next": "/grave/?of=7"})

    assert shown.redirect_chain == [("/account/again/?next=%2Fgrave%2F%3Fof%3D7", 302)]
    assert "Before something important happens" in shown.content.decode()
    assert left["Location"] == "/account/login/?next=%2Fgrave%2F%3Fof%3D7"
    assert "_auth_user_id" not in client.session


def test_another_person_s_confirmation_counts_for_nothing(user: User) -> None:
    other = UserFactory.create()
    client = _signed_in(user, minutes_ago=None)
    sign_in_at(client, other, time.time())

    assert client.get("/grave/?of=7")["Location"] == ASKED


def test_nobody_has_signed_in_lately(rf: RequestFactory) -> None:
    request = rf.get("/grave/?of=7")
    request.user = UserFactory.build()
    request.session = Client().session

    asked = ask_unless_recent(request, at=timezone.now())

    assert asked is not None
    assert asked["Location"] == ASKED
