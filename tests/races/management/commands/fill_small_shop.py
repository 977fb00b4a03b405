"""Build the database that every shop of the races is a copy of."""

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.utils import timezone

from append_only.operations import AppendOnly
from tests.races import small_shop


class Command(BaseCommand):
    help = "Make the tables and their triggers, and put a small shop into them."
    requires_system_checks: list[str] = []  # noqa: RUF012 - Django's own way to say none

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", run_syncdb=True, verbosity=0)
        with connection.schema_editor() as editor:
            for label, operation in _append_only():
                operation.database_forwards(label, editor, None, None)
        small_shop.build(at=timezone.now())


def _append_only() -> Iterator[tuple[str, AppendOnly]]:
    """Yield what the migrations do beside making tables: history is protected by triggers."""
    for config in apps.get_app_configs():
        try:
            package = importlib.import_module(f"{config.name}.migrations")
        except ModuleNotFoundError:
            continue
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            migration = importlib.import_module(module.name).Migration
            for operation in migration.operations:
                if isinstance(operation, AppendOnly):
                    yield config.label, operation
