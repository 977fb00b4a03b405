from typing import Any

from django.db import migrations

# What `treatments.desk_search` asks by; SQLite's shops are small and have no such index.
INDEX = "user_name_by_words"


def add_index(_apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            f'CREATE INDEX "{INDEX}" ON "accounts_user" USING gin (to_tsvector(\'simple\', "name"))'
        )


def drop_index(_apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f'DROP INDEX IF EXISTS "{INDEX}"')


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(add_index, drop_index),
    ]
