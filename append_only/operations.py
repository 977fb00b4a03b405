"""A migration step that makes the database refuse UPDATE and DELETE on a table.

No production switch turns the refusal off. TRUNCATE on PostgreSQL stays possible (row triggers do
not see it), and SQLite's test flush steps around the triggers in `tests/append_only.py`.

SQLite remakes a table when a later migration alters it, and a remade table has lost its triggers:
such a migration must run `AppendOnly` again. A test compares the protected tables of a migrated
database with the list that the models promise.
"""

from collections.abc import Sequence
from typing import Any

from django.db import router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

PREFIX = "append_only_"
_FUNCTION = "append_only_refuse"
_EVENTS = ("update", "delete")


class AppendOnly(Operation):
    """Refuse every UPDATE and DELETE on `table` with an `IntegrityError` that says `message`.

    With columns that an update is refused `of`, one that writes none of them is let through.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(self, table: str, message: str, *, of: Sequence[str] = ()) -> None:
        self.table = table
        self.message = message
        self.of = of

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Change nothing: triggers are unknown to Django's model state."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,  # noqa: ARG002
        to_state: ProjectState,  # noqa: ARG002
    ) -> None:
        if self._is_wanted(app_label, schema_editor):
            _drop(schema_editor, self.table)
            _create(schema_editor, self.table, self.message, self.of)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,  # noqa: ARG002
        to_state: ProjectState,  # noqa: ARG002
    ) -> None:
        if self._is_wanted(app_label, schema_editor):
            _drop(schema_editor, self.table)

    def describe(self) -> str:
        return f"Make {self.table} append-only"

    @property
    def migration_name_fragment(self) -> str:
        return f"{self.table}_append_only"

    def _is_wanted(self, app_label: str, schema_editor: BaseDatabaseSchemaEditor) -> bool:
        return bool(router.allow_migrate(schema_editor.connection.alias, app_label))


def protected_tables(connection: BaseDatabaseWrapper) -> set[str]:
    """Return the tables whose triggers for both UPDATE and DELETE stand in the database."""
    query = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        names = {name for (name,) in cursor.fetchall()}
    updates, deletes = (
        {name.removeprefix(start) for name in names if name.startswith(start)}
        for start in (_trigger(event, "") for event in _EVENTS)
    )
    return updates & deletes


def _create(schema_editor: Any, table: str, message: str, of: Sequence[str]) -> None:
    quoted_table = schema_editor.quote_name(table)
    quoted_message = "'" + message.replace("'", "''") + "'"
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            f"CREATE OR REPLACE FUNCTION {_FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $$ "
            "BEGIN RAISE EXCEPTION USING MESSAGE = TG_ARGV[0], "
            "ERRCODE = 'integrity_constraint_violation'; END $$",
            params=None,
        )
    columns = ", ".join(map(schema_editor.quote_name, of))
    update = f"UPDATE OF {columns}" if columns else "UPDATE"
    for event, sql in zip(_EVENTS, (update, "DELETE"), strict=True):
        trigger = schema_editor.quote_name(_trigger(event, table))
        body = (
            f"FOR EACH ROW EXECUTE FUNCTION {_FUNCTION}({quoted_message})"
            if schema_editor.connection.vendor == "postgresql"
            else f"BEGIN SELECT RAISE(ABORT, {quoted_message}); END"
        )
        schema_editor.execute(
            f"CREATE TRIGGER {trigger} BEFORE {sql} ON {quoted_table} {body}",
            params=None,
        )


def _drop(schema_editor: Any, table: str) -> None:
    on_table = (
        f" ON {schema_editor.quote_name(table)}"
        if schema_editor.connection.vendor == "postgresql"
        else ""
    )
    for event in _EVENTS:
        trigger = schema_editor.quote_name(_trigger(event, table))
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {trigger}{on_table}", params=None)


def _trigger(event: str, table: str) -> str:
    return f"{PREFIX}{event}_{table}"
