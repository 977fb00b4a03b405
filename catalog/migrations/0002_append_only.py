"""History is written once: the database refuses to change or delete it."""

from django.db import migrations

from append_only.operations import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_initial")]

    operations = [
        AppendOnly("catalog_offerprice", "offer prices are append-only"),
        AppendOnly("catalog_stockmovement", "stock movements are append-only"),
    ]
