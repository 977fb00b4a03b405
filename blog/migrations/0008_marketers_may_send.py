"""The group of marketers, who write and send the newsletter."""

from django.db import migrations

GROUP = "Marketers"
MAY = (
    ("wagtailadmin", "admin", ("access_admin",)),
    (
        "blog",
        "newsletterissue",
        (
            "view_newsletterissue",
            "add_newsletterissue",
            "change_newsletterissue",
            "delete_newsletterissue",
            "send_newsletterissue",
        ),
    ),
    ("blog", "subscriber", ("view_subscriber", "change_subscriber", "erase_subscriber")),
)


def forwards(apps, _schema_editor):
    content_types = apps.get_model("contenttypes", "ContentType")
    permissions = apps.get_model("auth", "Permission")
    group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=GROUP)
    for app_label, model, codenames in MAY:
        content_type, _ = content_types.objects.get_or_create(app_label=app_label, model=model)
        for codename in codenames:
            # Django makes permissions after the last migration; these are wanted now.
            permission, _ = permissions.objects.get_or_create(
                content_type=content_type,
                codename=codename,
                defaults={"name": f"Can {codename.replace('_', ' ', 1)}"},
            )
            group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("blog", "0007_newsletter"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("wagtailadmin", "0001_create_admin_access_permissions"),
    ]

    operations = [
        migrations.RunPython(forwards, migrations.RunPython.noop, elidable=False),
    ]
