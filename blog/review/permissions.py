"""Who may see and ask for reviews in the admin."""

from typing import Any

from wagtail.models import Page
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import policy_registry

from blog.models import ReviewRequest

_EDITING = frozenset({"add", "change", "publish"})


class ReviewPolicy(ModelPermissionPolicy):
    """Whoever edits pages asks, sends again and takes back; reviewers look on."""

    def __init__(self) -> None:
        super().__init__(ReviewRequest)

    def user_has_permission(self, user: Any, action: str) -> bool:
        if action not in {"view", "change"}:
            return False
        pages = policy_registry.get_by_type(Page)
        if pages.user_has_any_permission(user, _EDITING):
            return True
        return action == "view" and bool(user.has_perm("blog.give_review"))
