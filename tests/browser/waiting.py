"""Waiting for what another process will do, no longer than it takes."""

import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")

PATIENCE_SECONDS = 30.0
LOOK_AGAIN_SECONDS = 0.1


def until(look: Callable[[], Found], *, seconds: float = PATIENCE_SECONDS) -> Found:
    """Look again and again until there is something to see, and return it."""
    deadline = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        assert time.monotonic() < deadline, f"Nothing came of it in {seconds} s"
        time.sleep(LOOK_AGAIN_SECONDS)
