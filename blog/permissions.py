"""Who may do what with the newsletter in the admin."""

from typing import Any

from wagtail.permission_policies import ModelPermissionPolicy

from blog.models import NewsletterIssue


class IssuePolicy(ModelPermissionPolicy):
    """An issue is written and deleted while it is a draft; afterwards it is only looked at."""

    def user_has_permission_for_instance(
        self, user: Any, action: str, instance: NewsletterIssue
    ) -> bool:
        is_fixed = action in {"change", "delete"} and not instance.is_draft
        return not is_fixed and bool(
            super().user_has_permission_for_instance(user, action, instance)
        )
