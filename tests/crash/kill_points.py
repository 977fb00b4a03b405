"""Every moment at which a process may die, counted while it runs, and death at one of them.

A moment is a line of the files that place, pay, settle and refund, a statement just before the
database gets it, a commit on either side, and a call to Stripe on either side. The shop's own
code knows nothing of this: lines are seen by `sys.settrace`, the rest at the library's edges.
"""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from django.db import connection

from checkout import stripe_gateway

ROOT = Path(__file__).resolve().parents[2]
WATCHED = {
    str(ROOT / path): path
    for path in (
        "catalog/stock.py",
        "checkout/payments.py",
        "checkout/placement.py",
        "checkout/refunds.py",
        "checkout/settlement.py",
        "checkout/webhooks.py",
        "treatments/ledger.py",
    )
}


class Moments:
    """Names every moment that passes; at the one with the fatal number the process dies."""

    def __init__(self, fatal: int | None = None) -> None:
        self.names: list[str] = []
        self._fatal = fatal

    def passes(self, name: str) -> None:
        if len(self.names) == self._fatal:
            os.kill(os.getpid(), signal.SIGKILL)
        self.names.append(name)

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Watch everything that happens inside the block. Only for a process of its own."""
        connection._commit = self._around(connection._commit, "COMMIT")  # type: ignore[attr-defined]
        stripe_gateway._translate = self._around(stripe_gateway._translate, "Stripe")
        with connection.execute_wrapper(self._before_statement):
            sys.settrace(self._on_call)
            try:
                yield
            finally:
                sys.settrace(None)

    def _on_call(self, frame: FrameType, _event: str, _arg: object) -> Any:
        return self._on_line if frame.f_code.co_filename in WATCHED else None

    def _on_line(self, frame: FrameType, event: str, _arg: object) -> Any:
        if event == "line":
            self.passes(f"{WATCHED[frame.f_code.co_filename]}:{frame.f_lineno}")
        return self._on_line

    def _before_statement(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        self.passes(f"before {' '.join(sql.split())[:60]}")
        return execute(sql, params, many, context)

    def _around(self, act: Callable[..., Any], name: str) -> Callable[..., Any]:
        def watched(*args: Any, **kwargs: Any) -> Any:
            self.passes(f"before {name}")
            result = act(*args, **kwargs)
            self.passes(f"after {name}")
            return result

        return watched


def is_line(name: str) -> bool:
    """Tell a line of code from what reaches the database or Stripe."""
    return not name.startswith(("before ", "after "))
