"""Where the stand-in keeps its state: one SQLite file, one writer at a time.

Every call runs in one transaction, so a killed process leaves whole calls behind or none.
"""

import json
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SCHEMA = """
CREATE TABLE IF NOT EXISTS objects (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    inner TEXT NOT NULL,
    wake_at INTEGER
);
CREATE INDEX IF NOT EXISTS objects_by_kind ON objects (kind, seq);
CREATE INDEX IF NOT EXISTS objects_to_wake ON objects (wake_at) WHERE wake_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS objects_by_payment
    ON objects (kind, json_extract(body, '$.payment_intent'));
CREATE TABLE IF NOT EXISTS deliveries (
    event_id TEXT PRIMARY KEY REFERENCES objects (id),
    seq INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'delivered', 'failed', 'no_endpoint')),
    attempts INTEGER NOT NULL DEFAULT 0,
    next_at REAL NOT NULL,
    last_result TEXT NOT NULL DEFAULT ''
);
CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries (state, next_at, seq);
CREATE TABLE IF NOT EXISTS idempotency (
    key TEXT PRIMARY KEY,
    fingerprint TEXT NOT NULL,
    request_id TEXT NOT NULL,
    status INTEGER NOT NULL,
    body BLOB NOT NULL,
    created INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


@dataclass
class Record:
    """One stored object: `body` is what the API shows, `inner` what only the stand-in knows."""

    kind: str
    body: dict[str, Any]
    inner: dict[str, Any] = field(default_factory=dict)
    wake_at: int | None = None
    seq: int = 0

    @property
    def id(self) -> str:
        """Return the Stripe id."""
        return str(self.body["id"])


class Transaction:
    """One open transaction; nothing is seen by others until it ends well."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def run(self, sql: str, arguments: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Run one statement and return its rows."""
        return self._connection.execute(sql, arguments).fetchall()

    def change(self, sql: str, arguments: Sequence[object] = ()) -> int:
        """Run one statement and return how many rows it changed."""
        return self._connection.execute(sql, arguments).rowcount

    def add(self, record: Record) -> Record:
        """Store a new object."""
        cursor = self._connection.execute(
            "INSERT INTO objects (id, kind, body, inner, wake_at) VALUES (?, ?, ?, ?, ?)",
            (record.id, record.kind, *_stored(record)),
        )
        record.seq = cursor.lastrowid or 0
        return record

    def save(self, record: Record) -> None:
        """Store what has changed in an object."""
        self._connection.execute(
            "UPDATE objects SET body = ?, inner = ?, wake_at = ? WHERE id = ?",
            (*_stored(record), record.id),
        )

    def find(self, kind: str, key: object) -> Record | None:
        """Return the object with this id, if there is one of this kind."""
        rows = self.select(kind, "id = ?", [key])
        return rows[0] if rows else None

    def get(self, kind: str, key: object) -> Record:
        """Return an object that is known to be there."""
        record = self.find(kind, key)
        if record is None:
            raise LookupError(f"{kind} {key!r} is not in the store")
        return record

    def select(
        self,
        kind: str,
        where: str = "1",
        arguments: Sequence[object] = (),
        *,
        limit: int = -1,
        oldest_first: bool = False,
    ) -> list[Record]:
        """Return the objects of a kind that match a condition, newest first."""
        order = "ASC" if oldest_first else "DESC"
        # Every condition is written in this package; what callers send is bound, never pasted.
        rows = self.run(
            f"SELECT kind, body, inner, wake_at, seq FROM objects WHERE kind = ? AND {where} "  # noqa: S608
            f"ORDER BY seq {order} LIMIT ?",
            [kind, *arguments, limit],
        )
        return [Record(row[0], json.loads(row[1]), json.loads(row[2]), *row[3:]) for row in rows]

    def find_any(self, key: str) -> Record | None:
        """Return the object with this id, of whatever kind."""
        rows = self.run("SELECT kind FROM objects WHERE id = ?", [key])
        return self.find(rows[0][0], key) if rows else None

    def due(self, now: int) -> list[tuple[str, str]]:
        """Return kind and id of the objects whose time has come, oldest first."""
        return [
            (kind, key)
            for kind, key in self.run(
                "SELECT kind, id FROM objects WHERE wake_at <= ? ORDER BY wake_at, seq", [now]
            )
        ]

    def setting(self, name: str, default: Any = None) -> Any:
        """Return a stored setting."""
        rows = self.run("SELECT value FROM settings WHERE name = ?", [name])
        return json.loads(rows[0][0]) if rows else default

    def set(self, name: str, value: Any) -> None:
        """Store a setting."""
        self.run("INSERT OR REPLACE INTO settings VALUES (?, ?)", [name, json.dumps(value)])


def _stored(record: Record) -> tuple[str, str, int | None]:
    return json.dumps(record.body), json.dumps(record.inner), record.wake_at


class Store:
    """The state file, shared by all threads of one process."""

    def __init__(self, path: str | Path) -> None:
        if str(path) != ":memory:":
            Path(path).parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(
            path, check_same_thread=False, isolation_level=None, timeout=10
        )
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.executescript(SCHEMA)

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Open a transaction; it is kept when the block ends well and undone otherwise."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield Transaction(self._connection)
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()
