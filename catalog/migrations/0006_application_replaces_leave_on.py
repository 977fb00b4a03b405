from django.db import migrations


class Migration(migrations.Migration):
    """Forgets the tick; its column stays for servers that run the release before."""

    dependencies = [
        ("catalog", "0005_facts_that_the_law_asks_for"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveField(model_name="productpage", name="leave_on")],
        ),
    ]
