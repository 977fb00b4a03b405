"""Delete an account: what law wants kept stays without the person, everything else goes.

Rows are locked in the order account, orders, gifts, appointments, passes.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from wagtail.models import ModelLogEntry

from accounts.models import User
from accounts.person import NOBODYS_NAME, Person, person_of
from checkout import ownership, stripe_customers
from checkout.models import Order
from checkout.personal_data import orders_under_way
from outbox import mail
from outbox import personal_data as mails
from storefront.account.claiming import claim_all
from storefront.account.rooms import ROOMS
from treatments import appointments, gifts, ledger, locking
from treatments.models import SessionPass
from treatments.standing import open_holds, standing_of
from treatments.validity import GRACE_DAYS

DELETED: Final = "account_deleted"


class OrdersUnderWay(Exception):
    """Something is still to be paid, sent, looked at or paid back, for which we need the buyer."""

    def __init__(self, orders: Sequence[Order]) -> None:
        self.orders = orders
        numbers = ", ".join(order.number for order in orders)
        super().__init__(f"Not yet: {numbers} has not come to its end.")


class PassesLeft(Exception):
    """There are sessions left that were paid for, and nobody has said to give them up."""

    def __init__(self, passes: Sequence[SessionPass]) -> None:
        self.passes = passes
        super().__init__("There are sessions left that you have paid for.")


class StaffAccount(Exception):
    """Whoever works here is in the shop's books; a manager ends their access."""

    def __init__(self) -> None:
        super().__init__("An account of staff is ended by a manager.")


def passes_with_value(person: Person, *, at: dt.datetime) -> list[SessionPass]:
    """Return the passes with sessions left that may still be used."""
    in_grace = timezone.localdate(at) - dt.timedelta(days=GRACE_DAYS)
    usable = Q(expires_on__isnull=True) | Q(expires_on__gte=in_grace)
    owned = SessionPass.objects.owned_by(person.user).filter(usable).select_related("treatment")
    rows: Any = owned.with_balance()
    return [row for row in rows if row.balance > 0]


def hindrances(user: User, *, at: dt.datetime) -> list[Order]:
    """Return the orders that must come to their end before an account can be deleted."""
    return orders_under_way(person_of(user), at=at)


@transaction.atomic
def close_account(*, user_id: int, gives_up_passes: bool, at: dt.datetime) -> bool:
    """Delete an account; False if that was done before.

    :raises StaffAccount: if it belongs to staff.
    :raises OrdersUnderWay: if an order has not come to its end.
    :raises PassesLeft: if sessions are left and are not given up.
    """
    # Not its key: whoever has locked an order and writes who did it does not wait for us.
    user = User.objects.select_for_update(no_key=True).get(pk=user_id)
    if not user.is_active:
        return False
    if user.is_staff or user.is_superuser:
        raise StaffAccount
    person = person_of(user)
    ownership.lock_orders_of([person])
    locking.lock_all_of([person])
    claim_all(person, at=at)
    if orders := orders_under_way(person, at=at):
        raise OrdersUnderWay(orders)
    passes = passes_with_value(person, at=at)
    if passes and not gives_up_passes:
        raise PassesLeft(passes)
    owned = SessionPass.objects.owned_by(user).values_list("pk", flat=True)
    appointments.cancel_all(pass_ids=list(owned), by=user, at=at)
    gifts.end_all_of(user=user, emails=person.emails, at=at)
    for row in passes:
        _give_up(row, by=user, at=at)
    stripe_customers.delete_from(user=user, at=at)
    receipt_to = user.email
    for room in ROOMS:
        room.forget(person)
    _forget_in_histories(person)
    mail.queue(
        effect_key=f"account:{user_id}:{DELETED}",
        event=DELETED,
        to=receipt_to,
        reference="",
        context={"event": DELETED},
        at=at,
    )
    return True


def _give_up(row: SessionPass, *, by: User, at: dt.datetime) -> None:
    """Let the ledger say where the sessions went; what a visit has set aside is free first."""
    # Nobody redeems in between.
    SessionPass.objects.select_for_update(of=["self"]).get(pk=row.pk)
    entries = list(row.entries.order_by("pk"))
    for held in open_holds(entries):
        ledger.release(
            hold_id=held.pk,
            reference=f"given-up:hold:{held.pk}",
            reason="Given up with the account",
            by=by,
            at=at,
        )
    ledger.adjust(
        pass_id=row.pk,
        sessions=-standing_of(row, entries).balance,
        reference=f"given-up:{row.public_id}",
        reason="Given up with the account",
        note="Given up by the customer, who deleted the account",
        by=by,
        at=at,
    )


def _forget_in_histories(person: Person) -> None:
    """Staff's history names an account by its address."""
    about = ContentType.objects.get_for_model(User)
    entries = ModelLogEntry.objects.filter(content_type=about, object_id=str(person.user.pk))
    entries.update(label=NOBODYS_NAME, data={})


def forget_receipts() -> int:
    """Drop the receipts that have gone out, and with them the last addresses."""
    return mails.forget_gone_out(event=DELETED)


def render(context: Mapping[str, Any]) -> mail.RenderedMail:
    """Write the receipt of a deletion; it holds nothing that was deleted."""
    return mail.render(
        event=context["event"], subject="Your account has been deleted", context=context
    )


def register() -> None:
    """Tell the outbox who writes the receipt."""
    mail.register_renderer(DELETED, render)
