from typing import Any

from django.db import migrations
from django.db.models.functions import Lower


def lower(apps: Any, _schema_editor: Any) -> None:
    """Write the addresses of recipients as all others are written, so that they are found."""
    cards = apps.get_model("checkout", "OrderCard").objects
    lowered = Lower("recipient_email")
    cards.exclude(recipient_email=lowered).update(recipient_email=lowered)


class Migration(migrations.Migration):
    dependencies = [
        ("checkout", "0035_gift_notes"),
    ]

    operations = [
        migrations.RunPython(lower, migrations.RunPython.noop, elidable=True),
    ]
