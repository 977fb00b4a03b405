"""The group of clinical reviewers, the workflow of articles, and what was live before.

Articles that are live already have no approval of what they say. They stay, on record as let
through and naming nobody; their next edit needs a review like any other.
"""

from django.db import migrations
from django.utils import timezone

GROUP = "Clinical reviewers"
WORKFLOW = "Clinical review"
REASON = "It could be read before articles had to be approved."


def _add_group(apps):
    content_types = apps.get_model("contenttypes", "ContentType")
    permissions = apps.get_model("auth", "Permission")
    group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=GROUP)
    approval, _ = content_types.objects.get_or_create(app_label="blog", model="approval")
    admin, _ = content_types.objects.get_or_create(app_label="wagtailadmin", model="admin")
    for content_type, codename, name in (
        (approval, "give_review", "Can review articles clinically"),
        (admin, "access_admin", "Can access Wagtail admin"),
    ):
        permission, _ = permissions.objects.get_or_create(
            content_type=content_type, codename=codename, defaults={"name": name}
        )
        group.permissions.add(permission)


def _add_workflow(apps):
    content_types = apps.get_model("contenttypes", "ContentType")
    tasks = apps.get_model("blog", "ClinicalReviewTask")
    if tasks.objects.exists():
        return
    kind, _ = content_types.objects.get_or_create(app_label="blog", model="clinicalreviewtask")
    task = tasks.objects.create(name=WORKFLOW, active=True, content_type=kind)
    workflow = apps.get_model("wagtailcore", "Workflow").objects.create(name=WORKFLOW, active=True)
    apps.get_model("wagtailcore", "WorkflowTask").objects.create(
        workflow=workflow, task_id=task.pk, sort_order=0
    )


def _reason(page):
    if page.reviewer is None:
        return REASON
    return f"{REASON} Its editors named {page.reviewer.name} as its reviewer."


def _let_through_what_is_live(apps):
    articles = apps.get_model("blog", "ArticlePage")
    approvals = apps.get_model("blog", "Approval")
    at = timezone.now()
    for page in (
        articles.objects.filter(live=True, approval=None).select_related("reviewer").iterator()
    ):
        approval = approvals.objects.create(
            kind="LET_THROUGH",
            page_id=page.pk,
            revision_id=page.live_revision_id,
            page_title=page.title,
            # No content has this hash: nothing but what is there now may go on.
            content_hash=f"live before reviews: {page.pk}",
            reason=_reason(page),
            approved_at=at,
        )
        articles.objects.filter(pk=page.pk).update(
            approval=approval, reviewer=None, last_reviewed_on=None, next_review_on=None
        )


def forwards(apps, _schema_editor):
    _add_group(apps)
    _add_workflow(apps)
    _let_through_what_is_live(apps)


class Migration(migrations.Migration):
    dependencies = [
        ("blog", "0005_clinical_reviews"),
        ("wagtailadmin", "0001_create_admin_access_permissions"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
