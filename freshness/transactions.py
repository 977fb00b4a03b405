"""What the database says about transactions, so that a change committed late is not missed."""

from collections.abc import Sequence

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BigIntegerField, Func
from django.db.models.sql.compiler import SQLCompiler

# The oldest transaction still running; those with lower numbers are over.
OLDEST_RUNNING = "pg_snapshot_xmin(pg_current_snapshot())::text::bigint"


class CurrentTransaction(Func):
    """The number of the transaction that writes a row; 0 where writers queue, as in SQLite."""

    arity = 0
    template = "0"
    output_field = BigIntegerField()

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, Sequence[object]]:
        return self.as_sql(compiler, connection, template="pg_current_xact_id()::text::bigint")


class OldestTransaction(Func):
    """The oldest transaction still running: whatever has a lower number is over and seen."""

    arity = 0
    template = "0"
    output_field = BigIntegerField()

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, Sequence[object]]:
        return self.as_sql(compiler, connection, template=OLDEST_RUNNING)
