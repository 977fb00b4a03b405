"""What somebody has agreed to: when, where, and in which words."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from accounts.person import Person
from blog.models import NewsletterConsent, PrivateQuestion, Subscriber
from checkout.clearance import checks_with
from checkout.models import Order
from treatments.models import SymptomReport
from treatments.personal_data import checks_of


@dataclass(frozen=True, slots=True)
class Agreed:
    """One thing that was agreed to, or taken back."""

    what: str
    at: dt.datetime
    where: str
    text: str = ""


def agreed_by(person: Person) -> list[Agreed]:
    """Return everything that a person agreed to and took back, the newest first."""
    of_health = [*_questions(person), *_reports(person), *_suitability(person)]
    return _newest_first([*agreed_outside_the_clinic(person), *of_health])


def agreed_outside_the_clinic(person: Person) -> list[Agreed]:
    """Return the same without what says that something was told of their health."""
    return _newest_first([*_terms(person), *_newsletter(person)])


def _newest_first(agreed: list[Agreed]) -> list[Agreed]:
    return sorted(agreed, key=lambda each: each.at, reverse=True)


def _terms(person: Person) -> Iterator[Agreed]:
    for order in Order.objects.visible_to(person.user).only("number", "placed_at", "terms_version"):
        yield Agreed(
            what=f"Terms of sale, version {order.terms_version}",
            at=order.placed_at,
            where=f"with order {order.number}",
        )


def _newsletter(person: Person) -> Iterator[Agreed]:
    keys = Subscriber.objects.filter(email__in=person.emails).values("key")
    for consent in NewsletterConsent.objects.filter(subscriber_key__in=keys):
        yield Agreed(
            what=f"Newsletter: {consent.get_kind_display()}",
            at=consent.happened_at,
            where=consent.means,
            text=consent.text,
        )


def _questions(person: Person) -> Iterator[Agreed]:
    for question in PrivateQuestion.objects.filter(email__in=person.emails):
        yield Agreed(
            what="Private question to the clinic",
            at=question.asked_at,
            where="with the question",
            text=question.consent_text,
        )


def _reports(person: Person) -> Iterator[Agreed]:
    for report in SymptomReport.objects.filter(entry__session_pass__owner=person.user):
        yield Agreed(
            what="Report to the clinic after a session",
            at=report.reported_at,
            where="with the report",
            text=report.consent_text,
        )


def _suitability(person: Person) -> Iterator[Agreed]:
    for check in [*checks_of(person), *checks_with(person)]:
        yield Agreed(
            what="Answers about your health",
            at=check.checked_at,
            where="with a suitability check",
            text=check.consent_text,
        )
