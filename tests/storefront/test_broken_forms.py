"""R18: a form that did not arrive whole is answered as such, and is no failure of the shop."""

from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import resolve, reverse
import pytest

from storefront import broken_forms
from storefront.broken_forms import BrokenFormMiddleware
from tests.accounts.factories import UserFactory

WAGTAILS = sorted({*broken_forms.COUNTS_ON, *broken_forms.SHOWS_NONE})


@pytest.mark.django_db
@pytest.mark.parametrize("name", WAGTAILS)
def test_wagtail_s_forms_without_their_field_are_answered(client: Client, name: str) -> None:
    path = reverse(name)
    assert client.post(path).status_code == 302

    client.force_login(UserFactory.create(manager=True))

    assert client.post(path).status_code == 400


@pytest.mark.django_db
def test_the_same_forms_work_when_they_are_whole(client: Client) -> None:
    client.force_login(UserFactory.create(manager=True))
    path = reverse("wagtailadmin_choose_page_external_link")

    answer = client.post(path, {"external-link-chooser-url": "https://example.com/"})

    assert answer.json()["result"]["url"] == "https://example.com/"


def test_other_failures_stay_failures(rf: RequestFactory) -> None:
    request: HttpRequest = rf.post("/", {"external-link-chooser-url": "x"})
    request.resolver_match = resolve(reverse("wagtailadmin_choose_page_external_link"))
    middleware = BrokenFormMiddleware(lambda _request: None)  # type: ignore[arg-type,return-value]

    assert middleware.process_exception(request, AttributeError()) is None
