"""How the tools talk to a person: one line per step, and one line per refusal."""

from __future__ import annotations

import sys
import threading
import time
from types import TracebackType


class Refusal(Exception):
    """Something outside the project is in the way; the message is one line that says what to do."""


class Step:
    """One line for something that takes a while, kept alive so that nobody thinks it hangs."""

    def __init__(self, label: str) -> None:
        self.label = label
        self.note = ""
        self._started_at = time.monotonic()
        self._done = threading.Event()
        self._is_terminal = sys.stdout.isatty()
        self._thread = threading.Thread(target=self._keep_alive, daemon=True)

    def __enter__(self) -> Step:
        self._say(f"  {self.label} ...", end="" if self._is_terminal else "\n")
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._done.set()
        self._thread.join()
        if error is None:
            self._rewrite(f"  {self.label}: done in {self._seconds():.1f} s")
        elif self._is_terminal:
            self._say("")

    def _keep_alive(self) -> None:
        while not self._done.wait(1 if self._is_terminal else 10):
            note = f", {self.note}" if self.note else ""
            self._rewrite(f"  {self.label} ... {self._seconds():.0f} s{note}", is_last=False)

    def _seconds(self) -> float:
        return time.monotonic() - self._started_at

    def _rewrite(self, text: str, *, is_last: bool = True) -> None:
        if self._is_terminal:
            self._say(f"\r\033[K{text}", end="\n" if is_last else "")
        else:
            self._say(text)

    def _say(self, text: str, end: str = "\n") -> None:
        print(text, end=end, flush=True)
