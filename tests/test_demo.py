"""`make demo` says in one line what is in its way, and stops everything that it started."""

import fcntl
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.environment import ROOT
from tools.processes import Died, Server, Servers

WITHIN = 30


def _said(verb: str = "run", **variables: str) -> list[str]:
    """Return what the demo says when it refuses to begin."""
    run = subprocess.run(
        [sys.executable, "-m", "tools.demo", verb],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **variables},
        capture_output=True,
        text=True,
    )
    assert (run.returncode, run.stdout) == (1, "")
    return run.stderr.splitlines()


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that somebody else listens to."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_taken_port_is_said_and_a_free_one_named(taken: int) -> None:
    [line] = _said(PORT=str(taken), STRIPE_PORT=str(taken + 1))

    start = f"Galea: Port {taken} for the shop is not free (Address already in use):"
    start += " choose another, such as make demo PORT="
    assert line.startswith(start)
    other = int(line.removeprefix(start).removesuffix("."))
    assert other not in {taken, taken + 1}
    with socket.create_server(("127.0.0.1", other)):
        pass


def test_the_stand_in_s_port_is_looked_at_too(taken: int) -> None:
    [line] = _said(PORT=str(taken - 1), STRIPE_PORT=str(taken))

    assert "for the Stripe stand-in is not free" in line
    assert "make demo STRIPE_PORT=" in line


@pytest.mark.parametrize("text", ["abc", "0", "-1", "65536", "99999999999999999999", "8000 "])
def test_what_is_no_port_is_refused(text: str) -> None:
    assert _said(PORT=text) == [f"Galea: PORT={text} is not a port: choose one from 1024 to 65535."]


def test_one_port_for_both_is_refused() -> None:
    assert _said(PORT="8731", STRIPE_PORT="8731") == [
        "Galea: PORT and STRIPE_PORT are both 8731: choose two different ports."
    ]


@pytest.mark.parametrize("verb", ["demo", "dev"])
def test_a_python_that_is_too_old_is_said(verb: str, tmp_path: Path) -> None:
    """It is asked in words that any Python understands, before it reads a file of ours."""
    old = _without_python(tmp_path) / "python3"

    said = _make(verb, f"PYTHON={old}", path=tmp_path)

    assert said.startswith(f"Galea needs Python 3.11 or newer (found: {old}): install it")


def test_a_machine_without_a_new_python_is_told(tmp_path: Path) -> None:
    said = _make("demo", path=_without_python(tmp_path))

    assert said.startswith("Galea needs Python 3.11 or newer (found: none): install it")


def _without_python(folder: Path) -> Path:
    """Fill a folder with Pythons that say of themselves that they are old."""
    for name in ("python3.13", "python3.12", "python3.11", "python3"):
        (folder / name).write_text("#!/bin/sh\nexit 1\n")
        (folder / name).chmod(0o755)
    return folder


def _make(*arguments: str, path: Path) -> str:
    env = {"PATH": f"{path}:/usr/bin:/bin"}
    run = subprocess.run(["make", *arguments], cwd=ROOT, env=env, capture_output=True, text=True)
    assert (run.returncode, run.stdout) == (2, "")
    return run.stderr


def test_a_folder_that_takes_no_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    folder = tmp_path / "file" / "var"

    [line] = _said(GALEA_VAR_DIR=str(folder))

    assert line.startswith(f"Galea: Cannot write to {folder} (Not a directory): make the folder")


@pytest.mark.parametrize("verb", ["run", "reset"])
def test_a_second_demo_in_one_folder_is_refused_and_takes_nothing(
    tmp_path: Path, verb: str
) -> None:
    kept = tmp_path / "galea.sqlite3"
    kept.write_text("orders")

    with (tmp_path / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        said = _said(verb, GALEA_VAR_DIR=str(tmp_path))

    assert said == [
        "Galea: The demo already runs from this folder: stop it first (Ctrl-C where it runs)."
    ]
    assert kept.read_text() == "orders"


# --- What was started, ends -------------------------------------------------------------------

# A server that will not go when asked, and has a child that will not either.
STUBBORN = """
import os, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = None
if sys.argv[1:]:
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print("ready", os.getpid(), child.pid if child else "", flush=True)
time.sleep(600)
"""


def _started(folder: Path, name: str, code: str, *arguments: str) -> Server:
    return Server(
        name,
        [sys.executable, "-c", code, *arguments],
        cwd=folder,
        env={"PATH": os.environ["PATH"]},
        log=folder / f"{name}.log",
        is_echoed=False,
    )


def _pids_of(server: Server) -> list[int]:
    """Wait until a server says that it is ready; return its processes."""
    deadline = time.monotonic() + WITHIN
    while not (server.log.exists() and "ready" in server.log.read_text()):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return [int(pid) for pid in server.log.read_text().split()[1:]]


def _lives(pid: int) -> bool:
    """Tell whether a process runs; what is dead and not yet buried does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_stopping_ends_servers_and_what_they_started(tmp_path: Path) -> None:
    servers = Servers()
    started = [
        _started(tmp_path, "one", STUBBORN, "with a child"),
        _started(tmp_path, "two", STUBBORN),
    ]
    for server in started:
        servers.add(server)
    pids = [pid for server in started for pid in _pids_of(server)]

    servers.stop(patience=0.2)

    assert len(pids) == 3
    deadline = time.monotonic() + WITHIN
    while any(_lives(pid) for pid in pids):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_server_that_died_is_named_with_its_last_words(tmp_path: Path) -> None:
    servers = Servers()
    server = _started(tmp_path, "shop", "raise SystemExit('no such table')")
    servers.add(server)
    server.process.wait()

    with pytest.raises(Died) as death:
        servers.check()

    assert "The shop stopped by itself (exit code 1)" in str(death.value)
    assert "no such table" in str(death.value)
