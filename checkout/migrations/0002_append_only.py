from typing import ClassVar

from django.db import migrations

from append_only.operations import AppendOnly


class Migration(migrations.Migration):
    dependencies: ClassVar = [("checkout", "0001_initial")]

    operations: ClassVar = [
        AppendOnly("checkout_orderevent", "an order's timeline is append-only"),
    ]
