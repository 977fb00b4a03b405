"""Who may see and do what with claims in the admin."""

from collections.abc import Collection
from typing import Any

from wagtail.permission_policies import ModelPermissionPolicy

_SEE = ("claims.view_claimoverride", "claims.add_claimoverride", "claims.view_evidence")


class WrittenByVerbsPolicy(ModelPermissionPolicy):
    """Rows that a verb writes: no screen adds, changes or deletes them."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action == "view" and any(
            super(WrittenByVerbsPolicy, self).user_has_permission(user, each)
            for each in ("view", "add")
        )

    def users_with_any_permission(self, actions: Collection[str]) -> Any:
        seeing = {"view", "add"} if "view" in actions else set()
        return super().users_with_any_permission(seeing)


def may_see_report(user: Any) -> bool:
    """Tell whether somebody may read the findings of what is live."""
    return any(user.has_perm(name) for name in _SEE)
