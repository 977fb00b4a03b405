"""“May enter the admin” decides from here on; it stood on no screen before, and groups decided."""

from typing import Any

from django.db import migrations
from django.db.models import Q


def let_in(apps: Any, _schema_editor: Any) -> None:
    """Tick it for whoever could enter until now; who is not active stays out all the same."""
    user = apps.get_model("accounts", "User")
    could = Q(groups__permissions__codename="access_admin")
    could |= Q(user_permissions__codename="access_admin")
    found = user.objects.filter(could, is_staff=False).values_list("pk", flat=True)
    user.objects.filter(pk__in=set(found)).update(is_staff=True)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_sessions"),
    ]

    operations = [
        migrations.RunPython(let_in, migrations.RunPython.noop),
    ]
