import datetime as dt
from pathlib import Path

from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import include, path
import pytest

from storefront import urls as shop_urls
from tests.catalog.factories import CatalogPageFactory, HomePageFactory

pytestmark = pytest.mark.django_db

# The shop as the demo routes it.
urlpatterns = [*shop_urls.demo_urls, path("", include(shop_urls))]


def test_the_sitemap_lists_live_pages_only(client: Client) -> None:
    home = HomePageFactory()
    CatalogPageFactory(parent=home)

    xml = b"".join(client.get("/sitemap.xml").streaming_content).decode()

    assert "<loc>http://testserver/</loc>" in xml
    assert "<loc>http://testserver/shop/</loc>" in xml


def test_robots_are_spared_what_shows_them_nothing(client: Client) -> None:
    response = client.get("/robots.txt")

    assert response["Content-Type"] == "text/plain"
    lines = response.content.decode().splitlines()
    assert "Disallow: /orders/" in lines
    assert lines[-1].startswith("Sitemap: http")


def test_a_weakness_can_be_reported_within_the_year(client: Client) -> None:
    text = client.get("/.well-known/security.txt").content.decode()

    facts = dict(line.split(": ", 1) for line in text.splitlines())
    expires = dt.datetime.fromisoformat(facts["Expires"])
    left = expires - dt.datetime.now(dt.UTC)
    assert facts["Contact"] == "mailto:hello@galea.example"
    assert 170 < left.days < 365


def test_the_demo_outbox_is_not_routed_elsewhere(client: Client) -> None:
    HomePageFactory()

    assert client.get("/demo/mail/").status_code == 404


@pytest.fixture
def demo(settings, tmp_path: Path, client: Client) -> Client:  # type: ignore[no-untyped-def]
    settings.ROOT_URLCONF = "tests.storefront.test_fixed_addresses"
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    (tmp_path.parent / "secret.log").write_text("Subject: secret\n\nhunter2")
    for number in (1, 2):
        message = EmailMultiAlternatives(
            f"Mail {number} – für dich", f"Text {number}", to=["ada@example.com"]
        )
        message.attach_alternative(
            f"<html><head></head><body><script>alert(1)</script>{number}</body></html>",
            "text/html",
        )
        message.send()
    return client


def test_the_demo_outbox_lists_mails_and_shows_one(demo: Client) -> None:
    mails = demo.get("/demo/mail/").context["mails"]
    newest = next(mail for mail in mails if mail.subject == "Mail 2 – für dich")

    response = demo.get(newest.url)

    assert len(mails) == 2
    assert response.context["mail"].text.strip() == "Text 2"
    assert response.context["mail"].to == "ada@example.com"
    assert "frame-src 'self'" in response["Content-Security-Policy"]
    assert "no-store" in response["Cache-Control"]


def test_the_html_of_a_mail_is_locked_up(demo: Client) -> None:
    [newest, _] = demo.get("/demo/mail/").context["mails"]

    response = demo.get(newest.html_url)

    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "script-src" not in policy
    assert '<head><base target="_top">' in response.content.decode()


@pytest.mark.parametrize("key", ["secret-0", "..", "%2e%2e%2fsecret-0", "nothing"])
def test_a_key_never_becomes_a_path(demo: Client, key: str) -> None:
    for address in (f"/demo/mail/{key}/", f"/demo/mail/{key}/html/"):
        response = demo.get(address)
        assert response.status_code == 404
        assert "hunter2" not in response.content.decode()
