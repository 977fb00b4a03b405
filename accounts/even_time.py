"""Answers that take as long whether or not somebody is known (R24)."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

# Longer than what is done for somebody known takes.
SECONDS: Final = 0.5


@contextmanager
def even_time() -> Iterator[None]:
    """Do something, and wait until half a second has gone by since it began.

    What takes longer shows. Only for what is asked seldom and limited: a worker waits meanwhile.
    """
    until = time.monotonic() + SECONDS
    yield
    time.sleep(max(0, until - time.monotonic()))
