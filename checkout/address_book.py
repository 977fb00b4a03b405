"""The address book of a customer: add, change, remove, choose the usual one.

Orders keep a copy of where they went, so nothing here changes one.
"""

import datetime as dt
from dataclasses import asdict, fields
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from checkout.models import DeliveryAddress
from checkout.placement import Address

MOST: Final = 20


class AddressRefused(ValueError):
    """The address book was not changed; the message can be shown."""


class BookFull(AddressRefused):
    """Nobody needs so many."""

    def __init__(self) -> None:
        super().__init__(f"You can keep {MOST} addresses. Remove one first.")


class NoSuchAddress(AddressRefused):
    """It is somebody else's, or gone."""

    def __init__(self) -> None:
        super().__init__("This address is not in your account any more.")


def addresses_of(user: User) -> QuerySet[DeliveryAddress]:
    """Return a customer's addresses, the usual one first."""
    return DeliveryAddress.objects.filter(user=user)


@transaction.atomic
def add(*, user: User, address: Address, label: str, at: dt.datetime) -> DeliveryAddress:
    """Keep an address; the first becomes the usual one, and one that is there already stays.

    :raises BookFull: if there are too many.
    """
    _lock(user)
    kept = addresses_of(user)
    facts = asdict(address)
    same = kept.filter(**facts).first()
    if same is not None:
        return same
    count = kept.count()
    if count >= MOST:
        raise BookFull
    return DeliveryAddress.objects.create(
        user=user, label=label, is_default=not count, added_at=at, **facts
    )


@transaction.atomic
def change(*, user: User, address_id: int, address: Address, label: str) -> DeliveryAddress:
    """Write an address anew.

    :raises NoSuchAddress: if it is not one of theirs.
    """
    _lock(user)
    row = _own(user, address_id)
    for name, value in {**asdict(address), "label": label}.items():
        setattr(row, name, value)
    row.save()
    return row


@transaction.atomic
def remove(*, user: User, address_id: int) -> None:
    """Forget an address; if it was the usual one, the oldest of the others becomes it.

    :raises NoSuchAddress: if it is not one of theirs.
    """
    _lock(user)
    _own(user, address_id).delete()
    kept = addresses_of(user)
    oldest = kept.order_by("pk").first()
    if oldest is not None and not kept.filter(is_default=True).exists():
        kept.filter(pk=oldest.pk).update(is_default=True)


@transaction.atomic
def make_default(*, user: User, address_id: int) -> None:
    """Let an address be the usual one.

    :raises NoSuchAddress: if it is not one of theirs.
    """
    _lock(user)
    row = _own(user, address_id)
    addresses_of(user).filter(is_default=True).update(is_default=False)
    addresses_of(user).filter(pk=row.pk).update(is_default=True)


def new_in(book: User, *, of: User) -> list[DeliveryAddress]:
    """Return the addresses of one account that another one's book does not hold yet."""
    known = {_facts(row) for row in addresses_of(book)}
    return [row for row in addresses_of(of) if _facts(row) not in known]


@transaction.atomic
def hand_over(*, gone: User, stays: User, at: dt.datetime) -> None:
    """Move one account's addresses into the book of another; what does not fit is forgotten."""
    room = MOST - addresses_of(stays).count()
    for row in new_in(stays, of=gone)[: max(room, 0)]:
        add(user=stays, address=Address(*_facts(row)), label=row.label, at=at)
    addresses_of(gone).delete()


def _facts(row: DeliveryAddress) -> tuple[str, ...]:
    return tuple(getattr(row, each.name) for each in fields(Address))


def _lock(user: User) -> None:
    """Let nobody else change the same book meanwhile."""
    User.objects.select_for_update().get(pk=user.pk)


def _own(user: User, address_id: int) -> DeliveryAddress:
    row = addresses_of(user).filter(pk=address_id).first()
    if row is None:
        raise NoSuchAddress
    return row
