"""The Python environment in `.venv`, built from a hash-locked requirements file.

Runs on the standard library alone, because it is what brings everything else. Installing is
skipped while the lock file that was installed is still the one in the tree.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tools.terminal import Refusal, Step

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "galea-installed.json"
OLDEST = (3, 11)


def check_python() -> None:
    """Make sure that this Python can build an environment and run the shop.

    :raises Refusal: if it is too old or lacks a part that some systems package apart.
    """
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    if sys.version_info < OLDEST:
        raise Refusal(f"Galea needs Python 3.11 or newer, but {sys.executable} is {version}.")
    wanted = {
        "venv": f"python{version}-venv",
        "ensurepip": f"python{version}-venv",
        "sqlite3": "Python with SQLite",
        "ssl": "Python with OpenSSL",
    }
    for module, package in wanted.items():
        if importlib.util.find_spec(module) is None:
            raise Refusal(
                f"{sys.executable} has no module '{module}': install {package}"
                " (Debian: apt-get install python3-venv), then run this again."
            )


def check_writable(folder: Path) -> None:
    """Make sure that files can be written to `folder`, creating it if need be.

    :raises Refusal: if they cannot.
    """
    probe = folder / f".write-probe-{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.write_text("")
        probe.unlink()
    except OSError as error:
        raise Refusal(
            f"Cannot write to {folder} ({error.strerror}): make the folder writable"
            " or clone the repository to one that is."
        ) from error


def file_hash(*paths: Path) -> str:
    """Return one hash of the names and bytes of files, of folders with all they hold."""
    digest = hashlib.sha256()
    for path in paths:
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in files:
            if file.is_file() and file.suffix != ".pyc":
                digest.update(str(file.relative_to(ROOT)).encode() + b"\0")
                digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def ensure(name: str) -> None:
    """Bring `.venv` to the packages of `requirements/<name>.txt`.

    :raises Refusal: if the environment cannot be created or a package cannot be installed.
    """
    lock = ROOT / "requirements" / f"{name}.txt"
    wanted = file_hash(lock)
    if _read_stamp().get(name) == wanted and _works():
        return
    check_python()
    check_writable(ROOT)
    if not _works():
        with Step(f"Creating .venv with Python {sys.version_info[0]}.{sys.version_info[1]}"):
            _create()
    count = sum(1 for line in lock.read_text().splitlines() if line[:1].isalnum())
    with Step(f"Installing up to {count} packages (once, until the lock changes)") as step:
        _install(lock, step)
    # The development lock holds all of the runtime lock, at the same versions.
    runtime = file_hash(ROOT / "requirements" / "runtime.txt")
    STAMP.write_text(json.dumps({name: wanted, "runtime": runtime}))


def _read_stamp() -> dict[str, str]:
    try:
        stamp = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def _works() -> bool:
    """Tell whether `.venv` holds a Python that starts and is new enough."""
    question = f"import sys, django; sys.exit(sys.version_info < {OLDEST})"
    if not STAMP.exists():
        question = question.replace(", django", "")
    try:
        return subprocess.run([PYTHON, "-c", question], capture_output=True).returncode == 0
    except OSError:
        return False


def _create() -> None:
    shutil.rmtree(VENV, ignore_errors=True)
    # Its own pip would take as long to unpack as all else to install, and is needed by nobody.
    without = ["--without-pip"] if _has_pip() else []
    make = [sys.executable, "-m", "venv", *without, str(VENV)]
    run = subprocess.run(make, capture_output=True, text=True)
    if run.returncode != 0:
        raise Refusal(
            "Could not create .venv: install the venv module (Debian: apt-get install"
            f" python3-venv), then run this again. Python said: {_last_line(run)}"
        )


def _install(lock: Path, step: Step) -> None:
    # It takes seconds where pip takes half a minute; where it cannot run, pip does it.
    uv = shutil.which("uv") or _installer()
    if uv:
        command = [uv, "pip", "install", "--quiet", "--python", str(PYTHON)]
        command += ["--require-hashes", "-r", str(lock)]
        if subprocess.run(command, capture_output=True, env=_registry()).returncode == 0:
            return
    command = [*_pip(), "install", "--no-compile", "--disable-pip-version-check"]
    command += ["--no-input", "--progress-bar", "off", "--require-hashes", "-r", str(lock)]
    lines: list[str] = []
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as pip:
        assert pip.stdout is not None  # noqa: S101 (asked for above)
        collected = 0
        for line in pip.stdout:
            lines.append(line.rstrip())
            collected += line.startswith("Collecting ")
            step.note = (
                "unpacking" if line.startswith("Installing ") else f"{collected} packages found"
            )
    if pip.returncode != 0:
        reasons = [line for line in lines if line.startswith("ERROR")] or lines[-1:]
        raise Refusal(f"A package could not be installed: {reasons[0][:300]}")


def _has_pip() -> bool:
    """Tell whether the Python that runs this can install into `.venv` from outside."""
    return importlib.util.find_spec("pip") is not None


def _pip() -> list[str]:
    """Return the pip that installs into `.venv`: that of the Python which runs this, or its own."""
    if _has_pip():
        return [sys.executable, "-m", "pip", "--python", str(PYTHON)]
    return [str(PYTHON), "-m", "pip"]


def _installer() -> str:
    """Bring uv into `.venv`; return where it is, or nothing if it does not come."""
    command = [*_pip(), "install", "--quiet", "--no-deps", "--no-compile"]
    command += ["--disable-pip-version-check", "--no-input", "--require-hashes"]
    command += ["-r", str(ROOT / "requirements" / "installer.txt")]
    came = subprocess.run(command, capture_output=True).returncode == 0
    return str(VENV / "bin" / "uv") if came else ""


def _registry() -> dict[str, str]:
    """Let uv ask the registry that pip was told to ask, and not wait long for one out of reach."""
    env = {"UV_HTTP_TIMEOUT": "20", "UV_HTTP_RETRIES": "1", **os.environ}
    asked = [*_pip(), "config", "list"]
    known = subprocess.run(asked, capture_output=True, text=True).stdout.splitlines()
    for line in known:
        name, _, value = line.partition("=")
        if name.partition(".")[2] == "index-url":
            env.setdefault("UV_DEFAULT_INDEX", value.strip("'"))
    return env


def _last_line(run: subprocess.CompletedProcess[str]) -> str:
    lines = (run.stderr or run.stdout).strip().splitlines()
    return lines[-1][:300] if lines else f"exit code {run.returncode}"


def main() -> int:
    try:
        ensure(sys.argv[1] if len(sys.argv) > 1 else "dev")
    except Refusal as refusal:
        print(f"Galea: {refusal}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
