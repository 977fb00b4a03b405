"""The thread that lets time pass: deliveries, retries, expiries and settlements."""

import logging
import threading
from collections.abc import Callable

PAUSE = 0.5
logger = logging.getLogger(__name__)


class Background:
    """Runs a task again and again, and at once when woken."""

    def __init__(self, task: Callable[[], object]) -> None:
        self._task = task
        self._woken = threading.Event()
        self._stopping = False
        self._thread: threading.Thread | None = None

    @property
    def is_running(self) -> bool:
        """Return whether the thread was started and not yet stopped."""
        return self._thread is not None

    def start(self) -> None:
        """Start the thread."""
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="standin-background", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Run the task without waiting for the next round."""
        self._woken.set()

    def stop(self) -> None:
        """Let the current round end and stop."""
        self._stopping = True
        self._woken.set()
        if self._thread is not None:
            self._thread.join(timeout=5)
            self._thread = None

    def _run(self) -> None:
        while not self._stopping:
            try:
                self._task()
            except Exception:
                logger.exception("A background round failed; the next one tries again.")
            self._woken.wait(PAUSE)
            self._woken.clear()
