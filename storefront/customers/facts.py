"""What staff see of a customer: on a page of its own, and of two whose accounts may be one's."""

from dataclasses import dataclass
from typing import Final

from django.urls import reverse

from accounts.models import User
from accounts.person import Person, person_of
from blog.models import Subscriber
from checkout import address_book
from checkout.address_form import facts_of
from checkout.models import Order, OrderNote
from money.money import Money
from storefront.account.agreed import agreed_outside_the_clinic
from treatments.models import Gift, SessionPass

_NEWEST: Final = 5
_NEWEST_ON_PAGE: Final = 20


@dataclass(frozen=True, slots=True)
class Fact:
    """One line under a heading; `about` is what it says beside it, `url` where it leads."""

    text: str
    about: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Customer:
    """One account with everything that staff who merge may see; nothing of health is in it."""

    user: User
    emails: tuple[str, ...]
    groups: tuple[tuple[str, list[Fact]], ...]


def customer_facts(user: User) -> Customer:
    """Gather orders, passes, gifts, addresses and consents of one account."""
    person = person_of(user)
    return Customer(
        user=user,
        emails=person.emails,
        groups=(
            ("Orders", _orders(user, most=_NEWEST)),
            ("Passes", _passes(user)),
            ("Gifts", _gifts(user, person.emails)),
            ("Addresses", _addresses(user)),
            ("Newsletter", _newsletter(person.emails)),
        ),
    )


def customer_page(user: User) -> Customer:
    """Gather what the desk needs of one customer, with ways to it; nothing of health is in it."""
    person = person_of(user)
    return Customer(
        user=user,
        emails=person.emails,
        groups=(
            ("Passes", _passes(user)),
            ("Orders", _orders(user, most=_NEWEST_ON_PAGE)),
            ("Notes on orders", _notes(user)),
            ("Gifts", _gifts(user, person.emails)),
            ("Consents", _agreed(person)),
            ("Newsletter", _newsletter(person.emails)),
            ("Addresses", _addresses(user)),
        ),
    )


def _orders(user: User, *, most: int) -> list[Fact]:
    orders = Order.objects.filter(user=user)
    newest = [
        Fact(
            f"{order.number}, {order.placed_at:%-d %b %Y}, {order.name}",
            f"{Money(order.total_minor, order.currency)}, {order.get_status_display()}",
            reverse("orders:inspect", args=[order.pk]),
        )
        for order in orders[:most]
    ]
    more = orders.count() - len(newest)
    return [*newest, Fact(f"and {more} more")] if more > 0 else newest


def _passes(user: User) -> list[Fact]:
    rows = SessionPass.objects.owned_by(user).select_related("treatment").with_balance()
    return [
        Fact(
            f"{row.treatment.name}, {row}",
            f"{row.balance} left, {row.validity_text}",  # type: ignore[attr-defined]
            reverse("sessionpass:inspect", args=[row.pk]),
        )
        for row in rows
    ]


def _notes(user: User) -> list[Fact]:
    notes = OrderNote.objects.filter(order__user=user).select_related("order", "by")
    return [
        Fact(
            note.text,
            f"{note.order.number}, {note.by or 'somebody'}, {note.written_at:%-d %b %Y}",
            reverse("orders:inspect", args=[note.order_id]),
        )
        for note in notes[:_NEWEST_ON_PAGE]
    ]


def _agreed(person: Person) -> list[Fact]:
    return [
        Fact(each.what, f"{each.at:%-d %b %Y}, {each.where}")
        for each in agreed_outside_the_clinic(person)[:_NEWEST_ON_PAGE]
    ]


def _gifts(user: User, emails: tuple[str, ...]) -> list[Fact]:
    given = Gift.objects.filter(giver=user).select_related("hold")
    waiting = Gift.objects.waiting().filter(recipient_email__in=emails).select_related("hold")
    return [
        *(
            Fact(
                f"{each.sessions_text} given",
                each.get_status_display(),
                reverse("gifts:inspect", args=[each.pk]),
            )
            for each in given
        ),
        *(
            Fact(
                f"{each.sessions_text} received",
                "waiting to be accepted",
                reverse("gifts:inspect", args=[each.pk]),
            )
            for each in waiting
        ),
    ]


def _addresses(user: User) -> list[Fact]:
    return [
        Fact(", ".join(filter(None, (facts_of(row) | {"label": ""}).values())), row.label)
        for row in address_book.addresses_of(user)
    ]


def _newsletter(emails: tuple[str, ...]) -> list[Fact]:
    rows = Subscriber.objects.filter(email__in=emails).order_by("email")
    return [Fact(row.email, row.get_status_display()) for row in rows]
