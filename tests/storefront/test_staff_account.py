"""What staff may change of themselves in the admin, and what only in their account."""

from django.test import Client
from django.urls import reverse
from wagtail.embeds.embeds import get_embed
from wagtail.embeds.exceptions import EmbedUnsupportedProviderException
import pytest

from accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client: Client) -> User:
    user = User.objects.create_superuser("manager@example.com")
    client.force_login(user)
    return user


def test_an_unproved_address_cannot_be_taken_in_the_admin(client: Client, manager: User) -> None:
    """R25: an address changes in the account alone, where it has to be proved."""
    account = reverse("wagtailadmin_account")
    page = client.get(account)
    assert 'name="name_email-email"' not in page.content.decode()
    assert 'type="password"' not in page.content.decode()

    client.post(
        account,
        {
            "name_email-first_name": "A",
            "name_email-last_name": "B",
            "name_email-email": "victim@example.com",
        },
    )

    manager.refresh_from_db()
    assert manager.email == "manager@example.com"


def test_the_admin_sends_no_password_links_of_its_own(client: Client) -> None:
    """One way to sign in: the account's."""
    assert client.get(reverse("wagtailadmin_password_reset")).status_code == 404


def test_no_other_server_is_asked_what_an_address_shows() -> None:
    """R35: embeds are off, so an address that staff paste causes no request."""
    with pytest.raises(EmbedUnsupportedProviderException):
        get_embed("https://www.youtube.com/watch?v=dQw4w9WgXcQ")
