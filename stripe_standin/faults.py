"""Which faults the next API calls meet, as ordered from the control page."""

from dataclasses import asdict, dataclass
from typing import Literal, get_args

from stripe_standin.store import Transaction

FaultKind = Literal[
    "429",
    "500",
    "500_after",
    "503",
    "reset",
    "lose_answer",
    "slow",
    "malformed",
]
KINDS: tuple[FaultKind, ...] = get_args(FaultKind)
MEANINGS: dict[FaultKind, str] = {
    "429": "429, nothing done",
    "500": "500, nothing done",
    "500_after": "500, although the work was done",
    "503": "503, nothing done",
    "reset": "drop the connection, nothing done",
    "lose_answer": "do the work, then drop the connection",
    "slow": "answer slowly",
    "malformed": "do the work, answer with broken JSON",
}
SETTING = "faults"
MAX_SECONDS = 120.0


@dataclass
class Fault:
    """A fault and how many more calls meet it; an empty path means every call."""

    kind: FaultKind
    left: int
    method: str = ""
    path: str = ""
    seconds: float = 0.0

    def meets(self, method: str, path: str) -> bool:
        """Return whether this call is one of those it was ordered for."""
        return self.method in {"", method} and path.startswith(self.path)


class ConnectionDropped(Exception):
    """The call gets no answer: the connection is to be closed without one."""


def _load(tx: Transaction) -> list[Fault]:
    return [Fault(**stored) for stored in tx.setting(SETTING, [])]


def _store(tx: Transaction, faults: list[Fault]) -> None:
    tx.set(SETTING, [asdict(fault) for fault in faults if fault.left > 0])


def order(tx: Transaction, fault: Fault) -> None:
    """Add a fault behind those already ordered."""
    _store(tx, [*_load(tx), fault])


def clear(tx: Transaction) -> None:
    """Forget every ordered fault."""
    _store(tx, [])


def pending(tx: Transaction) -> list[Fault]:
    """Return the faults that are still to come."""
    return _load(tx)


def take(tx: Transaction, method: str, path: str) -> list[Fault]:
    """Use up and return what this call meets: slowness, and at most one other fault."""
    faults = _load(tx)
    met: dict[bool, Fault] = {}
    for fault in faults:
        slow = fault.kind == "slow"
        if slow not in met and fault.meets(method, path):
            met[slow] = fault
    for fault in met.values():
        fault.left -= 1
    if met:
        _store(tx, faults)
    return list(met.values())


def kind_named(name: str) -> FaultKind | None:
    """Return the fault kind of this name, if there is one."""
    return next((kind for kind in KINDS if kind == name), None)
