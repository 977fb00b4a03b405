"""A small shop to fire at, and who fires: somebody unknown and a customer of the shop."""

import contextlib
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.test import Client
from django.utils import timezone
import pytest
from pytest_django import DjangoDbBlocker

from accounts.models import User
from blog.models import ArticlePage, Comment
from catalog.models import Offer
from checkout import address_book, stripe_gateway
from checkout.models import Order
from checkout.placement import Address
from tests.accounts.factories import UserFactory
from tests.blog.comments.factories import CommentFactory
from tests.blog.factories import ArticlePageFactory, TopicFactory
from tests.catalog.factories import OfferFactory
from tests.checkout import buying
from tests.shared_rows import kept_for_many
from tests.stripe_in_process import StripeInProcess
from tests.treatments.factories import (
    ProtocolFactory,
    SessionPassFactory,
    checked,
    published,
)
from treatments import appointments, giving, ledger
from treatments.appointments import Asked, Wish
from treatments.models import (
    AftercareWindow,
    Appointment,
    DayPart,
    Gift,
    SessionPass,
    SuitabilityCheck,
)
from treatments.spacing import clinic_day

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
    article: ArticlePage
    comment: Comment
    own_pass: SessionPass
    own_session: int
    strangers_pass: SessionPass
    visit: Appointment
    own_address: int
    check: SuitabilityCheck
    gift: Gift

    def fill(self, path: str) -> str:
        """Write the shop's own names into an example path."""
        product = self.product.page.specific
        return path.format(
            token=self.order.access_token,
            number=self.order.number,
            product=product.url,
            category=product.get_parent().url,
            catalog=product.get_parent().get_parent().url,
            guide=self.article.get_parent().url,
            article=self.article.url,
            talked_of=self.comment.article_id,
            comment=self.comment.pk,
            own_pass=self.own_pass.public_id,
            own_session=self.own_session,
            visit=self.visit.public_id,
            own_address=self.own_address,
            check=self.check.token,
            gift=self.gift.token,
            asked_of=self.check.version.treatment.slug,
        )


@pytest.fixture
def at() -> datetime:
    return timezone.now()


@dataclass(frozen=True)
class Sold:
    """What the shop of one module was filled with, to be looked up by every test anew."""

    product: int
    package: int
    order: int
    customer: int
    article: int
    comment: int
    own_pass: int
    own_session: int
    strangers_pass: int
    visit: int
    own_address: int
    check: int
    gift: int
    stripe_state: Path


@pytest.fixture(scope="module")
def sold(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Sold]:
    """A shop that sells one product and one package, and has sold one of each to a stranger."""
    state = tmp_path_factory.mktemp("stripe") / "stripe.sqlite3"
    with kept_for_many(django_db_blocker):
        with pytest.MonkeyPatch.context() as patch:
            _sell_through(StripeInProcess(state), patch)
            filled = _fill(state)
        yield filled


def _sell_through(stripe: StripeInProcess, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(stripe_gateway, "client", lambda: stripe.client)
    patch.setattr(stripe_gateway, "breaker", stripe_gateway.Breaker())


def _fill(state: Path) -> Sold:
    at = timezone.now()
    product = OfferFactory.create(sku="WASH-250")
    package = OfferFactory.create(sku="MD-6", package=True)
    buying.courier()
    basket = buying.basket_with((product, 1), (package, 1), at=at)
    order = buying.check_out(basket, at=at).order
    Order.objects.filter(pk=order.pk).update(email=STRANGER)
    customer = UserFactory.create(email=CUSTOMER, verified=True)
    article = _article(product.page_id)
    comment = CommentFactory.create(email=STRANGER)
    own_pass = SessionPassFactory.create(owner=customer, holder_email=CUSTOMER)
    strangers_pass = SessionPassFactory.create(
        holder_email=STRANGER, treatment_id=own_pass.treatment_id
    )
    return Sold(
        product=product.pk,
        package=package.pk,
        order=order.pk,
        customer=customer.pk,
        article=article.pk,
        comment=comment.pk,
        own_pass=own_pass.pk,
        own_session=_session(own_pass, at=at),
        strangers_pass=strangers_pass.pk,
        visit=_visit(own_pass, at=at),
        own_address=_address(customer, at=at),
        check=checked(published(treatment=own_pass.treatment), thins_blood=True, at=at).pk,
        gift=_gift(at=at).pk,
        stripe_state=state,
    )


def _gift(*, at: datetime) -> Gift:
    """Let a stranger have given a session to another one."""
    giver = UserFactory.create(email="giver@example.com", verified=True)
    row = SessionPassFactory.create(owner=giver, at=at)
    return giving.give(
        pass_id=row.pk,
        sessions=1,
        card=giving.Card("Ada", "Bea", "bea@example.com", "A quiet hour."),
        mail_on=timezone.localdate(at),
        reference="a" * 32,
        by=giver,
        at=at,
    )


def _session(own_pass: SessionPass, *, at: datetime) -> int:
    """Let the customer have had a session that a protocol says something of."""
    protocol = ProtocolFactory.create(treatment=own_pass.treatment)
    AftercareWindow.objects.create(protocol=protocol, habit="SUN", from_day=8)
    return ledger.redeem(pass_id=own_pass.pk, reference="visit:1", by=None, at=at).pk


def _visit(own_pass: SessionPass, *, at: datetime) -> int:
    """Let the customer have asked for an appointment."""
    assert own_pass.owner is not None
    wish = Wish(clinic_day(at) + timedelta(days=60), DayPart.MORNING)
    return appointments.ask(
        pass_id=own_pass.pk,
        asked=Asked([wish]),
        closed_on=(),
        reference="appointment:1",
        by=own_pass.owner,
        at=at,
    ).pk


def _address(customer: User, *, at: datetime) -> int:
    address = Address("Customer", "Street 1", "", "10437", "Berlin", "DE")
    return address_book.add(user=customer, address=address, label="Home", at=at).pk


def _article(product_id: int) -> ArticlePage:
    """An article of a topic and a tag, with a product in it."""
    article: ArticlePage = ArticlePageFactory.create(
        body=[("product_card", {"page": product_id, "note": ""})]
    )
    article.topics = [TopicFactory.create()]
    article.tags.add("Sun")
    article.save()
    return article


@pytest.fixture
def target(sold: Sold, db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Target:
    """The filled shop as every test finds it, with a payment service of its own."""
    state = tmp_path / "stripe.sqlite3"
    with (
        contextlib.closing(sqlite3.connect(sold.stripe_state)) as source,
        contextlib.closing(sqlite3.connect(state)) as copy,
    ):
        source.backup(copy)
    _sell_through(StripeInProcess(state), monkeypatch)
    return Target(
        product=Offer.objects.get(pk=sold.product),
        package=Offer.objects.get(pk=sold.package),
        order=Order.objects.get(pk=sold.order),
        customer=User.objects.get(pk=sold.customer),
        article=ArticlePage.objects.get(pk=sold.article),
        comment=Comment.objects.get(pk=sold.comment),
        own_pass=SessionPass.objects.get(pk=sold.own_pass),
        own_session=sold.own_session,
        strangers_pass=SessionPass.objects.get(pk=sold.strangers_pass),
        visit=Appointment.objects.get(pk=sold.visit),
        own_address=sold.own_address,
        check=SuitabilityCheck.objects.get(pk=sold.check),
        gift=Gift.objects.get(pk=sold.gift),
    )


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
