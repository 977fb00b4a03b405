"""Lets Django empty the database between tests although some tables refuse DELETE on SQLite.

Transactional tests end with a flush. On PostgreSQL it is a TRUNCATE, which the triggers do not see;
on SQLite it is a DELETE, so the triggers are put aside for its duration and made again at once.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import transaction
from django.db.backends.sqlite3.base import DatabaseWrapper
import pytest

from append_only.operations import PREFIX

DatabaseOperations = DatabaseWrapper.ops_class
_execute_sql_flush = DatabaseOperations.execute_sql_flush


def _flush_around_triggers(self: Any, sql_list: Sequence[str]) -> None:
    connection = self.connection
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = [row for row in cursor.fetchall() if row[0].startswith(PREFIX)]
        for name, _ in triggers:
            cursor.execute(f"DROP TRIGGER {connection.ops.quote_name(name)}")
        _execute_sql_flush(self, sql_list)
        for _, sql in triggers:
            cursor.execute(sql)


@pytest.fixture(autouse=True, scope="session")
def append_only_tables_can_be_flushed() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "execute_sql_flush", _flush_around_triggers)
        yield
