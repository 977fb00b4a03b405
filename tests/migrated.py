"""The migrated database, made once for every schema and copied wherever tests begin with one.

Replaying the history of every app takes half a minute; copying what came of it takes a moment.
Whoever copies migrates once more, which finds nothing to do, or does what is missing.
"""

import contextlib
import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from tools.environment import ROOT, file_hash

CACHE = ROOT / "var" / "test-cache"
PREFIX = "galea_migrated_"
# Other branches have other schemas; more files than these would fill the disk.
KEPT = 4


def sqlite_file() -> Path:
    """Return the migrated SQLite file; the first to ask builds it, others wait."""
    wanted = CACHE / f"{PREFIX}{_key()}.sqlite3"
    with _alone():
        if not wanted.exists():
            unfinished = wanted.with_suffix(".unfinished")
            unfinished.unlink(missing_ok=True)
            _migrate(f"sqlite:///{unfinished}")
            unfinished.rename(wanted)
            _drop_old_files()
    return wanted


def postgresql_database(server_url: str) -> str:
    """Return the name of the migrated database on a server; built and waited for as above."""
    wanted = f"{PREFIX}{_key()}"
    with _alone(), psycopg.connect(server_url, autocommit=True) as server:
        found = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [wanted])
        if found.fetchone() is None:
            _drop_databases(server)
            unfinished = f"{wanted}_unfinished"
            server.execute(f'CREATE DATABASE "{unfinished}" TEMPLATE template0'.encode())
            _migrate(urlunsplit(urlsplit(server_url)._replace(path=f"/{unfinished}")))
            server.execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{wanted}"'.encode())
    return wanted


def _key() -> str:
    """Name what the schema is made from; models too, since permissions are made of them."""
    inputs = [*sorted(ROOT.glob("*/migrations")), *sorted(ROOT.glob("*/models*"))]
    return file_hash(*inputs, ROOT / "requirements" / "runtime.txt", Path(__file__))[:16]


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "migrated.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _migrate(url: str) -> None:
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "storefront.settings.test",
        "GALEA_ENV_FILE": os.devnull,
        "TEST_DATABASE_URL": url,
    }
    command = [sys.executable, "manage.py", "migrate", "--run-syncdb", "--verbosity=0"]
    run = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr[-3000:]


def _drop_old_files() -> None:
    files = sorted(CACHE.glob(f"{PREFIX}*.sqlite3"), key=lambda path: path.stat().st_mtime)
    for old in files[:-KEPT]:
        old.unlink()


def _drop_databases(server: psycopg.Connection[tuple[object, ...]]) -> None:
    """A server of one's own keeps one schema, the newest."""
    names = server.execute(
        "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [PREFIX]
    )
    for (name,) in names.fetchall():
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


def copy_to(path: Path) -> None:
    """Put a migrated SQLite file where there is none."""
    shutil.copyfile(sqlite_file(), path)
