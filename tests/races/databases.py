"""One filled template, and fresh databases copied from it: SQLite files or PostgreSQL databases."""

import contextlib
import os
import secrets
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg

ROOT = Path(__file__).resolve().parents[2]
# A crowded machine is slow, not wrong.
FILL_SECONDS = 600


@dataclass(frozen=True)
class Database:
    """A database of one shop, read here by plain SQL, apart from Django."""

    url: str

    @property
    def is_postgresql(self) -> bool:
        return self.url.startswith("postgres")

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Run one query, with `?` for each value, and return its rows."""
        if self.is_postgresql:
            with psycopg.connect(self.url, autocommit=True) as connection:
                return connection.execute(sql.replace("?", "%s"), values).fetchall()  # type: ignore[arg-type]
        path = self.url.removeprefix("sqlite:///")
        with contextlib.closing(sqlite3.connect(path, timeout=20)) as file:
            return file.execute(sql, values).fetchall()

    def value(self, sql: str, *values: Any) -> Any:
        """Return the one value that a query gives."""
        [[value]] = self.rows(sql, *values)
        return value


class Template:
    """The filled database, and the copies that were made of it."""

    def __init__(self, folder: Path, server_url: str) -> None:
        self._folder = folder
        self._server_url = server_url if server_url.startswith("postgres") else ""
        self._prefix = f"galea_races_{secrets.token_hex(4)}"
        self._made: list[str] = []
        self._template = self._empty("template")
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.races.settings",
            "RACE_DATABASE_URL": self._template.url,
        }
        fill = [sys.executable, "-m", "django", "fill_small_shop"]
        subprocess.run(fill, cwd=ROOT, env=environment, check=True, timeout=FILL_SECONDS)

    def copy(self, name: str) -> Database:
        """Return a fresh copy of the filled database."""
        if self._server_url:
            return self._create(name, template=f"{self._prefix}_template")
        copied = self._empty(name)
        with (
            contextlib.closing(sqlite3.connect(_path(self._template))) as source,
            contextlib.closing(sqlite3.connect(_path(copied))) as target,
        ):
            source.backup(target)
        return copied

    def drop(self) -> None:
        """Drop every database that was made here; files go with their folder."""
        if self._server_url:
            with self._server() as server:
                for name in reversed(self._made):
                    server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')  # type: ignore[arg-type]

    def _empty(self, name: str) -> Database:
        if self._server_url:
            return self._create(name, template="template0")
        return Database(f"sqlite:///{self._folder / name}.sqlite3")

    def _create(self, name: str, *, template: str) -> Database:
        full = f"{self._prefix}_{name}"
        with self._server() as server:
            server.execute(f'CREATE DATABASE "{full}" TEMPLATE "{template}"')  # type: ignore[arg-type]
        self._made.append(full)
        return Database(urlunsplit(urlsplit(self._server_url)._replace(path=f"/{full}")))

    @contextlib.contextmanager
    def _server(self) -> Iterator[psycopg.Connection[Any]]:
        with psycopg.connect(self._server_url, autocommit=True) as connection:
            yield connection


def _path(database: Database) -> str:
    return database.url.removeprefix("sqlite:///")
