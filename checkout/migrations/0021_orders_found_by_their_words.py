from typing import Any

from django.db import migrations, models

# What `checkout.order_search` asks by; SQLite's shops are small and have no such index.
INDEX = "order_buyer_by_words"


def add_index(_apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            f'CREATE INDEX "{INDEX}" ON "checkout_order" USING gin'
            " (to_tsvector('simple', \"name\"))"
        )


def drop_index(_apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f'DROP INDEX IF EXISTS "{INDEX}"')


class Migration(migrations.Migration):
    dependencies = [
        ("checkout", "0020_orders_made_by_staff"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="orderline",
            index=models.Index(fields=["sku"], name="order_line_sku"),
        ),
        migrations.RunPython(add_index, drop_index),
    ]
