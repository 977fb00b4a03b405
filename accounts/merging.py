"""Two accounts of one person become one: what each room says of it, and what it moves."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from allauth.account.models import EmailAddress

from accounts.models import User
from accounts.person import Person, close_row


@dataclass(frozen=True, slots=True)
class Outlook:
    """What merging two accounts would come to in one room, in sentences that staff read.

    :ivar moves: what goes to the account that stays.
    :ivar stays: what does not, and what becomes of it.
    :ivar hinders: what has to come to its end before; nothing is moved while there is any.
    """

    moves: Sequence[str] = ()
    stays: Sequence[str] = ()
    hinders: Sequence[str] = ()


class Move(Protocol):
    """Hands over what one room holds; the caller has locked both accounts."""

    def __call__(self, *, gone: Person, stays: Person, by: User, at: dt.datetime) -> None: ...


@dataclass(frozen=True, slots=True)
class Mover:
    """What one room moves when two accounts become one.

    :ivar fields: labels of the fields that lead to the account that goes and are changed.
    """

    title: str
    fields: frozenset[str]
    look: Callable[[Person, Person], Outlook]
    move: Move


def counted(number: int, one: str, many: str = "") -> str:
    """Say how many there are: "1 order", "3 orders"."""
    return f"{number} {one}" if number == 1 else f"{number} {many or f'{one}s'}"


def _look(gone: Person, _stays: Person) -> Outlook:
    typed = EmailAddress.objects.filter(user=gone.user, verified=False).exists()
    moves = [f"{email} signs in to the account that stays from now on" for email in gone.emails]
    stays = ["an address that was typed and never proved is dropped"] if typed else []
    return Outlook(moves, [*stays, "the account itself is closed and names nobody any more"])


def _move(*, gone: Person, stays: Person, by: User, at: dt.datetime) -> None:  # noqa: ARG001
    """Let the proved addresses lead to the account that stays, and the other open to nobody."""
    proved = EmailAddress.objects.filter(user=gone.user, verified=True)
    proved.update(user=stays.user, primary=False)
    if not stays.user.name:
        stays.user.name = gone.user.name
        stays.user.save(update_fields=["name"])
    close_row(gone)


MOVER: Final = Mover(
    title="Signing in",
    fields=frozenset({"account.EmailAddress.user"}),
    look=_look,
    move=_move,
)
