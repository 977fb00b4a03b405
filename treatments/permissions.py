"""Who may do what with treatments and passes in the admin."""

from collections.abc import Collection
from typing import Any

from wagtail.permission_policies import ModelPermissionPolicy


class AppendedPolicy(ModelPermissionPolicy):
    """Rows that are added and never changed: a new version takes the place of an old one."""

    refused = frozenset({"change", "delete"})

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action not in self.refused and bool(super().user_has_permission(user, action))

    def users_with_any_permission(self, actions: Collection[str]) -> Any:
        return super().users_with_any_permission(set(actions) - self.refused)


class UndeletedPolicy(ModelPermissionPolicy):
    """Rows that are written and changed, and stay."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action != "delete" and bool(super().user_has_permission(user, action))
