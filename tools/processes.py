"""Several servers started together, logged apart, and stopped together."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

_PR_SET_PDEATHSIG = 1


class Died(Exception):
    """A server ended by itself; the message says which and shows its last words."""


def _die_with_parent() -> None:
    """Ask Linux to end this process when the one that started it is gone, however it went."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


class Server:
    """One process in a group of its own, with its output in a log file."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        cwd: Path,
        env: Mapping[str, str],
        log: Path,
        is_echoed: bool,
    ) -> None:
        self.name = name
        self.log = log
        log.parent.mkdir(parents=True, exist_ok=True)
        if log.exists():
            log.replace(log.with_suffix(".log.old"))
        self.process = subprocess.Popen(
            list(command),
            cwd=cwd,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
            preexec_fn=_die_with_parent if sys.platform == "linux" else None,
        )
        self._copier = threading.Thread(target=self._copy_output, args=(is_echoed,), daemon=True)
        self._copier.start()

    def _copy_output(self, is_echoed: bool) -> None:
        stream = self.process.stdout
        if stream is None:
            return
        with stream, self.log.open("w", buffering=1) as log:
            for line in stream:
                log.write(line)
                if is_echoed:
                    print(f"[{self.name}] {line}", end="", flush=True)

    def last_words(self) -> str:
        """Return the end of the log, for a person who must find out why it died."""
        self._copier.join(timeout=1)
        try:
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-8:])
        except OSError:
            return ""

    def signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, number)


class Servers:
    """The servers of one demo: when one dies, or the person says stop, all stop."""

    def __init__(self) -> None:
        self._running: list[Server] = []

    def add(self, server: Server) -> None:
        self._running.append(server)

    def check(self) -> None:
        """Look whether every server still runs.

        :raises Died: if one has ended.
        """
        for server in self._running:
            code = server.process.poll()
            if code is not None:
                raise Died(
                    f"The {server.name} stopped by itself (exit code {code}), so everything stops."
                    f" Its last lines, from {server.log}:\n{server.last_words()}"
                )

    def megabytes_of_children(self) -> float:
        """Return the memory of the processes that the servers themselves started (Linux alone)."""
        parents = {server.process.pid for server in self._running}
        kilobytes = 0
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                fields = dict(
                    line.split(":", 1) for line in (folder / "status").read_text().splitlines()
                )
                if int(fields["PPid"]) in parents:
                    kilobytes += int(fields["VmRSS"].split()[0])
        return kilobytes / 1024

    def stop(self, patience: float = 8) -> None:
        """End every server and whatever it started, politely first."""
        for server in self._running:
            server.signal(signal.SIGTERM)
        deadline = time.monotonic() + patience
        for server in self._running:
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.process.wait(timeout=max(0.1, deadline - time.monotonic()))
        for server in self._running:
            server.signal(signal.SIGKILL)
            server.process.wait()
