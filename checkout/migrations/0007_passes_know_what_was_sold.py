import re
from typing import Any

from django.db import migrations

_BOUGHT = re.compile(r"order:(?P<number>[^:]+):line:(?P<position>\d+):unit:\d+")


def copy_from_lines(apps: Any, _schema_editor: Any) -> None:
    """Write onto every pass that was bought here what its line says was sold."""
    passes = apps.get_model("treatments", "SessionPass").objects.filter(paid_sessions=0)
    lines = apps.get_model("checkout", "OrderLine").objects.select_related("order")
    for row in passes.iterator(chunk_size=500):
        found = _BOUGHT.fullmatch(row.grant_reference)
        if found is None:
            continue
        line = lines.filter(order__number=found["number"], position=found["position"]).first()
        if line is None or not line.sessions:
            continue
        passes.filter(pk=row.pk).update(
            package_name=f"{line.name} {line.label}".strip(),
            vat_rate_bp=line.vat_rate_bp,
            paid_minor=line.unit_price_minor,
            paid_sessions=line.sessions,
        )


class Migration(migrations.Migration):
    dependencies = [
        ("checkout", "0006_paying_sessions_back"),
        ("treatments", "0006_what_was_sold"),
    ]

    operations = [
        migrations.RunPython(copy_from_lines, migrations.RunPython.noop, elidable=True),
    ]
