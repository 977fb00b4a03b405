"""Processes that a running shop consists of: started apart, logged apart, ended with the tests."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

from tools.environment import ROOT

START_SECONDS = 90.0
STOP_SECONDS = 10.0
# Becomes the program, after asking Linux to end it when the tests are gone, however they went.
_BECOME = (
    "import ctypes, os, sys\n"
    "sys.platform == 'linux' and ctypes.CDLL(None).prctl(1, 15)\n"
    "os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
)


class NotStarted(AssertionError):
    """A process ended, or took too long, before it was ready; the message holds its last words."""


class Process:
    """One Python program in a process group of its own."""

    def __init__(
        self,
        arguments: Sequence[str],
        *,
        env: Mapping[str, str],
        log: Path,
        is_spoken_to: bool = False,
    ) -> None:
        self.log = log
        pipe = subprocess.PIPE if is_spoken_to else None
        with log.open("ab") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-c", _BECOME, *arguments],
                cwd=ROOT,
                env=dict(env),
                stdin=pipe or subprocess.DEVNULL,
                stdout=pipe or errors,
                stderr=errors,
                text=True,
                start_new_session=True,
            )

    @property
    def stdin(self) -> IO[str]:
        assert self._process.stdin is not None
        return self._process.stdin

    @property
    def stdout(self) -> IO[str]:
        assert self._process.stdout is not None
        return self._process.stdout

    def wait_until(self, is_ready: Callable[[], bool]) -> None:
        """Return as soon as the process is ready.

        :raises NotStarted: if it ends before that, or is not ready in time.
        """
        until = time.monotonic() + START_SECONDS
        while not is_ready():
            if self._process.poll() is not None or time.monotonic() > until:
                raise NotStarted(self.last_words())
            time.sleep(0.05)

    def last_words(self) -> str:
        return self.log.read_text(errors="replace")[-3000:]

    def stop(self) -> None:
        """End the process politely, then whatever is left of its group."""
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()
        self._signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=STOP_SECONDS)
        self._signal(signal.SIGKILL)
        self._process.wait(timeout=STOP_SECONDS)

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, number)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
