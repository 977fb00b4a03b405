"""A small shop to fire at, and who fires: somebody unknown and a customer of the shop."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.core.cache import cache
from django.test import Client
from django.utils import timezone
import pytest

from accounts.models import User
from catalog.models import Offer
from checkout import stripe_gateway
from checkout.models import Order
from tests.accounts.factories import UserFactory
from tests.catalog.factories import OfferFactory
from tests.checkout import buying
from tests.stripe_in_process import StripeInProcess

ORIGIN = "http://testserver"
CUSTOMER = "customer@example.com"
PASSWORD = "a-long-password"  # pragma: allowlist secret
STRANGER = "stranger@example.com"


@dataclass(frozen=True)
class Target:
    """The shop, with an order of somebody who does not take part."""

    product: Offer
    package: Offer
    order: Order
    customer: User

    def fill(self, path: str) -> str:
        """Write the shop's own names into an example path."""
        product = self.product.page.specific
        return path.format(
            token=self.order.access_token,
            number=self.order.number,
            product=product.url,
            category=product.get_parent().url,
            catalog=product.get_parent().get_parent().url,
        )


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def at() -> datetime:
    return timezone.now()


@pytest.fixture
def target(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: datetime) -> Target:
    """A shop that sells one product and one package, and has sold one of each to a stranger."""
    stripe = StripeInProcess(tmp_path / "stripe.sqlite3")
    monkeypatch.setattr(stripe_gateway, "client", lambda: stripe.client)
    monkeypatch.setattr(stripe_gateway, "breaker", stripe_gateway.Breaker())
    product = OfferFactory.create(sku="WASH-250")
    package = OfferFactory.create(sku="MD-6", package=True)
    buying.courier()
    basket = buying.basket_with((product, 1), (package, 1), at=at)
    order = buying.check_out(basket, at=at).order
    Order.objects.filter(pk=order.pk).update(email=STRANGER)
    order.refresh_from_db()
    return Target(product, package, order, UserFactory.create(email=CUSTOMER, verified=True))


def client() -> Client:
    """A browser of the shop's own pages: it says where its posts come from."""
    return Client(
        raise_request_exception=False,
        enforce_csrf_checks=True,
        headers={"Origin": ORIGIN},
    )


@pytest.fixture
def nobody() -> Client:
    return client()


@pytest.fixture
def customer(target: Target) -> Client:
    """Somebody who is signed in and has a basket."""
    signed_in = client()
    signed_in.force_login(target.customer)
    added = signed_in.post("/basket/add/", {"sku": target.product.sku, "quantity": "1"})
    assert added.status_code == 303
    return signed_in
