"""Zoraida, who has left something in every room, and a client that has signed in just now."""

import time
from datetime import datetime, timedelta
from pathlib import Path

from django.test import Client
from django.utils import timezone
import pytest

from accounts.models import User
from blog import private_questions
from blog.models import Comment, CommentStatus
from blog.spam import words
from blog.spam.networks import Origin
from checkout import address_book, baskets, settlement, stripe_gateway
from checkout.models import Order
from checkout.placement import Address, BuyerDetails
from outbox import mail
from tests.accounts.factories import UserFactory
from tests.accounts.signing_in import sign_in_at
from tests.blog.comments.factories import CommentFactory
from tests.blog.factories import ArticlePageFactory
from tests.blog.newsletter.factories import subscribe
from tests.checkout import buying
from tests.stripe_in_process import StripeInProcess
from treatments import aftercare_wishes, appointments
from treatments.appointments import Asked, Wish
from treatments.models import DayPart, SessionPass
from treatments.spacing import clinic_day

EMAIL = "zoraida.quillfeather@example.com"
NAME = "Zoraida Quillfeather"
STREET = "Quillfeather Mews 7"
WORDS = "Quillfeather asks in confidence"
DETAILS = BuyerDetails(
    email=EMAIL,
    name=NAME,
    phone="+49 30 7654321",
    address=Address(NAME, STREET, "", "10559", "Berlin", "DE"),
)
ADDRESS = {"Origin": "http://testserver"}


@pytest.fixture
def at() -> datetime:
    return timezone.now()


@pytest.fixture
def zoraida() -> User:
    user: User = UserFactory.create(email=EMAIL, name=NAME, verified=True)
    return user


@pytest.fixture
def signed_in(client: Client, zoraida: User) -> Client:
    """Zoraida's browser, moments after she has typed her code."""
    client.force_login(zoraida)
    sign_in_at(client, zoraida, time.time())
    return client


@pytest.fixture
def left_everywhere(
    zoraida: User, at: datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Order:
    """A paid order of goods and sessions, comments, a question, the newsletter and mails."""
    order = bought(at, tmp_path, monkeypatch)
    baskets.add(basket=None, user=zoraida, sku="WASH-250", quantity=1, at=at)
    talk = CommentFactory.create(name=NAME, email=EMAIL, text=f"{WORDS} below")
    CommentFactory.create(parent=talk, article=talk.article, email="bea@example.com")
    lonely = CommentFactory.create(name=NAME, email=EMAIL, article=talk.article, text=WORDS)
    Comment.objects.filter(pk=lonely.pk).update(learned_as=CommentStatus.APPROVED)
    words.learn(f"{NAME} {WORDS}", as_status=CommentStatus.APPROVED)
    private_questions.ask(
        article=ArticlePageFactory.create(),
        question=private_questions.Question(NAME, EMAIL, WORDS, "k" * 22),
        origin=Origin("n" * 32, "a" * 32),
        at=at,
    )
    subscribe(EMAIL, at=at)
    aftercare_wishes.stop_mails(email=EMAIL, at=at)
    aftercare_wishes.make_calendar_link(owner=zoraida, at=at)
    asked_to_come(zoraida, at)
    address_book.add(user=zoraida, address=DETAILS.address, label="Quillfeather", at=at)
    mail.send_due(at=at)
    return order


def asked_to_come(zoraida: User, at: datetime) -> None:
    """Ask for an appointment, with words for the desk."""
    appointments.ask(
        pass_id=SessionPass.objects.get(holder_email=EMAIL).pk,
        asked=Asked([Wish(clinic_day(at) + timedelta(days=40), DayPart.EVENING)], WORDS),
        closed_on=(),
        reference="appointment:1",
        by=zoraida,
        at=at,
    )


def bought(at: datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Order:
    """Order a wash and six sessions as a guest, pay, and have it all handed over."""
    stripe = StripeInProcess(tmp_path / "stripe.sqlite3")
    monkeypatch.setattr(stripe_gateway, "client", lambda: stripe.client)
    monkeypatch.setattr(stripe_gateway, "breaker", stripe_gateway.Breaker())
    wash, sessions = buying.product(at=at), buying.package(at=at)
    buying.courier()
    basket = buying.basket_with((wash, 1), (sessions, 1), at=at)
    order = buying.check_out(basket, at=at, details=DETAILS).order
    stripe.pay(buying.session_id_of(order))
    return settlement.settle(buying.session_id_of(order), at=at)
