from django.db import migrations


class Migration(migrations.Migration):
    """Forgets the names; their columns stay for servers that run the release before."""

    dependencies = [
        ("blog", "0002_people_and_topics"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField(model_name="articlepage", name=name)
                for name in ("author_name", "author_role", "reviewer_name", "reviewer_role")
            ],
        ),
    ]
