from typing import Any

from django.db import migrations, models

# Telephone numbers are known by their ends; SQLite's shops are small and have no such index.
INDEX = "session_pass_phone_backwards"


def add_index(_apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            f'CREATE INDEX "{INDEX}" ON "treatments_sessionpass"'
            ' (reverse("holder_phone") text_pattern_ops)'
        )


def drop_index(_apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f'DROP INDEX IF EXISTS "{INDEX}"')


class Migration(migrations.Migration):
    dependencies = [
        ("treatments", "0007_aftercare_wishes"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="sessionpass",
            index=models.Index(fields=["expires_on"], name="session_pass_by_last_day"),
        ),
        migrations.AddIndex(
            model_name="sessionpass",
            index=models.Index(fields=["-created_at", "-id"], name="session_pass_newest"),
        ),
        migrations.RunPython(add_index, drop_index),
    ]
